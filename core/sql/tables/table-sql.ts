// Reads of a table's rows (core/tables/read.ts) as columns of a derived table.
import type { ColumnType, ListPlace, MapPlace, ScalarPlace } from '../../tables/column.ts'
import { elementName } from '../../tables/column.ts'
import type { ReadColumn } from '../../tables/read-columns.ts'
import { placeOfPath, type Table, type TimeUnit } from '../../tables/mapping.ts'
import type { KeyTest } from '../../tables/key-tests.ts'
import type { KeyFilter, Read, RestPart } from '../../tables/read.ts'
import { formOf } from '../emit-expr.ts'
import type { SourceTable } from '../emitter.ts'
import type { SqlDialect } from '../dialect.ts'
import { Prec, type Sql } from '../../sql-text/fragment.ts'

/** The forms in which engines differ. A text is absent (null) where the event has no field. */
export interface TableDialect {
  readonly base: SqlDialect
  member(of: Sql, name: string): Sql
  /** The text of a value, which a place of this type has. */
  text(value: Sql, type: ColumnType): Sql
  /** A list of an expression over each element. `null` in a list is allowed only inside of the forms of this dialect. */
  each(list: Sql, of: (element: Sql) => Sql): Sql
  /** The same with the 0-based position as a text. */
  eachAt(list: Sql, of: (element: Sql, position: Sql) => Sql): Sql
  keep(list: Sql, holds: (element: Sql) => Sql): Sql
  /** An element by its 0-based position; absent outside. */
  at(list: Sql, index: number): Sql
  /** A value of a map; absent without the key. */
  value(map: Sql, key: string, type: ColumnType): Sql
  /** The values under `before0after`, `before1after` …: as many as keys begin with `before`; absent without the key. */
  keyed(map: Sql, before: string, after: string, type: ColumnType): Sql
  /** The entries of a map, in order, as a list; `key` and `value` of an element. */
  entries(map: Sql): Sql
  readonly key: (entry: Sql) => Sql
  readonly entryValue: (entry: Sql) => Sql
  list(of: readonly Sql[]): Sql
  /** The elements before the first null. */
  untilNull(list: Sql): Sql
  isSome(list: Sql): Sql
  /** A list of texts without nulls as one text; null for an empty list. */
  joined(list: Sql): Sql
  /** The texts that are not null, with commas between; the empty text for none. */
  commas(of: readonly Sql[]): Sql
  join(of: readonly Sql[]): Sql
  /** A JSON string. */
  quote(text: Sql): Sql
  /** JSON text of a list of nullable texts; of a list of pairs of texts. */
  json(list: Sql): Sql
  pair(key: Sql, value: Sql): Sql
  /** Is the text one of these, or does it begin with one of those? */
  isOneOf(text: Sql, names: KeyFilter): Sql
  /** Is the name of a field, without its indexes, below one of these? `a[0]` and `a.b` are below `a`. */
  isBelow(text: Sql, names: readonly string[]): Sql
  /** Microseconds since 1970. */
  micros(value: Sql, type: ColumnType, unit: TimeUnit | undefined): Sql
  /** A test that time lies in an interval, in a form by which the engine skips parts of the table. */
  within(value: Sql, type: ColumnType, unit: TimeUnit | undefined, from: bigint, to: bigint): Sql
}

export interface TablePlace {
  /** The text after FROM. */
  readonly from: string
  /** File of the row, and its place in the order of the input. Null: the engine knows none. */
  readonly file: Sql
  readonly order: Sql
}

/** Microseconds, `[start, end)`. */
export type TableBounds = { readonly start: bigint; readonly end: bigint } | null

/**
 * The reads as items of the first SELECT of a plan, which is over the table itself. A derived table would be simpler, but DuckDB 1.5.6 computes
 * all its columns before a filter by regexp_matches (findings/duckdb-filter-after-projection.sh), and a cluster does not compute it in place.
 */
export function tableItself(
  dialect: TableDialect,
  table: Table,
  place: TablePlace,
  reads: readonly ReadColumn[],
  bounds: TableBounds,
  keys: readonly KeyTest[] = [],
): SourceTable & { readonly items: readonly Sql[]; readonly where: readonly Sql[] } {
  const writer = new ReadWriter(dialect, table, place)
  return {
    from: place.from,
    columns: reads.map((_, i) => `r${i}`),
    items: reads.map(({ read }) => writer.read(read)),
    where: [
      ...(bounds === null ? [] : [writer.within(bounds)]),
      ...keys.filter((k) => k.isPlain).map((k) => writer.key(k)),
    ],
  }
}

type At = Pick<ScalarPlace, 'column' | 'members'>

class ReadWriter {
  readonly #d: TableDialect
  readonly #table: Table
  readonly #place: TablePlace
  readonly #physical: ReadonlyMap<string, string>

