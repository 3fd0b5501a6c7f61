// Diagnostics for people.
import type { Diagnostic } from '../core/diag/diagnostic.ts'
import { renderDiagnostics } from '../core/diag/render.ts'
import type { Io, Output } from './io.ts'
import { inColour } from './print.ts'

export interface SayOptions {
  /** Default: stderr. stdout where diagnostics are the result. */
  readonly stream?: Output
  /** The diagnostics are the result: all are printed, notes in full. Otherwise a note is one line, and each code has a limit. */
  readonly full?: boolean
}

/** Reasons and remedies are printed once. The renderer makes texts from outside harmless. */
export function say(io: Io, diagnostics: readonly Diagnostic[], { stream = io.stderr, full }: SayOptions = {}): void {
  const width = Math.max(60, (stream.columns ?? 118) - 8)
  const texts = renderDiagnostics(diagnostics, {
    colour: inColour(io, stream),
    width,
    ...(full && { brief: false, all: true }),
  })
  for (const text of texts) stream.write(full && text.includes('\n') ? `${text}\n\n` : `${text}\n`)
}
