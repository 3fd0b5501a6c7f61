// Stages → SELECTs.
import type { AggCall, Env, Expr, From, Let, OrderKey, Pred, Relation, SourceNode, Stage, Ty } from '../plan/plan.ts'
import { absent, col, conjuncts, iff, TRUE } from '../plan/build.ts'
import { type Needs, onlyNeeded, type PlanNeeds } from '../plan/needs.ts'
import { HIDDEN, REST } from '../plan/plan.ts'
import { columnsOf, columnsOfPred } from '../plan/walk.ts'
import { primOf } from '../prims/registry.ts'
import { type Block, item, type OrderSlot, type Slot, scopeOf, slotsOf } from './block.ts'
import type { SqlDialect } from './dialect.ts'
import { emitAggregate } from './emit-aggregate.ts'
import { emitJoin } from './emit-join.ts'
import { emitUnion } from './emit-union.ts'
import { emitWindow } from './emit-window.ts'
import type { Sql } from '../sql-text/fragment.ts'
import { SelectBuilder } from './select-builder.ts'
import { SharedParts } from './shared-parts.ts'

export interface SourceTable {
  /** The text after FROM, trusted: a quoted table name or the call of a table function. */
  readonly from: string
  /** Physical names in the order of the source's columns, REST's last if it has one. */
  readonly columns: readonly string[]
  /** In place of the columns: expressions over `from`, and a condition on its rows. */
  readonly items?: readonly Sql[]
  readonly where?: readonly Sql[]
  /** The rows have already passed the source's `where`. */
  readonly filtered?: boolean
}
export type SourceTables = (source: SourceNode) => SourceTable

/** An argument that is written more often gets a column. */
const OFTEN = 3

export class Emitter extends SelectBuilder {
  private readonly lets: readonly Let[]
  private readonly tables: SourceTables
  private readonly needs: PlanNeeds
  private readonly letBlocks = new Map<string, Block>()

  constructor(dialect: SqlDialect, env: Env, lets: readonly Let[], tables: SourceTables, needs: PlanNeeds) {
    super(dialect, env)
    this.lets = lets
    this.tables = tables
    this.needs = needs
  }

