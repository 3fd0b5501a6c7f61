// Two queries over the same telemetry: equal plans are proven the same; others are run over generated events until one tells them apart.
import { optimise } from '../passes/optimise.ts'
import type { Event } from '../logs/format.ts'
import type { Env, Plan, Pred, Stage } from '../plan/plan.ts'
import { conjuncts } from '../plan/build.ts'
import { present, type Table } from '../workbench/present.ts'
import { apart, nearest, partnersApart } from './apart.ts'
import { type Chain, chainsOf, type Condition, conditionsOf, type Goal, relationChains, type Step } from './chain.ts'
import { type Comparison, compareTables } from './compare.ts'
import { inWindows } from './borders.ts'
import { boundsOfTime, durationsOf } from './durations.ts'
import { focused, saysOf } from './focus.ts'
import { grow } from './groups.ts'
import { many, ownLimits, usualLimits } from './many.ts'
import { calendar, isSeries, Mixture, readsCalendar, series } from './mixture.ts'
import { findingsOf, outcomeOf } from './outcome.ts'
import { planText } from './same-plan.ts'
import { shrink } from './shrink.ts'
import type { Work } from './solve.ts'
import { type Reading, sizeOf, type Telemetry, WITNESS_ENV } from './telemetry.ts'
import { type Trace, trace } from './trace.ts'
import { decisive, deviations, doubled, several } from './variety.ts'
import { nearMisses, type Passing, passOf } from './witness.ts'
import { consequencesOf } from './implied.ts'

export interface Side {
  readonly plan: Plan
  readonly language: string
  /** The query defines the order of its rows. */
  readonly ordered: boolean
  readonly reading: Reading
  /** Against another language, so many rows of the two are counted and must be as many; left out: one row is as good as several. */
  readonly countsRows?: number
  /** Fields that only this side could read are left absent. */
  readonly isFrozen?: (variable: string) => boolean
}

export interface Difference {
  /** The smallest telemetry found on which the two differ. */
  readonly telemetry: Telemetry
  readonly a: Table
  readonly b: Table
  readonly comparison: Comparison
  /** With numbers in their plain spelling, and texts without blanks around them, the two do the same. */
  readonly onlySpelling?: boolean | undefined
  /** The way through the side that finds nothing; undefined: both find something. */
  readonly decides: { readonly side: 'a' | 'b'; readonly trace: Extract<Trace, { kind: 'out' }> } | undefined
}

/** A predicate for which no event was found that tells whether it holds. */
export interface NotReached {
  readonly side: 'a' | 'b'
  readonly stage: Stage | null
  readonly path: string
  readonly pred: Pred | null
  /** No events tell how long this window is. Microseconds. */
  readonly window?: bigint
}

export type Verdict =
  | { readonly kind: 'proven' }
  | { readonly kind: 'same'; readonly events: number; readonly notReached: readonly NotReached[] }
  /** No event could be generated, and neither finds anything without events. */
  | { readonly kind: 'nothing'; readonly events: 0; readonly notReached: readonly NotReached[] }
  | ({ readonly kind: 'differs'; readonly events: number } & Difference)

export interface VerifyOptions {
  readonly seed?: number
  readonly env?: Env
  /** Telemetry that is tried before any generated one. */
  readonly given?: readonly Telemetry[]
  /** False: no product writes such an event, so what the queries say of it does not count. */
  readonly isReal?: (event: Event) => boolean
  /** Differences that are meant: a telemetry that these accept does not count. */
  readonly isMeant?: (d: Difference) => boolean
  /** Events that must be tried at least, if the queries read any. */
  readonly least?: number
}

const NOTHING: Telemetry = { events: [], lookups: {} }
const MOST_DEVIATIONS = 360
const MOST_NEAR = 6
/** Events around what only one side says, between two languages. */
const MOST_FOCUSED = 100
/** Telemetry that is tried after a difference that is only one of spelling. */
const MOST_OTHERS = 300
/** Trials for one side, telemetry and events for both: a query that cannot be met ends after seconds. */
const WORK = 7000
/** Trials for the events of groups. */
const GROWTH = 6000
/** Trials for events that only the other side drops, or sees otherwise. */
const APART = 2000
/** Trials for what only one side says. */
const FOCUS = 3000
/** Rounds with other events, until enough were tried. */
const MOST_ROUNDS = 6
const MOST_TELEMETRY = 900
const MOST_EVENTS = 30_000
/** Rows that come to a step, or out of the last one: what takes the time of a comparison. Slots of time are rows too. */
const MOST_ROWS = 900_000
interface Spent {
  rows: number
}
const MOST_SHRINK = 1_000_000
/** Ways through a plan that are looked at: dashboards have dozens that differ in little. */
const MOST_CHAINS = 5

