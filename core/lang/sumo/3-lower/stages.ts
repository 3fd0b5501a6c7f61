// The stages of a search, in order.
import * as codes from '../../../diag/catalogue/sumo-lower.ts'
import * as textCodes from '../../../diag/catalogue/sumo.ts'
import { call, col, iff, lit, not, present, test, text, TRUE } from '../../../plan/build.ts'
import type { Expr, OrderKey } from '../../../plan/plan.ts'
import { aggregate, top, transpose } from './aggregate.ts'
import { lowerCond, lowerExpr } from './expr.ts'
import { extraction, isExtraction } from './extract.ts'
import { type Flow, tagged } from './flow.ts'
import { lookup, semiJoin } from './join.ts'
import { rolling } from './rolling.ts'
import { stageOf } from './functions.ts'
import { lowerScope } from './scope.ts'
import { joinTables } from './tables.ts'
import { toInt, toNum } from './values.ts'
import type { Expr as Ast, Name, Query, SortKey, Stage } from '../2-parse/ast.ts'

export function lowerQuery(f: Flow, query: Query): void {
  if (query.scope) {
    f.at = query.scope.span
    lowerScope(f, query.scope)
  }
  lowerStages(f, query.stages)
}

export function lowerStages(f: Flow, stages: readonly Stage[]): void {
  stages.forEach((s, i) => {
    f.at = s.span
    f.ahead = stages.slice(i + 1)
    if (isExtraction(s)) extraction(f, s, stages[i + 1])
    else {
      f.matched = []
      lowerStage(f, s)
    }
  })
}

function lowerStage(f: Flow, s: Stage) {
  switch (s.kind) {
    case 'where':
      return where(f, s.cond)
    case 'assign':
      return assign(f, s)
    case 'aggregate':
      return aggregate(f, s)
    case 'sort':
      return sort(f, s.keys)
    case 'limit':
      if (s.count > 10_000) f.low.say(codes.sumoLimit, s.span, { name: 'limit', percent: s.count })
      return take(f, s.count)
    case 'top':
      return top(f, s)
    case 'topk':
      return topk(f, s)
    case 'fields':
      return s.drop ? dropFields(f, s.fields) : keepFields(f, s.fields)
    case 'dedup':
      return dedup(f, s)
    case 'timeslice':
      return timeslice(f, s)
    case 'transpose':
      return transpose(f, s)
    case 'lookup':
      return lookup(f, s)
    case 'rolling':
      return rolling(f, s)
    case 'withtime': {
      const value = f.read(s.field)
      const name = `${s.field.name}_withtime`
      f.set([{ name, expr: value.expr }])
      f.fields.set(name.toLowerCase(), { id: name, ty: value.expr.ty, timed: true })
      return
    }
    case 'hole':
      f.low.needs.push({ kind: 'parameter', name: s.name, at: s.span })
      return f.low.say(textCodes.sumoHole, s.span, { name: s.name })
    case 'error':
      return
    case 'macro':
      return f.low.say(codes.sumoNotRun, s.head, { name: `the macro ${s.name}`, reason: 'its text is in the tenant' })
    case 'join':
      return joinTables(f, s)
    case 'save':
      return f.low.say(codes.sumoNotWritten, s.head, { path: s.path })
    default: {
      const own = stageOf(s.kind)
      return own ? own(f, s) : notRun(f, s)
    }
  }
}

/** Some of these make columns that later stages read; guessing them would only hide the reason. */
function notRun(f: Flow, s: Stage): void {
  const name = s.kind === 'other' ? s.name : s.kind
  f.low.say(codes.sumoNotRun, s.head, { name, reason: REASONS[name] ?? 'it is not built yet' })
  f.open = true
}

const REASONS: Record<string, string> = {
  benchmark: 'it compares with other customers of the vendor',
  details: 'it belongs to logreduce',
  geolookup: 'it is internal to the vendor',
  infer: 'its models are in the tenant',
  logcompare: 'its clustering is not published',
  logexplain: 'its clustering is not published',
  logreduce: 'its clustering is not published',
  sample: 'it is internal to the vendor',
  sessionize: 'it is not built yet',
  summarize: 'its clustering is not published',
  trace: 'it is not built yet',
  transaction: 'only `on key with states … in field` is built, without fringe, patterns and showing',
}

function where(f: Flow, c: Ast): void {
  const parts = conjuncts(c)
  for (const p of parts) {
    const sub = subqueryOf(p)
    if (sub) semiJoin(f, sub.sub, sub.negated)
  }
  for (const p of parts) if (!subqueryOf(p)) f.filter(lowerCond(f, p).yes)
}

