// One SELECT under construction. Columns have engine-wide unique names (c0, c1, …), so no alias can capture another column.
import type { Ty } from '../plan/plan.ts'
import type { SqlDialect } from './dialect.ts'
import type { ColumnSql } from './emit-expr.ts'
import type { Sql } from '../sql-text/fragment.ts'

/** A column of the SELECT: its expression over FROM, and its name outside. */
export interface Slot {
  readonly name: string
  readonly sql: Sql
  readonly ty: Ty
  /** Computed in this SELECT. WHERE and the other items of the SELECT cannot read it. */
  readonly computed: boolean
}

export interface OrderSlot {
  readonly slot: Slot
  readonly dir: 'asc' | 'desc'
  readonly nulls: 'first' | 'last'
}

export interface Block {
  /** The text after FROM: a CTE's name, a table with an alias, or joins. */
  readonly from: string
  readonly columns: ReadonlyMap<string, Slot>
  readonly where: readonly Sql[]
  /** The order of the rows. An engine keeps no order through a CTE, so its keys are carried as columns to the last SELECT. */
  readonly order: readonly OrderSlot[]
}

export const scopeOf =
  (block: Block): ColumnSql =>
  (id) =>
    block.columns.get(id)?.sql

/** True if a reader of these columns needs the SELECT closed first. */
export function readsComputed(block: Block, ids: Iterable<string>): boolean {
  for (const id of ids) if (block.columns.get(id)?.computed) return true
  return false
}

/** The columns that a SELECT must pass on: its own, and the keys of its order. */
export function slotsOf(block: Block): Slot[] {
  const slots = new Map<string, Slot>()
  for (const slot of [...block.columns.values(), ...block.order.map((o) => o.slot)]) slots.set(slot.name, slot)
  return [...slots.values()]
}

export const item = (slot: Slot): string =>
  slot.sql.text === slot.name ? slot.name : `${slot.sql.text} as ${slot.name}`

export function orderText(
  name: string,
  ty: Ty,
  { dir, nulls }: Pick<OrderSlot, 'dir' | 'nulls'>,
  dialect: SqlDialect,
): string {
  const keys = ty === 'num' ? [...dialect.beforeNumber.map((f) => `${f}(${name})`), name] : [name]
  return keys.map((k) => `${k} ${dir} nulls ${nulls}`).join(', ')
}

export interface SelectParts {
  readonly items: readonly string[]
  /** Lines: a table, then joins. */
  readonly from: readonly string[]
  readonly where?: readonly string[]
  readonly groupBy?: string
  readonly having?: string
  readonly orderBy?: readonly string[]
  readonly limit?: number | null
}

/**
 * The text of a SELECT, one clause a line, each after `pad`. Finished text is never indented later, because a literal can contain line
 * breaks.
 */
export function selectText(parts: SelectParts, pad = ''): string {
  const items = parts.items.length > 0 ? parts.items : ['1 as nothing']
  const width = items.reduce((n, i) => n + i.length + 2, 0)
  const line = `\n${pad}`
  const list = width <= 100 ? ` ${items.join(', ')}` : `${line}  ${items.join(`,${line}  `)}`
  const lines = [`select${list}`, `from ${parts.from.join(line)}`]
  if (parts.where && parts.where.length > 0) lines.push(`where ${parts.where.join(`${line}  and `)}`)
  if (parts.groupBy) lines.push(`group by ${parts.groupBy}`)
  if (parts.groupBy && parts.having) lines.push(`having ${parts.having}`)
  if (parts.orderBy && parts.orderBy.length > 0) lines.push(`order by ${parts.orderBy.join(', ')}`)
  if (parts.limit !== undefined && parts.limit !== null) lines.push(`limit ${parts.limit}`)
  return pad + lines.join(line)
}
