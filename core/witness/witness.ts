// Events that a plan finds, and for each of its predicates events that fall out just there. All of it is checked by evaluation.
import type { Event } from '../logs/format.ts'
import { conjuncts, not } from '../plan/build.ts'
import type { Env, Plan, Pred, Stage } from '../plan/plan.ts'
import { type Assignment, eventOf } from './assignment.ts'
import {
  type Chain,
  chainsOf,
  type Condition,
  conditionsOf,
  type Goal,
  isSelfJoined,
  withoutConjunct,
} from './chain.ts'
import { filledIn } from './filled-in.ts'
import { grow } from './groups.ts'
import { consequencesOf } from './implied.ts'
import { mutationsAt } from './mutators.ts'
import { narrow } from './narrow.ts'
import { findingsOf, type Outcome, outcomeOf } from './outcome.ts'
import { shrink } from './shrink.ts'
import { solve, type Work } from './solve.ts'
import { Template } from './template.ts'
import { type Reading, type Telemetry, WITNESS_ENV } from './telemetry.ts'

export interface WitnessOptions {
  readonly seed?: number
  readonly env?: Env
  readonly reading?: Reading
  /** Near-misses for each predicate, at most. */
  readonly most?: number
  /** Trials left for everything; left out: as many as one search needs. */
  readonly work?: Work
  /** False: no product writes such an event, so it is no near-miss. */
  readonly isReal?: (event: Event) => boolean
  /** Trials left for the events of groups and for partners of joins, beside the first that pass. */
  readonly growth?: Work
  /** Variables that stay as they are: fields that the telemetry cannot have. */
  readonly isFrozen?: (variable: string) => boolean
}

export interface NearMiss {
  readonly telemetry: Telemetry
  readonly condition: Condition
  /** The difference from the events that pass, in words. */
  readonly what: string
  /** The other predicates hold; false: a later one fails too. */
  readonly alone: boolean
}

export interface Reached {
  readonly condition: Condition
  readonly misses: readonly NearMiss[]
  /** It holds for every event that the steps before let through. */
  readonly implied: boolean
}

export interface Witnesses {
  /** Telemetry with findings; one for each way through the plan that was found. */
  readonly passing: readonly Telemetry[]
  /** The predicates of the plan, in order, with the events that fall out there. */
  readonly reached: readonly Reached[]
  /** The step that defeats the generator, where nothing passes. */
  readonly defeated: Defeat | undefined
}

/** The step at which the search ends in vain. */
export interface Defeat {
  readonly stage: Stage | null
  readonly path: string
  readonly pred: Pred | null
  /** The predicate is false for every event that the steps before let through, so no search can succeed. */
  readonly isImpossible?: true
}

/** An event that passes, with all that belongs to it. */
export interface Passing {
  readonly chain: Chain
  readonly template: Template
  readonly conditions: readonly Condition[]
  readonly assigned: Assignment
  readonly telemetry: Telemetry
  readonly seed: number
}

const SEEDS = 4
const PASS_TRIALS = 1400
/** Trials for all near-misses of a query. */
const WORK = 4000
/** Trials for the events of groups. */
const GROWTH = 8000
/** Of a query with many predicates, for each. */
const WORK_EACH = 60
const SHARES = 4
/** Near-misses of a query with many predicates, about. */
const MOST_MISSES = 240
const DEPTH = 2
const NOTHING: Telemetry = { events: [], lookups: {} }

