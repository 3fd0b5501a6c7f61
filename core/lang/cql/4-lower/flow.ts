// The events at one point of a pipeline: the meaning of names here, and the stages so far.
// Branches of case and match have their own names; they compute into hidden columns that are written once.
import { and, call, col, holds, lit, not, present, TRUE } from '../../../plan/build.ts'
import {
  type AggCall,
  type Expr,
  isHidden,
  type OrderKey,
  type Place,
  type Pred,
  type Stage,
} from '../../../plan/plan.ts'
import { columnsOf } from '../../../plan/walk.ts'
import type { Call, Expr as AstExpr, Filter, Pipeline } from '../3-parse/ast.ts'
import { arrayOfName, elementNames, overlaid } from './array-names.ts'
import type { Registry } from './builtin.ts'
import type { GroupKey, GroupOptions, IntervalBeforeEnd, OpenText } from './lower-types.ts'
import type { Lowering } from './lowering.ts'
import { inEveryGroup, type Partition } from './partition.ts'
import { RelationBuilder } from './relation-builder.ts'
import { choose, isNull, neverAbsent } from './values.ts'

const TIME = '$:time'
export const SEQ = '$:seq'
/** True for an event that a branch has dropped: the branch took it, so no other one does. */
export const DROPPED = '$:dropped'

/** Aggregates that share one stage. */
export interface AggregateList {
  readonly calls: readonly AggCall[]
  /** Names the outputs, other than those taken, and runs the steps after each aggregate. Returns the condition of there being a row. */
  readonly finish: (flow: Flow, taken?: ReadonlySet<string>) => Pred
}

/**
 * The recursion of the language. Handlers (expr, filter, case, group/) and builtins call each other only through these, so none imports
 * another; lower.ts connects them.
 */
export interface Parts {
  readonly registry: Registry
  readonly expr: (flow: Flow, e: AstExpr) => Expr
  readonly cond: (flow: Flow, e: AstExpr) => Pred
  /** True where a condition has a value. */
  readonly hasValue: (flow: Flow, e: AstExpr) => Pred
  readonly callValue: (flow: Flow, call: Call) => Expr
  readonly filterPred: (flow: Flow, f: Filter) => Pred
  readonly filterStep: (flow: Flow, f: Filter) => void
  /** A call as a step. */
  readonly runCall: (flow: Flow, call: Call, options?: { readonly negated?: boolean }) => void
  readonly steps: (flow: Flow, pipeline: Pipeline) => void
  readonly group: (flow: Flow, keys: readonly GroupKey[], items: readonly AstExpr[], options: GroupOptions) => void
  /** Aggregates of one row each, in one stage whose column ids are hidden; undefined, with a diagnostic, if one gives several rows. */
  readonly aggregates: (flow: Flow, items: readonly AstExpr[], fn: string) => AggregateList | undefined
  /** A pipeline over the events again. */
  readonly subQuery: (flow: Flow, pipeline: Pipeline, interval?: IntervalBeforeEnd) => Flow
}

export class Flow {
  readonly lowering: Lowering
  readonly parts: Parts
  rel: RelationBuilder
  /** Names that the text has set or read, in that order. An absent literal: the field was dropped. */
  readonly names: Map<string, Expr>
  /** The value of a name that is not in `names`. */
  unknown: (name: string) => Expr
  /** Elements of an array of objects, each as JSON text. */
  elements: (name: string, kept?: true) => Expr
  /** Sort keys of the rows; undefined: unsorted, or a key has changed since. */
  orderKeys: readonly OrderKey[] | undefined
  /** Fields that the text has not named are still available. */
  open: boolean
  readonly parent: Flow | undefined
  /** The rows are those of several groups, and every step sees those of one. */
  partition: Partition | undefined
  /** In a branch: the condition of the events that have passed so far. */
  cond: Pred = TRUE
  readonly touched = new Set<string>()
  at: Place
  /** The rows have an order that the text defines. */
  ordered = false
  newestFirst = false
  aggregated = false
  /** Texts that were taken apart, in order. */
  opened: readonly OpenText[] = []

