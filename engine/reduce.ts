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

export class Reducer {
  readonly #groups = new Map<Value, Group>()
  readonly #aggs: readonly Aggregator[]
  readonly #keys: readonly ((row: Tuple) => Value)[]
  readonly #single: boolean
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
    this.#single = first.keys.length === 1 && first.keys[0]?.expr.ty !== 'list'
    const last: Sink = { push: (row) => this.#add(row), end: () => {} }
    this.#sink = made.reduceRight((next, m) => m.sink(next), last)
    // Without keys there is one row even of no events.
    if (first.keys.length === 0) this.#fresh('', [])
  }

  get isFull(): boolean {
    return this.#groups.size > MOST_GROUPS
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
    const id = this.#single ? (values[0] as Value) : idOf(values)
    const { states } = this.#groups.get(id) ?? this.#fresh(id, values)
    for (let i = 0; i < states.length; i++) states[i] = (this.#aggs[i] as Aggregator).add(states[i], row)
  }

  #fresh(id: Value, keys: readonly Value[]): Group {
    const group = { keys, states: this.#aggs.map((a) => a.init()) }
    this.#groups.set(id, group)
    return group
  }

  /** The groups so far, which it forgets. */
  *drain(): Iterable<Tuple> {
    for (const g of this.#groups.values())
      yield [...g.keys, ...this.#aggs.map((a, i) => (a as Aggregator).done(g.states[i]))]
    this.#groups.clear()
  }
}

function idOf(values: readonly Value[]): string {
  let id = ''
  for (const v of values) id += keyOf(v)
  return id
}