  constructor(dialect: TableDialect, table: Table, place: TablePlace) {
    this.#d = dialect
    this.#table = table
    this.#place = place
    this.#physical = new Map(
      table.columns.flatMap((c) => (c.physical === undefined ? [] : [[c.name, c.physical] as const])),
    )
  }

  read(read: Read): Sql {
    const d = this.#d
    const { sql, literal } = d.base
    switch (read.kind) {
      case 'time': {
        const time = this.#time()
        return time ? d.micros(this.#at(time), time.type, time.unit) : literal(null, 'time')
      }
      case 'file':
        return this.#place.file
      case 'order': {
        const order = placeOfPath(this.#table, this.#table.mapping.order ?? '')
        return order ? sql`cast(${this.#at(order)} as ${sql.raw(d.base.types.int)})` : this.#place.order
      }
      case 'raw': {
        const raw = placeOfPath(this.#table, this.#table.mapping.raw ?? '')
        return raw ? d.text(this.#at(raw), raw.type) : literal(null, 'str')
      }
      case 'scalar':
        return d.text(this.#at(read.of), read.of.type)
      case 'element':
        return d.at(this.#texts(read.of), read.index)
      case 'key':
        return d.value(this.#at(read.of), read.key, read.of.type)
      case 'list':
        return d.untilNull(this.#texts(read.of))
      case 'family':
        return d.untilNull(d.list(read.of.map((p) => d.text(this.#at(p), p.type))))
      case 'keys':
        return d.untilNull(d.keyed(this.#at(read.of), `${read.before}[`, `]${read.after}`, read.of.type))
      case 'some':
        return this.#some(read)
      case 'rest':
        return d.join([sql`'{'`, d.commas(read.parts.map((p) => this.#part(p))), sql`'}'`])
      case 'json':
        if (read.of.kind === 'json') return d.text(this.#at({ column: read.of.column, members: [] }), { kind: 'other' })
        return d.json(read.of.kind === 'list' ? this.#texts(read.of) : this.#pairs(read.of))
    }
  }

  /** Undefined: the events have no time. */
  #time(): (At & { type: ColumnType; unit: TimeUnit | undefined }) | undefined {
    const { time } = this.#table.mapping
    const at = time && placeOfPath(this.#table, time.column)
    return at && { ...at, unit: time.unit }
  }

  within({ start, end }: { readonly start: bigint; readonly end: bigint }): Sql {
    const time = this.#time()
    return time ? this.#d.within(this.#at(time), time.type, time.unit, start, end) : this.#d.base.sql.raw('false')
  }

  key({ of, values }: KeyTest): Sql {
    const { sql } = this.#d.base
    return sql.at(Prec.compare)`${this.#at(of)} in (${sql.join(values.map(sql.str), ', ')})`
  }

  #at({ column, members }: At): Sql {
    return this.#inner(this.#d.base.sql.id(this.#physical.get(column) ?? column), members)
  }
  #inner(of: Sql, members: readonly string[]): Sql {
    return members.reduce((x, m) => this.#d.member(x, m), of)
  }

  #texts(place: ListPlace): Sql {
    return this.#d.each(this.#at(place), (e) => this.#d.text(this.#inner(e, place.inner), place.type))
  }
  #pairs(place: MapPlace): Sql {
    const d = this.#d
    return d.each(d.entries(this.#at(place)), (e) => d.pair(d.key(e), d.text(d.entryValue(e), place.type)))
  }

  #some({ of, test, exceptKeys, onlyBelow }: Extract<Read, { kind: 'some' }>): Sql {
    const d = this.#d
    const { sql } = d.base
    const holds = (value: Sql): Sql => {
      const form = formOf(test.prim, [value], test.consts as never, d.base)
      if ('tail' in form) throw new Error(`internal: a search by ${test.prim} has no form: ${form.tail}`)
      return sql`coalesce(${sql.at(Prec.and)`${value} is not null and ${form}`}, false)`
    }
    if (of.kind === 'list') return d.isSome(d.keep(this.#texts(of), holds))
    return d.isSome(
      d.keep(d.entries(this.#at(of)), (e) => {
        const key = d.key(e)
        const tests = [
          ...(onlyBelow ? [d.isBelow(key, onlyBelow)] : []),
          ...(hasNames(exceptKeys) ? [sql`not ${d.isOneOf(key, exceptKeys)}`] : []),
          holds(d.text(d.entryValue(e), of.type)),
        ]
        return sql`(${sql.join(tests, ' and ')})`
      }),
    )
  }

  #part(part: RestPart): Sql {
    const d = this.#d
    const { sql } = d.base
    const { of } = part
    if (of.kind === 'scalar') {
      const member = d.join([sql.str(`${JSON.stringify(of.name)}:`), d.quote(this.read({ kind: 'scalar', of }))])
      const onlyIf = 'onlyIf' in part ? part.onlyIf : undefined
      if (!onlyIf) return member
      const tests = onlyIf.map((r) => sql`${this.read(r)} is not null`)
      return sql`case when ${sql.join(tests, ' or ')} then ${member} end`
    }
    if (of.kind === 'list') {
      const [before = '', after = ''] = JSON.stringify(elementName(of)).split('[]')
      const member = (e: Sql, i: Sql): Sql =>
        d.join([sql.str(`${before}[`), i, sql.str(`]${after}:`), d.quote(d.text(this.#inner(e, of.inner), of.type))])
      return d.joined(d.keep(d.eachAt(this.#at(of), member), (t) => sql`${t} is not null`))
    }
    const except: KeyFilter = { names: 'except' in part ? part.except : [], prefixes: [] }
    const entries = d.entries(this.#at(of))
    const wanted = hasNames(except) ? d.keep(entries, (e) => sql`not ${d.isOneOf(d.key(e), except)}`) : entries
    const name = (key: Sql): Sql => (of.name === '' ? key : d.join([sql.str(`${of.name}.`), key]))
    const member = (e: Sql): Sql =>
      d.join([d.quote(name(d.key(e))), sql`':'`, d.quote(d.text(d.entryValue(e), of.type))])
    return d.joined(d.keep(d.each(wanted, member), (t) => sql`${t} is not null`))
  }
}

const hasNames = ({ names, prefixes }: KeyFilter): boolean => names.length + prefixes.length > 0
