// An empty result explained: the span against the interval, the step at which the events ran out, the values that do occur there.
import * as codes from '../../core/diag/catalogue/workbench.ts'
import { type Diagnostic, inText, noPlace, diagnostic } from '../../core/diag/diagnostic.ts'
import { evaluate } from '../../core/eval/evaluate.ts'
import { call, col } from '../../core/plan/build.ts'
import { NETWORK } from '../../core/logs/network/network.ts'
import { jsonText } from '../../core/plan/json-text.ts'
import { type Const, type Expr, isHidden, type Plan, type Pred, type SourceNode } from '../../core/plan/plan.ts'
import { columnsOfPred, visitPred } from '../../core/plan/walk.ts'
import type { Compiled } from '../../core/workbench/compile.ts'
import { isoTime } from '../../core/workbench/interval.ts'
import type { Profile } from '../scan/scan-protocol.ts'
import { type RunOptions, type RunResult, runPlan } from '../execute/run-plan.ts'
import { comparedFields, type Leading, type Steps } from './stage-counts.ts'

export async function whyEmpty(
  compiled: Compiled,
  plan: Plan,
  run: RunResult,
  counted: Steps | undefined,
  options: RunOptions,
): Promise<Diagnostic[]> {
  const total = (what: 'events' | 'lines') => run.files.reduce((n, f) => n + f.tally[what], 0)
  if (total('events') === 0)
    return run.files.length > 0 ? [diagnostic(codes.noEventsAtAll, noPlace, { lines: total('lines') })] : []
  const outside = outsideInterval(run)
  if (outside.length > 0) return outside
  const steps = counted?.steps ?? []
  const i = steps.findIndex((s) => s.rowsOut === 0)
  const dry = steps[i]
  if (!dry || !counted) return []
  const at = inText(compiled.source, { start: dry.start, end: dry.start + dry.text.length })
  // Behind an aggregate rows are groups, no longer events.
  const grouped = plan.out.stages.some((s) => s.kind === 'aggregate' && s.at !== undefined && s.at.start < dry.start)
  const said = [
    diagnostic(codes.ranDry, at, {
      step: dry.text.replace(/\s+/g, ' '),
      rowsIn: dry.rowsIn,
      what: grouped ? 'rows' : 'events',
    }),
  ]
  const filter = counted.leading[i]
  if (filter && dry.rowsIn > 0)
    said.push(
      ...(await valuesThere(
        compiled,
        plan,
        { filter, before: counted.leading[i - 1], seen: counted.profiles[i] },
        options,
      )),
    )
  return said
}

/**
 * True if the rows are those that the plan gives over no events at all. An aggregate without keys has one row even then, such as a count
 * of 0, so the number of rows does not show that no event passed the filters.
 */
export function isResultOfNothing(plan: Plan, { rows, env }: RunResult): boolean {
  if (rows.length === 0 || rows.length > MOST_ROWS_OF_NOTHING) return false
  return jsonText(evaluate(plan, () => [], env).rows) === jsonText(rows)
}
const MOST_ROWS_OF_NOTHING = 10

/** Also reported when there are rows: the newest events may be missing from a count. */
export function outsideInterval(run: RunResult): Diagnostic[] {
  const { bounds } = run
  const span = spanOf(run)
  if (!bounds || !span || (span.last >= bounds.start && span.first < bounds.end)) return []
  const time = (t: bigint, open: string) => (t > -(2n ** 62n) && t < 2n ** 62n ? isoTime(t) : open)
  const params = {
    from: time(bounds.start, 'the beginning'),
    to: time(bounds.end, 'the end'),
    first: isoTime(span.first),
    last: isoTime(span.last),
  }
  return [diagnostic(codes.outsideInterval, noPlace, params)]
}

export function spanOf(run: RunResult): { first: bigint; last: bigint } | undefined {
  let span: { first: bigint; last: bigint } | undefined
  for (const { tally } of run.files) {
    const { first, last } = tally
    if (first === null || last === null) continue
    span = { first: span && span.first < first ? span.first : first, last: span && span.last > last ? span.last : last }
  }
  return span
}

