// Completes the order of every stage that depends on an order. This fixes the meaning of a plan, so it runs before any other pass, and
// first in the evaluator. Later passes can make fewer columns needed without changing the choice between two tied rows.
import { compareText } from '../text/compare.ts'
import { col } from './build.ts'
import { type Needs, needs, schemasOf } from './needs.ts'
import { REST, type OrderKey, type Plan, type Relation, type Stage, type Ty } from './plan.ts'
import { type Schema, schemaOf, typeBefore } from './schema.ts'
import { columnsOf, equal, mapRelations } from './walk.ts'

/**
 * Appends to `order`, `take`, `window` and the order of joins the remaining needed columns (by id in code-point order, ascending,
 * absent first). A `take` without keys gets the keys of the relation's order at that point. It stays without keys only if a stage between
 * has overwritten a column of that order; it then takes the rows in the order in which they come.
 * Idempotent.
 */
export function totalOrder(raw: Plan): Plan {
  if (raw.lets.length === 0 && raw.out.stages.every((s) => UNORDERED.has(s.kind))) return raw
  // Keys that a take gets from an order make their columns needed, so they come before the needs.
  const plan = mapRelations(raw, inheritKeys)
  const all = needs(plan)
  const lets: Plan['lets'][number][] = []
  const relation = (r: Relation): Relation => {
    const steps = all.get(r) as readonly Needs[]
    let schemas: readonly Schema[] | undefined
    let order: Order = { keys: [] }
    const stages = r.stages.map((s, i) => {
      const schema = (): Schema => {
        schemas ??= schemasOf(r, lets)
        return schemas[i] as Schema
      }
      const typeOf = (id: string): Ty | undefined => typeBefore(r, i, id, schema)
      const done = orderStage(s, typeOf, steps[i] as Needs, steps[i + 1] as Needs, order, lets, relation)
      order = orderAfter(done, order)
      return done
    })
    return { ...r, stages }
  }
  for (const l of plan.lets) lets.push({ ...l, rel: relation(l.rel) })
  return { lets, out: relation(plan.out) }
}

/** Stages that neither depend on an order nor have relations inside. */
const UNORDERED: ReadonlySet<Stage['kind']> = new Set(['aggregate', 'filter', 'project', 'set', 'unnest'])

function inheritKeys(r: Relation): Relation {
  let order: Order = { keys: [] }
  const stages = r.stages.map((s) => {
    const done = s.kind === 'take' && s.by.length === 0 && order.keys ? { ...s, by: order.keys } : s
    order = orderAfter(done, order)
    return done
  })
  return { ...r, stages }
}

/** The order of a relation: its sort keys; undefined: it is ordered, but a stage has overwritten a column of the keys. */
interface Order {
  readonly keys: readonly OrderKey[] | undefined
}

type TypeOf = (id: string) => Ty | undefined

function orderStage(
  s: Stage,
  typeOf: TypeOf,
  before: Needs,
  after: Needs,
  order: Order,
  lets: Plan['lets'],
  relation: (r: Relation) => Relation,
): Stage {
  switch (s.kind) {
    case 'order':
      return { ...s, by: addTieBreakers(s.by, after, typeOf) }
    case 'take': {
      const by = s.by.length > 0 ? s.by : order.keys
      return by === undefined ? s : { ...s, by: addTieBreakers(by, after, typeOf) }
    }
    case 'window':
      // Rows of one key share a range, so their order does not matter. A range has only one key.
      if (s.columns.some((c) => 'back' in c.frame)) return s
      return { ...s, order: addTieBreakers(s.order, before, typeOf) }
    case 'join': {
      const included = new Set(s.include.filter((i) => after.has(i.id)).map((i) => i.from))
      const { columns, rest } = schemaOf(s.right, lets)
      const typeOfRight = (id: string): Ty | undefined => (id === REST ? (rest ? 'str' : undefined) : columns.get(id))
      return { ...s, right: relation(s.right), order: addTieBreakers(s.order, included, typeOfRight) }
    }
    case 'union':
      return { ...s, others: s.others.map(relation) }
    default:
      return s
  }
}

function addTieBreakers(by: readonly OrderKey[], needed: Needs, typeOf: TypeOf): OrderKey[] {
  const out: OrderKey[] = []
  // Most keys are columns, and there may be thousands.
  const columns = new Set<string>()
  const add = (key: OrderKey): void => {
    const { expr } = key
    if (expr.kind === 'col') {
      const { size } = columns
      if (columns.add(`${expr.ty} ${expr.id}`).size === size) return
    } else if (out.some((k) => equal(k.expr, expr))) return
    out.push(key)
  }
  by.forEach(add)
  for (const id of [...needed].sort(compareText)) {
    const ty = typeOf(id)
    if (ty !== undefined) add({ expr: col(id, ty), dir: 'asc', nulls: 'first' })
  }
  return out
}

function orderAfter(s: Stage, before: Order): Order {
  switch (s.kind) {
    case 'filter':
      return before
    case 'order':
      return { keys: s.by }
    case 'take':
      return s.by.length > 0 ? { keys: s.by } : before
    case 'aggregate':
      return { keys: s.keys.map((k) => ({ expr: col(k.id, k.expr.ty), dir: 'asc', nulls: 'first' })) }
    case 'set':
      return dropOverwritten(before, new Set(s.columns.map((c) => c.id)))
    case 'window':
      return dropOverwritten(before, new Set(s.columns.map((c) => c.id)))
    case 'join':
      return dropOverwritten(before, new Set(s.include.map((c) => c.id)))
    case 'unnest':
      return dropOverwritten(before, new Set([s.into, ...(s.index === null ? [] : [s.index])]))
    case 'project': {
      const kept = new Set(s.columns)
      const gone = (before.keys ?? []).flatMap((k) => [...columnsOf(k.expr)]).filter((id) => id !== REST || !s.rest)
      return dropOverwritten(before, new Set(gone.filter((id) => !kept.has(id))))
    }
    // No engine keeps the order of one side after a union, so the rows have none.
    case 'union':
      return { keys: [] }
  }
}

function dropOverwritten({ keys }: Order, ids: ReadonlySet<string>): Order {
  const broken = keys?.some((k) => [...columnsOf(k.expr)].some((id) => ids.has(id)))
  return broken ? { keys: undefined } : { keys }
}
