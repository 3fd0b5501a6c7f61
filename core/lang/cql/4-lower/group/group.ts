// Groupings: from a list of aggregates to one stage and the steps behind it.
import { and, call, col, lit, present, TRUE } from '../../../../plan/build.ts'
import * as codes from '../../../../diag/catalogue/cql-lower.ts'
import type { AggCall, Expr, Pred } from '../../../../plan/plan.ts'
import type { Call, Expr as AstExpr, Pipeline, Step } from '../../3-parse/ast.ts'
import { bare, wordOf } from '../args.ts'
import { callOf } from '../call.ts'
import type { GroupKey, OneEvent } from '../lower-types.ts'
import type { AggregateList, Flow } from '../flow.ts'
import { laterOf, selectField } from './select-event.ts'
import { lowerMultiRow } from './multi-row-aggregates.ts'
import { flattenItems, givesSeveralRows, lowerProduct } from './aggregate-product.ts'
import { isNull, orElse } from '../values.ts'

export function aggregatesOf(flow: Flow, items: readonly AstExpr[]): AggregateList {
  const calls: AggCall[] = []
  const after: ((flow: Flow) => void)[] = []
  const keys: string[] = []
  const names: string[] = []
  let noneIsNoRow = items.length > 0
  let oneEvent: AggregateList['oneEvent']
  const add = (e: AstExpr, as: string | undefined, where: Pred, on: Flow): void => {
    const item = bare(e)
    if (item.kind === 'named') {
      add(item.value, item.name.name, where, on)
      return
    }
    if (item.kind === 'array') {
      for (const i of item.items) add(i, undefined, where, on)
      return
    }
    if (item.kind === 'pipeline') {
      addPipeline(item.pipeline, on)
      return
    }
    const word = wordOf(item)
    if (item.kind !== 'call') {
      flow.lowering.report(codes.notAnAggregate, e.span, { what: word === undefined ? 'this' : `\`${word}\`` })
      return
    }
    if (item.call.name.toLowerCase() === 'groupby' || item.call.name.toLowerCase() === 'stats') {
      nested(item.call, where, on)
      return
    }
    const found = callOf(on, item.call, as === undefined ? {} : { as })
    if (!found) return
    const whole = found.builtin.name
    if ((whole === 'tail' || whole === 'head') && found.context.args.text('limit') === '1') {
      oneEvent = { fn: whole, at: item.span }
      noneIsNoRow = false
      return
    }
    const { lower } = found.builtin
    if (lower.kind !== 'aggregate') {
      flow.lowering.report(codes.notAnAggregate, item.span, { what: `\`${found.builtin.name}()\`` })
      return
    }
    const aggregates = lower.aggregate(found.context)
    calls.push(...aggregates.calls.map((a) => ({ ...a, where: and(a.where, where) })))
    names.push(...(aggregates.outputs ?? aggregates.calls).map((o) => o.id))
    if (!aggregates.noneIsNoRow) noneIsNoRow = false
    const { outputs } = aggregates
    if (outputs)
      after.push((f) =>
        f.assignAll(
          outputs.map((o) => ({ name: o.id, expr: o.expr })),
          true,
        ),
      )
    if (aggregates.after) after.push(aggregates.after)
  }
  const nested = (c: Call, where: Pred, on: Flow): void => {
    const found = callOf(on, c)
    if (!found) return
    keys.push(...found.context.args.fields('field'))
    noneIsNoRow = false
    const inner = found.context.args.items('function')
    if (!found.context.args.has('function'))
      add(
        { kind: 'call', call: { name: 'count', nameSpan: c.nameSpan, args: [], span: c.span }, span: c.span },
        undefined,
        where,
        on,
      )
    for (const i of inner) add(i, undefined, where, on)
  }
  // `{filters | agg | transforms}`: filters limit what the aggregate sees, transforms run on its result.
  const addPipeline = (p: Pipeline, on: Flow): void => {
    const branch = on.branch(p.span)
    const at = p.steps.findIndex((s) => isAggregate(flow, s))
    const step = p.steps[at]
    if (!step) {
      flow.lowering.report(codes.notAnAggregate, p.span, { what: 'the sub-pipeline' })
      return
    }
    branch.parts.steps(branch, { steps: p.steps.slice(0, at), span: p.span })
    const rest = p.steps.slice(at + 1)
    if (step.kind === 'stats') for (const i of step.items) add(i, undefined, branch.cond, branch)
    else if (step.kind === 'assign') add(step.value, step.target.name, branch.cond, branch)
    else if (step.kind === 'filter' && step.filter.kind === 'call') {
      add({ kind: 'call', call: step.filter.call, span: step.span }, undefined, branch.cond, branch)
    }
    if (rest.length > 0) after.push((f) => f.parts.steps(f, { steps: rest, span: p.span }))
  }
  for (const item of items) add(item, undefined, TRUE, flow)
  return { calls, after, keys, names, noneIsNoRow, oneEvent }
}

function isAggregate(flow: Flow, s: Step): boolean {
  if (s.kind === 'stats') return true
  const c =
    s.kind === 'assign' && s.value.kind === 'call'
      ? s.value.call
      : s.kind === 'filter' && s.filter.kind === 'call'
        ? s.filter.call
        : undefined
  const found = c && flow.parts.registry.byName.get(c.name.toLowerCase())
  return found !== undefined && (found.lower.kind === 'aggregate' || found.kind === 'aggregate')
}

