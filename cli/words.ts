// Numbers in sentences.
import { inFuture, yearAssumed } from '../core/diag/catalogue/log.ts'
import type { Diagnostic, Severity } from '../core/diag/diagnostic.ts'
import { thousands } from '../core/text/thousands.ts'

/** `1,234` */
export const count = thousands

/** `1 file`, `1,234 files` */
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`

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
  if (verbose || !hasFindings) return diagnostics
  return diagnostics.filter((d) => d.severity !== 'info' || d.code === inFuture.id)
}

/** The assumed year of stamps without one. The summary has it even where notes are left out. */
export function assumedYears(diagnostics: readonly Diagnostic[]): string[] {
  const years = diagnostics.flatMap((d) =>
    d.code === yearAssumed.id ? [(d.data as { newest: string }).newest.slice(0, 4)] : [],
  )
  return years.length === 0 ? [] : [`year assumed: ${[...new Set(years)].sort().join(', ')}`]
}
