// The possible results of a query if some fields are always absent: an abstract run of the plan over sets of possible values.
// It finds facts such as "this sum is always 0, so severity HIGH is impossible", which explain why a detection stays quiet.
import { conjuncts } from '../plan/build.ts'
import type { AggCall, Expr, Plan, Pred, Relation, SourceNode, Stage, Value } from '../plan/plan.ts'
import { isHidden } from '../plan/plan.ts'
import { columnsOf } from '../plan/walk.ts'
import { primOf } from '../prims/registry.ts'
import type { Span } from '../text/source.ts'

/** The values a column may hold; `undefined`: anything. */
export type Possible = ReadonlySet<Value> | undefined
export type State = Map<string, Possible>
type Verdict = 'false' | 'maybe' | 'true'

/** A set with more values counts as anything. */
const LIMIT = 16

export type Consequence =
  | { readonly kind: 'no-group'; readonly keys: readonly string[]; readonly at: Span | undefined }
  | {
      readonly kind: 'constant'
      readonly column: string
      readonly value: Value
      /** The absent columns among its arguments. */
      readonly because: readonly string[]
      readonly at: Span | undefined
    }
  | { readonly kind: 'never-passes'; readonly at: Span | undefined }
  | {
      readonly kind: 'out-of-reach'
      readonly column: string
      readonly values: readonly Value[]
      readonly at: Span | undefined
    }

/** The consequences for the main relation if the source columns with `isAbsent` are absent. */
export function consequences(plan: Plan, isAbsent: (field: string) => boolean): Consequence[] {
  const found: Consequence[] = []
  const without = run(plan.out, isAbsent, found)
  const whole = run(plan.out, () => false, [])
  for (const [key, { column, values, at }] of whole.assigned) {
    const left = without.assigned.get(key)?.values
    if (!values || !left) continue
    const lost = [...values].filter((v) => v !== null && !left.has(v))
    if (lost.length > 0) found.push({ kind: 'out-of-reach', column, values: lost, at })
  }
  return found
}

interface Assigned {
  readonly column: string
  readonly values: Possible
  readonly at: Span | undefined
}

function run(
  rel: Relation,
  isAbsent: (field: string) => boolean,
  found: Consequence[],
): { assigned: Map<string, Assigned> } {
  const assigned = new Map<string, Assigned>()
  let state: State = rel.from.kind === 'source' ? sourceState(rel.from, isAbsent) : new Map()
  rel.stages.forEach((stage, i) => {
    state = step(stage, state, found)
    if (stage.kind !== 'set') return
    for (const { id } of stage.columns) {
      if (!isHidden(id)) assigned.set(`${i} ${id}`, { column: id, values: state.get(id), at: stage.at })
    }
  })
  return { assigned }
}

export function sourceState(source: SourceNode, isAbsent: (field: string) => boolean): State {
  const state: State = new Map()
  for (const c of source.columns) {
    const { from } = c
    const isNull = from.kind === 'field' && isAbsent(from.name)
    const isFalse = from.kind === 'search' && from.of?.every(isAbsent) === true
    state.set(c.id, isNull ? new Set([null]) : isFalse ? new Set([false]) : undefined)
  }
  return state
}

export function step(stage: Stage, state: State, found: Consequence[]): State {
  switch (stage.kind) {
    case 'aggregate': {
      const next: State = new Map()
      const dead = stage.keys.filter((k) => isOnly(values(k.expr, state), null)).map((k) => k.id)
      if (dead.length > 0 && stage.nullKeys === 'drop') found.push({ kind: 'no-group', keys: dead, at: stage.at })
      for (const k of stage.keys) next.set(k.id, values(k.expr, state))
      for (const agg of stage.aggs) {
        const constant = constantAggregate(agg, state)
        next.set(agg.id, constant === undefined ? undefined : new Set([constant]))
        if (constant !== undefined && !isHidden(agg.id)) {
          found.push({
            kind: 'constant',
            column: agg.id,
            value: constant,
            because: deadArguments(agg, state),
            at: stage.at,
          })
        }
      }
      return next
    }
    case 'filter':
      if (verdict(stage.where, state) === 'false') found.push({ kind: 'never-passes', at: stage.at })
      return narrowed(stage.where, state)
    case 'join': {
      const next = new Map(state)
      for (const c of stage.include) next.set(c.id, undefined)
      return next
    }
    case 'project':
      return new Map(stage.columns.map((id) => [id, state.get(id)]))
    case 'set': {
      const next = new Map(state)
      for (const c of stage.columns) next.set(c.id, values(c.expr, state))
      return next
    }
    case 'union':
      return new Map()
    case 'unnest':
      return new Map(state).set(stage.into, undefined)
    case 'window': {
      const next = new Map(state)
      for (const c of stage.columns) next.set(c.id, undefined)
      return next
    }
    case 'order':
    case 'take':
      return state
  }
}

