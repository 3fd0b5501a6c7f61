// Plan → SQL text: one SELECT over the given tables. Text from outside enters only as literals.
import type { Column, Consts, Env, Plan, Stage, Ty } from '../plan/plan.ts'
import { REST } from '../plan/plan.ts'
import { needs } from '../plan/needs.ts'
import { schemaOf } from '../plan/schema.ts'
import { totalOrder } from '../plan/total-order.ts'
import type { Dialect } from '../prims/prim.ts'
import { primOf } from '../prims/registry.ts'
import { type Block, orderText, selectText, type Slot } from './block.ts'
import { dialects } from './dialects.ts'
import { formOf } from './emit-expr.ts'
import { Emitter, type SourceTables } from './emitter.ts'
import { inlineBranches } from './inline-branches.ts'

export type { SourceTable as Table, SourceTables as Tables } from './emitter.ts'

export interface CompiledSql {
  readonly sql: string
  /** The columns of the result in order; read them by position. REST follows them if `rest`. */
  readonly columns: readonly Column[]
  readonly rest: boolean
}

/**
 * The whole plan as one query. Throws if the plan has a primitive that the dialect answers with `tail`: see `tailReason`.
 * A result without columns gets a dummy column, so that its rows can be counted.
 */
export function compileSql(
  plan: Plan,
  dialect: Dialect,
  env: Env,
  tables: SourceTables,
  { endMark = false }: { readonly endMark?: boolean } = {},
): CompiledSql {
  const whole = inlineBranches(totalOrder(plan))
  const schema = schemaOf(whole.out, whole.lets)
  const columns = [...schema.columns].map(([id, ty]): Column => ({ id, ty }))
  const ids = [...columns.map((c) => c.id), ...(schema.rest ? [REST] : [])]
  const emitter = new Emitter(dialects[dialect], env, whole.lets, tables, needs(whole, new Set(ids)))
  if (endMark)
    return withEndMark(emitter, emitter.close(emitter.relation(whole.out)), ids, { columns, rest: schema.rest })
  const block = closeForOrder(emitter, emitter.relation(whole.out), ids)
  const seen = new Set<string>()
  const items = ids.map((id) => {
    const slot = block.columns.get(id) as Slot
    // Formats with values by name need unique names.
    const name = seen.has(slot.name) ? emitter.fresh() : slot.name
    seen.add(name)
    return slot.sql.text === name ? name : `${slot.sql.text} as ${name}`
  })
  const last = selectText({
    items,
    from: [block.from],
    where: emitter.whereTexts(block),
    orderBy: block.order.map((o) =>
      orderText(seen.has(o.slot.name) ? o.slot.name : o.slot.sql.text, o.slot.ty, o, emitter.dialect),
    ),
  })
  return { sql: queryText(emitter, last), columns, rest: schema.rest }
}

/** The first column is 0 in every row, and 1 in the last: a stream without that row was cut off. */
function withEndMark(
  emitter: Emitter,
  block: Block,
  ids: readonly string[],
  shape: Pick<CompiledSql, 'columns' | 'rest'>,
): CompiledSql {
  const { dialect } = emitter
  const shown = ids.map((id) => block.columns.get(id) as Slot)
  const order = block.order.filter((o, i) => block.order.findIndex((p) => p.slot.sql.text === o.slot.sql.text) === i)
  const all = [...new Map([...shown, ...order.map((o) => o.slot)].map((s) => [s.sql.text, s])).values()]
  const nameOf = (slot: Slot): string => `v${all.findIndex((s) => s.sql.text === slot.sql.text)}`
  const marked = (mark: number, of: (slot: Slot) => string): string =>
    [`${mark} as m`, ...all.map((s, i) => `${of(s)} as v${i}`)].join(', ')
  // The other half of the union gives it its type.
  const nothing = (s: Slot): string => (s.ty === 'list' ? dialect.literal(null, s.ty).text : 'null')
  const from = [
    '(',
    `  select ${marked(0, (s) => s.sql.text)}`,
    `  from ${block.from}`,
    '  union all',
    `  select ${marked(1, nothing)}`,
    ') as marked',
  ].join('\n')
  const orderBy = ['m', ...order.map((o) => orderText(nameOf(o.slot), o.slot.ty, o, dialect))]
  // A number of JSON has 53 bits, so values go as texts.
  const value = (s: Slot): string => (s.ty === 'list' ? nameOf(s) : `toString(${nameOf(s)})`)
  const last = selectText({ items: ['m', ...shown.map((s, i) => `${value(s)} as x${i}`)], from: [from], orderBy })
  return { sql: queryText(emitter, last), ...shape }
}

