// Aggregates, top, transpose: where messages become tables.
import * as codes from '../../../diag/catalogue/sumo-lower.ts'
import { call, col, iff, lit, present, test, TRUE } from '../../../plan/build.ts'
import { type AggCall, type Expr, REST, type Ty } from '../../../plan/plan.ts'
import type { Field, Flow } from './flow.ts'
import { orderKeys, sortable } from './stages.ts'
import { isNumeric, toNum, toStr } from './values.ts'
import type { Agg, Name, Stage } from '../2-parse/ast.ts'

interface Made {
  readonly calls: readonly AggCall[]
  /** Computed from the calls after grouping. */
  readonly after?: Expr
  readonly id: string
  readonly double?: true
}

export function aggregate(f: Flow, s: Extract<Stage, { kind: 'aggregate' }>) {
  const frequent = s.aggs.find((a) => a.name === 'count_frequent')
  if (frequent) return countFrequent(f, s, frequent)
  const keys = s.by.map((n) => key(f, n))
  const made = s.aggs.flatMap((a) => aggregateOf(f, a))
  const duplicate = [...keys.map((k) => k.id), ...made.map((m) => m.id)].find(
    (id, i, all) => all.findIndex((o) => o.toLowerCase() === id.toLowerCase()) !== i,
  )
  if (duplicate !== undefined) f.low.say(codes.sumoDuplicate, s.span, { name: duplicate })
  const calls = made.flatMap((m) => m.calls)
  const empty = s.by.length === 0 && f.low.choice('empty-input') === 'no-row'
  const aggs = empty ? [...calls, count('$:rows')] : calls
  const nullKeys = s.by.length > 0 ? (f.low.choice('null-group-keys') as 'drop' | 'keep') : 'keep'
  f.push({ kind: 'aggregate', keys, nullKeys, aggs, limit: null })
  const fields: Field[] = keys.map((k) => ({ id: k.id, ty: k.expr.ty }))
  f.table(fields)
  f.groups = new Set(keys.map((k) => k.id))
  if (empty) f.filter(test('int.gt', [col('$:rows', 'int'), lit(0n, 'int')]))
  const computed = made.filter((m) => m.after)
  if (computed.length > 0) f.push({ kind: 'set', columns: computed.map((m) => ({ id: m.id, expr: m.after as Expr })) })
  for (const m of made) {
    const ty = m.after?.ty ?? (m.calls[0] as AggCall).ty
    f.fields.set(m.id.toLowerCase(), { id: m.id, ty, ...(m.double ? { double: true as const } : {}) })
  }
}

function key(f: Flow, n: Name): { id: string; expr: Expr } {
  const { expr, field } = f.read(n)
  return { id: field?.id ?? n.name, expr }
}

const count = (id: string): AggCall => ({ id, prim: 'agg.count', args: [], consts: {}, where: TRUE, ty: 'int' })

function aggregateOf(f: Flow, a: Agg): Made[] {
  const id = a.as?.name ?? defaultName(a)
  const agg = (prim: string, ty: Ty, args: readonly Expr[], consts: AggCall['consts'] = {}, name = id): Made => ({
    id: name,
    calls: [{ id: name, prim, args, consts, where: TRUE, ty }],
  })
  if (a.name === 'count') {
    if (!a.field || a.field.name === '*') return [agg('agg.count', 'int', [])]
    const { expr } = f.read(a.field)
    const skip = f.low.choice('count-field') === 'present'
    return [{ id, calls: [{ ...count(id), where: skip ? present(expr) : TRUE }] }]
  }
  if (!a.field) {
    f.low.say(codes.sumoArguments, a.span, { name: a.name, takes: 'a field', given: 0 })
    return [agg('agg.count', 'int', [])]
  }
  const { expr, field } = f.read(a.field)
  switch (a.name) {
    case 'sum':
      return [sum(agg, expr, id)]
    case 'avg':
      return [agg('agg.avg', 'num', [toNum(expr)])]
    case 'min':
    case 'max':
      return [{ ...extreme(agg, a.name, expr), double: true }]
    case 'stddev':
      return [
        agg(f.low.choice('stddev-flavour') === 'sample' ? 'agg.stddevSamp' : 'agg.stddevPop', 'num', [toNum(expr)]),
      ]
    case 'count_distinct':
      f.low.choice('distinct-null')
      return [agg('agg.countDistinct', 'int', [toStr(expr)])]
    case 'values':
      return [agg('agg.collect', 'str', [toStr(expr)], { limit: 100, separator: '\n' })]
    case 'median':
    case 'pct':
    case 'pct_sampling':
      return percentiles(f, a, expr, agg)
    case 'most_recent':
    case 'least_recent':
      return [
        retyped(a.name === 'most_recent' ? 'agg.latest' : 'agg.earliest', [toStr(expr), f.time, f.seq], expr.ty, id),
      ]
    default:
      if (field?.timed) f.low.choice('first-null')
      return [positional(f, a.name === 'first', expr, id)]
  }
}

