// Explains a result without events: the interval is elsewhere, or a step lets nothing through although its fields have other values.
import * as codes from '../../core/diag/catalogue/workbench.ts'
import { type Diagnostic, inText, noPlace, diagnostic } from '../../core/diag/diagnostic.ts'
import { compilePred, rowScope } from '../../core/eval/compile.ts'
import { evaluate } from '../../core/eval/evaluate.ts'
import { call, col } from '../../core/plan/build.ts'
import { NETWORK } from '../../core/logs/network/network.ts'
import { nearest } from '../../core/text/nearest.ts'
import { jsonText } from '../../core/plan/json-text.ts'
import {
  type Const,
  type Env,
  type Expr,
  isHidden,
  type Plan,
  type Pred,
  type SourceNode,
} from '../../core/plan/plan.ts'
import { columnsOfPred, visitPred } from '../../core/plan/walk.ts'
import type { Compiled } from '../../core/workbench/compile-in.ts'
import { isoTime } from '../../core/workbench/interval.ts'
import type { Profile } from '../scan/scan-protocol.ts'
import type { RunOptions, RunResult } from '../execute/run-options.ts'
import { runPlan } from '../execute/run-plan.ts'
import { spanOf } from '../inputs/file-stats.ts'
import { tagMark } from '../inputs/files.ts'
import { formatOf } from '../inputs/format-of.ts'
import { MOST_SECONDS, within } from '../workers/within.ts'
import { comparedFields, type LeadingFilter, type Steps } from './stage-counts.ts'

export interface EmptyRun {
  readonly compiled: Compiled
  /** As lowered, without a view. */
  readonly plan: Plan
  readonly run: RunResult
  readonly counted: Steps | undefined
}

export async function explainEmpty(
  { compiled, plan, run, counted }: EmptyRun,
  options: RunOptions,
): Promise<Diagnostic[]> {
  const total = (what: 'events' | 'lines') => run.files.reduce((n, f) => n + f.stats[what], 0)
  if (total('events') === 0)
    return run.files.length > 0 ? [diagnostic(codes.noEventsAtAll, noPlace, { lines: total('lines') })] : []
  const outside = outsideInterval(run)
  if (outside.length > 0) return outside
  const steps = counted?.steps ?? []
  // The first step that lets nothing through.
  const i = steps.findIndex((s) => s.rowsOut === 0)
  const dry = steps[i]
  if (!dry || !counted) return []
  const at = inText(compiled.source, { start: dry.start, end: dry.start + dry.text.length })
  // After an aggregate, rows are groups.
  const grouped = plan.out.stages.some((s) => s.kind === 'aggregate' && s.at !== undefined && s.at.start < dry.start)
  const diagnostics = [
    diagnostic(codes.ranDry, at, {
      step: dry.text.replace(/\s+/g, ' '),
      rowsIn: dry.rowsIn,
      what: grouped ? 'rows' : 'events',
    }),
  ]
  const filter = counted.leading[i]
  if (filter && dry.rowsIn > 0) {
    const dryFilter = { filter, before: counted.leading[i - 1], profile: counted.profiles[i], env: run.env }
    diagnostics.push(...(await occurringValues(compiled, plan, dryFilter, options)))
  }
  return diagnostics
}

/**
 * True if the rows are those that the plan gives over no events at all. The number of rows does not show this: an aggregate without keys
 * has one row even then, such as a count of 0.
 */
export function isResultOfNothing(plan: Plan, { rows, env }: RunResult): boolean {
  if (rows.length === 0 || rows.length > MOST_ROWS_OF_NOTHING || makesEvents(plan)) return false
  const ofNothing = within(1000 * MOST_SECONDS, () => evaluate(plan, () => [], env).rows)
  return ofNothing !== undefined && jsonText(ofNothing) === jsonText(rows)
}
const MOST_ROWS_OF_NOTHING = 10

/** The query drops all that the logs hold, and has events of its own, such as those of createEvents(). */
const makesEvents = ({ lets, out }: Plan): boolean =>
  [out, ...lets.map((l) => l.rel)].some(
    ({ from, stages }) =>
      stages.some((s) => s.kind === 'unnest') &&
      ((from.kind === 'source' && from.where.kind === 'false') ||
        stages.some((s) => s.kind === 'filter' && s.where.kind === 'false')),
  )