/** A grouping as a step. A semantic decides about rows that lack a key, unless `keepAbsent`. */
export function lowerGroup(
  flow: Flow,
  keys: readonly GroupKey[],
  items: readonly AstExpr[],
  options: { readonly limit: number | null; readonly keepAbsent?: boolean },
): void {
  if (flow.inBranch) {
    flow.lowering.report(codes.notInBranch, flow.at, { name: 'an aggregate' })
    return
  }
  const several = items.flatMap((e) => flattenItems(e)).filter((e) => givesSeveralRows(e, keys.length > 0))
  const tables = several.filter(
    (e) => bare(e).kind === 'call' && (bare(e) as { call: Call }).call.name.toLowerCase() === 'table',
  )
  if (several.length > 0 && items.length > 1 && (several.length > 1 || tables.length === 0)) {
    lowerProduct(
      flow,
      keys,
      items.flatMap((e) => flattenItems(e)),
      options,
    )
    return
  }
  const table = items.map((e) => bare(e)).find((e) => e.kind === 'call' && e.call.name.toLowerCase() === 'table')
  if (table?.kind === 'call' && keys.length === 0) {
    annotated(
      flow,
      table.call,
      items.filter((e) => bare(e) !== table),
    )
    return
  }
  if (lowerMultiRow(flow, keys, items, options)) return
  const parts = aggregatesOf(flow, items)
  const all: GroupKey[] = [...new Map(keys.map((k) => [k.name, k] as const)).values()]
  for (const name of parts.keys) if (!all.some((k) => k.name === name)) all.push({ name, expr: flow.read(name) })
  const keep = options.keepAbsent === true || (all.length > 0 && flow.lowering.choice('group-key-missing') === 'keep')
  const ids = new Set(all.map((k) => k.name))
  const before = flow.branch(flow.at)
  const calls = distinct(parts.calls.filter((c) => !ids.has(c.id)))
  flow.push({
    kind: 'aggregate',
    keys: all.map((k) => ({ id: k.name, expr: k.expr })),
    nullKeys: keep ? 'keep' : 'drop',
    aggs: calls,
    limit: options.limit,
  })
  flow.rel.neverAbsent.clear()
  if (!keep) for (const k of all) flow.rel.neverAbsent.add(k.name)
  for (const c of calls) if (SURE_AGGREGATES.has(c.prim)) flow.rel.neverAbsent.add(c.id)
  flow.renew([
    ...all.map((k) => [k.name, col(k.name, k.expr.ty)] as const),
    ...calls.filter((c) => !c.id.startsWith('$:')).map((c) => [c.id, col(c.id, c.ty)] as const),
  ])
  if (parts.oneEvent) readOneEvent(flow, before, calls, parts.oneEvent)
  for (const run of parts.after) run(flow)
  if (all.length === 0 && parts.noneIsNoRow && parts.names.length > 0) {
    const outputs = parts.names.map((n) => flow.read(n)).filter((e) => !isNull(e))
    if (outputs.length > 0) flow.filter(anyPresent(outputs))
  }
}
/** `[sum(c, as=total), table([k, c])]`: every row of the table gets the aggregates. */
function annotated(flow: Flow, table: Call, items: readonly AstExpr[]): void {
  const parts = aggregatesOf(flow, items)
  if (parts.keys.length > 0 || parts.oneEvent) {
    flow.lowering.report(codes.notRunHere, flow.at, {
      name: 'stats',
      what: 'table() together with another aggregate of several rows',
    })
    return
  }
  // Hidden ids, because a total may have the name of a field that the table shows.
  const hidden = parts.calls.map((c) => ({ ...c, id: c.id.startsWith('$:') ? c.id : flow.hidden('total'), name: c.id }))
  if (hidden.length > 0) {
    const frame = { before: null, after: null }
    const columns = hidden.map(({ name: _, ...c }) => ({ ...c, frame }))
    flow.push({ kind: 'window', partition: [], order: [], columns })
  }
  const found = callOf(flow, table)
  if (!found) return
  const { lower } = found.builtin
  if (lower.kind === 'step') lower.step(found.context)
  for (const c of hidden) if (!c.name.startsWith('$:')) flow.names.set(c.name, col(c.id, c.ty))
  for (const run of parts.after) run(flow)
}

/** tail(1) and head(1) in a grouping: one aggregate for each field of the newest or oldest event that a later step names. */
function readOneEvent(flow: Flow, before: Flow, calls: AggCall[], { fn, at }: OneEvent): void {
  const time = before.orderTime()
  // An event with a time wins over one without; a group may have only the latter.
  const without = lit(fn === 'tail' ? -Number.MAX_VALUE : Number.MAX_VALUE, 'num')
  const key = time ? orElse(call('num.fromInt', 'num', [call('time.toInt', 'int', [time])]), without) : lit(0, 'num')
  const seq = fn === 'tail' ? laterOf(before) : before.seq()
  const values = new Map<string, Expr>()
  flow.unknown = (name) => {
    const selected = values.get(name)
    if (selected) return selected
    const picked = selectField(
      flow.hidden('pick'),
      fn === 'tail' ? 'agg.argMax' : 'agg.argMin',
      before.read(name),
      key,
      seq,
    )
    // The stage shares this list, so it also computes fields that later steps read.
    calls.push(picked.call)
    values.set(name, picked.value)
    return picked.value
  }
  flow.parsedBy = { fn, at }
}
const SURE_AGGREGATES = new Set(['agg.count', 'agg.countDistinct', 'agg.sum'])
const anyPresent = (exprs: readonly Expr[]): Pred =>
  exprs.length === 1 ? present(exprs[0] as Expr) : { kind: 'or', of: exprs.map((e) => present(e)) }

function distinct(calls: readonly AggCall[]): AggCall[] {
  const byId = new Map<string, AggCall>()
  for (const c of calls) if (!byId.has(c.id)) byId.set(c.id, c)
  return [...byId.values()]
}
