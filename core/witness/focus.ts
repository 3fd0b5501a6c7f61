// Tests and expressions that only one of two plans has. Events under which one of them decides tell the two apart soonest.
import { conjuncts, not, present } from '../plan/build.ts'
import { jsonText } from '../plan/json-text.ts'
import type { Expr, Plan, Pred, Stage } from '../plan/plan.ts'
import { columnsOf, columnsOfPred, visitPlan } from '../plan/walk.ts'
import { type Assignment, BASE_TIME } from './assignment.ts'
import { candidatesOf, firstOf } from './candidates.ts'
import type { Goal } from './chain.ts'
import { mutationsAt } from './mutators.ts'
import { narrow } from './narrow.ts'
import { solve, type Work } from './solve.ts'
import { sampleOf } from './template.ts'
import { branchConditions, decisiveTests } from './variety.ts'
import type { Passing } from './witness.ts'

/** Of queries that have little in common, the usual events are enough. */
const MOST_TARGETS = 40
const MOST_TEXTS = 14

/** Tests, and expressions of stages, as texts: what `plan` says. */
export function saysOf(plan: Plan): ReadonlySet<string> {
  const out = new Set<string>()
  visitPlan(plan, {
    pred: (p) => void ((p.kind === 'test' || p.kind === 'present' || p.kind === 'holds') && out.add(jsonText(p))),
    stage: (s) => {
      for (const e of exprsOf(s)) out.add(jsonText(e))
    },
  })
  return out
}

const exprsOf = (s: Stage): readonly Expr[] =>
  s.kind === 'set'
    ? s.columns.map((c) => c.expr)
    : s.kind === 'aggregate'
      ? [...s.keys.map((k) => k.expr), ...s.aggs.flatMap((a) => a.args)]
      : s.kind === 'unnest'
        ? [s.list]
        : []

/** Goals under which the last one decides. */
type Target = readonly Goal[]

/** Events that what only this plan says makes pass or fall, and their neighbours. */
export function* focused(
  passing: Passing,
  others: ReadonlySet<string>,
  work: Work,
  isFrozen: (variable: string) => boolean = () => false,
): Generator<Assignment> {
  const { template, conditions, assigned, chain, seed } = passing
  const isOwn = (node: Expr | Pred): boolean => !others.has(jsonText(node))
  for (const goals of targetsOf(passing, isOwn).slice(0, MOST_TARGETS)) {
    const own = goals.at(-1) as Goal
    const around = goals.slice(0, -1)
    const apart = conditions.filter(
      (c) => !(c.step === own.step && decisiveTests(c.pred, c.step).some((t) => t.at(-1)?.pred === own.pred)),
    )
    for (const last of [own, { ...own, want: !own.want }]) {
      if (work.left <= 0) return
      const set = [
        ...apart,
        ...around,
        ...conjuncts(last.want ? last.pred : not(last.pred)).map(
          (pred): Goal => ({ step: last.step, pred, want: true }),
        ),
      ]
      const solved = solve(template, set, { start: assigned, seed, attempts: 3, trials: 240, work, isFrozen })
      if (!solved.ok) continue
      yield solved.assigned
      if (!last.want) continue
      const rows = template.rows(solved.assigned)
      const { hints } = narrow([last], {
        chain,
        env: template.env,
        rows,
        holds: (g) => template.holds(g, rows),
        random: undefined,
      })
      for (const [variable, of] of hints) {
        if (isFrozen(variable)) continue
        const current = solved.assigned.get(variable) ?? null
        const near = mutationsAt(current, of).map((m) => m.text)
        const sample = variable === 'time' ? BASE_TIME.toString() : variable[1] === ':' ? sampleOf(variable) : 'x1'
        const wish = { sample, current, variant: 1, isTime: variable === 'time' }
        const texts = firstOf(candidatesOf(of, wish), MOST_TEXTS)
        for (const text of [...near.slice(0, MOST_TEXTS), ...texts])
          if (text !== current && (variable !== 'time' || /^\d{15,17}$/.test(text ?? '')))
            yield new Map(solved.assigned).set(variable, text)
      }
    }
  }
}

function targetsOf({ conditions, chain }: Passing, isOnly: (node: Expr | Pred) => boolean): Target[] {
  const reading = changedColumns(chain, isOnly)
  const isOwn = (node: Expr | Pred): boolean =>
    isOnly(node) || (isPred(node) && [...columnsOfPred(node)].some((id) => reading.has(id)))
  const tests = [
    ...conditions.flatMap((c) => decisiveTests(c.pred, c.step)),
    ...branchConditions(chain).flatMap((b) => decisiveTests(b.pred, b.step, b.around)),
  ].filter((goals) => isOwn((goals.at(-1) as Goal).pred))
  const values = chain.steps.flatMap(({ stage }, step) =>
    exprsOf(stage)
      .filter((e) => e.kind !== 'lit' && isOnly(e))
      .map((e): Target => [{ step, pred: present(e), want: true }]),
  )
  return [...tests, ...values]
}

const isPred = (node: Expr | Pred): node is Pred =>
  node.kind === 'test' || node.kind === 'present' || node.kind === 'holds'

/** Columns that the other plan computes in another way, and those computed from them. */
function changedColumns({ steps }: Passing['chain'], isOnly: (node: Expr) => boolean): ReadonlySet<string> {
  const out = new Set<string>()
  for (const { stage } of steps)
    if (stage.kind === 'set')
      for (const { id, expr } of stage.columns)
        if (isOnly(expr) || [...columnsOf(expr)].some((read) => out.has(read))) out.add(id)
  return out
}
