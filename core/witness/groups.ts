// From one event to the events that a query counts: groups, distinct values, sums, neighbours in windows, and partners of joins.
import { compileExpr, rowScope } from '../eval/compile.ts'
import { call, col, lit, present, test } from '../plan/build.ts'
import type { AggCall, Aggregate, Expr, Plan, Row, Stage, Value, WindowStage } from '../plan/plan.ts'
import { isLookup, lookupName } from '../plan/sources.ts'
import { valueKey } from '../plan/value.ts'
import type { Event } from '../logs/format.ts'
import { type Assignment, eventOf, textOf, typed } from './assignment.ts'
import { plainNumber } from './candidates.ts'
import { type Chain, conditionsOf, type Goal, relationChains, sharesSteps, variableOf } from './chain.ts'
import { type Check, type Solved, solve } from './solve.ts'
import { Template } from './template.ts'
import type { Reading } from './telemetry.ts'

/** More events than this are not generated for one finding. */
export const MOST_EVENTS = 6000

export interface Grown {
  readonly events: Event[]
  readonly lookups: Record<string, Record<string, string>[]>
}

export interface Growing {
  readonly plan: Plan
  readonly reading: Reading
  readonly seed: number
  /** Partners of joins are left out below this depth. */
  readonly depth: number
  /** A relation joined with itself gets a second event where the first is not its own partner. */
  readonly withTwins?: boolean
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

const valueAt = (e: Expr, rows: readonly Row[], step: number, template: Template): Value =>
  compileExpr(e, rowScope, template.env)(rows[step] ?? {})

/** `isCounted`: the condition of a count. */
type RowGoal = Goal & { readonly isCounted?: true }

interface Need {
  /** Of one row: beside the goals. */
  readonly goals: readonly RowGoal[]
  readonly checks: readonly Check[]
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

const textsEqual = (e: Expr, text: string): Goal['pred'] => {
  switch (e.ty) {
    case 'int':
      return test('int.eq', [e, lit(typed(text, 'int'), 'int')])
    case 'time':
      return test('time.eq', [e, lit(typed(text, 'time'), 'time')])
    case 'num':
      return test('num.eq', [e, lit(Number(text), 'num')])
    case 'dec':
      return test('num.eq', [call('dec.toNum', 'num', [e]), lit(Number(text), 'num')])
    case 'list':
      return test('list.contains', [e, lit(text, 'str')])
    default:
      return test('str.eq', [e, lit(text, 'str')])
  }
}

/** The needs of each row of the group, beside the goals. */
function needsOf(
  template: Template,
  assigned: Assignment,
  calls: readonly AggCall[],
  step: number,
  stage: Stage,
  isApart: boolean,
): Need[] | undefined {
  const perRow: { goals: RowGoal[]; checks: Check[] }[] = [{ goals: [], checks: [] }]
  const row = (i: number): { goals: RowGoal[]; checks: Check[] } => {
    while (perRow.length <= i) perRow.push({ goals: [], checks: [] })
    return perRow[i] as { goals: Goal[]; checks: Check[] }
  }
  const equal = (i: number, e: Expr, text: string): void => {
    row(i).goals.push({ step, pred: textsEqual(e, text), want: true })
  }
  let exact: number | undefined
  for (const c of calls) {
    const text = assigned.get(variableOf(step, c.id))
    if (text === undefined || text === null) continue
    const [arg] = c.args
    const n = Number(text)
    switch (c.prim) {
      case 'agg.count': {
        if (!(n >= 0 && n <= MOST_EVENTS)) return undefined
        if (c.where.kind === 'true') exact = n
        const isCounted = c.where.kind !== 'true'
        // Rows that others count are left to them.
        const from =
          isApart && isCounted ? Math.max(0, perRow.findLastIndex((r) => r.goals.some((g) => g.isCounted)) + 1) : 0
        for (let i = from; i < from + n; i++) {
          row(i)
          if (isCounted) row(i).goals.push({ step, pred: c.where, want: true, isCounted: true })
        }
        break
      }
      case 'agg.countDistinct': {
        if (!arg || !(n >= 0 && n <= MOST_EVENTS)) return undefined
        const seen = new Set<string>()
        for (let i = 0; i < n; i++) {
          row(i).goals.push({ step, pred: present(arg), want: true })
          row(i).checks.push(differs([arg], i, seen, template, step))
        }
        break
      }
      case 'agg.sum':
      case 'agg.sumInt':
      case 'agg.sumNum': {
        if (arg) addSum(template, assigned, arg, n, step, row, perRow.length)
        break
      }
      case 'win.rank':
        if (n >= 1 && n <= MOST_EVENTS) row(n - 1)
        break
      case 'agg.stddevPop':
      case 'agg.stddevSamp':
        if (arg && stage.kind === 'aggregate') {
          equal(0, arg, '10')
          equal(1, arg, plainNumber(10 + 2 * n))
        }
        break
      default: {
        if (!arg) break
        // The last row of a window is the one that looks back.
        const at = stage.kind === 'window' ? 1 : /max/i.test(c.prim) && perRow.length > 1 ? 1 : 0
        if (
          stage.kind === 'aggregate' &&
          /^agg\.(?:max|latest)/.test(c.prim) &&
          calls.some((o) => o !== c && /^agg\.(?:min|earliest)/.test(o.prim) && assigned.has(variableOf(step, o.id)))
        )
          equal(1, arg, text)
        else equal(at, arg, text)
      }
    }
  }
  if (exact !== undefined && perRow.length > exact && exact > 0) return undefined
  if (exact === 0) return []
  // The template's own row comes last in a window, where its neighbours are before it.
  return stage.kind === 'window' ? [...perRow.slice(1), { goals: [], checks: [] }] : perRow
}

/** The values of expressions, together, differ from those of the rows before. */
function differs(exprs: readonly Expr[], i: number, seen: Set<string>, template: Template, step: number): Check {
  return {
    vary: { exprs, step, turn: i },
    holds: (rows) => {
      const key = exprs.map((e) => valueKey(valueAt(e, rows, step, template))).join('')
      for (const s of seen) if (s.startsWith(`${key}#`) && s !== `${key}#${i}`) return false
      for (const s of [...seen]) if (s.endsWith(`#${i}`)) seen.delete(s)
      seen.add(`${key}#${i}`)
      return true
    },
  }
}

function addSum(
  template: Template,
  assigned: Assignment,
  arg: Expr,
  total: number,
  step: number,
  row: (i: number) => { goals: Goal[] },
  rows: number,
): void {
  const own = Number(textOf(valueAt(arg, template.rows(assigned), step, template)) ?? Number.NaN)
  if (rows > 1) {
    const each = Math.floor(total / rows)
    for (let i = 0; i < rows; i++)
      row(i).goals.push({
        step,
        pred: textsEqual(arg, plainNumber(i === 0 ? total - each * (rows - 1) : each)),
        want: true,
      })
  } else if (isFixedNumber(arg) && own > 0 && total / own <= MOST_EVENTS) {
    for (let i = 0; i < Math.ceil(total / own); i++) row(i)
  } else row(0).goals.push({ step, pred: textsEqual(arg, plainNumber(total)), want: true })
}

/** A number that is 0 or 1 by a condition: only more rows give a larger sum. */
const isFixedNumber = (e: Expr): boolean =>
  e.kind === 'lit' ||
  (e.kind === 'if' && isFixedNumber(e.then) && isFixedNumber(e.else)) ||
  (e.kind === 'call' && e.args.length > 0 && e.args.every(isFixedNumber))

// ── partners of joins ──

function growPartners(template: Template, assigned: Assignment, how: Growing, grown: Grown): boolean {
  if (how.depth <= 0) return true
  const rows = template.rows(assigned)
  for (const [i, { stage, path }] of template.chain.steps.entries()) {
    if (stage.kind !== 'join' || stage.how === 'anti') continue
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
  for (const { id, from } of stage.include) {
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
  const from = (start: Assignment): Solved => solve(right, goals, { start, seed: how.seed, attempts: 6 })
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