type Make = (prim: string, ty: Ty, args: readonly Expr[], consts?: AggCall['consts'], name?: string) => Made

/** Texts are added up exactly; without any number the sum is 0. */
function sum(agg: Make, expr: Expr, id: string): Made {
  if (expr.ty !== 'int' && expr.ty !== 'num') return agg('agg.sum', 'dec', [toStr(expr)])
  const made = agg(expr.ty === 'int' ? 'agg.sumInt' : 'agg.sumNum', expr.ty, [expr])
  const total = col(id, expr.ty)
  return { ...made, after: iff(present(total), total, lit(expr.ty === 'int' ? 0n : 0, expr.ty)) }
}

function extreme(agg: Make, name: 'max' | 'min', expr: Expr): Made {
  if (expr.ty === 'int') return agg(`agg.${name}Int`, 'int', [expr])
  if (expr.ty === 'num') return agg(`agg.${name}Num`, 'num', [expr])
  return agg(`agg.${name}Dec`, 'dec', [toStr(expr)])
}

function percentiles(f: Flow, a: Agg, expr: Expr, agg: Make): Made[] {
  const method = f.low.choice('percentile-method')
  const given = a.name === 'median' ? [50] : a.numbers
  const points = given.length > 0 ? given : [Number(f.low.choice('percentile-default'))]
  return points.map((p) => {
    const name =
      a.as && points.length === 1
        ? a.as.name
        : a.name === 'median'
          ? '_median'
          : `${a.as?.name ?? `_${a.field?.name}`}_pct_${p}`
    return agg('agg.percentile', 'num', [toNum(expr)], { p, method }, name)
  })
}

/** first and last go by the order in which the rows stand: newest first unless a stage has sorted them. */
function positional(f: Flow, first: boolean, expr: Expr, id: string): Made {
  f.low.choice('first-null')
  if (f.messages && !f.order)
    return retyped(first ? 'agg.latest' : 'agg.earliest', [toStr(expr), f.time, f.seq], expr.ty, id)
  const n = f.hidden('pos')
  const frame = { before: null, after: 0 }
  f.push({ kind: 'window', partition: [], order: f.orderKeys(), columns: [{ ...count(n), frame }] })
  const at = col(n, 'int')
  return retyped(first ? 'agg.argMin' : 'agg.argMax', [toStr(expr), toNum(at), at], expr.ty, id)
}

/** These primitives carry texts; numbers are read back. */
function retyped(prim: string, args: readonly Expr[], ty: Ty, id: string): Made {
  const calls: AggCall[] = [{ id, prim, args, consts: {}, where: TRUE, ty: 'str' }]
  return { id, calls, ...(ty === 'str' || ty === 'bool' ? {} : { after: fromText(col(id, 'str'), ty) }) }
}

export function fromText(e: Expr, ty: Ty): Expr {
  return ty === 'int' || ty === 'time'
    ? call('int.parse', 'int', [e])
    : ty === 'num' || ty === 'dec'
      ? call('num.parse', 'num', [e])
      : e
}

function defaultName(a: Agg): string {
  const short: Record<string, string> = {
    most_recent: '_mostrecent',
    least_recent: '_leastrecent',
    count_frequent: '_approxcount',
  }
  return short[a.name] ?? `_${a.name}`
}

function countFrequent(f: Flow, s: Extract<Stage, { kind: 'aggregate' }>, a: Agg): void {
  const keys = [...(a.field ? [a.field] : []), ...s.by].map((n) => key(f, n))
  const id = a.as?.name ?? '_approxcount'
  f.push({
    kind: 'aggregate',
    keys,
    nullKeys: f.low.choice('null-group-keys') as 'keep',
    aggs: [count(id)],
    limit: null,
  })
  f.table([...keys.map((k) => ({ id: k.id, ty: k.expr.ty })), { id, ty: 'int' }])
  f.groups = new Set(keys.map((k) => k.id))
  f.order = [{ expr: col(id, 'int'), dir: 'desc', nulls: 'last' }]
  f.push({ kind: 'take', count: 10_000, by: f.order })
  f.ordered = true
}

