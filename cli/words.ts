// Numbers in sentences.
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
