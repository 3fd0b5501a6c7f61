// `--report`: everything about a run as one JSON document.
import { diagnosticToJson } from '../../core/diag/render.ts'
import { inertJson } from '../../core/text/foreign.ts'
import { isoTime } from '../../core/workbench/interval.ts'
import type { RunResult } from '../execute/run-plan.ts'
import type { QueryResult } from './run-query.ts'
import { spanOf } from './explain-empty.ts'

export interface ReportOptions {
  readonly version: string
  readonly zone: string
  readonly strict: boolean
  /** Rows as JSON texts of objects. */
  readonly rows: readonly string[]
}

/** JSON text with a final newline. Rows keep the exact digits of their numbers. */
export function reportText(result: QueryResult, { version, zone, strict, rows }: ReportOptions): string {
  const { compiled, run, view } = result
  const head = {
    assay: version,
    ok: result.ok,
    query: { name: compiled.source.name, language: compiled.language.id, text: compiled.source.text },
    would_be_refused: compiled.wouldBeRefused,
    strict,
    view: view?.name ?? 'vendor',
    ...(view && { view_did: view.did }),
    interval: run ? intervalOf(run) : null,
    tz: zone,
    engine: run?.engine ?? null,
    sources:
      run?.files.map(({ file, tally }) => ({
        path: file.name,
        format: file.format,
        why: file.why,
        lines: tally.lines,
        events: tally.events,
        bad: tally.bad,
        blank: tally.blank,
        ...(tally.unread > 0 && { unread: tally.unread }),
        ...(tally.untimed > 0 && { without_time: tally.untimed }),
        ...(tally.invalid > 0 && { invalid_utf8: tally.invalid }),
        ...(tally.nul > 0 && { nul: tally.nul }),
        first: tally.first === null ? null : isoTime(tally.first),
        last: tally.last === null ? null : isoTime(tally.last),
        ...(tally.cut !== null && { cut: tally.cut }),
        ...(tally.samples.length > 0 && { samples: tally.samples }),
        ...(tally.notes.size > 0 && { notes: Object.fromEntries(tally.notes) }),
      })) ?? [],
    tallies: run
      ? {
          lines: total(result, 'lines'),
          events: total(result, 'events'),
          bad: total(result, 'bad'),
          blank: total(result, 'blank'),
          checked: run.fullCheck ? 'every line' : 'shape',
          after_filters: run.sources.map((s) => ({ source: s.source.name, events: s.rows })),
          rows: result.table.rows.length,
          other: run.tallies,
        }
      : null,
    steps: result.steps.map(({ text, rowsIn, rowsOut }) => ({ step: text, in: rowsIn, out: rowsOut })),
    limits: compiled.presentation.limits,
    assumptions: compiled.assumptions.map(({ semantic, choice }) => ({
      id: semantic.id,
      question: semantic.question,
      choice,
      meaning: semantic.choices[choice],
    })),
    diagnostics: result.diagnostics.map(diagnosticToJson),
    timings_ms: run?.timings ?? null,
    columns: result.table.columns,
  }
  const text = inertJson(JSON.stringify(head, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v), 2))
  return `${text.slice(0, -2)},\n  "rows": [${rows.map((r) => `\n    ${r}`).join(',')}${rows.length > 0 ? '\n  ' : ''}]\n}\n`
}

/** Without an interval asked for it is that of the telemetry: its first event to just after its last. */
function intervalOf(run: RunResult): Record<string, string | null> {
  const span = spanOf(run)
  const { bounds, env } = run
  const open = (edge: bigint): boolean => edge < -(2n ** 62n) || edge > 2n ** 62n
  const iso = (at: bigint | undefined): string | null => (at === undefined ? null : isoTime(at))
  return {
    from: iso(bounds && !open(bounds.start) ? bounds.start : span?.first),
    to: iso(bounds && !open(bounds.end) ? bounds.end : span && span.last + 1n),
    origin: bounds ? 'asked for' : run.fullCheck ? 'the telemetry' : 'the telemetry, as far as it was parsed',
    now: iso(env.now === 0n ? span?.last : env.now),
  }
}

function total(result: QueryResult, what: 'bad' | 'blank' | 'events' | 'lines'): number {
  return result.run?.files.reduce((n, f) => n + f.tally[what], 0) ?? 0
}