/** Conjuncts are filters of their own only where a subquery stands among them: one step of the text is one stage else. */
function conjuncts(c: Ast): readonly Ast[] {
  if (!hasSubquery(c)) return [c]
  if (c.kind === 'group') return conjuncts(c.of)
  return c.kind === 'binary' && c.op === 'and' ? [...conjuncts(c.left), ...conjuncts(c.right)] : [c]
}
function hasSubquery(c: Ast): boolean {
  if (c.kind === 'subquery') return true
  if (c.kind === 'group' || c.kind === 'unary') return hasSubquery(c.of)
  return c.kind === 'binary' && (hasSubquery(c.left) || hasSubquery(c.right))
}
function subqueryOf(c: Ast): { sub: Extract<Ast, { kind: 'subquery' }>['sub']; negated: boolean } | undefined {
  if (c.kind === 'subquery') return { sub: c.sub, negated: false }
  if (c.kind === 'group') return subqueryOf(c.of)
  if (c.kind !== 'unary') return undefined
  const inner = subqueryOf(c.of)
  return inner && { sub: inner.sub, negated: !inner.negated }
}

function assign(f: Flow, s: Extract<Stage, { kind: 'assign' }>): void {
  const target = s.target ?? firstField(s.value)
  const expr = lowerExpr(f, s.value)
  if (target) f.set([{ name: target.name, expr }])
}

function firstField(e: Ast): Name | undefined {
  if (e.kind === 'field') return e.name
  if (e.kind === 'group') return firstField(e.of)
  return e.kind === 'call' ? e.args.map(firstField).find((n) => n !== undefined) : undefined
}

// ── order and limits ──

/** Computed numbers are ordered as numbers, parsed fields as the strings they are. */
export const sortable = (e: Expr): Expr => (e.ty === 'dec' ? toNum(e) : e)

export function orderKeys(f: Flow, keys: readonly SortKey[]): OrderKey[] {
  const nulls = f.low.choice('null-order') as 'first' | 'last'
  return keys.map((k) => ({ expr: sortable(f.read(k.field).expr), dir: k.dir, nulls }))
}

function sort(f: Flow, keys: readonly SortKey[]): void {
  f.low.choice('sort-stable')
  let by = orderKeys(f, keys)
  if (keys.length === 0) {
    f.low.choice('bare-sort')
    const fields = [...f.fields.values()]
    const found = f.fields.get('_count') ?? fields.find((x) => x.ty !== 'str')
    if (found) by = [{ expr: sortable(col(found.id, found.ty)), dir: 'desc', nulls: 'last' }]
  }
  if (by.length === 0) return
  f.push({ kind: 'order', by })
  f.order = by
  f.ordered = true
}

function take(f: Flow, count: number): void {
  f.push({ kind: 'take', count, by: f.orderKeys() })
  if (f.messages && !f.order) f.order = f.orderKeys()
  f.ordered ||= f.messages
}

// ── columns ──

function keepFields(f: Flow, names: readonly Name[]): void {
  const kept = names.flatMap((n) => {
    const { expr, field } = f.read(n)
    if (field) return [{ name: n.name, field }]
    if (!f.messages) return []
    f.set([{ name: n.name, expr }])
    return [{ name: n.name, field: { id: n.name, ty: expr.ty } }]
  })
  const ids = [...new Set(kept.map((k) => k.field.id))]
  f.fields = new Map(kept.map((k) => [k.name.toLowerCase(), k.field]))
  f.open = false
  f.pivoted = false
  project(f, ids)
}

function dropFields(f: Flow, names: readonly Name[]): void {
  for (const n of names) {
    if (f.open && f.messages) f.read(n)
    f.fields.delete(n.name.toLowerCase())
  }
  const ids = [...f.fields.values()].map((x) => x.id)
  project(f, ids, f.pivoted)
}

/** The message's own columns stay beside those that are shown. */
function project(f: Flow, ids: readonly string[], pivoted = false): void {
  if (f.messages) {
    f.meta('$:raw')
    f.meta('$:time')
    f.meta('$:seq')
  }
  const order = (f.order ?? []).flatMap((k) =>
    k.expr.kind === 'col'
      ? [k.expr.id]
      : k.expr.kind === 'call'
        ? k.expr.args.flatMap((a) => (a.kind === 'col' ? [a.id] : []))
        : [],
  )
  const hidden = [...(f.messages ? ['$:raw', '$:time', '$:seq'] : []), ...(f.auto ? [f.auto.id] : [])]
  const lost = order.filter((id) => !ids.includes(id) && !hidden.includes(id))
  if (lost.length > 0) {
    // The rows stay in the order of a column that is no longer shown.
    f.order = f.order?.map((k) => ({ ...k, expr: f.setHidden('order', k.expr) }))
  }
  const kept = (f.order ?? []).flatMap((k) => (k.expr.kind === 'col' && k.expr.id.startsWith('$:') ? [k.expr.id] : []))
  f.push({
    kind: 'project',
    columns: [...new Set([...ids, ...hidden, ...kept])],
    rest: pivoted || (f.messages && f.open),
  })
}

// ── ranks ──

