// More events around one that passes: each field in turn with another text, several groups, several values in a group.
import { conjuncts, not, present } from '../plan/build.ts'
import type { Expr, Plan, Pred, Row, Stage } from '../plan/plan.ts'
import { valueKey } from '../plan/value.ts'
import { visitStage } from '../plan/walk.ts'
import { compileExpr, rowScope } from '../eval/compile.ts'
import { type Assignment, BASE_TIME } from './assignment.ts'
import { candidatesOf, filledTexts, firstOf } from './candidates.ts'
import { type Chain, computedValues, type Goal } from './chain.ts'
import { type Grown, grow } from './groups.ts'
import type { Hint, Wish } from './hint.ts'
import { mutationsAt } from './mutators.ts'
import { isConstant, narrow } from './narrow.ts'
import { variantsOf } from './pattern.ts'
import { solve, type Work } from './solve.ts'
import { sampleOf, type Template } from './template.ts'
import type { Reading, Telemetry } from './telemetry.ts'
import type { Passing } from './witness.ts'

/** The tests inside a predicate, each with the goals under which it alone decides, and its own value then. */
export function decisiveTests(pred: Pred, step: number, around: readonly Goal[] = [], want = true): Goal[][] {
  switch (pred.kind) {
    case 'not':
      return decisiveTests(pred.of, step, around, !want)
    case 'and':
    case 'or': {
      const sides = pred.kind === 'and'
      return pred.of.flatMap((p, i) => {
        const others = pred.of.filter((_, k) => k !== i).map((q): Goal => ({ step, pred: q, want: sides }))
        return decisiveTests(p, step, [...around, ...others], want)
      })
    }
    case 'holds':
      return pred.expr.kind === 'truth'
        ? decisiveTests(pred.expr.of, step, around, want)
        : [[...around, { step, pred, want }]]
    case 'true':
    case 'false':
      return []
    default:
      return [[...around, { step, pred, want }]]
  }
}

/** The condition of a branch: it drops nothing, but changes values. `around`: what leads to its place in nested choices. */
export type Branch = Goal & { readonly around: readonly Goal[] }

export function branchConditions({ steps }: Chain): Branch[] {
  const out: Branch[] = []
  for (const [step, { stage }] of steps.entries()) {
    if (stage.kind === 'join' || stage.kind === 'union' || stage.kind === 'filter') continue
    for (const e of exprsOf(stage)) inExpr(e, step, [], out)
    if (stage.kind === 'aggregate')
      for (const a of stage.aggs) if (a.where.kind !== 'true') out.push({ step, pred: a.where, want: true, around: [] })
  }
  return out
}

function exprsOf(stage: Stage): Expr[] {
  const out: Expr[] = []
  const inside = new Set<Expr>()
  visitStage(stage, {
    expr: (e) => {
      if (!inside.has(e)) out.push(e)
      if (e.kind === 'if') for (const part of [e.then, e.else]) inside.add(part)
    },
  })
  return out
}

function inExpr(e: Expr, step: number, around: readonly Goal[], out: Branch[]): void {
  if (e.kind === 'truth') out.push({ step, pred: e.of, want: true, around })
  if (e.kind !== 'if') return
  out.push({ step, pred: e.cond, want: true, around })
  inExpr(e.then, step, [...around, { step, pred: e.cond, want: true }], out)
  inExpr(e.else, step, [...around, { step, pred: e.cond, want: false }], out)
}

/** Every hint of the tests in the goals, as they are and against, by variable. */
function hintsBothWays(passing: Passing): Map<string, Hint[]> {
  const { template, conditions, assigned, chain } = passing
  const rows = template.rows(assigned)
  const holds = (g: Goal): boolean => template.holds(g, rows)
  const out = new Map<string, Hint[]>()
  const tests = [...conditions, ...branchConditions(chain)].flatMap((c) =>
    decisiveTests(c.pred, c.step).map((goals) => goals.at(-1) as Goal),
  )
  for (const t of tests.slice(0, MOST_TESTS))
    for (const want of [true, false]) {
      const { hints } = narrow([{ ...t, want }], { chain, env: template.env, rows, holds, random: undefined })
      for (const [variable, of] of hints) out.set(variable, [...(out.get(variable) ?? []), ...of])
    }
  return out
}
const MOST_TESTS = 80

/** Each member of a list, each network, each alternative. */
function textsOfHint(hint: Hint, wish: Omit<Wish, 'variant'>): string[] {
  if (hint.kind === 'texts') return [...hint.of]
  const count = hint.kind === 'address' ? Math.min(24, Math.max(1, hint.nets.length)) : 2
  const variants = hint.kind === 'shape' ? variantsOf(hint.root) : Array.from({ length: count }, (_, i) => i)
  return variants.flatMap((variant) =>
    firstOf(filledTexts([hint], { ...wish, variant }), hint.kind === 'number' ? 4 : 2),
  )
}