  relation(r: Relation, after?: (block: Block) => Block): Block {
    const needs = this.needs.get(r) as readonly Needs[]
    // A column that no later stage reads would be named in every SELECT, and engines read each name again.
    const pass = (block: Block, i: number): Block => {
      const kept = keepColumns(needs[i] as Needs, block)
      return after ? after(kept) : kept
    }
    let block = pass(this.from(r.from), 0)
    r.stages.forEach((stage, i) => {
      const needed = onlyNeeded(stage, needs[i + 1] as Needs)
      block = pass(needed ? this.stage(needed, block) : block, i + 1)
    })
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
      const read = table.items?.[i] ?? this.raw(`t.${this.dialect.sql.id(physical).text}`)
      columns.set(id, { name: this.fresh(), sql: read, ty, computed: false })
    })
    const block: Block = { from: `${table.from} as t`, columns, where: table.where ?? [], order: [] }
    return table.filtered ? block : this.filter(source.where, block)
  }

  private filter(where: Pred, block: Block): Block {
    if (where.kind === 'true') return block
    const shared = this.shared([where])
    const parts = conjuncts(shared.pred(where))
    const made = this.computeShared(shared, block)
    const read = new Set<string>()
    for (const p of parts) columnsOfPred(p, read)
    const open = this.openFor(made, read, (scope) => parts.map((p) => this.exprs.pred(p, scope, false)))
    const texts = parts.map((p) => this.exprs.pred(p, scopeOf(open), false))
    return dropColumns(shared.inner, { ...open, where: [...open.where, ...texts] })
  }

  private shared(roots: readonly (Expr | Pred)[]): SharedParts {
    return new SharedParts(roots, (call, i) => this.exprs.writes(call, i))
  }

  private computeShared(shared: SharedParts, block: Block): Block {
    return shared.levels().reduce((made, parts) => this.set(parts, made), block)
  }

  private set(assigned: readonly { readonly id: string; readonly expr: Expr }[], block: Block): Block {
    const read = new Set<string>()
    for (const c of assigned) columnsOf(c.expr, read)
    const open = this.openFor(block, read, (scope) => assigned.map((c) => this.exprs.expr(c.expr, scope)))
    const columns = new Map(open.columns)
    for (const c of assigned) columns.set(c.id, this.slot(c.expr, open))
    return { ...open, columns }
  }

  stage(stage: Stage, block: Block): Block {
    switch (stage.kind) {
      case 'filter':
        return this.filter(stage.where, block)
      case 'set': {
        const shared = this.shared(stage.columns.map((c) => c.expr))
        const columns = stage.columns.map((c) => ({ id: c.id, expr: shared.expr(c.expr) }))
        return dropColumns(shared.inner, this.set(columns, this.computeShared(shared, block)))
      }
      case 'project':
        return this.project(stage.columns, stage.rest, block)
      case 'unnest':
        return this.unnest(stage, block)
      case 'order':
        return this.orderBlock(stage.by, block)
      case 'take':
        return this.close(stage.by.length > 0 ? this.orderBlock(stage.by, block) : block, stage.count)
      case 'aggregate': {
        const shared = this.shared([
          ...stage.keys.map((k) => k.expr),
          ...stage.aggs.flatMap((a) => [...a.args, a.where]),
        ])
        const keys = stage.keys.map((k) => ({ ...k, expr: shared.expr(k.expr) }))
        const aggs = stage.aggs.map((a) => ({
          ...a,
          args: a.args.map((x) => shared.expr(x)),
          where: shared.pred(a.where),
        }))
        const { before, calls } = this.argumentColumns(aggs)
        const computed = this.computeShared(shared, block)
        return emitAggregate(this, { ...stage, keys, aggs: calls }, this.set(before, computed))
      }
      case 'join':
        return emitJoin(this, stage, block, this.relation(stage.right))
      case 'union':
        return emitUnion(
          this,
          block,
          stage.others.map((r) => this.relation(r)),
        )
      case 'window':
        return emitWindow(this, stage, block)
    }
  }

  /** Arguments, with the filter of their call, as columns where the form of the aggregate would write them often. */
  private argumentColumns(aggs: readonly AggCall[]): { before: { id: string; expr: Expr }[]; calls: AggCall[] } {
    const before: { id: string; expr: Expr }[] = []
    const calls = aggs.map((a): AggCall => {
      const isPlain = a.where.kind === 'true' && a.args.every((e) => e.kind === 'col' || e.kind === 'lit')
      // An absent argument leaves the row out, as a filter does, only where absent values propagate.
      if (isPlain || primOf(a.prim)?.nulls !== 'propagate' || a.args.every((_, i) => this.exprs.writes(a, i) <= OFTEN))
        return a
      const args = a.args.map((e) => {
        const id = `${HIDDEN}argument ${before.length}`
        before.push({ id, expr: a.where.kind === 'true' ? e : iff(a.where, e, absent(e.ty)) })
        return col(id, e.ty)
      })
      return { ...a, args, where: TRUE }
    })
    return { before, calls }
  }

  private orderBlock(by: readonly OrderKey[], block: Block): Block {
    const open = this.ready(
      block,
      by.map((k) => k.expr),
    )
    const earlier = open.order.filter(
      (o) => !by.some((k) => k.expr.kind === 'col' && open.columns.get(k.expr.id) === o.slot),
    )
    // The evaluator's sort is stable: tied rows keep their earlier order.
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
    // The list becomes a column, so that its text is not repeated.
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

function dropColumns(inner: readonly { readonly id: string }[], block: Block): Block {
  if (inner.length === 0) return block
  const columns = new Map(block.columns)
  for (const { id } of inner) columns.delete(id)
  return { ...block, columns }
}

const keepColumns = (needed: Needs, block: Block): Block => ({
  ...block,
  columns: new Map([...block.columns].filter(([id]) => needed.has(id))),
})