export function verify(a: Side, b: Side, options: VerifyOptions = {}): Verdict {
  const { env = WITNESS_ENV, given = [] } = options
  if (a.language === b.language && a.ordered === b.ordered && planText(a.plan) === planText(b.plan))
    return { kind: 'proven' }
  const notReached: NotReached[] = []
  const asked = { a: new Set<string>(), b: new Set<string>() }
  let events = 0
  const says = { a: saysOf(b.plan), b: saysOf(a.plan) }
  const tried = function* (): Generator<Telemetry> {
    yield* given
    // Queries that make their own events read none.
    yield NOTHING
    for (const [name, side, other] of [
      ['a', a, b],
      ['b', b, a],
    ] as const)
      yield* generated(side, other, name, options, notReached, says[name], asked[name])
    for (let round = 1; round <= MOST_ROUNDS && events > 0 && events < (options.least ?? 0); round++)
      for (const [name, side, other] of [
        ['a', a, b],
        ['b', b, a],
      ] as const)
        yield* generated(
          side,
          other,
          name,
          { ...options, seed: (options.seed ?? 1) + round * 131 },
          [],
          says[name],
          new Set(),
        )
  }
  let count = 0
  const spent: Spent = { rows: 0 }
  let spelling: Difference | undefined
  let others = 0
  for (const telemetry of tried()) {
    if (options.isReal && !telemetry.events.every(options.isReal)) continue
    events += sizeOf(telemetry)
    if (++count > MOST_TELEMETRY || events > MOST_EVENTS || spent.rows > MOST_ROWS) {
      notReached.push(...unasked('a', a.plan, asked.a), ...unasked('b', b.plan, asked.b))
      break
    }
    if (spelling && ++others > MOST_OTHERS) break
    const whole = differenceOf(a, b, telemetry, env, spent)
    if (!whole) continue
    const plain = differenceOf(a, b, inPlainSpelling(telemetry), env, spent)
    if (!plain && spelling) continue
    const found = smallest(a, b, plain ?? { ...whole, onlySpelling: true }, options)
    if (options.isMeant?.(found)) continue
    if (plain) return { kind: 'differs', events, ...found }
    // Readers take it for the answer, so one that is not about spelling comes first.
    spelling = found
  }
  if (spelling) return { kind: 'differs', events, ...spelling }
  const isEmpty = events === 0 && [a, b].every((s) => findingsOf(s.plan, NOTHING, env, s.reading) === 0)
  return isEmpty ? { kind: 'nothing', events: 0, notReached } : { kind: 'same', events, notReached }
}

/** The predicates that the search had not come to when its work was spent. */
function unasked(side: 'a' | 'b', plan: Plan, asked: ReadonlySet<string>): NotReached[] {
  const open = new Map<string, Condition>()
  for (const chain of chainsOf(plan).slice(0, MOST_CHAINS))
    for (const c of conditionsOf(chain)) if (c.conjunct !== null && !asked.has(c.key)) open.set(c.key, c)
  return [...open.values()].map(({ stage, path, pred }) => ({ side, stage, path, pred }))
}

/** `020`, `+20` and `20.0` are 20. */
function inPlainSpelling({ events, lookups }: Telemetry): Telemetry {
  const plain = (text: string): string => {
    const t = text.trim()
    return /^\+?\d{1,15}(?:\.0*)?$/.test(t) ? String(Number(t)) : t
  }
  return {
    events: events.map((e) => ({ ...e, fields: new Map([...e.fields].map(([name, v]) => [name, plain(v)])) })),
    lookups,
  }
}

/** Less telemetry on which the two differ in the same way, and not in one that is meant. Of a difference that is meant any way counts. */
function smallest(
  a: Side,
  b: Side,
  whole: Difference,
  { env = WITNESS_ENV, isReal, isMeant }: VerifyOptions,
): Difference {
  const meant = isMeant?.(whole) ?? false
  const kind = kindOf(whole)
  const spent: Spent = { rows: 0 }
  const least = shrink(whole.telemetry, (t) => {
    if (spent.rows > MOST_SHRINK) return false
    if (isReal && !t.events.every(isReal)) return false
    const d = differenceOf(a, b, t, env, spent)
    return d !== undefined && (meant || (kindOf(d) === kind && !isMeant?.(d)))
  })
  const found = differenceOf(a, b, least, env) ?? whole
  return { ...found, onlySpelling: whole.onlySpelling }
}
const kindOf = ({ decides }: Difference): string => (decides ? `${decides.side} ${decides.trace.path}` : 'rows')