/** Also reported when there are rows: the newest events may be missing from a count. */
export function outsideInterval(run: RunResult): Diagnostic[] {
  const { bounds } = run
  const span = spanOf(run.files.map((f) => f.stats))
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

const MOST_VALUES = 6

interface DryFilter {
  readonly filter: LeadingFilter
  readonly before: LeadingFilter | undefined
  /** Of the events that reach the filter. Without fields if they were only counted. */
  readonly profile: Profile | undefined
  readonly env: Env
}

/** The values that occur in the fields that the filter compares. Values that differ only in case are named. */
async function occurringValues(
  compiled: Compiled,
  plan: Plan,
  { filter, before, profile, env }: DryFilter,
  options: RunOptions,
): Promise<Diagnostic[]> {
  const { from } = plan.out
  if (from.kind !== 'source' || !filter.stage.at) return []
  const compared = textsOf(filter.own)
  const tests = testsOf(filter.own)
  const diagnostics: Diagnostic[] = []
  for (const { id, name } of comparedFields(from, filter)) {
    // A field that no event has, has no values.
    if (profile && profile.fields.size > 0 && (profile.fields.get(name) ?? 0) === 0) continue
    const values = profile?.values.get(name)
    const source = { ...from, rest: false, where: before?.where ?? ({ kind: 'true' } as const) }
    const counts = values ? mostFrequent(values) : await countValues(source, id, options)
    // A test that is turned round names what must not occur, and a field with a value that passes a test is not the reason.
    if (tests.every(({ test, want }) => !want || !columnsOfPred(test).has(id))) continue
    const occurring = values ? [...values.keys()] : counts.map((c) => c.value)
    if (counts.length === 0 || passesOne(tests, id, occurring, env)) continue
    const passesFolded = passesInAnyCase(tests, id, env)
    const near = counts.filter((c) => passesFolded(c.value) || compared.some((text) => isNear(text, c.value)))
    const isTag = options.files.some((f) => Object.hasOwn({ ...formatOf(f)?.tags, ...f.tags }, name))
    diagnostics.push(
      diagnostic(codes.valuesThatOccur, inText(compiled.source, filter.stage.at), {
        field: isHidden(id) ? name.replace(NETWORK, '') : id,
        values: counts,
        near: near.map((c) => c.value),
        ...(isTag && { tag: tagMark(name) }),
      }),
    )
  }
  return diagnostics
}

/** The same in another case, or with a slip of the keyboard. */
const isNear = (text: string, value: string): boolean =>
  text.toLowerCase() === value.toLowerCase() || (text.length > 3 && nearest(text, [value]) !== undefined)

/** By number, then by name ignoring case: the order of `countValues`. */
function mostFrequent(counts: ReadonlyMap<string, number>): { value: string; events: number }[] {
  const low = (t: string): string => t.toLowerCase()
  return [...counts]
    .map(([value, events]) => ({ value, events }))
    .sort((a, b) => b.events - a.events || (low(a.value) < low(b.value) ? -1 : low(a.value) > low(b.value) ? 1 : 0))
    .slice(0, MOST_VALUES)
}

/** Counts the values by a run of its own: the scan gave up counting because there are too many. */
async function countValues(
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
  const { rows } = await runPlan(plan, { ...options, engine: 'auto' })
  return rows.map((r) => ({ value: String(r[id]), events: Number(r['events']) }))
}

/** A test within a predicate: what it must give for the predicate to hold. */
interface Wanted {
  readonly test: Pred
  readonly want: boolean
}

function testsOf(p: Pred, want = true): Wanted[] {
  if (p.kind === 'and' || p.kind === 'or') return p.of.flatMap((q) => testsOf(q, want))
  return p.kind === 'not' ? testsOf(p.of, !want) : [{ test: p, want }]
}

/** Does one of the values pass one of the tests of this field, if the test reads nothing else? A field with several names has a column each. */
function passesOne(tests: readonly Wanted[], id: string, values: readonly string[], env: Env): boolean {
  return tests.some(({ test, want }) => {
    const read = columnsOfPred(test)
    if (!read.has(id)) return false
    const holds = compilePred(test, rowScope, env)
    const absent = Object.fromEntries([...read].map((column) => [column, null]))
    return values.some((value) => holds({ ...absent, [id]: value }) === want)
  })
}

/** Would a value pass a test of this field, such as a wildcard or a regex, if case did not count? */
function passesInAnyCase(tests: readonly Wanted[], id: string, env: Env): (value: string) => boolean {
  const folded = tests.flatMap(({ test, want }) => {
    if (!want || test.kind !== 'test' || columnsOfPred(test).size !== 1 || !columnsOfPred(test).has(id)) return []
    const { consts } = test
    if ('ignoreCase' in consts)
      return [compilePred({ ...test, consts: { ...consts, ignoreCase: true } }, rowScope, env)]
    const flags = typeof consts['flags'] === 'string' ? consts['flags'] : undefined
    if (flags === undefined) return []
    return [compilePred({ ...test, consts: { ...consts, flags: `${flags.replace('i', '')}i` } }, rowScope, env)]
  })
  return (value) => folded.some((holds) => holds({ [id]: value }))
}

/** Texts that a predicate compares fields with. */
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