/** Alone it counts; with `by` it orders what is there and keeps the first. */
export function top(f: Flow, s: Extract<Stage, { kind: 'top' }>): void {
  if (s.by.length === 0) {
    const keys = s.fields.map((n) => key(f, n))
    f.push({
      kind: 'aggregate',
      keys,
      nullKeys: f.low.choice('null-group-keys') as 'keep',
      aggs: [count('_count')],
      limit: null,
    })
    f.table([...keys.map((k) => ({ id: k.id, ty: k.expr.ty })), { id: '_count', ty: 'int' }])
    f.groups = new Set(keys.map((k) => k.id))
    f.order = [{ expr: col('_count', 'int'), dir: 'desc', nulls: 'last' }]
  } else {
    for (const n of s.fields) f.read(n)
    f.order = orderKeys(f, s.by)
  }
  f.push({ kind: 'take', count: s.count, by: f.order })
  f.ordered = true
}

/** The one column that is left is spread over columns named by the values of others. Only names after `as` can be used later. */
export function transpose(f: Flow, s: Extract<Stage, { kind: 'transpose' }>): void {
  const rows = s.rows.map((n) => key(f, n))
  const columns = s.columns.map((n) => f.read(n).expr)
  const used = new Set([...s.rows, ...s.columns].map((n) => n.name.toLowerCase()))
  const values = [...f.fields].filter(([name]) => !used.has(name)).map(([, field]) => field)
  const [value] = values
  if (!value || f.messages) {
    f.low.say(codes.sumoNotRun, s.head, {
      name: 'transpose of messages',
      reason: 'it needs the result of an aggregate with one value',
    })
    return
  }
  const separated = columns.flatMap((c, i) => (i === 0 ? [toStr(c)] : [lit('_', 'str'), toStr(c)]))
  const name = separated.length === 1 ? (separated[0] as Expr) : call('str.concat', 'str', separated)
  const of = col(value.id, value.ty)
  const named = s.as.flatMap((n) =>
    n === '*' || rows.some((r) => r.id.toLowerCase() === n.name.toLowerCase()) ? [] : [n],
  )
  const filled = f.ahead.some((a) => a.kind === 'fillmissing')
  if (filled) f.split()
  const before = filled ? f.fork() : undefined
  const aggs: AggCall[] = named.map((n) => pick(n.name, of, test('str.eq', [name, lit(n.name, 'str')])))
  const open = s.as.length === 0 || s.as.includes('*')
  const others =
    named.length > 0 ? test('str.in', [name], { values: named.map((n) => n.name), ignoreCase: false }) : undefined
  if (open)
    aggs.push({
      id: REST,
      prim: 'agg.pivot',
      args: [name, toStr(of)],
      consts: {},
      where: others ? { kind: 'not', of: others } : TRUE,
      ty: 'str',
    })
  f.push({ kind: 'aggregate', keys: rows, nullKeys: 'keep', aggs, limit: null })
  f.table([
    ...rows.map((r) => ({ id: r.id, ty: r.expr.ty })),
    ...aggs.filter((a) => a.id !== REST).map((a) => ({ id: a.id, ty: a.ty })),
  ])
  f.groups = new Set(rows.map((r) => r.id))
  f.pivoted = open
  if (open && before) f.spread = { flow: before, name, numeric: isNumeric(value.ty) }
  f.order = rows.map((r) => ({ expr: sortable(col(r.id, r.expr.ty)), dir: 'asc', nulls: 'last' }))
  if (f.order.length > 0) f.push({ kind: 'order', by: f.order })
  f.ordered = true
}

/** The one value that a group has; of several the greatest number or the least text. */
export function pick(id: string, of: Expr, where: AggCall['where']): AggCall {
  const prim =
    of.ty === 'int' ? 'agg.maxInt' : of.ty === 'num' ? 'agg.maxNum' : of.ty === 'dec' ? 'agg.maxDec' : 'agg.any'
  const ty: Ty = of.ty === 'int' || of.ty === 'num' || of.ty === 'dec' ? of.ty : 'str'
  return { id, prim, args: [ty === 'dec' || ty === 'str' ? toStr(of) : of], consts: {}, where, ty }
}
