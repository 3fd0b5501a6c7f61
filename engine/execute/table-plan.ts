// A plan over tables: the binding of each source as stages before its own, and the SQL of the tables that they read.
import { noRecords, unanswered } from '../../core/diag/catalogue/table.ts'
import { type Diagnostic, diagnostic, inLog } from '../../core/diag/diagnostic.ts'
import { candidates } from '../../core/eval/bind.ts'
import { namesOf } from '../../core/logs/cps/names.ts'
import { NETWORK } from '../../core/logs/network/network.ts'
import { formatNamed } from '../../core/logs/registry.ts'
import type { From, Plan, Relation, SourceColumn, SourceNode, Stage } from '../../core/plan/plan.ts'
import { isLookup, sourceKey } from '../../core/plan/sources.ts'
import { mapRelations } from '../../core/plan/walk.ts'
import type { Dialect } from '../../core/prims/prim.ts'
import { type Table as SqlTable, tailReason } from '../../core/sql/compile.ts'
import { duckdbTable, parquetPlace } from '../../core/sql/duckdb/table.ts'
import { clickhousePlace, clickhouseTable } from '../../core/sql/clickhouse/table.ts'
import { tableItself } from '../../core/sql/tables/table-sql.ts'
import { TableBinder } from '../../core/tables/bind-table.ts'
import { TableFields } from '../../core/tables/find-field.ts'
import type { KeyTest } from '../../core/tables/key-tests.ts'
import type { ReadColumn } from '../../core/tables/read-columns.ts'
import { copiesOf, type ParquetTable } from '../inputs/table-file.ts'
import type { Bounds } from '../scan/bounds.ts'
import type { TableInput } from './table-input.ts'

interface ReadTable {
  readonly input: TableInput
  /** Place among the files of the run. */
  readonly place: number
  readonly reads: readonly ReadColumn[]
  readonly interval: SourceNode['interval']
  readonly keys: readonly KeyTest[]
}

/** The tables that a bound plan reads, by the names of its sources. */
export class BoundTables {
  readonly #read = new Map<string, ReadTable>()
  readonly #bounds: Bounds
  readonly #dialect: Dialect

  constructor(bounds: Bounds, dialect: Dialect) {
    this.#bounds = bounds
    this.#dialect = dialect
  }

