// Compares the result of a query with its expectation, and writes the bodies for `--accept`.
import { renderDiagnostic } from '../../diag/render.ts'
import { APPROXIMATE } from '../../lang/shared/builtin.ts'
import type { Column, Row } from '../../plan/plan.ts'
import { isHidden } from '../../plan/plan.ts'
import type { Compiled } from '../../workbench/compile.ts'
import type { Problem } from './block-text.ts'
import type { Prepared } from './case.ts'
import type { Block } from './case-file.ts'
import { compareTable, parseTable, printTable } from './result-table.ts'

export interface Outcome {
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
}

/** The expectations that an outcome does not meet. Undefined outcome: the query was refused and did not run. */
export function judge({ compiled, expected, block }: Prepared, outcome: Outcome | undefined): Problem[] {
  const problems: Problem[] = []
  const shown = { columns: (outcome?.columns ?? []).filter((c) => !isHidden(c.id)), rows: outcome?.rows ?? [] }
  const wantsDiagnostics = expected.find((b) => b.kind === 'diagnostics')
  if (!outcome && !wantsDiagnostics) {
    const texts = compiled.diagnostics
      .filter((d) => d.severity === 'error')
      .map((d) => renderDiagnostic(d, { colour: false }))
    return [{ line: block.line, what: 'the query is refused', detail: texts.flatMap((t) => t.split('\n')) }]
  }
  for (const { semantic, choice } of compiled.assumptions)
    if (choice === APPROXIMATE)
      problems.push({
        line: block.line,
        what: 'these rows are an approximation',
        detail: [
          `fix: remove \`${semantic.id}=${APPROXIMATE}\`; what the vendor gives is not published, so no test can show it`,
        ],
      })
  for (const b of expected) problems.push(...broken(b, compiled, shown))
  return problems
}

function broken(b: Block, compiled: Compiled, { columns, rows }: Outcome): Problem[] {
  switch (b.kind) {
    case 'diagnostics': {
      const got = diagnosticsBody(compiled)
      return got.trim() === b.source.text.trim()
        ? []
        : [
            {
              line: b.line,
              what: 'the diagnostics differ',
              detail: [...lines(b.source.text, '- '), ...lines(got, '+ ')],
            },
          ]
    }
    case 'fires': {
      if (rows.length === 0) return [{ line: b.line, what: 'expected to fire, but stayed quiet', detail: [] }]
      if (b.source.text.trim() === '') return []
      const want = parseTable(b.source.text)
      const some = columns.filter((c) => want.columns.some((w) => w.id === c.id))
      const missing = compareTable(want, some, rows, false).filter((l) => l.startsWith('-'))
      return missing.length > 0
        ? [
            {
              line: b.line,
              what: 'an expected finding is missing',
              detail: [...missing, ...lines(printTable(columns, rows), '  found ')],
            },
          ]
        : []
    }
    case 'quiet':
      return rows.length === 0
        ? []
        : [
            {
              line: b.line,
              what: `expected to stay quiet, but fired ${rows.length} ${rows.length === 1 ? 'time' : 'times'}`,
              detail: lines(printTable(columns, rows), '+ '),
            },
          ]
    case 'result': {
      const want = parseTable(b.source.text)
      const diff = compareTable(want, columns, rows, b.options.has('ordered'))
      if (diff.length === 0) return []
      const joined = want.columns.find((c) => /:[a-z]+\s/.test(c.id))
      const split = joined ? [`fix: write \` | \` between columns: \`${joined.id}\` is read as one`] : []
      const why = isSilenced(b, rows)
        ? ['fix: mend the query. `--accept` empties no result; if this case must stay quiet now, delete its rows']
        : []
      return [{ line: b.line, what: 'the rows differ', detail: [...diff, ...split, ...why] }]
    }
    default:
      return []
  }
}

const lines = (text: string, prefix: string): string[] =>
  text
    .trimEnd()
    .split('\n')
    .map((l) => prefix + l)

export const diagnosticsBody = (compiled: Compiled): string =>
  compiled.diagnostics.map((d) => `${d.severity}[${d.code}]: ${d.message}\n`).join('')

/** The case must fire and did not. `--accept` does not accept a missed attack; only its author can, by an edit. */
const isSilenced = (result: Block, rows: readonly Row[]): boolean =>
  rows.length === 0 && parseTable(result.source.text).rows.length > 0

/** The bodies that `--accept` writes for the blocks of a query. */
export function acceptedBodies(
  { compiled, expected }: Prepared,
  outcome: Outcome | undefined,
): { block: Block; body: string }[] {
  const columns = (outcome?.columns ?? []).filter((c) => !isHidden(c.id))
  return expected.flatMap((block) => {
    if (block.kind === 'diagnostics') return [{ block, body: diagnosticsBody(compiled) }]
    if (block.kind === 'result' && outcome && !isSilenced(block, outcome.rows))
      return [{ block, body: printTable(columns, outcome.rows) }]
    return []
  })
}