/** Telemetry made for one query, the likeliest to tell it from others first. */
function* generated(
  side: Side,
  other: Side,
  name: 'a' | 'b',
  options: VerifyOptions,
  notReached: NotReached[],
  others: ReadonlySet<string>,
  asked: Set<string>,
): Generator<Telemetry> {
  const { plan, reading } = side
  const work: Work = { left: WORK }
  const growth: Work = { left: GROWTH }
  const how = { ...options, reading, work, growth, ...(side.isFrozen && { isFrozen: side.isFrozen }) }
  const all: Passing[] = []
  const near: Passing[] = []
  let defeated: NotReached | undefined
  for (const chain of chainsOf(plan).slice(0, MOST_CHAINS)) {
    const found = passOf(plan, chain, how)
    if (found.ok) all.push(found.passing)
    else {
      defeated ??= { side: name, ...found.defeated }
      if (found.closest) near.push(found.closest)
    }
  }
  if (all.length === 0 && defeated) {
    notReached.push(defeated)
    all.push(...near)
  }
  for (const p of all) yield p.telemetry
  const lengths = new Set<bigint>()
  yield* inWindows(plan, other.plan, [...all, ...near], { ...options, reading }, lengths)
  const mixture = new Mixture()
  const grown = (p: Passing, assigned: Passing['assigned']): Telemetry | undefined => {
    const goals = p.conditions.filter((g) => p.template.holds(g, p.template.rows(assigned)))
    const t = grow(p.template, assigned, goals, { plan, reading, seed: p.seed, depth: 1, work: growth })
    return t && mixture.with(t)
  }
  for (const p of all) mixture.with(p.telemetry)
  // Languages name their columns differently, so between them no step can be asked for in the other's place.
  const own: Work = { left: side.language === other.language ? Math.min(work.left, APART) : 0 }
  for (const p of all)
    for (const assigned of apart(p, other.plan, own, side.isFrozen)) {
      const t = grown(p, assigned)
      if (t) yield t
    }
  const missed = new Map<string, Condition | undefined>()
  const allMisses = function* (): Generator<Telemetry> {
    for (const p of all) {
      const { implied } = consequencesOf(p.chain, p.conditions)
      for (const key of implied) asked.add(key)
      for (const c of p.conditions) {
        if (c.conjunct === null || implied.has(c.key) || (missed.has(c.key) && missed.get(c.key) === undefined))
          continue
        const misses = nearMisses(plan, p, c, { ...how, most: MOST_NEAR }, work)
        asked.add(c.key)
        missed.set(c.key, misses.length > 0 ? undefined : c)
        for (const m of misses) yield m.telemetry
      }
    }
  }
  // Of two languages every predicate is only one side's, so there would be no end of events around them.
  if (side.language !== other.language) yield* allMisses()
  const focus: Work = { left: Math.min(work.left, FOCUS) }
  let around = side.language === other.language ? MOST_TELEMETRY : MOST_FOCUSED
  for (const p of all)
    for (const assigned of focused(p, others, focus, side.isFrozen)) {
      if (--around < 0) break
      const t = grown(p, assigned)
      if (t) yield t
    }
  if (mixture.telemetry) yield mixture.telemetry
  for (const p of all) yield* withPartners(plan, other.plan, p, reading, growth)
  for (const p of all) if (p.chain.steps.some(({ stage }) => stage.kind === 'aggregate')) yield doubled(p.telemetry)
  if (readsCalendar(plan)) for (const p of all) yield calendar(p.telemetry)
  for (const p of all)
    if (isSeries(p.chain)) for (const slice of durationsOf(plan).slice(0, 2)) yield series(p.telemetry, slice)
  for (const p of all) {
    const variety = several(plan, p, reading, work)
    if (variety) yield variety
    // The first group was the largest.
    if (variety && variety.events.length > 2) yield { ...variety, events: variety.events.slice(2) }
    for (const count of usualLimits(plan)) {
      const more = several(plan, p, reading, work, count + 2)
      if (more) yield more
    }
    for (const count of ownLimits(plan, other.plan)) {
      const more = many(p, count + 1)
      if (more) yield more
    }
  }
  if (side.language === other.language) yield* allMisses()
  for (const c of missed.values())
    if (c && !conjuncts(c.pred).some((p) => boundsOfTime(p).some((d) => lengths.has(d))))
      notReached.push({ side: name, stage: c.stage, path: c.path, pred: c.pred })
  for (const window of durationsOf(plan))
    if (!lengths.has(window)) notReached.push({ side: name, stage: null, path: 'out', pred: null, window })
  for (const p of all) {
    for (const assigned of decisive(p, { left: Math.min(work.left, 2500) }, side.isFrozen)) {
      const t = grown(p, assigned)
      if (t) yield t
    }
    for (const assigned of deviations(p, Math.ceil(MOST_DEVIATIONS / all.length), side.isFrozen)) {
      const t = grown(p, assigned)
      if (t) yield t
    }
  }
  if (mixture.telemetry) yield mixture.telemetry
}

