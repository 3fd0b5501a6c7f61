// case and match: the number of the branch of each event, then each field by branch.
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
    // A bare `*` matches every event; a quoted one matches if the field is present.
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

/** An event takes the first branch whose filters it passes, and only that branch changes it. Without a branch it is dropped. */
export function lowerBranches(flow: Flow, all: readonly Branch[]): void {
  const flows = all.map((b) => {
    const branch = flow.branch(flow.at)
    b.guard?.(branch)
    const at = flow.at
    branch.parts.steps(branch, b.body)
    branch.at = at
    return branch
  })
  const conds = flows.map((b) => b.cond)
  const total = conds.at(-1)?.kind === 'true'
  // Name → the branches that change it.
  const changes = new Map<string, number[]>()
  for (const [i, b] of flows.entries())
    for (const name of b.touched) {
      const by = changes.get(name)
      if (by) by.push(i)
      else changes.set(name, [i])
    }
  const parsed = flows.some((b) => b.unknown !== flow.unknown)
  if (flows.some((b) => b.open !== flow.open)) flow.lowering.report(codes.notInBranch, flow.at, { name: '`select()`' })
  if (changes.size === 0 && !parsed) {
    if (!total) flow.filter(conds.length === 1 ? (conds[0] as Pred) : { kind: 'or', of: conds })
    return
  }
  const branchNumber = flow.keep('case', whichBranch(conds))
  if (!total) flow.filter(present(branchNumber))
  const items = [...changes.keys()].flatMap((name) => {
    const expr = flow.lowering.asFallback(name, () => {
      const by = changes.get(name) as readonly number[]
      if (parsed || 2 * by.length > flows.length)
        return byBranch(
          branchNumber,
          flows.map((b) => b.read(name)),
        )
      // The other branches leave the value as it was.
      return byBranch(branchNumber, [...by.map((i) => (flows[i] as Flow).read(name)), flow.read(name)], by)
    })
    if (!isNull(expr)) return [{ name, expr }]
    flow.drop(name)
    return []
  })
  flow.assignAll(items, true)
  flow.settleDrops()
  const before = flow.opened
  flow.opened = [...before, ...openedBy(flow, branchNumber, flows, before.length)]
  if (parsed) {
    const readers = flows.map((b) => b.unknown)
    flow.unknown = (name) =>
      byBranch(
        branchNumber,
        readers.map((read) => read(name)),
      )
    const lists = flows.map((b) => b.elements)
    if (lists.some((l) => l !== flow.elements))
      flow.elements = (name, kept) =>
        byBranch(
          branchNumber,
          lists.map((read) => read(name, kept)),
        )
  }
}

/** A text that a branch parses is parsed only for the events of that branch. */
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

/**
 * The value of the branch of the event. An event without a branch is dropped, so its value does not matter. `branches`: those of the
 * values; the last value is that of all others. Left out: a value for each branch.
 */
function byBranch(taken: Expr, values: readonly Expr[], branches?: readonly number[]): Expr {
  const same = unified(values)
  const last = same.length - 1
  return same
    .slice(0, last)
    .reduceRight<Expr>(
      (rest, value, i) =>
        equalExpr(value, rest)
          ? rest
          : iff(test('int.eq', [taken, lit(BigInt(branches?.[i] ?? i), 'int')]), value, rest),
      same[last] as Expr,
    )
}
const equalExpr = (a: Expr, b: Expr): boolean =>
  (a.kind === 'lit' && b.kind === 'lit' && a.value === b.value && a.ty === b.ty) ||
  (a.kind === 'col' && b.kind === 'col' && a.id === b.id)
