// From one event to the events that a query counts: groups, distinct values, sums, neighbours in windows, and partners of joins.
import { compileExpr, rowScope } from '../eval/compile.ts'
import { col, lit, present, test } from '../plan/build.ts'
import type { AggCall, Aggregate, Plan, Row, Stage, WindowStage } from '../plan/plan.ts'
import { isLookup, lookupName } from '../plan/sources.ts'
import { valueKey } from '../plan/value.ts'
import { columnsOf } from '../plan/walk.ts'
import type { Event } from '../logs/format.ts'
import { type Assignment, eventOf, textOf } from './assignment.ts'
import { type Chain, conditionsOf, type Goal, relationChains, sharesSteps, variableOf } from './chain.ts'
import { differs, MOST_EVENTS, type Need, needsOf, textsEqual, valueAt } from './needs.ts'
import { type Check, type Solved, solve, type Work } from './solve.ts'
import { Template } from './template.ts'
import type { Reading } from './telemetry.ts'

export interface Grown {
  readonly events: Event[]
  readonly lookups: Record<string, Record<string, string>[]>
}

export interface Growing {
  readonly plan: Plan
  readonly reading: Reading
  readonly seed: number
  /** Trials left for the rows of groups and for partners; left out: as many as each search needs. */
  readonly work?: Work | undefined
  /** Partners of joins are left out below this depth. */
  readonly depth: number
  /** A relation joined with itself gets a second event where the first is not its own partner. */
  readonly withTwins?: boolean
  /** A join that drops events with a partner gets one. */
  readonly withDropped?: boolean
  /** Goals of the partner's own way, in place of its conditions. */
  readonly partnerGoals?: (path: string) => readonly Goal[] | undefined
}

type Several = { readonly step: number; readonly stage: Aggregate | WindowStage }

/** The events by which the assignment's row comes about; undefined: they are too many, or contradict each other. */
export function grow(
  template: Template,
  assigned: Assignment,
  goals: readonly Goal[],
  how: Growing,
): Grown | undefined {
  const several = template.chain.steps.flatMap(({ stage }, step): Several[] =>
    stage.kind === 'aggregate' || stage.kind === 'window' ? [{ step, stage }] : [],
  )
  const grown: Grown = { events: [], lookups: {} }
  const ok = growRows(template, assigned, goals, several, how, grown)
  if (!ok || grown.events.length > MOST_EVENTS) return undefined
  // Equal times would leave the order of events open.
  grown.events.sort((a, b) => Number((a.time ?? 0n) - (b.time ?? 0n)))
  return grown
}

function growRows(
  template: Template,
  assigned: Assignment,
  goals: readonly Goal[],
  several: readonly Several[],
  how: Growing,
  grown: Grown,
): boolean {
  const last = several.at(-1)
  if (!last) {
    if (grown.events.length >= MOST_EVENTS) return false
    const shift = BigInt(grown.events.length) * 1000n
    const time = assigned.get('time')
    const moved =
      grown.events.length === 0 || time === undefined || time === null
        ? assigned
        : withTime(template, assigned, goals, BigInt(time) + shift)
    if (isLookup(template.chain.source)) addRow(grown, lookupName(template.chain.source), moved)
    else grown.events.push(eventOf(moved))
    return growPartners(template, moved, how, grown)
  }
  const rest = several.slice(0, -1)
  const before = goals.filter((g) => g.step <= last.step)
  const inner = rest.findLast(({ stage }) => stage.kind === 'aggregate')
  for (const row of rowsFor(template, assigned, last, inner, before, how)) {
    if (!row) return false
    if (!growRows(template, row, before, rest, how, grown)) return false
  }
  return true
}

function addRow({ lookups }: Grown, name: string, assigned: Assignment): void {
  const rows = lookups[name] ?? []
  rows.push(Object.fromEntries(eventOf(assigned).fields))
  lookups[name] = rows
}

