// Explains dropped events: for each step, the comparisons that were false for the events that it dropped.
import { type EventOutcome, eventOutcomes } from '../../core/eval/steps.ts'
import { isHidden, type Plan, type Row, type SourceNode } from '../../core/plan/plan.ts'
import { printPred } from '../../core/plan/print.ts'
import { cellText } from '../../core/detect/case/result-table.ts'
import { applyView } from '../../core/workbench/view.ts'
import type { Diagnostic } from '../../core/diag/diagnostic.ts'
import { planSources, sourceKey } from '../../core/plan/sources.ts'
import type { RunResult } from '../execute/run-options.ts'
import { runPlan } from '../execute/run-plan.ts'
import { MOST_SECONDS, within } from '../workers/within.ts'
import { runOptionsOf } from './prepare-query.ts'
import { parseTimeOptions } from './time-options.ts'
import { type QueryOptions, type QueryResult, type QueryStep, runQuery } from './run-query.ts'

export interface DropReason {
  /** True of the dropped events: the negated conjunct. Null: a join kept none of them. */
  readonly test: string | null
  readonly events: number
  /** The compared values of the first few different events. */
  readonly samples: readonly string[]
}
export interface ExplainedStep extends QueryStep {
  readonly fellOut: readonly DropReason[]
}
export interface ExplainedSteps {
  readonly ok: boolean
  readonly steps: readonly ExplainedStep[]
  readonly diagnostics: readonly Diagnostic[]
  readonly result: QueryResult
  /** Why there are no reasons. Undefined: there are. */
  readonly unexplained: string | undefined
}

/** The reasons need all events in memory. Above this input size they are only counted. Bytes. */
const MOST = 64_000_000
const SAMPLES = 3

export async function explainSteps(options: QueryOptions): Promise<ExplainedSteps> {
  const result = await runQuery({ ...options, audit: true })
  const { diagnostics, run } = result
  const { plan } = result.compiled
  if (!result.ok || !plan || !run) return { ok: false, steps: [], diagnostics, result, unexplained: undefined }
  const size = result.files.reduce((n, f) => n + f.size, 0)
  const unexplained = size > MOST ? `more than ${MOST / 1e6} MB of input: events are counted only` : undefined
  const reasons =
    unexplained === undefined ? await dropReasons(plan, result, run, options) : new Map<number, DropReason[]>()
  const steps = result.steps.map((s): ExplainedStep => ({ ...s, fellOut: reasons.get(s.start) ?? [] }))
  return { ok: true, steps, diagnostics, result, unexplained }
}

/** By the start of the step's text. */
async function dropReasons(
  plan: Plan,
  result: QueryResult,
  run: RunResult,
  options: QueryOptions,
): Promise<Map<number, DropReason[]>> {
  const { env, bounds } = run
  const viewed =
    applyView(
      plan,
      options.view ?? 'auto',
      result.files.map((f) => f.format),
      bounds ? { start: true, end: true } : undefined,
    )?.plan ?? plan
  const interval = { now: env.now, ...(bounds && { from: bounds.start, to: bounds.end }) }
  const runOptions = runOptionsOf(options, { files: result.files, time: parseTimeOptions(options) })
  const rows = new Map<string, readonly Row[]>()
  for (const source of planSources(viewed)) {
    const read = await runPlan(
      { lets: [], out: { from: source, stages: [] } },
      { ...runOptions, interval, engine: 'evaluator' },
    )
    if (!read.ok) return new Map()
    rows.set(sourceKey(source), read.rows)
  }
  const table = (s: SourceNode): readonly Row[] => rows.get(sourceKey(s)) ?? []
  const { from } = viewed.out
  return from.kind === 'source'
    ? reasonsByStep(within(1000 * MOST_SECONDS, () => eventOutcomes(viewed, table(from), table, env)) ?? [])
    : new Map()
}

function reasonsByStep(all: readonly EventOutcome[]): Map<number, DropReason[]> {
  const steps = new Map<number, Map<string, { test: string | null; events: number; samples: Set<string> }>>()
  for (const outcome of all) {
    if (outcome.kind !== 'out') continue
    const start = outcome.stage?.at?.start ?? 0
    const tests = steps.get(start) ?? new Map<string, { test: string | null; events: number; samples: Set<string> }>()
    steps.set(start, tests)
    for (const { pred, values } of outcome.because) {
      const test = pred && (pred.kind === 'not' ? printPred(pred.of) : `not (${printPred(pred)})`)
      const entry = tests.get(test ?? '') ?? { test, events: 0, samples: new Set<string>() }
      tests.set(test ?? '', entry)
      entry.events++
      const compared = Object.entries(values)
        .filter(([k]) => !isHidden(k))
        .map(([k, v]) => `${k} ${v === null ? 'is absent' : `= ${cellText(v)}`}`)
      if (compared.length > 0 && entry.samples.size < SAMPLES) entry.samples.add(compared.join(', '))
    }
  }
  const reasons = (tests: Iterable<{ test: string | null; events: number; samples: Set<string> }>): DropReason[] =>
    [...tests].map((t) => ({ ...t, samples: [...t.samples] })).sort((a, b) => b.events - a.events)
  return new Map([...steps].map(([start, tests]) => [start, reasons(tests.values())]))
}
