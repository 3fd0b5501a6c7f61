// Numbers in sentences.
import { inFuture, leftOutOfFolder, oddNames, oddRecords, yearAssumed } from '../core/diag/catalogue/log.ts'
import { type Diagnostic, diagnostic, type Severity } from '../core/diag/diagnostic.ts'
import type { Recognised } from '../engine/inputs/input.ts'
import { thousands } from '../core/text/thousands.ts'

/** `1,234` */
export const count = thousands

/** `1 file`, `1,234 files` */
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`

/** A table may have many files. */
export const filesOf = (files: readonly { readonly file: Recognised }[]): number =>
  files.reduce((n, { file: { table } }) => n + (table && 'paths' in table.at ? table.at.paths.length : 1), 0)

export const countOf = (diagnostics: readonly Diagnostic[], severity: Severity): number =>
  diagnostics.filter((d) => d.severity === severity).length

export const errorsOf = (diagnostics: readonly Diagnostic[]): Diagnostic[] =>
  diagnostics.filter((d) => d.severity === 'error')

/** Of the diagnostics of a run. A run with findings and nothing wrong says no more than its summary, unless `--verbose` asks for the notes. */
export function spoken(
  diagnostics: readonly Diagnostic[],
  { quiet, verbose }: { readonly quiet?: boolean; readonly verbose?: boolean },
  hasFindings: boolean,
): readonly Diagnostic[] {
  if (quiet) return errorsOf(diagnostics)
  if (verbose) return diagnostics
  const shown = hasFindings ? diagnostics.filter((d) => d.severity !== 'info' || ALWAYS.has(d.code)) : diagnostics
  return folded(shown)
}

/** Notes about what the answer covers. */
const ALWAYS: ReadonlySet<string> = new Set([inFuture.id, leftOutOfFolder.id])

interface Odd {
  readonly path: string
  readonly note: string
  readonly line: number | null
}

/** `duplicate data Action`, `duplicate data Header`, … of many files in one. The last word of such a note is a name. */
function folded(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const kinds = new Map<string, Diagnostic[]>()
  for (const d of diagnostics) {
    const kind = d.code === oddRecords.id ? /^(duplicate \w+) \S+$/.exec((d.data as Odd).note)?.[1] : undefined
    if (kind !== undefined) kinds.set(kind, [...(kinds.get(kind) ?? []), d])
  }
  const first = new Map(
    [...kinds].flatMap(([kind, of]) => (of[0] && of.length > 1 ? [[of[0], [kind, of]] as const] : [])),
  )
  const gone = new Set([...first.values()].flatMap(([, of]) => of))
  return diagnostics.flatMap((d) => {
    const fold = first.get(d)
    if (!fold) return gone.has(d) ? [] : [d]
    const [kind, of] = fold
    const odd = of.map((x) => x.data as Odd)
    const names = [...new Set(odd.map((x) => x.note.slice(kind.length + 1)))]
    const files = new Set(odd.map((x) => x.path)).size
    const { path, line } = odd[0] as Odd
    return [diagnostic(oddNames, d.at, { kind, names, files, first: path, line })]
  })
}

/** The assumed year of stamps without one. The summary has it even where notes are left out. */
export function assumedYears(diagnostics: readonly Diagnostic[]): string[] {
  const years = diagnostics.flatMap((d) =>
    d.code === yearAssumed.id ? [(d.data as { newest: string }).newest.slice(0, 4)] : [],
  )
  return years.length === 0 ? [] : [`year assumed: ${[...new Set(years)].sort().join(', ')}`]
}
