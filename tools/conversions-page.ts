// Writes docs/reference/conversions.md: each construct of Sigma on each platform, as `assay translate` writes it. Texts in a language that
// Assay runs are executed against the rule.
import { lossy, notTranslated } from '../core/diag/catalogue/translate.ts'
import { type Construct, constructs, exampleOf } from '../core/lang/shared/constructs.ts'
import type { Language } from '../core/workbench/language.ts'
import { writtenLanguages } from '../core/workbench/translate.ts'
import { type Proven, translateQuery } from '../engine/query/translate-query.ts'

const PLATFORMS = writtenLanguages.filter((l) => !l.platform.portable)

/** A text may contain the fence of a code block. */
const fenced = (text: string): string[] => ['````text', text.trim(), '````']

function verdictText({ verdict }: Proven): string {
  if (!verdict) return 'Not executed.'
  if (verdict.kind === 'proven') return 'Executed: equal plans.'
  if (verdict.kind === 'differs') return `Executed: **differs** within ${verdict.events} events.`
  return `Executed: no difference in ${verdict.events} events.`
}

function cell(construct: Construct, language: Language): string[] {
  const source = { name: `${construct}.sigma.yml`, text: exampleOf(construct) }
  const { translations, diagnostics } = translateQuery({ source, language: 'sigma' }, { to: language.id })
  const losses = diagnostics.filter((d) => d.code === lossy.id).map((d) => d.message)
  const refused = diagnostics.filter((d) => d.code === notTranslated.id || d.severity === 'error').map((d) => d.message)
  const written = translations.filter((t) => t.text !== undefined)
  const row = language.documentation?.[construct]
  return [
    `**${language.platform.title}**`,
    '',
    ...written.flatMap((t) => [...fenced(t.text ?? ''), '', verdictText(t), '']),
    ...(written.length === 0 ? [`Refused: ${[...new Set(refused)].join('; ')}.`, ''] : []),
    ...[...new Set(losses)].map((l) => `- lost: ${l}`),
    ...(losses.length > 0 ? [''] : []),
    ...(row ? [`[${new URL(row.url).hostname}](${row.url}): ${row.says}`, ''] : []),
  ]
}

export function conversionsPage(): string {
  const names = Object.keys(constructs) as Construct[]
  const sections = names.flatMap((c) => [
    `## ${constructs[c].title}`,
    '',
    '```yaml',
    exampleOf(c).trim(),
    '```',
    '',
    ...PLATFORMS.flatMap((l) => cell(c, l)),
  ])
  const vocabularies = PLATFORMS.flatMap((l) =>
    l.evidence
      ? [`### ${l.platform.title}`, '', ...l.evidence.map((e) => `- [${e.url}](${e.url}): ${e.says}`), '']
      : [],
  )
  return [
    '# Conversions',
    '',
    'Generated from `core/lang/shared/constructs.ts` by running. Each construct of Sigma, and the text that `assay translate` writes for it. A text in a language that Assay runs is executed against the rule over generated events. The meaning of the others follows from the row of the documentation below each text.',
    '',
    ...sections,
    '## Names of fields',
    '',
    ...vocabularies,
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()
    .concat('\n')
}