export function witnesses(plan: Plan, options: WitnessOptions = {}): Witnesses {
  const { most = 6, growth = { left: GROWTH } } = options
  const passing: Passing[] = []
  let defeated: Defeat | undefined
  for (const chain of chainsOf(plan)) {
    const found = passOf(plan, chain, options)
    if (found.ok) passing.push(found.passing)
    else defeated ??= contradictionOf(chain) ?? found.defeated
  }
  // A query that makes its own events reads none.
  const alone = passing.length === 0 && findingsOf(plan, NOTHING, options.env ?? WITNESS_ENV, options.reading) > 0
  const reached = new Map<string, Reached>()
  const predicates = passing.reduce((n, p) => n + p.conditions.length, 0)
  const work: Work = { left: Math.max(WORK, WORK_EACH * predicates) }
  const each = Math.max(1, Math.min(most, Math.floor(MOST_MISSES / Math.max(1, predicates))))
  const fallen = new Set<Pred>()
  let open = predicates
  for (const p of passing) {
    const { implied } = consequencesOf(p.chain, p.conditions)
    for (const condition of p.conditions) {
      if (condition.conjunct === null || (reached.get(condition.key)?.misses.length ?? 0) > 0) continue
      // A copy of the query over an earlier interval has the same predicates.
      if (fallen.has(condition.pred)) continue
      const isImplied = implied.has(condition.key)
      // Predicates that are hard to miss leave the others their share.
      const own: Work = { left: Math.ceil((SHARES * work.left) / Math.max(SHARES, open--)) }
      work.left -= own.left
      const misses = isImplied ? [] : nearMisses(plan, p, condition, { ...options, growth, most: each }, own)
      work.left += own.left
      reached.set(condition.key, { condition, misses, implied: isImplied })
      if (isImplied || misses.length > 0) fallen.add(condition.pred)
    }
  }
  return {
    passing: alone ? [NOTHING] : passing.map((p) => p.telemetry),
    reached: [...reached.values()],
    defeated: passing.length > 0 || alone ? undefined : defeated,
  }
}

function contradictionOf(chain: Chain): Defeat | undefined {
  const { contradiction } = consequencesOf(chain, conditionsOf(chain))
  return contradiction && { ...placeOf(chain, contradiction), isImpossible: true }
}

type PassResult =
  | { readonly ok: true; readonly passing: Passing }
  /** `closest`: events that come closest to a finding. */
  | { readonly ok: false; readonly defeated: Defeat; readonly closest: Passing | undefined }

/** Events that take this way to a finding. */
export function passOf(plan: Plan, chain: Chain, options: WitnessOptions): PassResult {
  const { seed = 1, env = WITNESS_ENV, reading = {}, isFrozen, work } = options
  const template = new Template(chain, env, reading, 'read-later')
  const conditions = conditionsOf(chain)
  const goals = conditions
  let defeated: Defeat = { stage: null, path: 'out', pred: null }
  let closest: Passing | undefined
  for (let i = 0; i < SEEDS && !(work && work.left <= 0); i++) {
    const solved = solve(template, goals, {
      start: template.start(),
      seed: seed + i * 97,
      attempts: 5,
      trials: PASS_TRIALS,
      work: work ?? { left: PASS_TRIALS },
      ...(isFrozen && { isFrozen }),
    })
    if (!solved.ok) {
      const { failed, assigned } = solved
      if (failed) defeated = placeOf(chain, failed)
      const met = conditions.filter((c) => template.holds(c, template.rows(assigned)))
      const near = closest ? undefined : grow(template, assigned, met, { plan, reading, seed, depth: 1 })
      if (near) closest = { chain, template, conditions: met, assigned, telemetry: near, seed }
      continue
    }
    // Values that other events must supply may be impossible to supply.
    const filled = filledIn(template, solved.assigned, goals, seed, isFrozen)
    const ways = [...new Set([filled, solved.assigned])].flatMap((assigned) =>
      twinsOf(chain, plan).map((t) => [assigned, t] as const),
    )
    for (const [assigned, withTwins] of ways) {
      const telemetry = grow(template, assigned, goals, { plan, reading, seed: seed + i, depth: DEPTH, withTwins })
      if (!telemetry) continue
      const outcome = outcomeOf(plan, telemetry, env, reading)
      const stopped = stoppedAt(chain, outcome)
      if (stopped === undefined)
        return { ok: true, passing: { chain, template, conditions, assigned, telemetry, seed: seed + i } }
      defeated = stopped
    }
  }
  return { ok: false, defeated, closest }
}

