// An event that meets goals: hints give texts, the evaluator decides, and what still fails is tried again with other choices.
import type { Assignment } from './assignment.ts'
import { BASE_TIME } from './assignment.ts'
import { candidatesOf } from './candidates.ts'
import type { Goal } from './chain.ts'
import type { Hint } from './hint.ts'
import { Narrowing, type Said, saidBy } from './narrow.ts'
import { Random } from './random.ts'
import { sampleOf, type Template } from './template.ts'
import type { Expr, Row } from '../plan/plan.ts'

/** A condition that no predicate of the plan says: over the rows before each step. */
export interface Check {
  readonly holds: (rows: readonly Row[]) => boolean
  /** Expressions that must differ from row to row: their variables take other texts. */
  readonly vary?: { readonly exprs: readonly Expr[]; readonly step: number; readonly turn: number }
}

export interface SolveOptions {
  readonly start: Assignment
  readonly seed: number
  readonly attempts: number
  readonly checks?: readonly Check[]
  /** Trials left, which all searches of a query share. */
  readonly work?: Work
  /** Where no alternative fits, another one is taken each time, not the first. */
  readonly turns?: boolean
  /** Variables that keep their text. */
  readonly isFrozen?: (variable: string) => boolean
  /** Of this search, at most. */
  readonly trials?: number
}

/** Counts trials, so that a query that cannot be met ends after the same work on every machine. */
export interface Work {
  left: number
}
const TRIALS = 700
/** Candidates tried in vain before a variable is left. */
const PATIENCE = 18

export type Solved =
  | { readonly ok: true; readonly assigned: Assignment }
  /** `failed`: the first goal that the best attempt misses. */
  | { readonly ok: false; readonly failed: Goal | undefined; readonly assigned: Assignment }

const ROUNDS = 5

export function solve(template: Template, goals: readonly Goal[], options: SolveOptions): Solved {
  const { start, seed, attempts, checks = [] } = options
  const work = options.work ?? { left: TRIALS }
  const until = work.left - (options.trials ?? TRIALS)
  let best: { assigned: Assignment; met: number } | undefined
  const met = (rows: readonly Row[]): number =>
    goals.reduce((n, g) => n + Number(template.holds(g, rows)), 0) +
    checks.reduce((n, c) => n + Number(c.holds(rows)), 0)
  const all = goals.length + checks.length
  const said = saidBy(goals)
  for (let attempt = 0; attempt < attempts && work.left > until && (work.left > 0 || attempt === 0); attempt++) {
    let assigned = start
    let rows = template.rows(assigned)
    for (let round = 0; round < ROUNDS && work.left > until && work.left > 0; round++) {
      const now = met(rows)
      if (!best || now > best.met) best = { assigned, met: now }
      if (now === all) return { ok: true, assigned }
      const variant = attempt === 0 ? Math.max(0, round - 2) : attempt + round
      const next = improve(template, goals, checks, assigned, rows, {
        turn: options.turns ? attempt + round : 0,
        random: attempt === 0 && round < 3 ? undefined : new Random(seed * 1009 + attempt * 31 + round),
        variant,
        work,
        said,
        isFrozen: options.isFrozen ?? (() => false),
      })
      if (!next) break
      assigned = next
      rows = template.rows(assigned)
    }
    const now = met(rows)
    if (!best || now > best.met) best = { assigned, met: now }
    if (now === all) return { ok: true, assigned }
  }
  const assigned = best?.assigned ?? start
  const rows = template.rows(assigned)
  return { ok: false, failed: goals.find((g) => !template.holds(g, rows)), assigned }
}

interface Turn {
  readonly turn: number
  readonly random: Random | undefined
  readonly variant: number
  readonly work: Work
  readonly said: Said
  readonly isFrozen: (variable: string) => boolean
}

/** New texts for the variables that the goals read, one variable after the other. */
function improve(
  template: Template,
  goals: readonly Goal[],
  checks: readonly Check[],
  start: Assignment,
  startRows: readonly Row[],
  { random, turn, variant, work, said, isFrozen }: Turn,
): Assignment | undefined {
  const holds = (g: Goal): boolean => template.holds(g, startRows)
  const narrowing = new Narrowing({
    chain: template.chain,
    env: template.env,
    rows: startRows,
    holds,
    random,
    turn,
    said,
  })
  for (const g of goals) narrowing.goal(g.pred, g.want, g.step, 0)
  for (const { vary } of checks)
    for (const e of vary?.exprs ?? []) narrowing.expr(e, { kind: 'other', turn: vary?.turn ?? 0 }, vary?.step ?? 0, 0)
  const { hints, atoms } = narrowing.wishes
  const score = (rows: readonly Row[]): number =>
    goals.reduce((n, g) => n + (template.holds(g, rows) ? 8 : 0), 0) +
    checks.reduce((n, c) => n + (c.holds(rows) ? 8 : 0), 0) +
    atoms.reduce((n, a) => n + (template.holds(a, rows) ? 1 : 0), 0)
  const most = (goals.length + checks.length) * 8 + atoms.length
  let assigned = start
  let current = score(startRows)
  let changed = false
  for (const [variable, of] of hints) {
    if (current === most) break
    if (isFrozen(variable)) continue
    const found = bestText(template, assigned, variable, of, { variant, work, current }, score, most)
    if (found && (found.score > current || (random && found.score === current))) {
      assigned = found.assigned
      changed ||= found.score > current || random !== undefined
      current = found.score
    }
  }
  return changed ? assigned : random === undefined ? start : assigned
}

function bestText(
  template: Template,
  assigned: Assignment,
  variable: string,
  hints: readonly Hint[],
  { variant, work, current: now }: { variant: number; work: Work; current: number },
  score: (rows: readonly Row[]) => number,
  most: number,
): { assigned: Assignment; score: number } | undefined {
  const isTime = variable === 'time'
  const sample = isTime ? BASE_TIME.toString() : variable[1] === ':' ? sampleOf(variable) : 'x1'
  const current = assigned.get(variable)
  let best: { assigned: Assignment; score: number } | undefined
  let vain = 0
  for (const text of candidatesOf(hints, { sample, current, variant, isTime })) {
    if (isTime && (text === null || !/^-?\d+$/.test(text))) continue
    const tried = new Map(assigned).set(variable, text)
    const reached = score(template.rows(tried))
    work.left--
    vain++
    if (!best || reached > best.score) {
      best = { assigned: tried, score: reached }
      vain = 0
    }
    if (reached === most || work.left <= 0 || (vain > PATIENCE && best.score > now)) break
  }
  return best
}