  binder({ table, tags }: TableInput): TableBinder {
    const tailOf = (prim: string, consts: Readonly<Record<string, unknown>>) =>
      tailReason(prim, consts as never, this.#dialect)
    return new TableBinder(table.table, table.aliases, { ...table.tags, ...tags }, tailOf, copiesOf(table.table))
  }

  /** `keys`: of every row that the plan needs. */
  add(
    input: TableInput,
    place: number,
    reads: readonly ReadColumn[],
    interval: SourceNode['interval'],
    keys: readonly KeyTest[] = [],
  ): string {
    const name = `table:${this.#read.size}`
    this.#read.set(name, { input, place, reads, interval, keys })
    return name
  }

  /** The SQL of a source that `add` named. */
  sql(source: SourceNode): SqlTable {
    const found = this.#read.get(source.name)
    if (!found) throw new Error(`internal: no table for the source ${source.name}`)
    const { input, place, reads, interval, keys } = found
    const { at, table } = input.table
    const bounds = interval === 'query' ? this.#bounds : null
    if (at.engine === 'clickhouse')
      return tableItself(
        clickhouseTable,
        table,
        clickhousePlace(at.address.database, at.address.table, table),
        reads,
        bounds,
        keys,
      )
    const hasOrder = table.mapping.order !== undefined
    const isOrdered = reads.some(({ read }) => (read.kind === 'order' && !hasOrder) || read.kind === 'file')
    const paths = isOrdered ? at.paths : pathsOf(at, bounds, keys, columnsOf(reads, table))
    const from = parquetPlace({ paths, offsets: at.offsets, base: BigInt(place) << 44n }, isOrdered)
    return tableItself(duckdbTable, table, from, reads, bounds, keys)
  }
}

/** The numbers of the files that may have events of the interval with these keys. */
function filesOf({ paths, spans, facts }: ParquetTable, bounds: Bounds, keys: readonly KeyTest[]): number[] {
  return [...paths.keys()].filter((i) => {
    const span = spans?.[i]
    if (bounds && span && (span[1] < bounds.start || span[0] >= bounds.end)) return false
    return keys.every(({ of, values }) => {
      const only = facts?.[i]?.only.get(of.name)
      return only === undefined || values.includes(only)
    })
  })
}

/** With others that have the columns, because the engine refuses a name that no file has. At least one. */
function pathsOf(
  at: ParquetTable,
  bounds: Bounds,
  keys: readonly KeyTest[],
  columns: readonly string[],
): readonly string[] {
  const { paths, facts } = at
  const files = new Set(filesOf(at, bounds, keys))
  if (files.size === 0) files.add(0)
  for (const c of facts ? columns : []) {
    const having = facts?.findIndex((f, i) => files.has(i) && f.columns.has(c)) ?? -1
    const other = facts?.findIndex((f) => f.columns.has(c)) ?? -1
    if (having < 0 && other >= 0) files.add(other)
  }
  return paths.filter((_, i) => files.has(i))
}

/** Columns of the table that are read; a read of many counts as all of them. */
function columnsOf(reads: readonly ReadColumn[], table: TableInput['table']['table']): string[] {
  const own = new Set(['file', 'order', 'raw', 'time'])
  const isEach = reads.every(({ read }) => read.kind === 'scalar' || own.has(read.kind))
  if (!isEach) return table.columns.map((c) => c.name)
  return reads.flatMap(({ read }) => (read.kind === 'scalar' ? [read.of.column] : []))
}

/** True if the lists of the stores tell that every event which may pass the source's filter has a text in each of the fields. */
export function hasAll(source: SourceNode, fields: readonly string[], inputs: readonly TableInput[]): boolean {
  const tables = new BoundTables(null, 'duckdb')
  return inputs.every((input) => {
    const { at } = input.table
    if (at.engine !== 'duckdb' || !at.facts) return false
    const binder = tables.binder(input)
    const names = fields.map((f) => binder.onlyColumn(f)?.name)
    const files = filesOf(at, null, binder.bind(source, '').keys)
    return files.length > 0 && files.every((i) => names.every((n) => n !== undefined && at.facts?.[i]?.full.has(n)))
  })
}

export interface BoundPlan {
  /** Undefined: some source cannot be bound in SQL, for the `reasons`. */
  readonly plan: Plan | undefined
  readonly reasons: readonly string[]
}

/** The plan with its sources of telemetry as relations over the tables' own columns. */
export function bindPlan(plan: Plan, inputs: readonly TableInput[], tables: BoundTables): BoundPlan {
  const reasons = new Set<string>()
  const binders = inputs.map((input) => tables.binder(input))
  const known = new Map<string, readonly Relation[]>()
  const relationsOf = (source: SourceNode): readonly Relation[] => {
    const key = sourceKey(source)
    const before = known.get(key)
    if (before) return before
    const relations = inputs.flatMap((input, i): Relation[] => {
      const bound = (binders[i] as TableBinder).bind(source, '')
      for (const r of bound.reasons) reasons.add(r)
      if (!bound.relation) return []
      const name = tables.add(input, i, bound.reads, source.interval, bound.keys)
      return [{ ...bound.relation, from: { ...(bound.relation.from as SourceNode), name } }]
    })
    known.set(key, relations)
    return relations
  }
  const isTelemetry = (from: From): from is SourceNode => from.kind === 'source' && !isLookup(from)
  const bound = mapRelations(plan, (r) => {
    if (!isTelemetry(r.from)) return r
    const [first, ...others] = relationsOf(r.from)
    if (!first) return r
    const union: Stage[] = others.length > 0 ? [{ kind: 'union', others }] : []
    return { from: first.from, stages: [...first.stages, ...union, ...r.stages] }
  })
  return { plan: reasons.size > 0 ? undefined : bound, reasons: [...reasons] }
}

/** Warnings about what events of logs have and a table lacks. */
export function warnLacking(input: TableInput, sources: readonly SourceNode[]): Diagnostic[] {
  const { name, table } = input
  const isRead = ({ from }: SourceColumn): boolean =>
    from.kind === 'search' ? from.of === undefined : from.kind === 'meta' && from.name === 'raw'
  const lacksRecords =
    table.table.mapping.raw === undefined && sources.some((s) => !isLookup(s) && s.columns.some(isRead))
  return [
    ...warnUnanswered(input, sources),
    ...(lacksRecords ? [diagnostic(noRecords, inLog(name), { path: name })] : []),
  ]
}

/** Names of the sources that events of the table's format answer, but that no column has. */
function warnUnanswered({ name, table, tags }: TableInput, sources: readonly SourceNode[]): Diagnostic[] {
  const { mapping } = table.table
  if (mapping.stored) return []
  const format = mapping.format === undefined ? undefined : formatNamed(mapping.format)
  if (!format) return []
  const fields = new TableFields(table.table, copiesOf(table.table))
  const given = new Set(Object.keys({ ...mapping.fields, ...table.tags, ...tags }))
  const answers = namesOf(format)
  const isMade = (n: string): boolean => n.startsWith(NETWORK) || answers?.answers(n) === true
  const names = sources
    .filter((s) => !isLookup(s))
    .flatMap((s) => s.columns.flatMap(({ from }) => (from.kind !== 'meta' && 'name' in from ? [from.name] : [])))
    .filter(
      (n) => candidates(n, table.aliases).every((c) => !given.has(c) && fields.find(c).reads.length === 0) && isMade(n),
    )
  if (names.length === 0) return []
  return [diagnostic(unanswered, inLog(name), { path: name, names: [...new Set(names)], format: format.name })]
}