const twinsOf = (chain: Chain, plan: Plan): readonly boolean[] => (isSelfJoined(chain, plan) ? [false, true] : [false])

const placeOf = (chain: Chain, { step, pred }: Goal): Defeat => {
  const at = chain.steps[step]
  return { stage: at?.stage ?? null, path: at?.path ?? 'source', pred }
}

/** The first step of the way that lets nothing through; undefined: there are findings. */
function stoppedAt(chain: Chain, { result, counts }: Outcome): Defeat | undefined {
  const step = chain.steps.find(({ path }) => counts.get(path)?.out === 0)
  if (step) return { stage: step.stage, path: step.path, pred: null }
  return result.rows.length > 0 ? undefined : { stage: null, path: 'out', pred: null }
}

// ── near-misses ──

interface Tried {
  readonly assigned: Assignment
  readonly what: string
  /** Found by search, and not next to the event that passes. */
  readonly isSearched: boolean
}

export function nearMisses(
  plan: Plan,
  passing: Passing,
  condition: Condition,
  options: WitnessOptions,
  work: Work,
): NearMiss[] {
  const { most = 6 } = options
  const without = withoutConjunct(plan, condition)
  const twins = twinsOf(passing.chain, plan)
  const alone: NearMiss[] = []
  let first: NearMiss | undefined
  let vain = 0
  for (const { assigned, what, isSearched } of tries(passing, condition, work, options.isFrozen)) {
    if ((isSearched && alone.length > 0) || vain > VAIN) break
    if (work.left <= 0) break
    const found = twins.reduce<NearMiss | undefined>(
      (known, t) => known ?? fallsWith(t, plan, without, passing, condition, assigned, what, options),
      undefined,
    )
    work.left -= COST + 2 * (found?.telemetry.events.length ?? passing.telemetry.events.length)
    if (found && !isRealMiss(found, options)) continue
    vain += found ? 0 : 1
    if (found?.alone) alone.push(found)
    else first ??= found
    if (alone.length >= most || (isSearched && first)) break
  }
  if (alone.length > 0) return alone
  const last = first ?? leastWithout(plan, without, passing, condition, options, work)
  return last && isRealMiss(last, options) ? [last] : []
}

const isRealMiss = ({ telemetry }: NearMiss, { isReal }: WitnessOptions): boolean =>
  isReal === undefined || telemetry.events.every(isReal)

/** The least telemetry that the query finds without the predicate, if it does not find it with the predicate. */
function leastWithout(
  plan: Plan,
  without: Plan,
  passing: Passing,
  condition: Condition,
  options: WitnessOptions,
  work: Work,
): NearMiss | undefined {
  const { env = WITNESS_ENV, reading = {} } = options
  if (work.left <= 0) return undefined
  let runs = 0
  const least = shrink(passing.telemetry, (t) => {
    runs++
    return findingsOf(without, t, env, reading) > 0
  })
  work.left -= runs
  return fallsIn(least, plan, without, passing, condition, 'no more than the other predicates need', options)
}
/** Trials that a run of two plans costs as much as, beside its events. */
const COST = 6
/** Near-misses that evaluation refutes before the predicate is left. */
const VAIN = 16

