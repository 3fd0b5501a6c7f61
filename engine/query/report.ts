// `--report`: everything about a run as one JSON document.
import { diagnosticToJson } from '../../core/diag/render.ts'
import { inertJson } from '../../core/text/foreign.ts'
import { isoTime } from '../../core/workbench/interval.ts'
import type { RunResult } from '../execute/run-options.ts'
import type { QueryResult } from './run-query.ts'
import { spanOf } from '../inputs/file-stats.ts'

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
      run?.files.map(({ file, stats }) => ({
        path: file.name,
        format: file.format,
        why: file.why,
        lines: stats.lines,
        events: stats.events,
        bad: stats.bad,
        blank: stats.blank,
        ...(stats.unread > 0 && { unread: stats.unread }),
        ...(stats.unusual > 0 && { unusual: stats.unusual }),
        ...(stats.untimed > 0 && { without_time: stats.untimed }),
        ...(stats.invalid > 0 && { invalid_utf8: stats.invalid }),
        ...(stats.nul > 0 && { nul: stats.nul }),
        first: stats.first === null ? null : isoTime(stats.first),
        last: stats.last === null ? null : isoTime(stats.last),
        ...(stats.cut !== null && { cut: stats.cut }),
        ...(stats.samples.length > 0 && { samples: stats.samples }),
        ...(stats.notes.size > 0 && { notes: Object.fromEntries(stats.notes) }),
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

/** The interval of the options. Without one, that of the telemetry: from its first event to just after its last. */
function intervalOf(run: RunResult): Record<string, string | null> {
  const span = spanOf(run.files.map((f) => f.stats))
  const { bounds, env } = run
  const isComplete = run.fullCheck && !run.files.some((f) => f.stats.timesSampled)
  const open = (edge: bigint): boolean => edge < -(2n ** 62n) || edge > 2n ** 62n
  const iso = (at: bigint | undefined): string | null => (at === undefined ? null : isoTime(at))
  return {
    from: iso(bounds && !open(bounds.start) ? bounds.start : span?.first),
    to: iso(bounds && !open(bounds.end) ? bounds.end : span && span.last + 1n),
    origin: bounds ? 'asked for' : isComplete ? 'the telemetry' : 'the telemetry, as far as it was parsed',
    now: iso(env.now === 0n ? span?.last : env.now),
  }
}

function total(result: QueryResult, what: 'bad' | 'blank' | 'events' | 'lines'): number {
  return result.run?.files.reduce((n, f) => n + f.stats[what], 0) ?? 0
}
