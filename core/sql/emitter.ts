// Stages → SELECTs. Row stages share a SELECT until one reads what another computed; then it becomes a CTE.
import type { Env, Expr, From, Let, OrderKey, Pred, Relation, SourceNode, Stage, Ty } from '../plan/plan.ts'
import { REST } from '../plan/plan.ts'
import { columnsOf, columnsOfPred } from '../plan/walk.ts'
import {
  type Block,
  item,
  type OrderSlot,
  orderText,
  readsComputed,
  scopeOf,
  type SelectParts,
  type Slot,
} from './block.ts'
import { selectText, slotsOf } from './block.ts'
import type { SqlDialect } from './dialect.ts'
import { aggregate } from './emit-aggregate.ts'
import { ExprEmitter } from './emit-expr.ts'
import { join } from './emit-join.ts'
import { union } from './emit-union.ts'
import { window } from './emit-window.ts'
import { Prec, type Sql } from './fragment.ts'
import { Shallow } from './shallow.ts'

export interface Table {
  /** What to read FROM: trusted text, a quoted table name or the call of a table function. */
  readonly from: string
  /** Physical names in the order of the source's columns, REST's last if it has one. */
  readonly columns: readonly string[]
  /** The rows have passed the source's `where` already. */
  readonly filtered?: boolean
}
export type Tables = (source: SourceNode) => Table

/** How far the text of a CTE is indented. */
export const CTE_PAD = '  '

export class Emitter {
  readonly dialect: SqlDialect
  readonly exprs: ExprEmitter
  readonly ctes: { readonly name: string; readonly text: string }[] = []
  private readonly lets: readonly Let[]
  private readonly tables: Tables
  private readonly letBlocks = new Map<string, Block>()
  private names = 0

  constructor(dialect: SqlDialect, env: Env, lets: readonly Let[], tables: Tables) {
    this.dialect = dialect
    this.exprs = new ExprEmitter(dialect, env)
    this.lets = lets
    this.tables = tables
  }

  fresh(): string {
    return `c${this.names++}`
  }
  raw(text: string): Sql {
    return this.dialect.sql.raw(text)
  }

  /** A new CTE of a text that is indented by CTE_PAD; returns its name. */
  cte(text: string): string {
    const name = `s${this.ctes.length}`
    this.ctes.push({ name, text })
    return name
  }

  /** A CTE of the parts whose items include the slots, and a block that reads them from it. */
  select(parts: SelectParts, columns: ReadonlyMap<string, Slot>, order: readonly OrderSlot[]): Block {
    const from = this.cte(selectText(parts, CTE_PAD))
    const passed = (slot: Slot): Slot => ({ ...slot, sql: this.raw(slot.name), computed: false })
    return {
      from,
      columns: new Map([...columns].map(([id, slot]) => [id, passed(slot)])),
      where: [],
      order: order.map((o) => ({ ...o, slot: passed(o.slot) })),
    }
  }

  /** Ends the SELECT: what follows reads plain columns of a CTE. */
  close(block: Block, limit: number | null = null): Block {
    const slots = slotsOf(block)
    const plain = slots.every((s) => s.sql.text === s.name) && block.where.length === 0 && limit === null
    if (plain && /^s\d+$/.test(block.from)) return block
    const parts: SelectParts = {
      items: slots.map(item),
      from: [block.from],
      where: this.whereTexts(block),
      orderBy: limit === null ? [] : block.order.map((o) => orderText(o.slot.name, o)),
      limit,
    }
    return this.select(parts, block.columns, block.order)
  }

  whereTexts(block: Block): string[] {
    const and = this.dialect.sql
    return block.where.map((w) => and.join([w, and.raw('')], '', Prec.and).text)
  }

