// Diagnostics for people (stderr, or stdout where they are the result) and for tools.
import type { Diagnostic, Severity } from '../core/diag/diagnostic.ts'
import { diagnosticToJson, renderDiagnostic } from '../core/diag/render.ts'
import { inertJson } from '../core/text/foreign.ts'
import type { Io, Output } from './io.ts'

export const countOf = (diagnostics: readonly Diagnostic[], severity: Severity): number =>
  diagnostics.filter((d) => d.severity === severity).length

/** NO_COLOR (no-color.org) and anything that is no terminal get plain text. */
export const inColour = (io: Io, stream: Output): boolean => stream.isTTY === true && !io.env['NO_COLOR']

/** Reasons and remedies once. `quiet`: errors only. */
export function printDiagnostics(
  io: Io,
  diagnostics: readonly Diagnostic[],
  { stream = io.stderr, quiet = false }: { readonly stream?: Output; readonly quiet?: boolean } = {},
): void {
  const colour = inColour(io, stream)
  const shown = quiet ? diagnostics.filter((d) => d.severity === 'error') : diagnostics
  const said = new Set<string>()
  for (const d of shown) stream.write(`${renderDiagnostic(d, { colour, said })}\n\n`)
}

/** JSON text of anything; integers beyond 2^53 as text, since JSON readers would lose their digits. */
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

export const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`
