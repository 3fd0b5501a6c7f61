// assay diff: the findings of two queries over the same logs.
import type { Comparison, Finding } from '../core/witness/compare.ts'
import type { Cell } from '../core/workbench/present.ts'
import { compareOverLogs } from '../engine/query/verify-queries.ts'
import type { DiffFlags } from './commands/diff.ts'
import type { Io } from './io.ts'
import { diagnosticsToJson } from './json.ts'
import { print, printJson } from './print.ts'
import { readQueryPair } from './query-pair.ts'
import { say } from './say.ts'
import { engineOptions } from './telemetry-flags.ts'
import { plural } from './words.ts'

export async function diff(io: Io, a: string, b: string, logs: readonly string[], flags: DiffFlags): Promise<number> {
  const pair = readQueryPair(io, a, b, flags)
  if (!pair) return 2
  const compared = await compareOverLogs(...pair, { ...flags, ...engineOptions(flags), logs })
  const diagnostics = [...compared.a.diagnostics, ...compared.b.diagnostics]
  const { comparison } = compared
  if (flags.format === 'json')
    printJson(io, { same: comparison.same, ...findingsToJson(comparison), diagnostics: diagnosticsToJson(diagnostics) })
  else {
    say(io, diagnostics)
    const lines = comparison.same
      ? [`no difference, ${plural(compared.a.table.rows.length, 'finding')}`]
      : findingsText(compared)
    print(io.stdout, `${lines.join('\n')}\n`)
  }
  if (!compared.a.ok || !compared.b.ok) return 2
  return comparison.same ? 0 : 1
}

const MOST = 20

/** One line for each finding: `+` new in B, `-` gone from A, `~` changed. */
export function findingsText({ comparison }: { readonly comparison: Comparison }): string[] {
  const { added, gone, changed, columns, reordered } = comparison
  const short = (lines: string[]): string[] =>
    lines.length > MOST ? [...lines.slice(0, MOST), `  and ${lines.length - MOST} more`] : lines
  return [
    ...(columns.onlyA.length > 0 ? [`only A has ${columns.onlyA.join(', ')}`] : []),
    ...(columns.onlyB.length > 0 ? [`only B has ${columns.onlyB.join(', ')}`] : []),
    ...(reordered ? ['the findings are the same in another order'] : []),
    ...short(added.map((f) => `+ ${findingText(f)}`)),
    ...short(gone.map((f) => `- ${findingText(f)}`)),
    ...short(changed.map(({ before, after }) => `~ ${changeText(before, after)}`)),
  ]
}

const cellText = (c: Cell | undefined): string =>
  c === null || c === undefined ? 'absent' : typeof c === 'object' && 'number' in c ? c.number : JSON.stringify(c)
const findingText = (f: Finding): string =>
  Object.entries(f)
    .flatMap(([k, c]) => (c === null ? [] : [`${k}=${cellText(c)}`]))
    .join(' ')
const changeText = (before: Finding, after: Finding): string =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map((k) =>
      cellText(before[k]) === cellText(after[k])
        ? `${k}=${cellText(after[k])}`
        : `${k}=${cellText(before[k])} → ${cellText(after[k])}`,
    )
    .join(' ')

export const findingsToJson = ({ added, gone, changed, columns, reordered }: Comparison) => ({
  added,
  gone,
  changed,
  columns,
  reordered,
})
