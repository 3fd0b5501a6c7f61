// The only function of a grouping, which gives more than one row: the newest or oldest events, sessions.
import { col, lit, present, test, TRUE } from '../../../../plan/build.ts'
import * as codes from '../../../../diag/catalogue/cql-lower.ts'
import type { Call, Expr as AstExpr } from '../../3-parse/ast.ts'
import { bare } from '../args.ts'
import { callOf } from '../call.ts'
import type { GroupKey, GroupOptions } from '../lower-types.ts'
import type { Flow } from '../flow.ts'
import { sessionKey } from './sequence.ts'
import { byTime, millisOf } from '../ordering.ts'

/** Lowers the grouping and returns true if its only function gives more than one row. */
export function lowerMultiRow(
  flow: Flow,
  keys: readonly GroupKey[],
  items: readonly AstExpr[],
  options: GroupOptions,
): boolean {
  const [only] = items.map((e) => bare(e))
  if (items.length !== 1 || only?.kind !== 'call') return false
  const name = only.call.name.toLowerCase()
  if (name === 'session') {
    sessions(flow, keys, only.call, options)
    return true
  }
  if ((name !== 'tail' && name !== 'head') || keys.length === 0) return false
  const found = callOf(flow, only.call)
  if (!found || found.context.args.text('limit') === '1') return false
  eventsOf(flow, keys, name, found.context.args.limit('limit', 200, Number.MAX_SAFE_INTEGER), options)
  return true
}

/** groupBy(k, function=tail(n)): up to `most` events of every group, with all their fields. */
function eventsOf(
  flow: Flow,
  keys: readonly GroupKey[],
  which: 'head' | 'tail',
  most: number,
  options: GroupOptions,
): void {
  const keep = options.keepAbsent === true || flow.lowering.choice('group-key-missing') === 'keep'
  if (!keep) for (const k of keys) flow.filter(present(k.expr))
  if (most < Number.MAX_SAFE_INTEGER) {
    const id = flow.hidden('place')
    const rank = {
      id,
      prim: 'win.rank',
      args: [],
      consts: {},
      where: TRUE,
      ty: 'int' as const,
      frame: { before: null, after: null },
    }
    const order = byTime(flow, which === 'tail' ? 'desc' : 'asc')
    flow.push({ kind: 'window', partition: keys.map((k) => k.expr), order, columns: [rank] })
    flow.filter(test('int.le', [col(id, 'int'), lit(BigInt(most), 'int')]))
  }
  flow.aggregated = true
  flow.ordered = false
  flow.orderKeys = undefined
}

function sessions(flow: Flow, keys: readonly GroupKey[], c: Call, options: GroupOptions): void {
  const found = callOf(flow, c)
  if (!found) return
  const { args } = found.context
  const pause = millisOf(args.text('maxpause', '15m'))
  const key = pause === undefined ? undefined : sessionKey(flow, keys, BigInt(Math.round(pause * 1000)))
  if (!key) {
    flow.lowering.report(codes.notRunHere, c.span, {
      name: 'session',
      what: '`session()` without a time, or with this pause',
    })
    return
  }
  const name = flow.hidden('run')
  const count: AstExpr = {
    kind: 'call',
    call: { name: 'count', nameSpan: c.nameSpan, args: [], span: c.span },
    span: c.span,
  }
  flow.parts.group(
    flow,
    [...keys, { name, expr: key }],
    args.has('function') ? args.items('function') : [count],
    options,
  )
  flow.names.delete(name)
}
