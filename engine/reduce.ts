// A first aggregation in the worker that reads the events; see pass 7.
import { type Aggregator, aggregator } from '../core/eval/aggregate.ts'
import { compileExpr, tupleScope } from '../core/eval/compile.ts'
import { type Context, layoutOf, make, type Sink, type Tuple } from '../core/eval/relation.ts'
import { type Aggregate, type Env, REST, type SourceNode, type Stage, type Value } from '../core/plan/plan.ts'
import { keyOf } from '../core/plan/value.ts'

export interface Reduction {
  readonly before: readonly Stage[]
  readonly first: Aggregate
  /** So many keys, from the first, have to be there. */
  readonly needed: number
}

/** More groups than this are handed on as they are, and a new table begins. */
const MOST_GROUPS = 50_000

interface Group {
  readonly keys: readonly Value[]
  readonly states: unknown[]
}

type Level = Map<Value, Group | Level>

export class Reducer {
  #root: Level = new Map()
  #groups: Group[] = []
  readonly #aggs: readonly Aggregator[]
  readonly #keys: readonly ((row: Tuple) => Value)[]
  readonly #needed: number
  readonly #sink: Sink
  /** Events without a key that has to be there. */
  dropped = 0

  constructor(source: SourceNode, { before, first, needed }: Reduction, env: Env) {
    const context: Context = { env, lets: [], tables: () => [], hooks: undefined, tallies: [], letRows: new Map() }
    let layout = layoutOf([...source.columns.map((c) => c.id), ...(source.rest ? [REST] : [])])
    const made = before.map((stage, i) => {
      const m = make(stage, layout, context, `${i}`)
      layout = m.layout
      return m
    })
    this.#aggs = first.aggs.map((a) => aggregator(a, layout, env))
    this.#keys = first.keys.map((k) => compileExpr(k.expr, tupleScope(layout), env))
    this.#needed = needed
    const last: Sink = { push: (row) => this.#add(row), end: () => {} }
    this.#sink = made.reduceRight((next, m) => m.sink(next), last)
    // Without keys there is one row even of no events.
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

  /** Maps in maps: a Map tells null, "" and bigints apart as it should, and a text of all keys would have to be made for every row. */
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
    const known = level.get(id)
    if (known && !(known instanceof Map)) return known
    const group = { keys: values, states: this.#aggs.map((a) => a.init()) }
    level.set(id, group)
    this.#groups.push(group)
    return group
  }

  /** The groups so far, which it forgets. */
  *drain(): Iterable<Tuple> {
    for (const g of this.#groups) yield [...g.keys, ...this.#aggs.map((a, i) => (a as Aggregator).done(g.states[i]))]
    this.#groups = []
    this.#root = new Map()
  }
}

const idOf = (value: Value): Value => (typeof value === 'object' && value !== null ? keyOf(value) : value)
