// Groupings. Children of one aggregate share a stage; every other child is a relation of its own over the rows of its group.
import { and, col, present } from '../../../../plan/build.ts'
import * as codes from '../../../../diag/catalogue/cql-lower.ts'
import type { AggCall, Stage } from '../../../../plan/plan.ts'
import type { Expr as AstExpr } from '../../3-parse/ast.ts'
import type { GroupKey, GroupOptions } from '../lower-types.ts'
import type { Flow } from '../flow.ts'
import { isNull } from '../values.ts'
import { type Child, childrenOf, type Fused } from './children.ts'
import { fuse } from './fused.ts'
import { groupMark } from './select-event.ts'

/** A grouping as a step. A semantic decides about rows that lack a key, unless `keepAbsent`. */
export function lowerGroup(
  flow: Flow,
  keys: readonly GroupKey[],
  items: readonly AstExpr[],
  options: GroupOptions,
): void {
  if (flow.inBranch) {
    flow.lowering.report(codes.notInBranch, flow.at, { name: 'an aggregate' })
    return
  }
  const unique = [...new Map(keys.map((k) => [k.name, k] as const)).values()]
  const children = childrenOf(flow, items)
  if (!children) return
  const [only] = children
  if (children.every((c) => c.kind === 'fused')) inOneStage(flow, unique, children, options)
  else if (unique.length === 0 && children.length === 1 && only) runChild(flow, [only])
  else joinChildren(flow, unique, children, options)
}

const keepsAbsent = (flow: Flow, options: GroupOptions): boolean =>
  options.keepAbsent === true || flow.lowering.choice('group-key-missing') === 'keep'

function inOneStage(flow: Flow, keys: readonly GroupKey[], children: readonly Fused[], options: GroupOptions): void {
  const { calls, finish } = fuse(flow, children)
  const ids = new Set(keys.map((k) => k.name))
  const keep = keys.length > 0 && keepsAbsent(flow, options)
  const aggs = [...new Map(calls.filter((c) => !ids.has(c.id)).map((c) => [c.id, c] as const)).values()]
  flow.push({
    kind: 'aggregate',
    keys: keys.map((k) => ({ id: k.name, expr: k.expr })),
    nullKeys: keep ? 'keep' : 'drop',
    aggs,
    limit: options.limit,
  })
  flow.rel.neverAbsent.clear()
  if (!keep) for (const k of keys) flow.rel.neverAbsent.add(k.name)
  for (const c of aggs) if (SURE_AGGREGATES.has(c.prim)) flow.rel.neverAbsent.add(c.id)
  flow.renew(keys.map((k) => [k.name, col(k.name, k.expr.ty)] as const))
  const row = finish(flow, ids)
  if (keys.length === 0) flow.filter(row)
}
const SURE_AGGREGATES = new Set(['agg.count', 'agg.countDistinct', 'agg.sum'])

/** The child's steps, on a flow that holds the rows of its groups. */
function runChild(flow: Flow, part: readonly Child[]): void {
  if (part.every((c) => c.kind === 'fused')) {
    inOneStage(flow, [], part, { limit: null })
    return
  }
  for (const c of part)
    if (c.kind === 'whole' && c.alone) inOneStage(flow, [], [c.alone], { limit: null })
    else if (c.kind === 'whole') flow.parts.steps(flow, { steps: c.steps, span: c.span })
}

