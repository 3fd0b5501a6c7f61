// The first step of a two-step aggregation or top-k, in the worker that reads the events; see core/passes/7-partial.ts.
import { type Aggregator, aggregator } from '../../core/eval/aggregate.ts'
import { compileExpr, tupleScope } from '../../core/eval/compile.ts'
import { compareKeys, type Keyed, type Sorter, sorter } from '../../core/eval/sort.ts'
import { compileStage, newContext } from '../../core/eval/relation.ts'
import { type Layout, layoutOf, type Sink, type Tuple } from '../../core/eval/sink.ts'
import type { Event } from '../../core/logs/format.ts'
import type { Aggregate, Env, Expr, SourceNode, Stage, Take, Value } from '../../core/plan/plan.ts'
import { idsOf, schemaOf } from '../../core/plan/schema.ts'
import { valueKey } from '../../core/plan/value.ts'
import { columnIds } from '../../core/plan/sources.ts'

export interface Reduction {
  readonly before: readonly Stage[]
  readonly first: Aggregate | Take
  /** An event that lacks one of the first `needed` keys is dropped. */
  readonly needed: number
}

/** Beyond this the groups are drained and a new table begins. */
const MOST_GROUPS = 50_000

interface Group {
  readonly keys: readonly Value[]
  readonly states: unknown[]
}

type Level = Map<Value, Group | Level>

export interface Reducer {
  /** Events that lack one of the needed keys. */
  readonly dropped: number
  /** It should be drained. */
  readonly isFull: boolean
  push(row: Tuple): void
  /** False: the event's row would not be kept, so it need not be built. Left out: every row is needed. */
  isNeeded?(event: Event): boolean
  /** The results so far, which the reducer forgets. */
  drain(): Iterable<Tuple>
}

export const reducerOf = (source: SourceNode, { before, first, needed }: Reduction, env: Env): Reducer =>
  first.kind === 'take' ? new FirstRows(source, before, first, env) : new Groups(source, before, first, needed, env)

/** A sink that runs the stages before `last`, and the layout of the rows that reach it. */
function stagesInto(
  source: SourceNode,
  before: readonly Stage[],
  env: Env,
  last: Sink,
): { sink: Sink; layout: Layout } {
  const context = newContext({ env, lets: [], tables: () => [], hooks: undefined })
  let layout = layoutOf(columnIds(source))
  const compiled = before.map((stage, i) => {
    const one = compileStage(stage, layout, context, `${i}`)
    layout = one.layout
    return one
  })
  return { sink: compiled.reduceRight((next, stage) => stage.sink(next), last), layout }
}

/** Rows beyond those that are kept, before they are sorted and cut. */
const SLACK = 2000

class FirstRows implements Reducer {
  readonly dropped = 0
  readonly isFull = false
  readonly #count: number
  readonly #slots: readonly number[]
  readonly #sorter: Sorter
  readonly #sink: Sink
  /** Compares event times, if the order begins with them. */
  readonly #byTime: ((a: readonly Value[], b: readonly Value[]) => number) | undefined
  #rows: Keyed[] = []
  /** Sort keys of the last row that is kept, once there are enough. */
  #last: readonly Value[] | undefined

  constructor(source: SourceNode, before: readonly Stage[], first: Take, env: Env) {
    const { sink, layout } = stagesInto(source, before, env, { push: (row) => this.#add(row), end: () => {} })
    this.#sink = sink
    this.#count = first.count
    this.#slots = idsOf(schemaOf({ from: source, stages: before }, [])).map((id) => layout.get(id) ?? -1)
    this.#sorter = sorter(first.by, layout, { env, hooks: undefined })
    const [by] = first.by
    this.#byTime = by && isEventTime(by.expr, source, before) ? compareKeys([by]) : undefined
  }

  isNeeded({ time }: Event): boolean {
    return this.#last === undefined || this.#byTime === undefined || this.#byTime([time ?? null], this.#last) <= 0
  }

  push(row: Tuple): void {
    this.#sink.push(row)
  }

  #add(row: Tuple): void {
    this.#rows.push(this.#sorter.key(row))
    if (this.#rows.length >= 2 * this.#count + SLACK) this.#cut()
  }

  #cut(): void {
    this.#rows = this.#sorter.sort(this.#rows).slice(0, this.#count)
    this.#last = this.#rows.length < this.#count ? undefined : this.#rows.at(-1)?.keys
  }

  *drain(): Iterable<Tuple> {
    this.#cut()
    for (const { row } of this.#rows) yield this.#slots.map((slot) => row[slot] ?? null)
    this.#rows = []
    this.#last = undefined
  }
}

const isEventTime = (e: Expr, source: SourceNode, before: readonly Stage[]): boolean =>
  e.kind === 'col' &&
  source.columns.some((c) => c.id === e.id && c.from.kind === 'meta' && c.from.name === 'time') &&
  !before.some((s) => s.kind === 'set' && s.columns.some((c) => c.id === e.id))

class Groups implements Reducer {
  #root: Level = new Map()
  #groups: Group[] = []
  readonly #aggs: readonly Aggregator[]
  readonly #keys: readonly ((row: Tuple) => Value)[]
  readonly #needed: number
  readonly #sink: Sink
  dropped = 0

  constructor(source: SourceNode, before: readonly Stage[], first: Aggregate, needed: number, env: Env) {
    const { sink, layout } = stagesInto(source, before, env, { push: (row) => this.#add(row), end: () => {} })
    this.#sink = sink
    this.#needed = needed
    this.#aggs = first.aggs.map((a) => aggregator(a, layout, env))
    this.#keys = first.keys.map((k) => compileExpr(k.expr, tupleScope(layout), env))
    // Without keys there is one row, even over no events.
    if (first.keys.length === 0) this.#groupOf([])
  }

  get isFull(): boolean {
    return this.#groups.length > MOST_GROUPS
  }

  push(row: Tuple): void {
    this.#sink.push(row)
  }

  #add(row: Tuple): void {
    const values: Value[] = []
    for (const key of this.#keys) {
      const value = key(row)
      if (value === null && values.length < this.#needed) {
        this.dropped++
        return
      }
      values.push(value)
    }
    const { states } = this.#groupOf(values)
    for (let i = 0; i < states.length; i++) states[i] = (this.#aggs[i] as Aggregator).add(states[i], row)
  }

  /** Nested maps, one level per key: a Map tells null, "" and bigints apart, and no text of all keys has to be built for every row. */
  #groupOf(values: readonly Value[]): Group {
    let level = this.#root
    const last = values.length - 1
    for (let i = 0; i < last; i++) {
      const id = idOf(values[i] as Value)
      let next = level.get(id)
      if (!(next instanceof Map)) {
        next = new Map()
        level.set(id, next)
      }
      level = next
    }
    const id = idOf(values[last] ?? null)
    const before = level.get(id)
    if (before && !(before instanceof Map)) return before
    const group = { keys: values, states: this.#aggs.map((a) => a.init()) }
    level.set(id, group)
    this.#groups.push(group)
    return group
  }

  *drain(): Iterable<Tuple> {
    for (const g of this.#groups) yield [...g.keys, ...this.#aggs.map((a, i) => (a as Aggregator).done(g.states[i]))]
    this.#groups = []
    this.#root = new Map()
  }
}

const idOf = (value: Value): Value => (typeof value === 'object' && value !== null ? valueKey(value) : value)
