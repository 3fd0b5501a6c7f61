// Windows of time in a plan, and events that just fit inside each of them or just do not.
import type { Event } from '../logs/format.ts'
import type { Consts, Expr, Plan, Pred } from '../plan/plan.ts'
import { visitPlan } from '../plan/walk.ts'
import { jsonText } from '../plan/json-text.ts'
import { BASE_TIME, eventOf } from './assignment.ts'
import { type Chain, conditionsOf } from './chain.ts'
import { outcomeOf } from './outcome.ts'
import { solve, type Work } from './solve.ts'
import type { Env } from '../plan/plan.ts'
import { Template } from './template.ts'
import type { Reading, Telemetry } from './telemetry.ts'

const SECOND = 1_000_000n
const DAY = 86_400n * SECOND
/** Generated events lie within 31 days. */
const LONGEST = 30n * DAY
/** Products write times in milliseconds. */
const TICK = 1000n
const MOST_COPIES = 100
const MOST_EVENTS = 200

/** Microseconds of each window, pause, span and slice of the clock that the plan has. */
export function durationsOf(plan: Plan): bigint[] {
  const out = new Set<bigint>()
  const add = (n: unknown): void => {
    if (typeof n === 'bigint' && n >= SECOND / 2n && n <= LONGEST) out.add(n)
  }
  const inConsts = (consts: Consts): void => add(spanOf(consts))
  visitPlan(plan, {
    stage: (s) => {
      if (s.kind !== 'window') return
      for (const { frame } of s.columns) if ('back' in frame) add(frame.back)
    },
    expr: (e) => {
      if (e.kind === 'call') inConsts(e.consts)
    },
    pred: (p) => {
      for (const n of boundsOfTime(p)) add(n)
    },
  })
  return [...out]
}

const spanOf = ({ span }: Consts): bigint | undefined =>
  typeof span === 'bigint' ? span : typeof span === 'number' && Number.isInteger(span) ? BigInt(span) : undefined

/** A time since another is compared with these. */
export function boundsOfTime(p: Pred): bigint[] {
  if (p.kind !== 'test' || !p.args.some(readsTime)) return []
  return p.args.flatMap((a) => (a.kind === 'lit' && typeof a.value === 'bigint' ? [a.value] : []))
}
const readsTime = (e: Expr): boolean => e.kind === 'call' && (e.prim === 'time.toInt' || e.args.some(readsTime))

/** The plan with another duration. */
export function withDuration(plan: Plan, from: bigint, to: bigint): Plan {
  const change = (x: unknown): unknown => {
    if (x === from) return to
    if (typeof x === 'number') return Number.isFinite(x) && x > 1e5 && BigInt(Math.trunc(x)) === from ? Number(to) : x
    if (Array.isArray(x)) return x.map(change)
    if (typeof x === 'object' && x !== null)
      return Object.fromEntries(Object.entries(x).map(([k, v]) => [k, change(v)]))
    return x
  }
  return change(plan) as Plan
}

/** Does the plan do something else over the telemetry if the duration is twice as long? */
export function tellsDuration(plan: Plan, longer: Plan, telemetry: Telemetry, env: Env, reading: Reading): boolean {
  const rows = (p: Plan): string => jsonText(outcomeOf(p, telemetry, env, reading).result.rows as never)
  return rows(plan) !== rows(longer)
}

/** Small numbers that the plan compares with: so many events may be needed. */
function boundsOf(plan: Plan): number[] {
  const out = new Set([2])
  visitPlan(plan, {
    pred: (p) => {
      for (const a of p.kind === 'test' ? p.args : [])
        if (a.kind === 'lit' && (typeof a.value === 'bigint' || typeof a.value === 'number')) {
          const n = Math.ceil(Number(a.value))
          if (n >= 1 && n < MOST_COPIES) out.add(Math.max(2, n)).add(n + 1)
        }
    },
  })
  return [...out].slice(0, 8)
}

/** An event that comes as far as the first step that takes events together. */
export function eventBefore(chain: Chain, env: Env, reading: Reading, seed: number, work: Work): Event | undefined {
  const at = chain.steps.findIndex(({ stage }) => stage.kind === 'aggregate' || stage.kind === 'window')
  const template = new Template(chain, env, reading, 'read-later')
  const goals = conditionsOf(chain).filter((c) => at < 0 || c.step < at)
  const solved = solve(template, goals, { start: template.start(), seed, attempts: 3, trials: 400, work })
  return solved.ok ? eventOf(solved.assigned) : undefined
}

/** The events of a group at the borders of a duration. A single event comes as often as a bound of the plan asks for. */
export function* atBorders(plan: Plan, { events, lookups }: Telemetry, duration: bigint): Generator<Telemetry> {
  const [first] = events
  if (!first || events.length > MOST_EVENTS) return
  const groups = events.length > 1 ? [events] : boundsOf(plan).map((n) => Array<Event>(n).fill(first))
  for (const group of groups)
    for (const of of group.length <= 4 && events.length > 1 ? [group, group.toReversed()] : [group])
      for (const length of [duration, duration + TICK, duration - TICK])
        for (const offsets of layouts(of.length, length)) {
          const total = offsets.at(-1) ?? 0n
          if (total > LONGEST) continue
          // As far back as the last event needs, at the same time of day.
          const start = total < (DAY * 5n) / 6n ? BASE_TIME : BASE_TIME - (total / DAY + 1n) * DAY
          yield { events: of.map((e, i) => ({ ...e, time: start + (offsets[i] as bigint) })), lookups }
        }
}

/** Times of events after the first: all within the length, the last of them late, the later half late, and each so long after the one before. */
function layouts(count: number, length: bigint): bigint[][] {
  const places = [...Array(count).keys()].map(BigInt)
  const last = BigInt(count - 1)
  const step = length / (4n * BigInt(count)) < SECOND ? TICK : SECOND
  const half = BigInt(Math.ceil(count / 2))
  return [
    places.map((i) => (i * length) / last),
    ...(count > 2
      ? [
          places.map((i) => (i === last ? length : i * step)),
          places.map((i) => i * length),
          places.map((i) => (i < half ? i * step : length + (i - 1n) * step)),
        ]
      : []),
  ]
}

/** `5m`, `1h30m`. One millisecond less than a whole second is that second without its end. */
export function durationText(duration: bigint): string {
  let left = (duration + TICK) % SECOND === 0n ? duration + TICK : duration
  if (left % SECOND !== 0n) return `${Number(left) / 1000}ms`
  let out = ''
  for (const [unit, length] of UNITS) {
    if (left >= length) out += `${left / length}${unit}`
    left %= length
  }
  return out
}
const UNITS = [
  ['d', DAY],
  ['h', 3600n * SECOND],
  ['m', 60n * SECOND],
  ['s', SECOND],
] as const