/** Assignments next to the one that passes: one variable differs from it. */
export function* deviations(
  passing: Passing,
  most: number,
  isFrozen: (variable: string) => boolean = () => false,
): Generator<Assignment> {
  const { template, conditions, assigned, chain } = passing
  const rows = template.rows(assigned)
  const holds = (g: Goal): boolean => template.holds(g, rows)
  const goals = [...conditions, ...branchConditions(chain), ...computedValues(chain)]
  const { hints } = narrow(goals, { chain, env: template.env, rows, holds, random: undefined })
  const all = hintsBothWays(passing)
  const variables = [...new Set([...hints.keys(), ...all.keys()])].filter((v) => !isFrozen(v))
  const each = variables.map((variable) => {
    const of = hints.get(variable) ?? []
    const current = assigned.get(variable)
    const sample = variable === 'time' ? BASE_TIME.toString() : variable[1] === ':' ? sampleOf(variable) : 'x1'
    const wish = { sample, current, isTime: variable === 'time' }
    const single = [...new Set((all.get(variable) ?? []).flatMap((h) => textsOfHint(h, wish)))]
    const joint = [0, 1].flatMap((variant) => firstOf(candidatesOf(of, { ...wish, variant }), 10))
    const near = mutationsAt(current ?? null, of).map((m) => m.text)
    const texts = [...new Set([...interleaved(near, interleaved<string | null>(single, joint))])]
    return texts
      .filter((t) => t !== current && (variable !== 'time' || (t !== null && /^\d{15,17}$/.test(t))))
      .map((t) => new Map(assigned).set(variable, t))
  })
  let count = 0
  // The variables in turn, so that a limit leaves none out.
  for (let i = 0; each.some((list) => i < list.length); i++)
    for (const list of each) {
      const next = list[i]
      if (next && count++ < most) yield next
    }
}

function interleaved<T>(a: readonly T[], b: readonly T[]): T[] {
  const out: T[] = []
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (i < a.length) out.push(a[i] as T)
    if (i < b.length) out.push(b[i] as T)
  }
  return out
}

/** Assignments under which one test of a predicate, or one branch, decides. */
export function* decisive(
  passing: Passing,
  work: Work,
  isFrozen: (variable: string) => boolean = () => false,
): Generator<Assignment> {
  const { template, conditions, assigned, chain, seed } = passing
  for (const c of conditions) {
    const others = conditions.filter((o) => o !== c)
    for (const goals of decisiveTests(c.pred, c.step)) {
      if (goals.length === 1 && c.pred.kind === 'test') continue
      const own = goals.at(-1) as Goal
      for (const last of [own, { ...own, want: !own.want }]) {
        if (work.left <= 0) return
        const solved = solve(template, [...others, ...goals.slice(0, -1), last], {
          start: assigned,
          seed,
          attempts: 2,
          trials: 150,
          work,
          isFrozen,
        })
        if (solved.ok) yield solved.assigned
      }
    }
  }
  for (const g of branchConditions(chain))
    for (const last of [g, { ...g, want: !g.want }])
      for (const part of conjuncts(last.want ? last.pred : not(last.pred)).slice(0, 1)) {
        if (work.left <= 0) return
        const goal: Goal = last.want ? last : { step: g.step, pred: part, want: true }
        if (template.holds(goal, template.rows(assigned))) continue
        const solved = solve(template, [...conditions, ...g.around, goal], {
          start: assigned,
          seed,
          attempts: 2,
          trials: 120,
          work,
          isFrozen,
        })
        if (solved.ok) yield solved.assigned
      }
}

/** Numbers whose order as texts, as numbers and in time differ. */
const SPREAD = [5, 100, 20, 9, 1000, 3, 70, 11]

/** All variables that may differ, do: the goals hold, and so does `keep`. */
function shuffled(
  template: Template,
  assigned: Assignment,
  goals: readonly Goal[],
  turn: number,
  keep: (rows: readonly Row[]) => boolean,
  work: Work,
  numeric: ReadonlySet<string>,
): Assignment {
  let out = assigned
  for (const [variable, text] of assigned) {
    if (text === null || variable === 'time' || /^\d/.test(variable)) continue
    const n = SPREAD[turn % SPREAD.length] as number
    const step = Math.floor(turn / SPREAD.length)
    const numbers = /^-?\d+$/.test(text) ? [String(BigInt(text) + BigInt(n + step)), String(n + step)] : []
    const texts =
      numeric.has(variable) && numbers.length === 0
        ? [String(n + step)]
        : variable === 'raw'
          ? []
          : [`${text}${'bdac'[turn % 4]}${turn}`, `${'bdac'[turn % 4]}${turn}${text}`, `198.51.100.${(n % 200) + turn}`]
    for (const t of [...numbers, ...texts]) {
      const tried = new Map(out).set(variable, t)
      const rows = template.rows(tried)
      work.left--
      if (keep(rows) && goals.every((g) => template.holds(g, rows))) {
        out = tried
        break
      }
    }
  }
  return out
}