  constructor(lowering: Lowering, parts: Parts, rel: RelationBuilder, at: Place, parent?: Flow) {
    this.lowering = lowering
    this.parts = parts
    this.rel = rel
    this.at = at
    this.parent = parent
    this.names = new Map(parent?.names)
    this.opened = parent?.opened ?? []
    this.partition = parent?.partition
    this.open = parent?.open ?? rel.source.rest
    this.aggregated = parent?.aggregated ?? false
    this.unknown = parent?.unknown ?? ((name) => this.fromSource(name))
    this.elements =
      parent?.elements ??
      ((name, kept) =>
        kept
          ? this.rel.source.column(`$:elements of ${name}`, 'list', { kind: 'elements', name, kept })
          : this.rel.source.column(`$:elements ${name}`, 'list', { kind: 'elements', name }))
  }

  branch(at: Place): Flow {
    return new Flow(this.lowering, this.parts, this.rel, at, this)
  }

  get inBranch(): boolean {
    return this.parent !== undefined
  }

  fromSource(name: string): Expr {
    const source = this.rel.source
    switch (name) {
      case DROPPED:
        return lit(false, 'bool')
      case '@timestamp':
        return call('time.toMillis', 'int', [source.column(TIME, 'time', { kind: 'meta', name: 'time' })])
      case '@rawstring':
        return source.column('@rawstring', 'str', { kind: 'meta', name: 'raw' })
    }
    const array = arrayOfName(name)
    if (array !== undefined) return source.column(name, 'list', { kind: 'array', name: array })
    return source.column(name, 'str', { kind: 'field', name })
  }

  read(name: string): Expr {
    const value = this.names.get(name)
    if (name.endsWith('[]')) return overlaid(this, name, value ?? this.unknown(name))
    if (value) return value
    const member = /^(.*)\[(\d+)\]$/.exec(name)
    const family = member?.[1] !== undefined ? this.names.get(`${member[1]}[]`) : undefined
    // Dropped as a whole.
    if (family && isNull(family)) return family
    if (family?.ty === 'list') return call('list.at', 'str', [family], { index: Number(member?.[2]) })
    return this.unknown(name)
  }

  /** Time of the event; undefined after a step that drops it. */
  time(): Expr | undefined {
    const at = this.read('@timestamp')
    if (isNull(at)) return undefined
    if (at.kind === 'call' && at.prim === 'time.toMillis') return at.args[0]
    if (at.ty !== 'int') return undefined
    return call('time.fromMillis', 'time', [at])
  }

  /** The time that decides which row is newest: the one that the row shows, else that of its event. */
  orderTime(): Expr | undefined {
    return (
      this.time() ??
      (this.aggregated ? undefined : this.rel.source.column(TIME, 'time', { kind: 'meta', name: 'time' }))
    )
  }

  seq(): Expr {
    if (this.aggregated) return lit(0n, 'int')
    return this.rel.source.column(SEQ, 'int', { kind: 'meta', name: 'seq' })
  }

  push(stage: Stage): void {
    const { rel, partition, lowering } = this
    const idsOf = (name: string): readonly string[] => lowering.groupsOf.get(name) ?? []
    const rows = partition && {
      partition,
      lossy: rel.lossy,
      hidden: (h: string) => this.hidden(h),
      idsOf,
      order: this.orderKeys ?? [],
    }
    for (const s of rows ? inEveryGroup(stage, rows) : [stage]) rel.stages.push({ ...s, at: stage.at ?? this.at })
    if (rows) rel.lossy = rows.lossy
  }

  hidden(hint: string): string {
    return this.lowering.hidden(hint)
  }

  /** Computes a hidden column and gives the reference to it. */
  keep(hint: string, expr: Expr): Expr {
    if (expr.kind === 'lit' || (expr.kind === 'col' && isHidden(expr.id))) return expr
    const id = this.hidden(hint)
    this.push({ kind: 'set', columns: [{ id, expr }] })
    if (neverAbsent(expr, this.rel.neverAbsent)) this.rel.neverAbsent.add(id)
    return col(id, expr.ty)
  }

  filter(where: Pred): void {
    if (where.kind === 'true') return
    if (this.parent) {
      this.cond = and(this.cond, where)
      return
    }
    const last = this.rel.stages.at(-1)
    if (last?.kind === 'filter' && last.at === this.at) {
      this.rel.lossy = true
      this.rel.stages[this.rel.stages.length - 1] = { ...last, where: and(last.where, where) }
    } else this.push({ kind: 'filter', where })
    if (where.kind === 'present' && where.expr.kind === 'col') this.rel.neverAbsent.add(where.expr.id)
  }

  /** `name := expr`. An absent result leaves the field as it was, unless `clear`. */
  assign(name: string, expr: Expr, clear = false): void {
    this.assignAll([{ name, expr }], clear)
  }

