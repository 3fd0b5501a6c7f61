// What goes to stderr: diagnostics and the last line.
import type { Diagnostic } from '../core/diag/diagnostic.ts'
import { renderDiagnostics } from '../core/diag/render.ts'
import type { QueryResult } from '../engine/query/run-query.ts'
import { inColour } from './diagnostics-output.ts'
import type { Io } from './io.ts'

/** Errors and warnings in full; remarks in one line each, as the report has the rest. */
export function say(io: Io, diagnostics: readonly Diagnostic[]): void {
  const width = Math.max(60, (io.stderr.columns ?? 118) - 8)
  const texts = renderDiagnostics(diagnostics, { colour: inColour(io, io.stderr), width })
  for (const text of texts) io.stderr.write(`${text}\n`)
}

const count = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`

/** One line: what was read, what was found, in which view, and whether the vendor would take the text. */
export function summary({ table, run, view, compiled }: QueryResult): string {
  if (!run) return ''
  const sum = (what: 'bad' | 'events' | 'lines') => run.files.reduce((n, f) => n + f.stats[what], 0)
  const ms = run.timings.span + run.timings.scan + run.timings.query
  const parts = [
    `${count(table.rows.length, 'row')} from ${count(sum('events'), 'event')} in ${count(run.files.length, 'file')}`,
    ...(sum('bad') > 0 ? [`${count(sum('bad'), 'bad line')}`] : []),
    `view ${view?.name ?? 'vendor'}`,
    `${run.engine.used}, ${(ms / 1000).toFixed(ms < 10_000 ? 2 : 0)} s`,
  ]
  const refused = compiled.wouldBeRefused
    ? `${compiled.language.title} would refuse this text; use --strict to make Assay refuse it too.\n`
    : ''
  return `${parts.join(' · ')}\n${refused}`
}