/** The event a moment later, if its goals still hold then. */
function withTime(template: Template, assigned: Assignment, goals: readonly Goal[], time: bigint): Assignment {
  const moved = new Map(assigned).set('time', time.toString())
  const first = template.rows(assigned)
  const rows = template.rows(moved)
  const keeps = (g: Goal): boolean => template.holds(g, rows) || !template.holds(g, first)
  return goals.every(keeps) ? moved : assigned
}

/** Assignments of the rows that one step takes together; undefined: one could not be made. */
function* rowsFor(
  template: Template,
  assigned: Assignment,
  { step, stage }: Several,
  inner: Several | undefined,
  goals: readonly Goal[],
  how: Growing,
): Generator<Assignment | undefined> {
  const calls: readonly AggCall[] = stage.kind === 'aggregate' ? stage.aggs : stage.columns
  const keys = stage.kind === 'aggregate' ? stage.keys.map((k) => k.expr) : stage.partition
  const keyOf = (rows: readonly Row[]): string => keys.map((k) => valueKey(valueAt(k, rows, step, template))).join('')
  const wanted = keyOf(template.rows(assigned))
  const sameKey: Check = { holds: (rows) => keyOf(rows) === wanted }
  const together = needsOf(template, assigned, calls, step, stage, false)
  const isApart = together !== undefined && contradict(together, template, assigned, goals, how.seed)
  const needs = isApart ? needsOf(template, assigned, calls, step, stage, true) : together
  if (!needs) {
    yield undefined
    return
  }
  // Rows that are groups themselves must be different groups.
  const innerKeys = inner?.stage.kind === 'aggregate' ? inner.stage.keys.map((k) => k.expr) : []
  const seen = new Set<string>()
  let last: Assignment | undefined
  for (const [i, need] of needs.entries()) {
    const apart = inner && needs.length > 1 ? [differs(innerKeys, i, seen, template, inner.step)] : []
    if (need.goals.length + need.checks.length + apart.length === 0) {
      yield assigned
      continue
    }
    // A row that others resemble starts from the last one, so that little differs between them.
    const solved = solve(template, [...goals, ...need.goals], {
      start: stage.kind === 'window' && i === needs.length - 1 ? assigned : (last ?? assigned),
      seed: how.seed + i,
      attempts: 6,
      checks: [sameKey, ...need.checks, ...apart],
      ...(how.work && { work: how.work }),
    })
    if (!solved.ok) {
      yield undefined
      return
    }
    last = solved.assigned
    yield solved.assigned
  }
}

/** Can one row not be all that counts with conditions ask for? */
function contradict(
  needs: readonly Need[],
  template: Template,
  start: Assignment,
  goals: readonly Goal[],
  seed: number,
): boolean {
  const first = needs[0]?.goals ?? []
  const counted = first.filter((g) => g.isCounted)
  return counted.length > 1 && !solve(template, [...goals, ...first], { start, seed, attempts: 2, trials: 120 }).ok
}

// ── partners of joins ──

function growPartners(template: Template, own: Assignment, how: Growing, grown: Grown): boolean {
  if (how.depth <= 0) return true
  const rows = template.rows(own)
  const assigned = withLinks(template.chain, own, rows)
  for (const [i, { stage, path }] of template.chain.steps.entries()) {
    if (stage.kind !== 'join' || (stage.how === 'anti' && !how.withDropped)) continue
    const given = stage.include.filter((c) => typeof assigned.get(variableOf(i, c.id)) === 'string')
    if (stage.how === 'left' && given.length === 0) continue
    const chain = relationChains(stage.right, `${path}.right`, how.plan)[0]
    if (!chain) return false
    const goals = partnerGoals(stage, chain, rows[i] as Row, i, assigned, template)
    // A relation joined with itself: the event may be its own partner.
    const isSelf = sharesSteps(chain, template.chain)
    if (isSelf && (!how.withTwins || isPartner(chain, goals, template, how, assigned))) continue
    if (!growPartner(chain, goals, template, how, grown, assigned, isSelf) && !isSelf) return stage.how === 'left'
  }
  return true
}