/** Partners of joins that keep no event with a partner, and partners that just are none. */
function* withPartners(plan: Plan, other: Plan, p: Passing, reading: Reading, work: Work): Generator<Telemetry> {
  const joins = p.chain.steps.filter(({ stage }) => stage.kind === 'join')
  const theirs = nearest(p.chain, chainsOf(other))?.steps.filter(({ stage }) => stage.kind === 'join') ?? []
  for (const [i, { stage, path }] of joins.entries()) {
    if (stage.kind !== 'join') continue
    const twins = theirs.length === joins.length ? theirs.slice(i, i + 1) : theirs
    const right = relationChains(stage.right, `${path}.right`, plan)[0]
    const conditions = right ? conditionsOf(right) : []
    const end = right?.steps.at(-1)?.path ?? ''
    const sets: Goal[][] = [
      conditions,
      ...(right
        ? partnersApart(
            right,
            twins.flatMap((t) => partnersOf(t, other)),
          )
        : []),
      ...conditions.slice(0, MOST_NEAR).map((c) => conditions.map((g) => (g === c ? { ...g, want: false } : g))),
    ]
    for (const goals of sets) {
      const how = { plan, reading, seed: p.seed, depth: 1, work, withDropped: true }
      const partnerGoals = (at: string): readonly Goal[] | undefined => (at === end ? goals : undefined)
      const t = grow(p.template, p.assigned, p.conditions, { ...how, partnerGoals })
      if (t) yield t
    }
  }
}

const partnersOf = ({ stage, path }: Step, plan: Plan): Chain[] =>
  stage.kind === 'join' ? relationChains(stage.right, `${path}.right`, plan) : []

export function differenceOf(
  a: Side,
  b: Side,
  telemetry: Telemetry,
  env: Env,
  spent: Spent = { rows: 0 },
): Difference | undefined {
  // Between languages only the findings count, and most telemetry shows no difference.
  const counted = Math.min(a.countsRows ?? 1, b.countsRows ?? 1)
  const found = (s: Side): number => Math.min(counted, findingsOf(rowsAlone(s.plan), telemetry, env, s.reading))
  if (a.language !== b.language && found(a) === found(b)) return undefined
  const [x, y] = [tableOf(a, telemetry, env, spent), tableOf(b, telemetry, env, spent)]
  const comparison = compareTables(x, y, a.ordered || b.ordered)
  // Languages name their columns differently, so between them only the number of findings counts.
  const sameKind = a.language === b.language
  const same = sameKind ? comparison.same : Math.min(counted, x.rows.length) === Math.min(counted, y.rows.length)
  if (same) return undefined
  const silent = x.rows.length === 0 ? 'a' : y.rows.length === 0 ? 'b' : undefined
  const side = silent === 'a' ? a : b
  const way = silent && trace(side.plan, telemetry, env, side.reading)
  return {
    telemetry,
    a: x,
    b: y,
    comparison,

    decides: silent && way?.kind === 'out' ? { side: silent, trace: way } : undefined,
  }
}

/** A cache. */
const withoutColumns = new WeakMap<Plan, Plan>()

/** The plan without what it computes only to show it. */
function rowsAlone(plan: Plan): Plan {
  const known = withoutColumns.get(plan)
  if (known) return known
  const stages: Stage[] = [...plan.out.stages, { kind: 'project', columns: [], rest: false }]
  const alone = optimise({ ...plan, out: { ...plan.out, stages } })
  withoutColumns.set(plan, alone)
  return alone
}

function tableOf({ plan, ordered, reading }: Side, telemetry: Telemetry, env: Env, spent: Spent): Table {
  const { counts, result } = outcomeOf(plan, telemetry, env, reading)
  const { columns, rows } = result
  spent.rows += rows.length
  for (const c of counts.values()) spent.rows += c.in
  return present(columns, rows, { ordered })
}