/** Each child runs on its own; the rows of a group are every combination of their rows. A child without rows counts as one empty row. */
function joinChildren(flow: Flow, keys: readonly GroupKey[], children: readonly Child[], options: GroupOptions): void {
  if (!keepsAbsent(flow, options) && keys.length > 0) flow.filter(and(...keys.map((k) => present(k.expr))))
  const key = keys.map((k) => ({ ...k, mark: flow.hidden('group'), value: flow.hidden('key') }))
  const columns = key.flatMap((k) => [
    { id: k.mark, expr: groupMark(k.expr) },
    { id: k.value, expr: k.expr },
  ])
  if (columns.length > 0) flow.push({ kind: 'set', columns })
  const outer = flow.partition
  const { at } = flow
  const lossy = keys.length === 0 && flow.rel.lossy
  flow.split()
  const rows = flow.fork()
  const one: AggCall = {
    id: flow.hidden('one'),
    prim: 'agg.count',
    args: [],
    consts: {},
    where: { kind: 'true' },
    ty: 'int',
  }
  flow.push({
    kind: 'aggregate',
    keys: key.flatMap((k) => [
      { id: k.mark, expr: col(k.mark, 'str') },
      { id: k.value, expr: col(k.value, k.expr.ty) },
    ]),
    nullKeys: 'keep',
    aggs: keys.length === 0 ? [one] : [],
    limit: options.limit,
  })
  const groups = flow.split()
  const ids = [...(outer?.ids ?? []), ...key.map((k) => k.mark)]
  const fused = children.filter((c) => c.kind === 'fused')
  const flows = [
    ...(fused.length > 0 ? [fused] : []),
    ...children.filter((c) => c.kind === 'whole').map((c) => [c]),
  ].map((part) => {
    const child = rows.fork()
    child.at = at
    child.partition = { ids, groups }
    child.rel.lossy = lossy
    runChild(child, part)
    return child
  })
  // Fields that no step has named are read from one child only.
  const open = flows.filter((f) => f.open || f.opened.length > 0)
  if (open.length > 1) {
    const what = 'two functions that both keep whole events, or give fields that no step names,'
    flow.lowering.report(codes.notRunHere, at, { name: 'stats', what })
    return
  }
  const base =
    open[0] ??
    (keys.length === 0 && flows.filter((f) => f.ordered).length === 1 ? flows.find((f) => f.ordered) : undefined)
  const names = key.map((k) => [k.name, col(k.value, k.expr.ty)] as const)
  flow.rel.neverAbsent.clear()
  const marks = key.map((k) => k.mark)
  if (base) continueFrom(flow, base, groups, marks, names)
  else flow.renew(names)
  for (const child of flows) if (child !== base) addColumns(flow, child, marks, new Set(keys.map((k) => k.name)))
  flow.rel.lossy = keys.length > 0 || base !== undefined
}

/** The rows of the child, with an empty row for every group in which it has none. */
function continueFrom(
  flow: Flow,
  child: Flow,
  groups: string,
  marks: readonly string[],
  keys: readonly (readonly [string, ReturnType<typeof col>])[],
): void {
  const mayBeEmpty = (marks.length === 0 || child.rel.lossy) && (!child.ordered || child.orderKeys !== undefined)
  const on = marks.map((id) => ({ left: col(id, 'str'), right: col(id, 'str') }))
  const all = (child.partition?.ids ?? []).map((id) => ({ left: col(id, 'str'), right: col(id, 'str') }))
  const body = child.split()
  const joined = { kind: 'join', missing: null, max: null, order: [], within: null } as const
  flow.rel = child.rel
  // The limit of the grouping counts groups, and the rows need the values of its keys.
  const values = keys.map(([name, value]) => ({ name, value, id: flow.hidden('joined') }))
  const table = { from: { kind: 'let' as const, name: groups }, stages: [] }
  const include = values.map((v) => ({ id: v.id, from: v.value.id }))
  flow.push({ ...joined, how: 'inner', on, right: table, include })
  if (mayBeEmpty) {
    const bodyRows = { from: { kind: 'let' as const, name: body }, stages: [] }
    const columns = values.map((v) => ({ id: v.id, expr: v.value }))
    const empty: Stage[] = [{ ...joined, how: 'anti', on: all, right: bodyRows, include: [] }]
    if (columns.length > 0) empty.push({ kind: 'set', columns })
    flow.push({ kind: 'union', others: [{ ...table, stages: empty }] })
    if (child.orderKeys && child.orderKeys.length > 0) flow.push({ kind: 'order', by: child.orderKeys })
  }
  const { names, open, unknown, elements, opened, ordered, orderKeys, newestFirst } = child
  flow.renew([...names, ...values.map((v) => [v.name, col(v.id, v.value.ty)] as const)])
  Object.assign(flow, { open, unknown, elements, opened })
  if (marks.length === 0) Object.assign(flow, { ordered, orderKeys, newestFirst })
}

function addColumns(flow: Flow, child: Flow, marks: readonly string[], taken: ReadonlySet<string>): void {
  const added = [...child.names].filter(([n, e]) => !isNull(e) && !taken.has(n))
  const right = added.map(([name, expr]) => ({ name, id: child.hidden('product'), expr }))
  if (right.length > 0) child.push({ kind: 'set', columns: right.map((r) => ({ id: r.id, expr: r.expr })) })
  const include = right.map((r) => ({ id: flow.hidden('joined'), from: r.id, name: r.name, ty: r.expr.ty }))
  flow.push({
    kind: 'join',
    how: 'left',
    right: child.rel.finish(),
    on: marks.map((id) => ({ left: col(id, 'str'), right: col(id, 'str') })),
    include: include.map((i) => ({ id: i.id, from: i.from })),
    missing: null,
    max: null,
    order: [],
    within: null,
  })
  for (const i of include) flow.names.set(i.name, col(i.id, i.ty))
}
