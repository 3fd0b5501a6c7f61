// stats() with aggregates that give several rows: the result has every pair of their rows.
import { call, col, lit, present, TRUE } from '../../../../plan/build.ts'
import type { AggCall, Expr } from '../../../../plan/plan.ts'
import type { Expr as AstExpr } from '../../3-parse/ast.ts'
import { bare } from '../args.ts'
import type { GroupKey, GroupOptions } from '../lower-types.ts'
import type { Flow } from '../flow.ts'
import { toStr } from '../../../shared/convert.ts'
import { choose, isNull } from '../values.ts'

export const flattenItems = (e: AstExpr): readonly AstExpr[] => {
  const b = bare(e)
  return b.kind === 'array' ? b.items.flatMap((i) => flattenItems(i)) : [e]
}
/** The aggregate gives more than one row. */
export function givesSeveralRows(e: AstExpr, within: boolean): boolean {
  const b = bare(e)
  if (b.kind !== 'call') return false
  const name = b.call.name.toLowerCase()
  return name === 'groupby' || (!within && ['bucket', 'sort', 'table', 'timechart', 'top'].includes(name))
}

/** Lowers each aggregate separately, then joins their rows in every combination within the keys. */
export function lowerProduct(
  flow: Flow,
  keys: readonly GroupKey[],
  items: readonly AstExpr[],
  options: GroupOptions,
): void {
  const many = items.filter((e) => givesSeveralRows(e, keys.length > 0))
  const single = items.filter((e) => !many.includes(e))
  flow.split()
  const children = [...(single.length > 0 ? [single] : []), ...many.map((e) => [e])].map((part) => {
    const child = flow.fork()
    const [only] = part.map((e) => bare(e))
    if (keys.length > 0 || only?.kind !== 'call' || part === single) flow.parts.group(child, keys, part, options)
    else {
      const filter = { kind: 'call' as const, call: only.call, span: only.span }
      child.parts.steps(child, { steps: [{ kind: 'filter', filter, span: only.span }], span: only.span })
    }
    return child
  })
  // A child without rows counts as one empty row, so the children are joined to the groups, not to each other.
  const one: AggCall = { id: flow.hidden('one'), prim: 'agg.count', args: [], consts: {}, where: TRUE, ty: 'int' }
  const keep = options.keepAbsent === true || (keys.length > 0 && flow.lowering.choice('group-key-missing') === 'keep')
  flow.push({
    kind: 'aggregate',
    keys: keys.map((k) => ({ id: k.name, expr: k.expr })),
    nullKeys: keep ? 'keep' : 'drop',
    aggs: [one],
    limit: options.limit,
  })
  flow.rel.neverAbsent.clear()
  flow.renew(keys.map((k) => [k.name, col(k.name, k.expr.ty)] as const))
  for (const child of children) {
    const added = [...child.names].filter(([n, e]) => !isNull(e) && !keys.some((k) => k.name === n))
    const right = added.map(([name, expr]) => ({ name, id: child.hidden('product'), expr }))
    const on = keys.map((k) => ({
      id: child.hidden('key'),
      left: marked(flow.read(k.name)),
      expr: marked(child.read(k.name)),
    }))
    child.push({ kind: 'set', columns: [...right, ...on].map((r) => ({ id: r.id, expr: r.expr })) })
    const include = right.map((r) => ({ id: flow.hidden('joined'), from: r.id, name: r.name, ty: r.expr.ty }))
    flow.push({
      kind: 'join',
      how: 'left',
      right: child.rel.finish(),
      on: on.map((o) => ({ left: o.left, right: col(o.id, 'str') })),
      include: include.map((i) => ({ id: i.id, from: i.from })),
      missing: null,
      max: null,
      order: [],
      within: null,
    })
    for (const i of include) flow.names.set(i.name, col(i.id, i.ty))
  }
}
/** An absent key forms a group, but a join never takes absent for equal to absent. */
const marked = (e: Expr): Expr =>
  choose(present(e), call('str.concat', 'str', [lit('=', 'str'), toStr(e)]), lit('', 'str'))
