// Grouping, and the running of aggregate primitives.
import type { AggCall, Aggregate, Env, Value } from '../plan/plan.ts'
import { valueKey } from '../plan/value.ts'
import type { Accumulator } from '../prims/prim.ts'
import { compileExpr, compilePred, knownPrim, tupleScope } from './compile.ts'
import { compareKeys } from './sort.ts'
import { type Context, type Layout, layoutOf, type CompiledStage, type Sink, addTally, type Tuple } from './sink.ts'

/** An aggregate primitive bound to its arguments: states are values, `add` gives the new one. */
export interface Aggregator {
  init(): unknown
  add(state: unknown, row: Tuple): unknown
  done(state: unknown): Value
}

export function aggregator(call: AggCall, layout: Layout, env: Env): Aggregator {
  const prim = knownPrim(call.prim, 'aggregate')
  const acc = prim.js(call.consts) as Accumulator
  const add = acc.add.bind(acc) as (state: unknown, ...args: Value[]) => unknown
  const scope = tupleScope(layout)
  const args = call.args.map((a) => compileExpr(a, scope, env))
  const propagate = prim.nulls === 'propagate'
  const feedRow = addForArguments(add, args, propagate)
  const where = call.where.kind === 'true' ? undefined : compilePred(call.where, scope, env)
  return {
    init: () => acc.init(),
    add: where ? (state, row) => (where(row) ? feedRow(state, row) : state) : feedRow,
    done: (state) => acc.done(state as never),
  }
}

/** Nearly all calls have at most three arguments; these need no list. */
function addForArguments(
  add: (state: unknown, ...args: Value[]) => unknown,
  args: readonly ((row: Tuple) => Value)[],
  propagate: boolean,
): (state: unknown, row: Tuple) => unknown {
  const [first, second, third] = args
  if (!first) return (state) => add(state)
  if (args.length === 1) {
    return (state, row) => {
      const x = first(row)
      return propagate && x === null ? state : add(state, x)
    }
  }
  if (args.length === 3 && second && third) {
    return (state, row) => {
      const x = first(row)
      if (propagate && x === null) return state
      const y = second(row)
      if (propagate && y === null) return state
      const z = third(row)
      return propagate && z === null ? state : add(state, x, y, z)
    }
  }
  return (state, row) => {
    const values: Value[] = []
    for (const arg of args) {
      const x = arg(row)
      if (propagate && x === null) return state
      values.push(x)
    }
    return add(state, ...values)
  }
}

interface Group {
  readonly keys: readonly Value[]
  readonly states: unknown[]
}

export function compileAggregate(stage: Aggregate, layout: Layout, context: Context, path: string): CompiledStage {
  const scope = tupleScope(layout)
  const keys = stage.keys.map((k) => compileExpr(k.expr, scope, context.env))
  const aggs = stage.aggs.map((a) => aggregator(a, layout, context.env))
  return {
    layout: layoutOf([...stage.keys.map((k) => k.id), ...stage.aggs.map((a) => a.id)]),
    sink: (next) => groups(stage, keys, aggs, context, path, next),
  }
}

function groups(
  stage: Aggregate,
  keys: readonly ((row: Tuple) => Value)[],
  aggs: readonly Aggregator[],
  context: Context,
  path: string,
  next: Sink,
): Sink {
  // One key that is not a list is its own identity: a Map tells null, "" and bigints apart as it should.
  const single = keys.length === 1 && stage.keys[0]?.expr.ty !== 'list'
  const drop = stage.nullKeys === 'drop'
  const found = new Map<Value, Group>()
  const fresh = (values: readonly Value[]): Group => ({ keys: values, states: aggs.map((a) => a.init()) })
  let dropped = 0
  if (keys.length === 0) found.set('', fresh([]))
  const push = (row: Tuple): void => {
    const values = keys.map((k) => k(row))
    if (drop && values.includes(null)) {
      dropped++
      return
    }
    const id = single ? (values[0] as Value) : values.map(valueKey).join('')
    let group = found.get(id)
    if (!group) {
      group = fresh(values)
      found.set(id, group)
    }
    const { states } = group
    for (let i = 0; i < aggs.length; i++) states[i] = (aggs[i] as Aggregator).add(states[i], row)
  }
  const end = (): void => {
    addTally(context, path, 'dropped-null-keys', dropped)
    const compare = compareKeys(stage.keys.map(() => ({ dir: 'asc', nulls: 'first' })))
    const all = [...found.values()].sort((a, b) => compare(a.keys, b.keys))
    const kept = stage.limit === null ? all : all.slice(0, stage.limit)
    addTally(context, path, 'groups-over-limit', all.length - kept.length)
    for (const g of kept) next.push([...g.keys, ...aggs.map((a, i) => a.done(g.states[i]))])
    next.end()
  }
  return { push, end }
}