/** Variables that are read as numbers by what is computed, or sorted by. */
function numericVariables({ template, assigned, chain }: Passing): ReadonlySet<string> {
  const rows = template.rows(assigned)
  const sorted = chain.steps.flatMap(({ stage }, step): Goal[] =>
    stage.kind === 'order' || stage.kind === 'take'
      ? stage.by.map((k) => ({ step, pred: present(k.expr), want: true }))
      : [],
  )
  const goals = [...computedValues(chain), ...sorted]
  const holds = (g: Goal): boolean => template.holds(g, rows)
  const { hints } = narrow(goals, { chain, env: template.env, rows, holds, random: undefined })
  return new Set([...hints].flatMap(([variable, of]) => (of.some((h) => h.kind === 'number') ? [variable] : [])))
}

const GROUPS = 4
const MOST_SHUFFLED = 260
const ROWS = 3
/** Results of a group whose values are made to differ. */
const MOST_COUNTED = 8

/** Every event twice, a moment apart. */
export const doubled = ({ events, lookups }: Telemetry): Telemetry => ({
  events: events.flatMap((e) => (e.time === undefined ? [e, e] : [e, { ...e, time: e.time + 1000n }])),
  lookups,
})

/** Telemetry of several groups with several events each, whose fields differ wherever the query allows it. */
export function several(
  plan: Plan,
  passing: Passing,
  reading: Reading,
  work: Work,
  groups = GROUPS,
): Telemetry | undefined {
  const { template, conditions, assigned, seed } = passing
  const place = template.chain.steps.findIndex(({ stage }) => stage.kind === 'aggregate')
  const stage = template.chain.steps[place]?.stage
  const keys = stage?.kind === 'aggregate' ? stage.keys.map((k) => k.expr) : []
  const keyOf = (rows: readonly Row[]): string =>
    keys.map((k) => valueKey(compileExpr(k, rowScope, template.env)(rows[place] ?? {}))).join('')
  const numeric = numericVariables(passing)
  const seen = new Set<string>()
  // A search makes keys differ that are parts of a text.
  const inOtherGroup = (start: Assignment, turn: number): Assignment => {
    const vary = { exprs: keys, step: place, turn }
    const check = { vary, holds: (rows: readonly Row[]) => !seen.has(keyOf(rows)) }
    const solved = solve(template, conditions, { start, seed, attempts: 2, trials: 60, work, checks: [check] })
    return solved.ok ? solved.assigned : start
  }
  const counted = stage?.kind === 'aggregate' ? stage.aggs.flatMap((a) => a.args.slice(0, 1)) : []
  const valuesOf = (rows: readonly Row[]): string[] =>
    counted.map((e) => valueKey(compileExpr(e, rowScope, template.env)(rows[place] ?? {})))
  // Values that are parts of a text differ only by a search.
  const withOtherValues = (first: Assignment, start: Assignment, turn: number): Assignment => {
    const [own, key] = [valuesOf(template.rows(first)), keyOf(template.rows(first))]
    let row = start
    for (const [i, e] of counted.slice(0, MOST_COUNTED).entries()) {
      if (work.left <= 0 || isConstant(e) || valuesOf(template.rows(row))[i] !== own[i]) continue
      const done = valuesOf(template.rows(row)).map((v, k) => k < i && v !== own[k])
      const holds = (rows: readonly Row[]): boolean => {
        const now = valuesOf(rows)
        return keyOf(rows) === key && now[i] !== own[i] && done.every((is, k) => !is || now[k] !== own[k])
      }
      const checks = [{ vary: { exprs: [e], step: place, turn }, holds }]
      const solved = solve(template, conditions, { start: row, seed, attempts: 2, trials: 40, work, checks })
      if (solved.ok) row = solved.assigned
    }
    return row
  }
  const all: Grown = { events: [], lookups: {} }
  // So many rows differ only in time.
  const isLong = groups > MOST_SHUFFLED
  if (isLong && place >= 0) return undefined
  for (let g = 0; g < groups && work.left > 0; g++) {
    const varied = isLong ? assigned : shuffled(template, assigned, conditions, g, () => true, work, numeric)
    const base =
      isLong || keys.length === 0 || !seen.has(keyOf(template.rows(varied))) ? varied : inOtherGroup(varied, g)
    seen.add(keyOf(template.rows(base)))
    const wanted = keyOf(template.rows(base))
    for (let r = 0; r < (groups > GROUPS ? 1 : ROWS - (g % 2)); r++) {
      const row = new Map(
        r === 0
          ? base
          : shuffled(template, base, conditions, g * ROWS + r, (rows) => keyOf(rows) === wanted, work, numeric),
      )
      const own = r === 0 || isLong ? row : withOtherValues(base, row, g * ROWS + r)
      for (const [variable, text] of own) row.set(variable, text)
      const time = row.get('time')
      if (typeof time === 'string')
        row.set('time', (BigInt(time) + BigInt((((r * 7) % 5) + g * 11) * 1_000_000)).toString())
      const grown = grow(template, row, conditions, { plan, reading, seed: seed + g, depth: 1 })
      if (!grown || all.events.length + grown.events.length > 2000) return all.events.length > 0 ? all : undefined
      all.events.push(...grown.events)
      for (const [name, rows] of Object.entries(grown.lookups))
        all.lookups[name] = [...(all.lookups[name] ?? []), ...rows]
    }
  }
  return all
}