/** Closes the block if its order has a computed column that the result does not have: in ORDER BY, a constant would be a position. */
function closeForOrder(emitter: Emitter, block: Block, ids: readonly string[]): Block {
  const shown = new Set(ids.map((id) => block.columns.get(id)?.name))
  return block.order.some((o) => o.slot.computed && !shown.has(o.slot.name)) ? emitter.close(block) : block
}

function queryText(emitter: Emitter, last: string): string {
  const ctes = emitter.ctes.map((c) => `${c.name} as (\n${c.text}\n)`)
  const head = ctes.length > 0 ? `with ${ctes.join(',\n')}\n` : ''
  const { settings } = emitter.dialect
  return `${head}${last}${settings === '' ? '' : `\n${settings}`}`
}

/**
 * One query that counts the rows of the main relation: two integer columns, `stage` and `rows`, in order of `stage`.
 * Stage 0 is the source (after its own `where`), stage n is after the plan's `out.stages[n - 1]`.
 */
export function auditSql(plan: Plan, dialect: Dialect, env: Env, tables: SourceTables): string {
  const whole = totalOrder(plan)
  const emitter = new Emitter(dialects[dialect], env, whole.lets, tables, needs(whole))
  const names: string[] = []
  emitter.relation(whole.out, (block) => {
    const closed = emitter.close(block)
    names.push(closed.from)
    return closed
  })
  const counts = names.map((name, i) => `select ${i} as stage, count(*) as n from ${name}`)
  const from = [`(\n  ${counts.join('\n  union all\n  ')}\n) as counted`]
  return queryText(emitter, selectText({ items: ['stage', 'n'], from, orderBy: ['stage'] }))
}

/** Why the dialect cannot compute the primitive with these constants; undefined: it can. */
export function tailReason(prim: string, consts: Consts, dialect: Dialect): string | undefined {
  if (WINDOW.has(prim)) return undefined
  const known = primOf(prim)
  if (!known) return `there is no primitive ${prim}`
  const { sql } = dialects[dialect]
  const args = known.params.flatMap(([name], i) => {
    const one = sql.raw(`a${i}`)
    return name.startsWith('...') ? [one, sql.raw(`b${i}`)] : [one]
  })
  const form = formOf(prim, args, consts, dialects[dialect])
  return 'tail' in form ? form.tail : undefined
}
/** Why the dialect cannot compute the stage whatever its primitives are; undefined: it can. */
export function stageTailReason(stage: Stage, dialect: Dialect): string | undefined {
  if (dialect !== 'clickhouse' || stage.kind !== 'window') return undefined
  if (stage.columns.some(({ frame }) => 'back' in frame && frame.others))
    return 'ClickHouse knows no windows without the row itself'
  // "Frame start offset for 'RANGE' frame must be a nonnegative 32-bit integer": 35 minutes in microseconds.
  const far = stage.columns.find(({ frame }) => 'back' in frame && frame.back >= 2n ** 31n)
  return far && 'ClickHouse knows no windows over a range of more than 2^31'
}
const WINDOW = new Set(['win.lag', 'win.lead', 'win.rank'])

/** The type that a column of a table must have in the engine. */
export const physicalType = (ty: Ty, dialect: Dialect): string => dialects[dialect].types[ty]