  /** Sets names at once: every expression sees the fields as they were before. */
  assignAll(items: readonly { readonly name: string; readonly expr: Expr }[], clear = false): void {
    // If two items set the same name, the later one wins.
    const last = [...new Map(items.map((i) => [i.name, i] as const)).values()]
    const values = last.map(({ name, expr }) => {
      if (clear || neverAbsent(expr, this.rel.neverAbsent)) return { name, expr }
      const old = this.lowering.asFallback(name, () => this.read(name))
      return {
        name,
        expr: isNull(old) || isNull(expr) ? (isNull(expr) ? old : expr) : choose(present(expr), expr, old),
      }
    })
    const columns: { id: string; expr: Expr }[] = []
    for (const { name, expr } of values) {
      this.touched.add(name)
      // A new array replaces its elements.
      if (name.endsWith('[]')) for (const e of elementNames(this, name)) this.names.delete(e)
      const simple = this.parent && (expr.kind === 'lit' || expr.kind === 'col')
      const sure = neverAbsent(expr, this.rel.neverAbsent)
      if (simple || (isNull(expr) && clear)) {
        this.names.set(name, expr)
        continue
      }
      const id = this.parent ? this.hidden(`branch.${name}`) : name
      columns.push({ id, expr })
      if (sure) this.rel.neverAbsent.add(id)
      else this.rel.neverAbsent.delete(id)
      this.names.set(name, col(id, expr.ty))
    }
    if (columns.length === 0) return
    this.push({ kind: 'set', columns })
    const keys = new Set<string>()
    for (const k of this.orderKeys ?? []) columnsOf(k.expr, keys)
    if (columns.some((c) => keys.has(c.id))) this.orderKeys = undefined
  }

  /** Drops the events for which a branch has said so. */
  settleDrops(): void {
    const dropped = this.names.get(DROPPED)
    if (this.parent || !dropped) return
    this.names.delete(DROPPED)
    this.filter(not(holds(dropped)))
  }

  drop(name: string): void {
    // Read the column from the source; otherwise REST would still contain it.
    if (this.open && !this.names.has(name)) this.lowering.asFallback(name, () => this.read(name))
    this.touched.add(name)
    this.names.set(name, lit(null, 'str'))
  }

  /** From here on only these names exist. */
  close(names: readonly (readonly [string, Expr])[]): void {
    this.names.clear()
    for (const [name, expr] of names) this.names.set(name, expr)
    this.opened = []
    this.open = false
    this.unknown = (name) => this.gone(name)
    this.elements = () => lit([], 'list')
  }

  /** A step adds fields that only the tenant knows: a saved query, a lookup file. Later steps may read any name. */
  addUnknown(): void {
    if (!this.open) this.unknown = () => lit(null, 'str')
  }

  /** The flow after a step that gives new rows. */
  renew(names: readonly (readonly [string, Expr])[]): void {
    this.close(names)
    this.aggregated = true
    this.ordered = false
    this.newestFirst = false
    this.orderKeys = undefined
  }

  private gone(name: string): Expr {
    this.lowering.gone(
      name,
      [...this.names].filter(([, e]) => !isNull(e)).map(([n]) => n),
      this.at,
    )
    return lit(null, 'str')
  }

  /** Moves the stages so far into a let, so that two relations can read it. */
  split(): string {
    const { rel } = this
    const name = this.lowering.letName()
    if (this.partition) this.lowering.groupsOf.set(name, this.partition.ids)
    const moved = new RelationBuilder(rel.source)
    moved.stages = rel.stages
    moved.letName = rel.letName
    this.lowering.lets.push({ name, build: () => ({ name, rel: moved.finish() }) })
    rel.stages = []
    rel.letName = name
    return name
  }

  /** Another relation that starts where this one is, with the same names. Only after `split`. */
  fork(): Flow {
    const rel = new RelationBuilder(this.rel.source)
    rel.letName = this.rel.letName
    rel.lossy = this.rel.lossy
    const flow = new Flow(this.lowering, this.parts, rel, this.at)
    flow.partition = this.partition
    for (const [name, expr] of this.names) flow.names.set(name, expr)
    flow.unknown = this.unknown
    flow.elements = this.elements
    flow.open = this.open
    flow.opened = this.opened
    flow.aggregated = this.aggregated
    flow.ordered = this.ordered
    flow.orderKeys = this.orderKeys
    return flow
  }
}
