// case and match: which branch took an event, then each field by branch.
import { iff, lit, not, present, test } from '../../../plan/build.ts'
import * as codes from '../../../diag/catalogue/cql-lower.ts'
import type { Expr, Pred } from '../../../plan/plan.ts'
import type { Guard, MatchStep, Pipeline } from '../3-parse/ast.ts'
import { valuePred } from './value-pred.ts'
import type { Flow } from './flow.ts'
import type { OpenText } from './lower-types.ts'
import { assignGroups, patternOf } from './regex.ts'
import { toStr } from '../../shared/convert.ts'
import { isNull, unified } from './values.ts'

interface Branch {
  readonly guard: ((branch: Flow) => void) | undefined
  readonly body: Pipeline
}

export function lowerMatch(flow: Flow, step: MatchStep): void {
  const subject = flow.read(step.field.name)
  lowerBranches(
    flow,
    step.arms.map((arm) => ({
      guard: (branch: Flow) => guard(branch, subject, step, arm.guard),
      body: arm.body,
    })),
  )
}

function guard(branch: Flow, subject: Expr, step: MatchStep, g: Guard): void {
  if (g.kind === 'any') return
  if (g.kind === 'value') {
    // A bare `*` lets everything through; a quoted one asks for the field to be there.
    if (g.value.kind === 'bare' && g.value.text === '*') return
    if (g.value.kind === 'regex') {
      const p = patternOf(branch, g.value.pattern, g.value.flags, g.value.span)
      if (!p) return
      branch.filter(test('re.test', [toStr(subject)], p.consts))
      assignGroups(branch, toStr(subject), p)
      return
    }
    branch.filter(valuePred(branch, subject, g.value, false))
    return
  }
  const { call: c } = g
  const arg = {
    name: 'field',
    value: { kind: 'field' as const, name: step.field, span: step.field.span },
    span: step.field.span,
  }
  const filter = { kind: 'call' as const, call: { ...c, args: [arg, ...c.args] }, span: g.span }
  if (g.negated) branch.filter(not(branch.parts.filterPred(branch, filter)))
  else branch.parts.filterStep(branch, filter)
}

/** The first branch that lets an event through takes it, and only its edits count; an event that none takes is gone. */
export function lowerBranches(flow: Flow, all: readonly Branch[]): void {
  const done = all.map((b) => {
    const branch = flow.branch(flow.at)
    b.guard?.(branch)
    const at = flow.at
    branch.parts.steps(branch, b.body)
    branch.at = at
    return branch
  })
  const conds = done.map((b) => b.cond)
  const total = conds.at(-1)?.kind === 'true'
  const touched = [...new Set(done.flatMap((b) => [...b.touched]))]
  const parsed = done.some((b) => b.unknown !== flow.unknown)
  if (done.some((b) => b.open !== flow.open)) flow.lowering.report(codes.notInBranch, flow.at, { name: '`select()`' })
  if (touched.length === 0 && !parsed) {
    if (!total) flow.filter(conds.length === 1 ? (conds[0] as Pred) : { kind: 'or', of: conds })
    return
  }
  const taken = flow.keep('case', whichBranch(conds))
  if (!total) flow.filter(present(taken))
  const items = touched.flatMap((name) => {
    const expr = byBranch(
      taken,
      done.map((b) => flow.lowering.asFallback(name, () => b.read(name))),
    )
    if (!isNull(expr)) return [{ name, expr }]
    flow.drop(name)
    return []
  })
  flow.assignAll(items, true)
  flow.settleDrops()
  for (const b of done) flow.parsedBy ??= b.parsedBy
  const before = flow.opened
  flow.opened = [...before, ...openedBy(flow, taken, done, before.length)]
  if (parsed) {
    const readers = done.map((b) => b.unknown)
    flow.unknown = (name) =>
      byBranch(
        taken,
        readers.map((read) => read(name)),
      )
  }
}

/** What a branch took apart is taken apart only on the events that it took. */
function openedBy(flow: Flow, taken: Expr, done: readonly Flow[], before: number): OpenText[] {
  return done.flatMap((branch, i) =>
    branch.opened.slice(before).map((open): OpenText => {
      const isTaken = test('int.eq', [taken, lit(BigInt(i), 'int')])
      return { ...open, text: flow.keep('opened', iff(isTaken, open.text, lit(null, 'str'))) }
    }),
  )
}

function whichBranch(conds: readonly Pred[]): Expr {
  return conds.reduceRight<Expr>(
    (rest, cond, i) => {
      const here = lit(BigInt(i), 'int')
      return cond.kind === 'true' ? here : cond.kind === 'false' ? rest : iff(cond, here, rest)
    },
    lit(null, 'int'),
  )
}

/** Where no branch took the event it is dropped, so what it would get does not matter. */
function byBranch(taken: Expr, values: readonly Expr[]): Expr {
  const same = unified(values)
  const last = same.length - 1
  return same
    .slice(0, last)
    .reduceRight<Expr>(
      (rest, value, i) =>
        equalExpr(value, rest) ? rest : iff(test('int.eq', [taken, lit(BigInt(i), 'int')]), value, rest),
      same[last] as Expr,
    )
}
const equalExpr = (a: Expr, b: Expr): boolean =>
  (a.kind === 'lit' && b.kind === 'lit' && a.value === b.value && a.ty === b.ty) ||
  (a.kind === 'col' && b.kind === 'col' && a.id === b.id)
