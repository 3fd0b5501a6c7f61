// SELECTs as a list of CTEs. Row stages share a SELECT until a stage reads a computed column; then the SELECT becomes a CTE.
import type { Env, Expr, OrderKey } from '../plan/plan.ts'
import { columnsOf } from '../plan/walk.ts'
import { Prec, type Sql } from '../sql-text/fragment.ts'
import {
  type Block,
  item,
  type OrderSlot,
  orderText,
  readsComputed,
  type SelectParts,
  type Slot,
  scopeOf,
  selectText,
  slotsOf,
} from './block.ts'
import type { SqlDialect } from './dialect.ts'
import { type ColumnSql, ExprEmitter } from './emit-expr.ts'

/** Indentation of the text of a CTE. */
export const CTE_PAD = '  '

/**
 * Readings of columns in an expression that is written out down to the source. Sixteen choices that each read the one before twice have
 * 65,536: DuckDB needs minutes to plan a filter over them. A LIMIT stops its filters; a MATERIALIZED CTE does not.
 */
const MOST_READINGS = 500
const NO_LIMIT = 2 ** 53
/** Characters whose analysis costs ClickHouse as much as a column of a SELECT. */
const PER_COLUMN = 10

export class SelectBuilder {
  readonly dialect: SqlDialect
  readonly exprs: ExprEmitter
  readonly ctes: { readonly name: string; readonly text: string }[] = []
  #names = 0
  /** By the name of a column. Those that are not here have one. */
  readonly #readings = new Map<string, number>()

  constructor(dialect: SqlDialect, env: Env) {
    this.dialect = dialect
    this.exprs = new ExprEmitter(dialect, env)
  }

  fresh(): string {
    return `c${this.#names++}`
  }
  raw(text: string): Sql {
    return this.dialect.sql.raw(text)
  }

  /** Adds a CTE, whose text must be indented by CTE_PAD. Returns its name. */
  cte(text: string): string {
    const name = `s${this.ctes.length}`
    this.ctes.push({ name, text })
    return name
  }

  /** A CTE of the parts whose items include the slots, and a block that reads them from it. */
  select(parts: SelectParts, columns: ReadonlyMap<string, Slot>, order: readonly OrderSlot[]): Block {
    const slots = [...columns.values(), ...order.map((o) => o.slot)]
    for (const s of slots) if (s.sql.text !== s.name) this.countReadings(s.name, [s.sql])
    const isLong = this.dialect.writesOut && slots.some((s) => (this.#readings.get(s.name) ?? 1) > MOST_READINGS)
    const limit = parts.limit ?? (isLong ? NO_LIMIT : null)
    if (limit !== null) for (const s of slots) this.#readings.delete(s.name)
    const from = this.cte(selectText({ ...parts, limit }, CTE_PAD))
    const passed = (slot: Slot): Slot => ({ ...slot, sql: this.raw(slot.name), computed: false })
    return {
      from,
      columns: new Map([...columns].map(([id, slot]) => [id, passed(slot)])),
      where: [],
      order: order.map((o) => ({ ...o, slot: passed(o.slot) })),
    }
  }

  /** A name inside a literal counts too, which changes no row. */
  countReadings(name: string, of: readonly Sql[]): void {
    const readings = of
      .flatMap((sql) => sql.text.match(/\bc\d+\b/g) ?? [])
      .reduce((n, read) => n + (read === name ? 1 : (this.#readings.get(read) ?? 1)), 0)
    if (readings > 1) this.#readings.set(name, readings)
  }

  /** Ends the SELECT. Later stages read the plain columns of a CTE. */
  close(block: Block, limit: number | null = null): Block {
    const slots = slotsOf(block)
    const plain = slots.every((s) => s.sql.text === s.name) && block.where.length === 0 && limit === null
    if (plain && /^s\d+$/.test(block.from)) return block
    const parts: SelectParts = {
      items: slots.map(item),
      from: [block.from],
      where: this.whereTexts(block),
      orderBy: limit === null ? [] : block.order.map((o) => orderText(o.slot.name, o.slot.ty, o, this.dialect)),
      limit,
    }
    return this.select(parts, block.columns, block.order)
  }

  whereTexts(block: Block): string[] {
    const and = this.dialect.sql
    return block.where.map((w) => and.join([w, and.raw('')], '', Prec.and).text)
  }

  /** Closes the block if one of the expressions reads a column that the block computes. */
  ready(block: Block, exprs: readonly Expr[], ids: Iterable<string> = []): Block {
    const read = new Set(ids)
    for (const e of exprs) columnsOf(e, read)
    return readsComputed(block, read) ? this.close(block) : block
  }

  /**
   * The block for texts that read these columns: closed if they would become long with the expressions of computed columns in place of
   * names. A SELECT more names all columns again, and a long text takes longer to analyse.
   */
  openFor(block: Block, ids: Iterable<string>, texts: (scope: ColumnSql) => readonly Sql[]): Block {
    if (!readsComputed(block, ids)) return block
    const lengthOf = (scope: ColumnSql): number => texts(scope).reduce((n, t) => n + t.text.length, 0)
    const named = lengthOf((id) => {
      const slot = block.columns.get(id)
      return slot && this.raw(slot.name)
    })
    return lengthOf(scopeOf(block)) - named > PER_COLUMN * slotsOf(block).length ? this.close(block) : block
  }

  expr(e: Expr, block: Block): Sql {
    return this.exprs.expr(e, scopeOf(block))
  }

  /** The slot of an expression: the column's own, or a new one. */
  slot(e: Expr, block: Block): Slot {
    if (e.kind === 'col') {
      const found = block.columns.get(e.id)
      if (found) return found
    }
    return { name: this.fresh(), sql: this.expr(e, block), ty: e.ty, computed: true }
  }

  orderSlots(by: readonly OrderKey[], block: Block): OrderSlot[] {
    return by.map((k) => ({ slot: this.slot(k.expr, block), dir: k.dir, nulls: k.nulls }))
  }
}
