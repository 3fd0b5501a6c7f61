// Children of one aggregate each, as calls of one stage and the steps after it. No child sees the outputs of another.
import { and, col, holds, lit, not, or, present, TRUE } from '../../../../plan/build.ts'
import type { AggCall, Expr, Pred } from '../../../../plan/plan.ts'
import * as codes from '../../../../diag/catalogue/cql-lower.ts'
import type { Expr as AstExpr } from '../../3-parse/ast.ts'
import { callOf } from '../call.ts'
import { type AggregateList, DROPPED, type Flow } from '../flow.ts'
import { choose, isNull } from '../values.ts'
import { type Aggregate, childrenOf, type Fused } from './children.ts'

interface Output {
  readonly name: string
  readonly expr: Expr
}
interface Lowered {
  readonly calls: readonly AggCall[]
  readonly outputs: readonly Output[]
  readonly after: readonly ((flow: Flow) => void)[]
  /** The condition of there being a row. */
  readonly row: Pred
}

/** `hide`: no column has the id of an output, because the stage keeps the columns before it. */
export function fuse(flow: Flow, children: readonly Fused[], hide = false): AggregateList {
  const done = children.map((child) => {
    const branch = child.before.length > 0 ? flow.branch(child.span) : flow
    if (branch !== flow) branch.parts.steps(branch, { steps: child.before, span: child.span })
    const where = branch === flow ? TRUE : kept(branch)
    const lowered = child.aggregates.map((a) => lowerAggregate(branch, a, where, hide || child.braces))
    return { child, lowered: merged(lowered) }
  })
  return {
    calls: done.flatMap((d) => d.lowered.calls),
    finish: (behind, taken = new Set()) => {
      const rows = done.map(({ child, lowered }) => nameOutputs(behind, child, lowered, taken))
      return rows.length === 0 ? TRUE : or(...rows)
    },
  }
}

const merged = (parts: readonly Lowered[]): Lowered => ({
  calls: parts.flatMap((p) => p.calls),
  outputs: parts.flatMap((p) => p.outputs),
  after: parts.flatMap((p) => p.after),
  row: or(...parts.map((p) => p.row)),
})

/** The condition of the rows that a branch lets through. */
function kept(branch: Flow): Pred {
  const dropped = branch.names.get(DROPPED)
  return dropped ? and(branch.cond, not(holds(dropped))) : branch.cond
}

function lowerAggregate(flow: Flow, a: Aggregate, where: Pred, hide: boolean): Lowered {
  const nothing = { calls: [], outputs: [], after: [], row: TRUE }
  const found = callOf(flow, a.call, a.as === undefined ? {} : { as: a.as })
  if (found?.builtin.lower.kind !== 'aggregate') return nothing
  const made = found.builtin.lower.aggregate(found.context)
  const shown = made.outputs ?? made.calls.map((c) => ({ id: c.id, expr: col(c.id, c.ty) }))
  const ids = new Map<string, string>()
  if (hide && !made.outputs) for (const c of made.calls) ids.set(c.id, flow.hidden('child'))
  const outputs = shown.map(
    (o): Output => ({
      name: o.id,
      expr: o.expr.kind === 'col' && ids.has(o.expr.id) ? col(ids.get(o.expr.id) as string, o.expr.ty) : o.expr,
    }),
  )
  return {
    calls: made.calls.map((c) => ({ ...c, id: ids.get(c.id) ?? c.id, where: and(c.where, where) })),
    outputs,
    after: made.after ? [made.after] : [],
    row: made.noneIsNoRow && outputs.length > 0 ? or(...outputs.map((o) => present(o.expr))) : TRUE,
  }
}

function nameOutputs(flow: Flow, child: Fused, lowered: Lowered, taken: ReadonlySet<string>): Pred {
  const { after, row } = lowered
  const outputs = child.braces ? lowered.outputs : lowered.outputs.filter((o) => !taken.has(o.name))
  if (!child.braces) {
    const real = outputs.filter((o) => o.expr.kind === 'col' && o.expr.id === o.name)
    for (const o of real) flow.names.set(o.name, o.expr)
    flow.assignAll(
      outputs.filter((o) => !real.includes(o)),
      true,
    )
    for (const run of after) run(flow)
    return row
  }
  const branch = flow.branch(child.span)
  branch.close(outputs.map((o) => [o.name, o.expr] as const))
  branch.aggregated = true
  branch.cond = row
  branch.parts.steps(branch, { steps: child.behind, span: child.span })
  const cond = kept(branch)
  const left = [...branch.names].filter(([name, e]) => name !== DROPPED && !taken.has(name) && !isNull(e))
  flow.assignAll(
    left.map(([name, e]) => ({ name, expr: choose(cond, e, lit(null, e.ty)) })),
    true,
  )
  return cond
}

/** Aggregates for a stage that keeps the columns before it. */
export function aggregatesOf(flow: Flow, items: readonly AstExpr[], fn: string): AggregateList | undefined {
  const children = childrenOf(flow, items)
  if (!children) return undefined
  const fused = children.filter((c) => c.kind === 'fused')
  const other = children.find((c) => c.kind !== 'fused')
  if (other) {
    flow.lowering.report(codes.notRunHere, other.span, {
      name: fn,
      what: `an aggregate of several rows in \`${fn}()\``,
    })
    return undefined
  }
  return fuse(flow, fused, true)
}
