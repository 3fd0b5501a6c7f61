// Aggregates over neighbouring rows, and sessions without a long pause.
import { call, col, iff, lit, not, or, present, test } from '../../../../plan/build.ts'
import * as codes from '../../../../diag/catalogue/cql-lower.ts'
import type { Expr, Frame, OrderKey } from '../../../../plan/plan.ts'
import type { Span } from '../../../../text/source.ts'
import type { Expr as AstExpr } from '../../3-parse/ast.ts'
import type { Flow } from '../flow.ts'
import { byTime } from '../ordering.ts'
import { aggCall } from './select-event.ts'

/**
 * The order of rows that "before" refers to; undefined, with a diagnostic, if there is none or a step has changed a column of it. The
 * events of a group come in the order of time.
 */
export function sequenceOrder(flow: Flow, fn: string, at: Span): readonly OrderKey[] | undefined {
  if (flow.ordered && !flow.orderKeys) {
    flow.lowering.report(codes.notRunHere, at, {
      name: fn,
      what: `\`${fn}()\` after a step that changes the sort field`,
    })
    return undefined
  }
  if (!flow.ordered && !flow.aggregated) {
    if (flow.partition) return byTime(flow, 'asc')
    flow.lowering.report(codes.needsOrder, at, { fn })
    return undefined
  }
  return flow.orderKeys ?? []
}

/** Adds the aggregates over some rows before the current one and itself to every row. */
export function addRunningAggregates(
  flow: Flow,
  items: readonly AstExpr[],
  order: readonly OrderKey[],
  frame: Frame,
  fn: string,
): void {
  const parts = flow.parts.aggregates(flow, items, fn)
  if (!parts) return
  const columns = parts.calls.map((c) => ({ ...c, frame }))
  if (columns.length > 0) flow.push({ kind: 'window', partition: [], order, columns })
  parts.finish(flow)
}

/** The number of the session of an event. A pause longer than `maxPause` microseconds starts a new one. */
export function sessionKey(flow: Flow, maxPause: bigint): Expr | undefined {
  const time = flow.orderTime()
  if (!time) return undefined
  const at = call('time.toInt', 'int', [time])
  const seq = flow.seq()
  const order: OrderKey[] = [
    { expr: time, dir: 'asc', nulls: 'last' },
    ...(seq.kind === 'lit' ? [] : [{ expr: seq, dir: 'asc', nulls: 'last' } as const]),
  ]
  const partition: readonly Expr[] = []
  const [before, starts, session] = [flow.hidden('before'), flow.hidden('starts'), flow.hidden('session')]
  const lag = {
    ...aggCall(before, 'win.lag', 'str', [call('int.toText', 'str', [at])], { distance: 1 }),
    frame: { before: 1, after: 0 },
  }
  flow.push({ kind: 'window', partition, order, columns: [lag] })
  const earlier = call('int.parse', 'int', [col(before, 'str')])
  const pause = test('int.gt', [call('int.sub', 'int', [at, earlier]), lit(maxPause, 'int')])
  const one = iff(or(not(present(earlier)), pause), lit(1n, 'int'), lit(0n, 'int'))
  flow.push({ kind: 'set', columns: [{ id: starts, expr: one }] })
  const sum = { ...aggCall(session, 'agg.sumInt', 'int', [col(starts, 'int')]), frame: { before: null, after: 0 } }
  flow.push({ kind: 'window', partition, order, columns: [sum] })
  return col(session, 'int')
}
