// Joins. A limit of matches is a row_number: over the right side alone, or over the matches where `within` looks at both sides.
import type { Expr, Join } from '../plan/plan.ts'
import { type Block, item, type OrderSlot, orderText, selectText, type Slot, slotsOf } from './block.ts'
import { CTE_PAD, type SelectBuilder } from './select-builder.ts'
import { Prec, type Sql } from '../sql-text/fragment.ts'

type Side = 'l' | 'r'

export function emitJoin(builder: SelectBuilder, stage: Join, leftRows: Block, rightRows: Block): Block {
  const left = withSlots(
    builder,
    leftRows,
    stage.on.map((o) => o.left),
    stage.within?.left,
  )
  const right = withSlots(
    builder,
    { ...rightRows, order: [] },
    stage.on.map((o) => o.right),
    stage.within?.right,
    stage,
  )
  const conditions = conditionsOf(builder, stage, left, right)
  const { semiJoin, antiJoin } = builder.dialect
  const kept = left.outward
  if (stage.how === 'semi' || stage.how === 'anti') {
    const word = stage.how === 'semi' ? semiJoin : antiJoin
    const from = [`${left.block.from} as l`, `${word} ${right.block.from} as r on ${conditions}`]
    return builder.select({ items: kept.slots.map((s) => sideItem(s, 'l')), from }, kept.columns, kept.order)
  }
  const word = `${builder.dialect.join}${stage.how === 'left' ? 'left join' : 'inner join'}`
  const ranked = stage.max === null ? undefined : limitMatches(builder, stage, left, right)
  const from = [
    `${ranked?.left ?? left.block.from} as l`,
    `${word} ${ranked?.right ?? right.block.from} as r on ${conditions}`,
  ]
  const columns = new Map(kept.columns)
  const items = kept.slots.map((s) => sideItem(s, 'l'))
  for (const { id, from: source } of stage.include) {
    const slot = includeSlot(builder, stage, right.block.columns.get(source))
    columns.set(id, slot)
    items.push(item(slot))
  }
  if (!ranked?.over) return builder.select({ items, from }, columns, kept.order)
  const number = builder.fresh()
  const numbered = builder.select(
    { items: [...items, `row_number() over (${ranked.over}) as ${number}`], from },
    columns,
    kept.order,
  )
  const max = builder.dialect.sql.at(Prec.compare)`${builder.raw(number)} <= ${builder.dialect.sql.num(stage.max ?? 0)}`
  return { ...numbered, where: [max] }
}

interface Prepared {
  readonly block: Block
  readonly on: readonly Slot[]
  readonly within: Slot | undefined
  readonly by: readonly OrderSlot[]
  /** The side without the columns that the join added for itself. */
  readonly outward: {
    readonly slots: readonly Slot[]
    readonly columns: ReadonlyMap<string, Slot>
    readonly order: readonly OrderSlot[]
  }
}

/** Closes a side with its join expressions as columns, so that ON reads plain ones. */
function withSlots(
  builder: SelectBuilder,
  block: Block,
  on: readonly Expr[],
  within: Expr | undefined,
  ranked?: Join,
): Prepared {
  const keys = ranked?.max == null ? [] : ranked.order
  const exprs = [...on, ...(within ? [within] : []), ...keys.map((k) => k.expr)]
  const open = builder.ready(block, exprs)
  const columns = new Map(open.columns)
  exprs.forEach((e, i) => {
    const slot = builder.slot(e, open)
    columns.set(`$:join${i}`, slot.computed ? { ...slot, sql: builder.dialect.joinKey(slot.sql) } : slot)
  })
  const closed = builder.close({ ...open, columns })
  const at = (i: number): Slot => closed.columns.get(`$:join${i}`) as Slot
  const outward = new Map([...closed.columns].filter(([id]) => open.columns.has(id)))
  const first = on.length + (within ? 1 : 0)
  return {
    block: closed,
    on: on.map((_, i) => at(i)),
    within: within && at(on.length),
    by: keys.map((k, i) => ({ slot: at(first + i), dir: k.dir, nulls: k.nulls })),
    outward: { slots: slotsOf({ ...closed, columns: outward }), columns: outward, order: closed.order },
  }
}

const sideItem = (slot: Slot, side: Side): string => `${side}.${slot.name} as ${slot.name}`

function conditionsOf(builder: SelectBuilder, stage: Join, left: Prepared, right: Prepared): string {
  const { sql } = builder.dialect
  const of = (slot: Slot, side: Side): Sql => sql.raw(`${side}.${slot.name}`)
  const all = left.on.map((l, i) => sql.at(Prec.compare)`${of(l, 'l')} = ${of(right.on[i] as Slot, 'r')}`)
  if (stage.within && left.within && right.within)
    all.push(builder.exprs.form(stage.within.prim, [of(left.within, 'l'), of(right.within, 'r')], {}))
  return all.length === 0 ? 'true' : sql.join(all, ' and ', Prec.and).text
}

function includeSlot(builder: SelectBuilder, stage: Join, source: Slot | undefined): Slot {
  const { sql, literal, unmatched } = builder.dialect
  const ty = source?.ty ?? 'str'
  const read = source ? unmatched(sql.raw(`r.${source.name}`), ty) : literal(null, ty)
  // Only a text can be empty; other types are absent.
  const filled = stage.missing === '' && ty === 'str' ? sql`coalesce(${read}, ${sql.str('')})` : read
  return { name: builder.fresh(), sql: filled, ty, computed: true }
}

/** Adds the columns for the limit to the sides, or a window over the matches if the limit applies there. */
function limitMatches(
  builder: SelectBuilder,
  stage: Join,
  left: Prepared,
  right: Prepared,
): { left: string; right: string; over: string | undefined } {
  if (stage.within) {
    const row = builder.fresh()
    const names = slotsOf(left.block).map((s) => s.name)
    const numbered = selectText(
      { items: [...names, `row_number() over () as ${row}`], from: [left.block.from] },
      CTE_PAD,
    )
    const order = right.by.map((o) => orderText(`r.${o.slot.name}`, o.slot.ty, o, builder.dialect))
    const over = `partition by l.${row}${order.length > 0 ? ` order by ${order.join(', ')}` : ''}`
    return { left: builder.cte(numbered), right: right.block.from, over }
  }
  const number = builder.fresh()
  const names = slotsOf(right.block).map((s) => s.name)
  const partition = right.on.map((s) => s.name)
  const words = [
    partition.length > 0 ? `partition by ${partition.join(', ')}` : '',
    right.by.length > 0
      ? `order by ${right.by.map((o) => orderText(o.slot.name, o.slot.ty, o, builder.dialect)).join(', ')}`
      : '',
  ]
  const over = words.filter((w) => w !== '').join(' ')
  const all = builder.cte(
    selectText({ items: [...names, `row_number() over (${over}) as ${number}`], from: [right.block.from] }, CTE_PAD),
  )
  const cut = builder.cte(selectText({ items: names, from: [all], where: [`${number} <= ${stage.max}`] }, CTE_PAD))
  return { left: left.block.from, right: cut, over: undefined }
}
