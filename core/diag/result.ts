// A value, or the diagnostics that say why there is none.
import type { Diagnostic } from './diagnostic.ts'

interface Ok<T> {
  readonly ok: true
  readonly value: T
}
interface Failure {
  readonly ok: false
  /** At least one. */
  readonly diagnostics: readonly Diagnostic[]
}
export type Result<T> = Failure | Ok<T>

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value })
export const failure = (...diagnostics: readonly Diagnostic[]): Failure => ({ ok: false, diagnostics })
