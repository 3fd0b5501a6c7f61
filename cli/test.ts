// assay test: pages of cases, run and judged.
import { noCases } from '../core/diag/catalogue/query-file.ts'
import { nowhere, report } from '../core/diag/diagnostic.ts'
import { openDuckdb } from '../engine/case-executors.ts'
import { listPages, writeAtomically } from '../engine/query-files.ts'
import { type Accepted, type CaseResult, type Failure, testPage } from '../engine/test-cases.ts'
import { printDiagnostics, toJson } from './diagnostics-output.ts'

export interface TestOptions {
  readonly filter?: string
  readonly accept?: boolean
  readonly format: 'json' | 'text'
}

export async function test(paths: readonly string[], options: TestOptions): Promise<number> {
  const { pages, diagnostics } = listPages(paths)
  const duckdb = await openDuckdb()
  const cases: CaseResult[] = []
  const wrong = [...diagnostics]
  const text = options.format === 'text'
  try {
    for (const page of pages) {
      const { filter, accept = false } = options
      const only = filter === undefined ? {} : { filter }
      const result = await testPage(page, { executors: [duckdb], accept, ...only })
      if (accept && result.accepted.changes.length > 0) {
        const failed = writeAtomically(page.name, result.accepted.text)
        if (failed) wrong.push(failed)
        else if (text) process.stdout.write(acceptedText(result.accepted))
      }
      // What no block holds (a refused query, engines that differ) is not accepted away, so the new page is judged again.
      const again = accept
        ? await testPage({ ...page, text: result.accepted.text }, { executors: [duckdb], ...only })
        : result
      cases.push(...again.cases)
      if (text) for (const c of again.cases) process.stdout.write(caseText(c))
    }
  } finally {
    duckdb.close()
  }
  if (cases.length === 0 && wrong.length === 0) wrong.push(report(noCases, nowhere, { filter: options.filter ?? '' }))
  printDiagnostics(wrong)
  const count = (status: CaseResult['status']) => cases.filter((c) => c.status === status).length
  const [passed, failed, skipped, todo] = [count('passed'), count('failed'), count('skipped'), count('todo')]
  if (text) {
    const more = [...(skipped ? [`${skipped} skipped`] : []), ...(todo ? [`${todo} todo`] : [])]
    process.stdout.write(`${[`${passed} passed`, `${failed} failed`, ...more].join(', ')}\n`)
  } else process.stdout.write(`${toJson({ passed, failed, skipped, todo, cases })}\n`)
  if (wrong.length > 0) return 2
  return failed > 0 ? 1 : 0
}

function caseText(c: CaseResult): string {
  if (c.status === 'skipped') return `skipped  ${c.page}:${c.line} ${c.title} (${c.reason})\n`
  if (c.status === 'todo') return `todo     ${c.page}:${c.line} ${c.title} (${c.reason})\n`
  if (c.status === 'passed') return ''
  return `FAILED   ${c.page}:${c.line} ${c.title}\n${c.failures.map((f) => failureText(c.page, f)).join('')}\n`
}

function failureText(page: string, f: Failure): string {
  const lines = [`  ${page}:${f.line}: ${f.what}`, ...f.detail.map((d) => `    ${d}`)]
  if (f.steps && f.steps.length > 0) {
    lines.push(
      '    steps:',
      ...f.steps.map((s) => `      ${String(s.rowsIn).padStart(6)} → ${String(s.rowsOut).padEnd(6)} ${s.text}`),
    )
  }
  if (f.sql !== undefined) lines.push('    SQL:', ...excerpt(f.sql).map((l) => `      ${l}`))
  if (f.query) {
    const quoted = `'${f.query.text.trim().replaceAll("'", `'\\''`)}'`
    lines.push(`    explain: npx assay explain --lang ${f.query.language} ${quoted.replaceAll('\n', '\n      ')}`)
  }
  return `${lines.join('\n')}\n`
}

const LINES = 14
const WIDTH = 140

/** SQL that casts text to numbers as a SIEM does is long; JSON output has it whole. */
function excerpt(sql: string): string[] {
  const lines = sql.split('\n')
  const shown = lines.slice(0, LINES).map((l) => (l.length > WIDTH ? `${l.slice(0, WIDTH - 1)}…` : l))
  const cut = lines.length > LINES || lines.some((l) => l.length > WIDTH)
  return cut ? [...shown, '… (whole with --format json)'] : shown
}

function acceptedText({ page, changes }: Accepted): string {
  const part = (text: string, sign: string) =>
    text
      .trimEnd()
      .split('\n')
      .map((l) => `  ${sign} ${l}\n`)
      .join('')
  return changes.map((c) => `accepted ${page.name}:${c.line}\n${part(c.before, '-')}${part(c.after, '+')}`).join('')
}
