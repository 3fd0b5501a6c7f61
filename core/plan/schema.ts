// The columns of a relation after its stages. No primitive is needed, because every expression has its type.
import { REST, type From, type Let, type Relation, type Stage, type Ty } from './plan.ts'

/** Columns in order, by id. `rest`: there is a REST column too. */
export interface Schema {
  readonly columns: ReadonlyMap<string, Ty>
  readonly rest: boolean
}

const EMPTY: Schema = { columns: new Map(), rest: false }

/** Ids of the schema in order, REST last. */
export const idsOf = (schema: Schema): string[] => [...schema.columns.keys(), ...(schema.rest ? [REST] : [])]

/** The schema of a relation's output. An unknown let has no columns. */
export function schemaOf(
  { from, stages }: Relation,
  lets: readonly Let[],
  before: Schema = schemaOfFrom(from, lets),
): Schema {
  return stages.reduce((schema, stage) => afterStage(schema, stage, lets), before)
}

/** The type of a column before a stage. Undefined: there is none. It makes no schema where the stages before only filter, order and set. */
export function typeBefore(
  { from, stages }: Relation,
  stage: number,
  id: string,
  schema: () => Schema,
): Ty | undefined {
  for (let i = stage - 1; i >= 0; i--) {
    const s = stages[i] as Stage
    if (s.kind === 'filter' || s.kind === 'order' || s.kind === 'take') continue
    const set = s.kind === 'set' && id !== REST ? s.columns.findLast((c) => c.id === id) : undefined
    if (set) return set.expr.ty
    if (s.kind !== 'set' || s.columns.some((c) => c.id === REST)) return typeIn(schema(), id)
  }
  if (from.kind !== 'source') return typeIn(schema(), id)
  return id === REST ? (from.rest ? 'str' : undefined) : from.columns.findLast((c) => c.id === id)?.ty
}

const typeIn = ({ columns, rest }: Schema, id: string): Ty | undefined =>
  id === REST ? (rest ? 'str' : undefined) : columns.get(id)

export function schemaOfFrom(from: From, lets: readonly Let[]): Schema {
  if (from.kind === 'source')
    return { columns: new Map(from.columns.map((c): [string, Ty] => [c.id, c.ty])), rest: from.rest }
  const at = lets.findIndex((l) => l.name === from.name)
  const found = lets[at]
  return found ? schemaOf(found.rel, lets.slice(0, at)) : EMPTY
}

/** The schema after one stage. */
export function afterStage(schema: Schema, stage: Stage, lets: readonly Let[]): Schema {
  switch (stage.kind) {
    case 'filter':
    case 'order':
    case 'take':
      return schema
    case 'set':
      return addColumns(
        schema,
        stage.columns.map((c) => [c.id, c.expr.ty]),
      )
    case 'project':
      return {
        columns: new Map(stage.columns.map((id): [string, Ty] => [id, schema.columns.get(id) ?? 'str'])),
        rest: schema.rest && stage.rest,
      }
    case 'unnest':
      return addColumns(schema, [[stage.into, 'str'], ...(stage.index === null ? [] : [[stage.index, 'int'] as const])])
    case 'aggregate':
      return addColumns(EMPTY, [
        ...stage.keys.map((k) => [k.id, k.expr.ty] as const),
        ...stage.aggs.map((a) => [a.id, a.ty] as const),
      ])
    case 'window':
      return addColumns(
        schema,
        stage.columns.map((c) => [c.id, c.ty]),
      )
    case 'join': {
      const right = schemaOf(stage.right, lets)
      return addColumns(
        schema,
        stage.include.map((i) => [i.id, right.columns.get(i.from) ?? 'str']),
      )
    }
    case 'union':
      return stage.others.map((r) => schemaOf(r, lets)).reduce(mergeSchemas, schema)
  }
}

function addColumns(schema: Schema, more: readonly (readonly [string, Ty])[]): Schema {
  const columns = new Map(schema.columns)
  for (const [id, ty] of more) if (id !== REST) columns.set(id, ty)
  // A column of this id gathers fields that no other column holds.
  return { columns, rest: schema.rest || more.some(([id]) => id === REST) }
}

function mergeSchemas(a: Schema, b: Schema): Schema {
  const columns = new Map(a.columns)
  for (const [id, ty] of b.columns) if (!columns.has(id)) columns.set(id, ty)
  return { columns, rest: a.rest || b.rest }
}