/** After `column is present`, absent is no longer possible. Other predicates narrow nothing. */
function narrowed(where: Pred, state: State): State {
  const next = new Map(state)
  for (const p of conjuncts(where)) {
    if (p.kind !== 'present' || p.expr.kind !== 'col') continue
    const was = next.get(p.expr.id)
    if (was) next.set(p.expr.id, new Set([...was].filter((v) => v !== null)))
  }
  return next
}

export const isOnly = (p: Possible, value: Value): boolean => p !== undefined && p.size === 1 && p.has(value)

const deadArguments = (agg: AggCall, state: State): string[] =>
  agg.args.flatMap((a) => [...columnsOf(a)]).filter((id) => !isHidden(id) && isOnly(state.get(id), null))

/** The value of an aggregate whose argument is absent in every row. */
function constantAggregate(agg: AggCall, state: State): Value | undefined {
  const prim = primOf(agg.prim)
  if (prim?.kind !== 'aggregate') return undefined
  const dead = prim.nulls === 'propagate' && agg.args.some((a) => isOnly(values(a, state), null))
  if (!dead && verdict(agg.where, state) !== 'false') return undefined
  const accumulator = prim.js(agg.consts)
  return accumulator.done(accumulator.init() as never)
}

export function values(e: Expr, state: State): Possible {
  switch (e.kind) {
    case 'call': {
      const prim = primOf(e.prim)
      if (prim?.kind !== 'scalar') return undefined
      const args = e.args.map((a) => values(a, state))
      if (prim.nulls === 'propagate' && args.some((a) => isOnly(a, null))) return new Set([null])
      const f = prim.js(e.consts, primOf)
      return combine(args, (vs) => (prim.nulls === 'propagate' && vs.includes(null) ? null : f(...(vs as never[]))))
    }
    case 'col':
      return state.get(e.id)
    case 'env':
      return undefined
    case 'if': {
      const v = verdict(e.cond, state)
      if (v === 'true') return values(e.then, state)
      if (v === 'false') return values(e.else, state)
      const [a, b] = [values(e.then, state), values(e.else, state)]
      return a && b && a.size + b.size <= LIMIT ? new Set([...a, ...b]) : undefined
    }
    case 'lit':
      return new Set([e.value])
    case 'truth': {
      const v = verdict(e.of, state)
      return v === 'maybe' ? new Set([true, false]) : new Set([v === 'true'])
    }
  }
}

export function verdict(p: Pred, state: State): Verdict {
  switch (p.kind) {
    case 'and': {
      const all = p.of.map((q) => verdict(q, state))
      return all.includes('false') ? 'false' : all.includes('maybe') ? 'maybe' : 'true'
    }
    case 'false':
      return 'false'
    case 'holds':
      return outcome(values(p.expr, state), (v) => v === true)
    case 'not': {
      const v = verdict(p.of, state)
      return v === 'maybe' ? v : v === 'true' ? 'false' : 'true'
    }
    case 'or': {
      const all = p.of.map((q) => verdict(q, state))
      return all.includes('true') ? 'true' : all.includes('maybe') ? 'maybe' : 'false'
    }
    case 'present':
      return outcome(values(p.expr, state), (v) => v !== null)
    case 'test': {
      const prim = primOf(p.prim)
      if (prim?.kind !== 'test') return 'maybe'
      const args = p.args.map((a) => values(a, state))
      if (prim.nulls === 'propagate' && args.some((a) => isOnly(a, null))) return 'false'
      const f = prim.js(p.consts, primOf)
      return outcome(
        combine(args, (vs) => !(prim.nulls === 'propagate' && vs.includes(null)) && f(...(vs as never[]))),
        (v) => v === true,
      )
    }
    case 'true':
      return 'true'
  }
}

function outcome(possible: Possible, holds: (v: Value) => boolean): Verdict {
  if (!possible || possible.size === 0) return 'maybe'
  const some = [...possible].map(holds)
  return some.every(Boolean) ? 'true' : some.some(Boolean) ? 'maybe' : 'false'
}

function combine(args: readonly Possible[], f: (values: Value[]) => Value): Possible {
  let tuples: Value[][] = [[]]
  for (const arg of args) {
    if (!arg || tuples.length * arg.size > LIMIT) return undefined
    tuples = tuples.flatMap((t) => [...arg].map((v) => [...t, v]))
  }
  return new Set(tuples.map(f))
}
