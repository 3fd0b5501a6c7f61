// Records for tools.
import type { Diagnostic } from '../core/diag/diagnostic.ts'
import { diagnosticToJson } from '../core/diag/render.ts'
import { inertJson } from '../core/text/foreign.ts'

/** JSON text of a value. Integers beyond 2^53 become texts, because JSON readers would round them. */
export const toJson = (value: unknown): string =>
  inertJson(
    JSON.stringify(
      value,
      (_, v: unknown) => (typeof v !== 'bigint' ? v : v >= -(2n ** 53n) && v <= 2n ** 53n ? Number(v) : String(v)),
      2,
    ),
  )

export const diagnosticsToJson = (diagnostics: readonly Diagnostic[]): Record<string, unknown>[] =>
  diagnostics.map(diagnosticToJson)