const MOST_VALUES = 6

interface Dry {
  readonly filter: Leading
  readonly before: Leading | undefined
  /** Of the events that reach the filter; without fields if they were only counted. */
  readonly seen: Profile | undefined
}

/** For the fields that the dry filter compares: the values that its events have, and the ones that differ only in case. */
async function valuesThere(
  compiled: Compiled,
  plan: Plan,
  { filter, before, seen }: Dry,
  options: RunOptions,
): Promise<Diagnostic[]> {
  const { from } = plan.out
  if (from.kind !== 'source' || !filter.stage.at) return []
  const asked = textsOf(filter.own)
  const said: Diagnostic[] = []
  for (const { id, name } of comparedFields(from, filter)) {
    // Where nothing has the field there are no values to look for.
    if (seen && seen.fields.size > 0 && (seen.fields.get(name) ?? 0) === 0) continue
    const known = seen?.values.get(name)
    const source = { ...from, rest: false, where: before?.where ?? ({ kind: 'true' } as const) }
    const counts = known ? mostFrequent(known) : await frequent(source, id, options)
    // A value that is asked for and occurs is not what stopped them.
    if (counts.length === 0 || counts.some((c) => asked.includes(c.value))) continue
    const near = counts.filter(
      (c) => !asked.includes(c.value) && asked.some((a) => a.toLowerCase() === c.value.toLowerCase()),
    )
    said.push(
      diagnostic(codes.valuesThatOccur, inText(compiled.source, filter.stage.at), {
        field: isHidden(id) ? name.replace(NETWORK, '') : id,
        values: counts,
        near: near.map((c) => c.value),
      }),
    )
  }
  return said
}

/** By number, then by name without its case, as the run below orders them. */
function mostFrequent(counts: ReadonlyMap<string, number>): { value: string; events: number }[] {
  const low = (t: string): string => t.toLowerCase()
  return [...counts]
    .map(([value, events]) => ({ value, events }))
    .sort((a, b) => b.events - a.events || (low(a.value) < low(b.value) ? -1 : low(a.value) > low(b.value) ? 1 : 0))
    .slice(0, MOST_VALUES)
}

async function frequent(
  source: SourceNode,
  id: string,
  options: RunOptions,
): Promise<{ value: string; events: number }[]> {
  const plan: Plan = {
    lets: [],
    out: {
      from: { ...source, columns: source.columns.filter((c) => c.id === id || columnsOfPred(source.where).has(c.id)) },
      stages: [
        { kind: 'filter', where: { kind: 'present', expr: col(id, 'str') } },
        {
          kind: 'aggregate',
          keys: [{ id, expr: col(id, 'str') }],
          nullKeys: 'drop',
          aggs: [{ id: 'events', prim: 'agg.count', args: [], consts: {}, where: { kind: 'true' }, ty: 'int' }],
          limit: null,
        },
        {
          kind: 'take',
          count: MOST_VALUES,
          by: [
            { expr: col('events', 'int'), dir: 'desc', nulls: 'last' },
            { expr: call('str.lower', 'str', [col(id, 'str')]), dir: 'asc', nulls: 'last' },
          ],
        },
      ],
    },
  }
  const found = await runPlan(plan, { ...options, engine: 'auto' })
  return found.rows.map((r) => ({ value: String(r[id]), events: Number(r['events']) }))
}

/** Texts that a predicate compares with. */
function textsOf(p: Pred): string[] {
  const texts = new Set<string>()
  const constant = (c: Const): void => {
    if (typeof c === 'string') texts.add(c)
    else if (Array.isArray(c)) for (const x of c as readonly Const[]) constant(x)
  }
  visitPred(p, {
    expr: (e: Expr) => {
      if (e.kind === 'lit' && typeof e.value === 'string') texts.add(e.value)
    },
    pred: (q: Pred) => {
      if (q.kind === 'test') for (const c of Object.values(q.consts)) constant(c)
    },
  })
  return [...texts]
}
