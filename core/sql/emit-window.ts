// Window columns. A form may be more than one call (`coalesce(sum(x), 0)`), so OVER goes to each aggregate function in it.
import type { Expr, Frame, WindowStage } from '../plan/plan.ts'
import { columnsOfPred } from '../plan/walk.ts'
import { afterAggregates } from './after-aggregates.ts'
import { type Block, item, orderText, type Slot, slotsOf } from './block.ts'
import { aggregateForm } from './emit-aggregate.ts'
import type { SelectBuilder } from './select-builder.ts'

type WindowColumn = WindowStage['columns'][number]

export function emitWindow(builder: SelectBuilder, stage: WindowStage, block: Block): Block {
  const { groupKey } = builder.dialect
  const read = new Set<string>()
  for (const c of stage.columns) columnsOfPred(c.where, read)
  const args = stage.columns.flatMap((c) => c.args)
  const exprs: Expr[] = [...stage.partition, ...stage.order.map((k) => k.expr), ...args]
  const open = builder.ready(block, exprs, read)
  // Arguments become columns first. A form then contains only their names, and the search for functions cannot match data.
  const columns = new Map(open.columns)
  const given = new Map<string, string>()
  const asColumn = (e: Expr): string => {
    const id = `$:window${given.size}`
    const slot = builder.slot(e, open)
    columns.set(id, slot)
    given.set(id, slot.name)
    return slot.name
  }
  const partition = stage.partition.map((e) => ({ name: asColumn(e), ty: e.ty }))
  const order = stage.order.map((k) => orderText(asColumn(k.expr), k.expr.ty, k, builder.dialect))
  const calls = stage.columns.map((c) => ({
    call: c,
    args: c.args.map((a) => asColumn(a)),
    where: c.where.kind === 'true' ? undefined : asColumn({ kind: 'truth', of: c.where, ty: 'bool' }),
  }))
  const closed = builder.close({ ...open, columns })
  const base = new Map([...closed.columns].filter(([id]) => open.columns.has(id)))
  const parts = partition.map((p) => groupKey(builder.raw(p.name), p.ty).text)
  const items = slotsOf({ ...closed, columns: base }).map(item)
  const out = new Map(base)
  for (const { call, args: names, where } of calls) {
    const slot = windowSlot(builder, call, names, where, closed, parts, order)
    out.set(call.id, slot)
    items.push(item(slot))
  }
  return builder.select({ items, from: [closed.from] }, out, closed.order)
}

function windowSlot(
  builder: SelectBuilder,
  call: WindowColumn,
  args: readonly string[],
  where: string | undefined,
  block: Block,
  partition: readonly string[],
  order: readonly string[],
): Slot {
  const words = [
    partition.length > 0 ? `partition by ${partition.join(', ')}` : '',
    order.length > 0 ? `order by ${order.join(', ')}` : '',
  ].filter((w) => w !== '')
  const text = textOf(builder, call, args, where, block, words)
  const name = builder.fresh()
  const typed = call.prim.startsWith('win.r') ? `cast(${text} as ${builder.dialect.types.int})` : text
  return { name, sql: builder.raw(typed), ty: call.ty, computed: true }
}

function textOf(
  builder: SelectBuilder,
  call: WindowColumn,
  args: readonly string[],
  where: string | undefined,
  block: Block,
  words: readonly string[],
): string {
  const { raw } = builder.dialect.sql
  if (call.prim === 'win.rank') return `row_number() over (${words.join(' ')})`
  if (call.prim === 'win.lag' || call.prim === 'win.lead') {
    const distance = Math.trunc(Number(call.consts['distance'] ?? 1))
    const of = builder.dialect.nullable(raw(args[0] ?? 'null')).text
    return `${call.prim.slice('win.'.length)}(${of}, ${distance}) over (${words.join(' ')})`
  }
  const byName: Block = {
    ...block,
    columns: new Map([...args, ...(where ? [where] : [])].map((n) => [n, slotNamed(builder, block, n)])),
  }
  const form = aggregateForm(
    builder,
    {
      ...call,
      args: call.args.map((a, i) => ({ kind: 'col', id: args[i] as string, ty: a.ty })),
      where: where ? { kind: 'holds', expr: { kind: 'col', id: where, ty: 'bool' } } : { kind: 'true' },
    },
    byName,
  )
  const over = `over (${[...words, frameText(call.frame)].join(' ')})`
  return afterAggregates(form.text, builder.dialect, over)
}

const slotNamed = (builder: SelectBuilder, block: Block, name: string): Slot => {
  const found = [...block.columns.values()].find((s) => s.name === name)
  return found ?? { name, sql: builder.raw(name), ty: 'str', computed: false }
}

function frameText(frame: Frame): string {
  if ('back' in frame)
    return `range between ${frame.back} preceding and current row${frame.others ? ' exclude current row' : ''}`
  const { before, after } = frame
  const start = before === null ? 'unbounded preceding' : before === 0 ? 'current row' : `${before} preceding`
  const end =
    after === null
      ? 'unbounded following'
      : after === 0
        ? 'current row'
        : after < 0
          ? `${-after} preceding`
          : `${after} following`
  return `rows between ${start} and ${end}`
}