  /** Closes the block if one of the expressions reads what it computes. */
  ready(block: Block, exprs: readonly Expr[], ids: Iterable<string> = []): Block {
    const read = new Set(ids)
    for (const e of exprs) columnsOf(e, read)
    return readsComputed(block, read) ? this.close(block) : block
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

  relation(r: Relation, after?: (block: Block) => Block): Block {
    let block = this.from(r.from)
    if (after) block = after(block)
    for (const stage of r.stages) {
      block = this.stage(stage, block)
      if (after) block = after(block)
    }
    return block
  }

  private from(from: From): Block {
    if (from.kind === 'source') return this.source(from)
    const known = this.letBlocks.get(from.name)
    if (known) return known
    const found = this.lets.find((l) => l.name === from.name)
    if (!found) throw new Error(`internal: plan reads the relation ${from.name}, which it does not define`)
    const block = this.close(this.relation(found.rel))
    this.letBlocks.set(from.name, block)
    return block
  }

  private source(source: SourceNode): Block {
    const table = this.tables(source)
    const ids: (readonly [string, Ty])[] = source.columns.map((c) => [c.id, c.ty])
    if (source.rest) ids.push([REST, 'str'])
    const columns = new Map<string, Slot>()
    ids.forEach(([id, ty], i) => {
      const physical = table.columns[i]
      if (physical === undefined) throw new Error(`internal: table for ${source.name} lacks a column for ${id}`)
      const read = this.raw(`t.${this.dialect.sql.id(physical).text}`)
      columns.set(id, { name: this.fresh(), sql: read, ty, computed: false })
    })
    const block: Block = { from: `${table.from} as t`, columns, where: [], order: [] }
    return table.filtered ? block : this.filter(source.where, block)
  }

  private filter(where: Pred, block: Block): Block {
    if (where.kind === 'true') return block
    const deep = new Shallow()
    const conjuncts = (where.kind === 'and' ? where.of : [where]).map((p) => deep.pred(p))
    const made = this.before(deep, block)
    const read = new Set<string>()
    for (const p of conjuncts) columnsOfPred(p, read)
    const open = readsComputed(made, read) ? this.close(made) : made
    const texts = conjuncts.map((p) => this.exprs.pred(p, scopeOf(open), false))
    return without(deep, { ...open, where: [...open.where, ...texts] })
  }

  /** The block with what deep expressions read. */
  private before(deep: Shallow, block: Block): Block {
    let made = block
    for (const { id, expr } of deep.inner) {
      made = this.ready(made, [expr])
      made = { ...made, columns: new Map(made.columns).set(id, this.slot(expr, made)) }
    }
    return made
  }

  stage(stage: Stage, block: Block): Block {
    switch (stage.kind) {
      case 'filter':
        return this.filter(stage.where, block)
      case 'set': {
        const deep = new Shallow()
        const items = stage.columns.map((c) => ({ id: c.id, expr: deep.expr(c.expr) }))
        const open = this.ready(
          this.before(deep, block),
          items.map((c) => c.expr),
        )
        const columns = new Map(open.columns)
        for (const c of items) columns.set(c.id, this.slot(c.expr, open))
        return without(deep, { ...open, columns })
      }
      case 'project':
        return this.project(stage.columns, stage.rest, block)
      case 'unnest':
        return this.unnest(stage, block)
      case 'order':
        return this.ordered(stage.by, block)
      case 'take':
        return this.close(stage.by.length > 0 ? this.ordered(stage.by, block) : block, stage.count)
      case 'aggregate':
        return aggregate(this, stage, block)
      case 'join':
        return join(this, stage, block)
      case 'union':
        return union(this, stage, block)
      case 'window':
        return window(this, stage, block)
    }
  }

  private ordered(by: readonly OrderKey[], block: Block): Block {
    const open = this.ready(
      block,
      by.map((k) => k.expr),
    )
    const earlier = open.order.filter(
      (o) => !by.some((k) => k.expr.kind === 'col' && open.columns.get(k.expr.id) === o.slot),
    )
    // Sorting is stable in the evaluator: rows that tie keep the order they had.
    return { ...open, order: [...this.orderSlots(by, open), ...earlier] }
  }

  private project(ids: readonly string[], rest: boolean, block: Block): Block {
    const columns = new Map<string, Slot>()
    for (const id of ids) {
      const slot = block.columns.get(id)
      const none = (): Slot => ({
        name: this.fresh(),
        sql: this.dialect.literal(null, 'str'),
        ty: 'str',
        computed: true,
      })
      columns.set(id, slot ?? none())
    }
    const kept = rest ? block.columns.get(REST) : undefined
    if (kept) columns.set(REST, kept)
    return { ...block, columns }
  }

  private unnest(stage: Stage & { kind: 'unnest' }, block: Block): Block {
    const open = this.ready(block, [stage.list])
    const list = this.slot(stage.list, open)
    // The list itself becomes a column, so that its text stands once.
    const withList = this.close({ ...open, columns: new Map([...open.columns, ['$:unnested', list]]) })
    const read = withList.columns.get('$:unnested') as Slot
    const columns = new Map([...withList.columns].filter(([id]) => id !== '$:unnested'))
    const into = this.fresh()
    const index = stage.index === null && withList.order.length === 0 ? null : this.fresh()
    const { items, after } = this.dialect.unnest(read.sql, into, index, stage.keep)
    const kept = slotsOf({ ...withList, columns }).filter((s) => s.name !== into)
    const element = (name: string, ty: Ty): Slot => ({ name, sql: this.raw(name), ty, computed: false })
    columns.set(stage.into, element(into, 'str'))
    if (stage.index !== null && index !== null) columns.set(stage.index, element(index, 'int'))
    const order: OrderSlot[] = [...withList.order]
    if (order.length > 0 && index !== null) order.push({ slot: element(index, 'int'), dir: 'asc', nulls: 'first' })
    const from = after === '' ? [withList.from] : [withList.from, after]
    return this.select({ items: [...kept.map(item), ...items], from }, columns, order)
  }
}

function without(deep: Shallow, block: Block): Block {
  if (deep.inner.length === 0) return block
  const columns = new Map(block.columns)
  for (const { id } of deep.inner) columns.delete(id)
  return { ...block, columns }
}
