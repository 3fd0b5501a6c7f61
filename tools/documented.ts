// The reference pages of all languages and diagnostics. gen-docs writes them and a test compares them.
import { readFileSync } from 'node:fs'
import { all as codes } from '../core/diag/catalogue/_index.ts'
import type { Code } from '../core/diag/diagnostic.ts'
import { allRules as rules } from '../core/lint/check.ts'
import type { NearMiss } from '../core/lang/shared/builtin.ts'
import { OPERATORS_VERSION, operators } from '../core/detect/mutation/operators.ts'
import { readLanguages } from '../core/workbench/compile.ts'
import { commandsPage } from './commands-page.ts'
import { CONFIG_SCHEMA_PATH, configSchemaText } from './config-schema.ts'
import { conversionsPage } from './conversions-page.ts'
import { referencePages } from './reference.ts'

const isCode = (x: unknown): x is Code => typeof x === 'object' && x !== null && 'id' in x && 'slug' in x && 'why' in x

/** A near-miss has a code of its own. */
const asCode = (n: NearMiss): Code => ({
  id: n.id,
  slug: n.slug,
  severity: 'warning',
  title: n.title,
  message: () => n.title,
  why: n.verdict,
  remedy: () => n.good,
})

function mutationPage(): string {
  const rows = operators.map((o) => `| \`${o.id}\` | ${o.title} | ${o.clause ? 'yes' : ''} |`)
  return [
    '# Mutation operators',
    '',
    `Generated from \`core/detect/mutation/operators.ts\`. Version ${OPERATORS_VERSION}: scores compare only under one version.`,
    '',
    '`assay test DETECTION --mutation` makes each small change to the text of a query and runs the cases that name it. A mutant that',
    'the language refuses counts for nothing. One whose plan is that of the query is equal to it and does not count. One that makes a case fail is',
    'killed. Any other survives, if DuckDB agrees. `--coverage` counts the clauses of which at least one mutant was killed, and',
    'those that only more than 10,000 rows would exercise, by proof of the plan: they are listed with the number.',
    '',
    '| operator | what happens to the text | clause |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

/** The lint rules with their cases. */
function lintPage(): string {
  const parts = rules.map((rule) => {
    const cases = readFileSync(`core/lint/rules/${rule.slug}/cases.case.md`, 'utf8').replace(/^# .*\n+/, '')
    return `## ${rule.id} ${rule.slug}\n\n*${rule.severity}* · ${rule.title}. ${rule.why}\n\n${cases.replace(/^## /gm, '### ').trim()}\n`
  })
  const intro =
    'Generated from `core/lint/rules/`. Each rule has a query to avoid and a query to prefer. Both run over the same events in the tests.'
  return `# Lint rules\n\n${intro}\n\n${parts.join('\n')}`
}

/** Path → text. */
export function documented(): Map<string, string> {
  const own = (codes as readonly unknown[]).filter(isCode)
  const pages = referencePages(
    readLanguages.map(({ id, title, read }) => ({ id, title, ...read })),
    [...own, ...rules, ...readLanguages.flatMap((l) => l.read.nearMisses.map(asCode))],
  )
  return new Map([
    ...pages,
    ['docs/reference/lint.md', lintPage()],
    ['docs/reference/mutation.md', mutationPage()],
    ['docs/reference/commands.md', commandsPage()],
    ['docs/reference/conversions.md', conversionsPage()],
    [CONFIG_SCHEMA_PATH, configSchemaText()],
  ])
}