/** Events beside the one that passes, for which the predicate is false. */
function* tries(
  { template, conditions, assigned, seed }: Passing,
  condition: Condition,
  work: Work,
  isFrozen: (variable: string) => boolean = () => false,
): Generator<Tried> {
  const rows = template.rows(assigned)
  const holds = (g: Goal): boolean => template.holds(g, rows)
  const { hints } = narrow([condition], { chain: template.chain, env: template.env, rows, holds, random: undefined })
  const against: Goal = { ...condition, want: false }
  const others = conditions.filter((c) => c.key !== condition.key)
  const failing: Tried[] = []
  for (const [variable, of] of hints)
    for (const m of isFrozen(variable) ? [] : mutationsAt(assigned.get(variable) ?? null, of)) {
      if (variable === 'time' && !/^\d+$/.test(m.text ?? '')) continue
      const mutated = new Map(assigned).set(variable, m.text)
      const after = template.rows(mutated)
      work.left--
      if (!template.holds(against, after)) continue
      const tried = { assigned: mutated, what: `${nameOf(variable)} ${m.what}`, isSearched: false }
      if (others.every((c) => template.holds(c, after))) yield tried
      else failing.push(tried)
    }
  const goals = [
    ...others,
    ...conjuncts(not(condition.pred)).map((pred): Goal => ({ step: condition.step, pred, want: true })),
  ]
  const place = conditions.indexOf(condition)
  // A later predicate may follow from this one: then it is enough that this one is the first to fail.
  const earlier = [conditions.filter((c) => c !== condition && c.step <= condition.step), conditions.slice(0, place)]
  const sets = [goals, ...earlier.map((before) => [...before, against])]
  const search = function* (set: readonly Goal[], starts: readonly Assignment[], trials: number): Generator<Tried> {
    for (const start of starts) {
      const solved = solve(template, set, { start, seed, attempts: 3, trials, work, isFrozen, turns: true })
      if (solved.ok) yield { assigned: solved.assigned, what: 'another event', isSearched: true }
    }
  }
  // Events for which it is false already may be near.
  const near = failing.slice(0, MOST_STARTS).map((t) => t.assigned)
  yield* search(goals, near.length > 0 ? near : [assigned], FEW_TRIALS)
  for (const set of sets)
    yield* failing
      .filter((t) => {
        const after = template.rows(t.assigned)
        return set.every((c) => template.holds(c, after))
      })
      .map((t) => ({ ...t, isSearched: true }))
  for (const set of sets) yield* search(set, [...near, assigned], MANY_TRIALS)
}
const FEW_TRIALS = 60
const MANY_TRIALS = 200
const MOST_STARTS = 2

const nameOf = (variable: string): string =>
  /^[a-z]:/.test(variable) || /^\d+:/.test(variable) ? variable.slice(variable.indexOf(':') + 1) : variable

/** The near-miss, if evaluation says that it is one. */
function fallsWith(
  withTwins: boolean,
  plan: Plan,
  without: Plan,
  passing: Passing,
  condition: Condition,
  assigned: Assignment,
  what: string,
  options: WitnessOptions,
): NearMiss | undefined {
  const { template, conditions, seed } = passing
  const { reading = {} } = options
  const held = conditions.filter((c) => c.key !== condition.key && template.holds(c, template.rows(assigned)))
  const goals: Goal[] = [...held, { ...condition, want: false }]
  // Where the events of a group cannot all be alike, one of them falls out.
  const telemetry = grow(template, assigned, goals, {
    plan,
    reading,
    seed,
    depth: DEPTH,
    withTwins,
    work: options.growth,
  }) ?? {
    events: [eventOf(assigned)],
    lookups: {},
  }
  return fallsIn(telemetry, plan, without, passing, condition, what, options)
}

function fallsIn(
  telemetry: Telemetry,
  plan: Plan,
  without: Plan,
  { chain }: Passing,
  condition: Condition,
  what: string,
  { env = WITNESS_ENV, reading = {} }: WitnessOptions,
): NearMiss | undefined {
  const { counts, result } = outcomeOf(plan, telemetry, env, reading)
  const at = counts.get(condition.path)
  if (condition.path !== 'source' && !(at && at.in > at.out)) return undefined
  // The first rows of a window always pass, and so may the event's partners.
  const afterWindow = chain.steps.slice(0, condition.step).some(({ stage }) => stage.kind === 'window')
  const isAll = at !== undefined && (at.out === 0 || afterWindow)
  if (!isAll && result.rows.length > 0) return undefined
  const other = outcomeOf(without, telemetry, env, reading)
  const through = other.counts.get(condition.path)
  const alone = through?.out !== 0 && stoppedAt(chain, other) === undefined
  // Of several events one falls out: the finding must hang on it.
  if (!isAll && condition.path !== 'source' && !alone && !isSelfJoined(chain, plan)) return undefined
  return { telemetry, condition, what, alone }
}