/** Position of a row in its group, from 1. */
function rank(f: Flow, partition: readonly Expr[], order: readonly OrderKey[], id: string): Expr {
  const frame = { before: null, after: 0 }
  f.push({
    kind: 'window',
    partition,
    order,
    columns: [{ id, prim: 'agg.count', args: [], consts: {}, where: TRUE, ty: 'int', frame }],
  })
  return col(id, 'int')
}

/** A number that is one more wherever a row differs from the row before. */
function run(f: Flow, keys: readonly Expr[]): Expr {
  const key = f.setHidden(
    'key',
    call(
      'str.concat',
      'str',
      keys.flatMap((k) => [tagged(k), text('\u0001')]),
    ),
  )
  const before = f.hidden('before')
  const frame = { before: null, after: null }
  const lag = {
    id: before,
    prim: 'win.lag',
    args: [key],
    consts: { distance: 1 },
    where: TRUE,
    ty: 'str' as const,
    frame,
  }
  f.push({ kind: 'window', partition: [], order: f.orderKeys(), columns: [lag] })
  const id = f.hidden('run')
  const changed = not(test('str.eq', [key, col(before, 'str')]))
  const count = { id, prim: 'agg.count', args: [], consts: {}, where: changed, ty: 'int' as const }
  f.push({
    kind: 'window',
    partition: [],
    order: f.orderKeys(),
    columns: [{ ...count, frame: { before: null, after: 0 } }],
  })
  return col(id, 'int')
}

function topk(f: Flow, s: Extract<Stage, { kind: 'topk' }>): void {
  const order = orderKeys(
    f,
    s.fields.map((field) => ({ field, dir: 'desc' as const })),
  )
  const n = rank(
    f,
    s.by.map((b) => f.read(b).expr),
    order,
    '_rank',
  )
  f.fields.set('_rank', { id: '_rank', ty: 'int' })
  f.filter(test('int.le', [n, lit(BigInt(s.count), 'int')]))
}

function dedup(f: Flow, s: Extract<Stage, { kind: 'dedup' }>) {
  const given = s.fields.length > 0 ? s.fields.map((n) => f.read(n).expr) : [f.raw]
  const keys = s.consecutive ? [...given, run(f, given)] : given
  const n = rank(f, keys, f.orderKeys(), f.hidden('rank'))
  f.filter(test('int.le', [n, lit(BigInt(s.count), 'int')]))
}

// ── time ──

function timeslice(f: Flow, s: Extract<Stage, { kind: 'timeslice' }>): void {
  const id = s.target?.name ?? '_timeslice'
  const time = timeOf(f, s.head)
  let slice: Expr
  f.slice = { name: id, spanMs: s.spanMs, buckets: s.buckets }
  if (s.spanMs !== undefined) {
    const span = BigInt(Math.max(1, Math.round(s.spanMs * 1000)))
    slice = call('time.toMillis', 'int', [call('time.bucket', 'time', [time], { span, zone: f.low.zone })])
  } else {
    if (s.buckets === 1) f.low.choice('bare-timeslice')
    slice = bucketOf(f, time, BigInt(s.buckets ?? 1))
  }
  f.set([{ name: id, expr: slice }])
}

/** The message's time; of a table the column of that name, if it has one. */
function timeOf(f: Flow, at: Name['span']): Expr {
  if (f.messages) return f.time
  return call('time.fromMillis', 'time', [toInt(f.read({ name: '_messageTime', quoted: false, span: at }).expr)])
}

/** The slice of `buckets` equal parts of the interval that a time lies in. Each step is a column: nested, SQL of 128 bits grows fast. */
function bucketOf(f: Flow, time: Expr, buckets: bigint): Expr {
  const [start, end] = INTERVAL
  const step = (e: Expr): Expr => f.setHidden('part', e)
  const range = step(call('int.sub', 'int', [end, start]))
  const since = step(call('int.sub', 'int', [call('time.toInt', 'int', [time]), start]))
  const scaled = step(call('int.mul', 'int', [since, lit(buckets, 'int')]))
  const index = step(call('int.div', 'int', [scaled, range]))
  return bucketStart(f, step(iff(present(index), index, lit(0n, 'int'))), buckets)
}

const INTERVAL = (['start', 'end'] as const).map((name) =>
  call('time.toInt', 'int', [{ kind: 'env', name, ty: 'time' }]),
) as [Expr, Expr]

/** start + index · (end - start) / buckets, in milliseconds. */
export function bucketStart(f: Flow, index: Expr, buckets: bigint): Expr {
  const [start, end] = INTERVAL
  const step = (e: Expr): Expr => f.setHidden('part', e)
  const range = step(call('int.sub', 'int', [end, start]))
  const scaled = step(call('int.mul', 'int', [index, range]))
  const after = step(call('int.div', 'int', [scaled, lit(buckets, 'int')]))
  const at = step(call('int.add', 'int', [start, after]))
  return call('time.toMillis', 'int', [call('time.fromInt', 'time', [at])])
}