/** A partner's value that a later join looks up is the one that the row has. */
function withLinks({ steps }: Chain, assigned: Assignment, rows: readonly Row[]): Assignment {
  const out = new Map(assigned)
  for (const [i, { stage }] of steps.entries()) {
    if (stage.kind !== 'join') continue
    const later = steps.slice(i + 1).flatMap((s) => (s.stage.kind === 'join' ? s.stage.on : []))
    const read = new Set(later.flatMap(({ left }) => [...columnsOf(left)]))
    for (const { id } of stage.include) {
      const value = rows[i + 1]?.[id] ?? null
      if (read.has(id) && value !== null && !out.has(variableOf(i, id))) out.set(variableOf(i, id), textOf(value))
    }
  }
  return out
}

/** Does the event itself take the partner's way? */
function isPartner(
  chain: Chain,
  goals: readonly Goal[],
  { env }: Template,
  how: Growing,
  assigned: Assignment,
): boolean {
  const right = new Template(chain, env, how.reading)
  const source = new Map([...assigned].filter(([variable]) => !/^\d+:/.test(variable)))
  const rows = right.rows(source)
  return [...conditionsOf(chain), ...goals].every((g) => right.holds(g, rows))
}

function partnerGoals(
  stage: Extract<Stage, { kind: 'join' }>,
  chain: Chain,
  row: Row,
  at: number,
  assigned: Assignment,
  template: Template,
): Goal[] {
  const step = chain.steps.length
  const goals: Goal[] = []
  for (const { left, right } of stage.on) {
    const value = compileExpr(left, rowScope, template.env)(row)
    if (value !== null) goals.push({ step, pred: textsEqual(right, textOf(value) as string), want: true })
  }
  if (stage.within) {
    const value = compileExpr(stage.within.left, rowScope, template.env)(row)
    if (value !== null)
      goals.push({
        step,
        pred: test(stage.within.prim, [lit(value, stage.within.left.ty), stage.within.right]),
        want: true,
      })
  }
  // A column that is a key has the key's value, and one that is taken twice has one value.
  const told = new Set(stage.on.flatMap(({ right }) => [...columnsOf(right)]))
  for (const { id, from } of stage.include) {
    if (told.has(from)) continue
    if (typeof assigned.get(variableOf(at, id)) === 'string') told.add(from)
    const text = assigned.get(variableOf(at, id))
    const column = col(from, 'str')
    if (text === null) goals.push({ step, pred: present(column), want: false })
    else if (text !== undefined) goals.push({ step, pred: textsEqual(column, text), want: true })
  }
  return goals
}

function growPartner(
  chain: Chain,
  extra: readonly Goal[],
  left: Template,
  how: Growing,
  grown: Grown,
  assigned: Assignment,
  isSelf: boolean,
): boolean {
  const right = new Template(chain, left.env, how.reading)
  const goals = [...(how.partnerGoals?.(chain.steps.at(-1)?.path ?? '') ?? conditionsOf(chain)), ...extra]
  const plain = new Map(right.start())
  const time = assigned.get('time')
  if (time !== undefined) plain.set('time', time)
  // A second event of the same kind differs from the first in what it must.
  const alike = new Map([...assigned].filter(([variable]) => !/^\d+:/.test(variable)))
  const from = (start: Assignment): Solved =>
    solve(right, goals, { start, seed: how.seed, attempts: 6, ...(how.work && { work: how.work }) })
  const near = isSelf ? from(alike) : undefined
  const solved = near?.ok ? near : from(plain)
  if (!solved.ok) return false
  if (isLookup(chain.source)) {
    addRow(grown, lookupName(chain.source), solved.assigned)
    return true
  }
  const more = grow(right, solved.assigned, goals, { ...how, depth: how.depth - 1, seed: how.seed + 7 })
  if (!more) return false
  grown.events.push(...more.events)
  for (const [name, rows] of Object.entries(more.lookups))
    grown.lookups[name] = [...(grown.lookups[name] ?? []), ...rows]
  return true
}
