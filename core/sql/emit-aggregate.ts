// Groups. The filter of an aggregate is a CASE around its arguments, because a form can be more than one call.
import type { AggCall, Aggregate, Expr } from '../plan/plan.ts'
import { columnsOfPred } from '../plan/walk.ts'
import { afterAggregates } from './after-aggregates.ts'
import type { Block, Slot } from './block.ts'
import { orderText, scopeOf } from './block.ts'
import type { SelectBuilder } from './select-builder.ts'
import { Prec, type Sql } from '../sql-text/fragment.ts'

export function emitAggregate(builder: SelectBuilder, stage: Aggregate, block: Block): Block {
  const { sql, groupKey } = builder.dialect
  const read = new Set<string>()
  for (const a of stage.aggs) columnsOfPred(a.where, read)
  const exprs: Expr[] = [...stage.keys.map((k) => k.expr), ...stage.aggs.flatMap((a) => a.args)]
  const open = builder.ready(block, exprs, read)
  const columns = new Map<string, Slot>()
  const where = [...open.where]
  for (const k of stage.keys) {
    const key = builder.expr(k.expr, open)
    if (stage.nullKeys === 'drop' && k.expr.ty !== 'list' && k.expr.kind !== 'truth')
      where.push(sql.at(Prec.compare)`${key} is not null`)
    columns.set(k.id, { name: builder.fresh(), sql: groupKey(key, k.expr.ty), ty: k.expr.ty, computed: true })
  }
  for (const a of stage.aggs) {
    columns.set(a.id, { name: builder.fresh(), sql: aggregateForm(builder, a, open), ty: a.ty, computed: true })
  }
  const keys = stage.keys.map((k) => columns.get(k.id) as Slot)
  const order = keys.map((slot) => ({ slot, dir: 'asc', nulls: 'first' }) as const)
  const parts = {
    items: [...columns.values()].map((s) => `${s.sql.text} as ${s.name}`),
    from: [open.from],
    where: builder.whereTexts({ ...open, where }),
    groupBy: keys.map((_, i) => i + 1).join(', '),
    having: builder.dialect.someRow,
    orderBy: stage.limit === null ? [] : order.map((o) => orderText(o.slot.name, o.slot.ty, o, builder.dialect)),
    limit: stage.limit,
  }
  // Without aggregates and keys there is one row. Only an aggregate returns a row for no rows.
  if (columns.size === 0) parts.items.push('count(*) as nothing')
  return builder.select(parts, columns, order)
}

export function aggregateForm(builder: SelectBuilder, call: AggCall, block: Block): Sql {
  const { sql, types } = builder.dialect
  const args = call.args.map((a) => {
    const value = builder.expr(a, block)
    return a.ty === 'list' ? value : builder.dialect.nullable(value)
  })
  if (call.where.kind === 'true') return builder.exprs.form(call.prim, args, call.consts)
  const where = builder.exprs.pred(call.where, scopeOf(block), false)
  if (args.length === 0) {
    const form = builder.exprs.form(call.prim, args, call.consts).text
    return sql.raw(afterAggregates(form, builder.dialect, `filter (where ${where.text})`))
  }
  const only = call.args.map((a, i) => {
    const none = a.ty === 'list' ? builder.dialect.literal(null, 'list') : sql`cast(null as ${sql.raw(types[a.ty])})`
    return sql`case when ${where} then ${args[i] as Sql} else ${none} end`
  })
  return builder.exprs.form(call.prim, only, call.consts)
}
