// Names of a query over the columns of a table: the SQL gives the rows that the JavaScript binding gives over the same events.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { binder, type Tags } from '../../core/eval/bind.ts'
import { evaluateTuples } from '../../core/eval/evaluate.ts'
import type { Tuple } from '../../core/eval/sink.ts'
import { NO_ENV, text, test as testOf } from '../../core/plan/build.ts'
import type { Expr, Pred, SourceColumn, SourceNode, Ty, Value } from '../../core/plan/plan.ts'
import { compileSql, tailReason } from '../../core/sql/compile.ts'
import { clickhouseTable } from '../../core/sql/clickhouse/table.ts'
import { duckdbTable } from '../../core/sql/duckdb/table.ts'
import { tableItself, type TableDialect } from '../../core/sql/tables/table-sql.ts'
import { TableBinder } from '../../core/tables/bind-table.ts'
import type { ColumnType, TableColumn } from '../../core/tables/column.ts'
import { rowReader, type RowValues, wholeRow } from '../../core/tables/event.ts'
import type { Table, TableMapping } from '../../core/tables/mapping.ts'
import { type Engine, openClickhouse, openDuckdb, rowKey } from '../../engine/cases/sql-engines.ts'
import { runs } from '../../tools/property-runs.ts'

/** How an engine writes types and values of tables. */
interface Writer {
  readonly dialect: TableDialect
  readonly type: (type: ColumnType) => string
  readonly value: (value: unknown, type: ColumnType) => string
}

const duck: Writer = {
  dialect: duckdbTable,
  type: (t) => {
    switch (t.kind) {
      case 'list':
        return `${duck.type(t.of)}[]`
      case 'map':
        return `map(varchar, ${duck.type(t.of)})`
      case 'struct':
        return `struct(${t.members.map((m) => `"${m.name}" ${duck.type(m.type)}`).join(', ')})`
      default:
        return {
          bool: 'boolean',
          double: 'double',
          exact: 'decimal(10, 2)',
          other: 'uuid',
          stamp: 'timestamp',
          text: 'varchar',
          whole: 'bigint',
        }[t.kind]
    }
  },
  value: (v, t) => {
    if (v === null) return 'null'
    const { sql } = duckdbTable.base
    if (t.kind === 'list') return `[${(v as unknown[]).map((x) => duck.value(x, t.of)).join(', ')}]`
    if (t.kind === 'map')
      return `map {${Object.entries(v as object)
        .map(([k, x]) => `${sql.str(k).text}: ${duck.value(x, t.of)}`)
        .join(', ')}}`
    if (t.kind === 'struct')
      return `{${t.members.map((m) => `'${m.name}': ${duck.value((v as Record<string, unknown>)[m.name], m.type)}`).join(', ')}}`
    return t.kind === 'double' ? `cast('${String(v)}' as double)` : sql.str(String(v)).text
  },
}

const click: Writer = {
  dialect: clickhouseTable,
  type: (t) => {
    switch (t.kind) {
      case 'list':
        return `Array(${click.type(t.of)})`
      case 'map':
        return `Map(String, ${click.type(t.of)})`
      case 'struct':
        return `Tuple(${t.members.map((m) => `${m.name} ${click.type(m.type)}`).join(', ')})`
      default:
        return `Nullable(${{ bool: 'Bool', double: 'Float64', exact: 'Decimal(10, 2)', other: 'UUID', stamp: "DateTime64(6, 'UTC')", text: 'String', whole: 'Int64' }[t.kind]})`
    }
  },
  // A list, a map and a tuple cannot be null: they are empty, or all of their members are absent.
  value: (v, t) => {
    const { sql } = clickhouseTable.base
    if (t.kind === 'list') return `[${((v ?? []) as unknown[]).map((x) => click.value(x, t.of)).join(', ')}]`
    if (t.kind === 'map')
      return `map(${Object.entries((v ?? {}) as object)
        .map(([k, x]) => `${sql.str(k).text}, ${click.value(x, t.of)}`)
        .join(', ')})`
    if (t.kind === 'struct')
      return `tuple(${t.members.map((m) => `cast(${click.value((v as Record<string, unknown> | null)?.[m.name] ?? null, m.type)} as ${click.type(m.type)})`).join(', ')})`
    if (v === null) return 'null'
    return sql.str(String(v)).text
  },
}

// ── tables ──

const TEXTS = ['', 'a', 'A', 'évil', '0', '21', 'a"b\\c', '\u000b\u001f\n\t', '😀', '*', "it's", '/x', ' ']
const texts = fc.constantFrom(...TEXTS)
const scalars: readonly (readonly [ColumnType, fc.Arbitrary<unknown>])[] = [
  [{ kind: 'text', isPlain: true }, texts],
  [{ kind: 'whole' }, fc.constantFrom(0, -1, 21, 443, 2 ** 40)],
  [{ kind: 'double' }, fc.constantFrom(0, 1, -0.5, 1e21, 1e-7, 1.5)],
  [{ kind: 'bool' }, fc.boolean()],
  [{ kind: 'stamp' }, fc.constantFrom('2026-01-01 00:00:00', '1969-12-31 23:59:59.999', '2026-02-03 04:05:06.000007')],
  [{ kind: 'exact' }, fc.constantFrom('1.50', '-0.01', '12')],
]
const MEMBERS = ['a', 'b', 'c']
const scalarType = fc.constantFrom(...scalars.map(([t]) => t))
const structOf = (of: fc.Arbitrary<ColumnType>): fc.Arbitrary<ColumnType> =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom(...MEMBERS), of), { minLength: 1, maxLength: 2, selector: ([n]) => n })
    .map((members) => ({
      kind: 'struct',
      members: members.map(([name, type]) => ({ name, type })),
    }))
const listOf = (of: fc.Arbitrary<ColumnType>): fc.Arbitrary<ColumnType> => of.map((of) => ({ kind: 'list', of }))
const columnType: fc.Arbitrary<ColumnType> = fc.oneof(
  { weight: 4, arbitrary: scalarType },
  listOf(scalarType),
  structOf(fc.oneof(scalarType, listOf(scalarType))),
  listOf(structOf(scalarType)),
  fc.constant<ColumnType>({ kind: 'map', of: { kind: 'text' } }),
)
const anyOf = (t: ColumnType): fc.Arbitrary<unknown> => {
  const some = (): fc.Arbitrary<unknown> => {
    if (t.kind === 'list') return fc.array(anyOf(t.of), { maxLength: 3 })
    if (t.kind === 'map')
      return fc.dictionary(
        fc.constantFrom('a', 'k', 'a.b', 'host', '#t', 'p[0]', 'p[1]', 'p[2]', 'p[0].a', 'a[x]', 'k.a', 'a[0].b'),
        fc.oneof(texts, fc.constant(null)),
        {
          noNullPrototype: true,
        },
      )
    if (t.kind === 'struct') return fc.record(Object.fromEntries(t.members.map((m) => [m.name, anyOf(m.type)])))
    return (scalars.find(([s]) => s.kind === t.kind) as (typeof scalars)[number])[1]
  }
  return fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 4, arbitrary: some() })
}
const NAMES = ['a', 'b', 'a.b', 'a.c', 'p', 'host', 'p[0]', '#t']
const columns: fc.Arbitrary<TableColumn[]> = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), columnType), { minLength: 1, maxLength: 5, selector: ([n]) => n })
  .map((all) => all.map(([name, type]) => ({ name, type })))

interface Case {
  readonly columns: readonly TableColumn[]
  readonly rows: readonly Record<string, unknown>[]
  readonly mapping: TableMapping
  readonly aliases: Readonly<Record<string, readonly string[]>>
  readonly tags: Tags
  readonly source: SourceNode
}

const ASKED = [...NAMES, 'a[0]', 'a[1]', 'a[0].b', 'p.a', 'p[0].a', 'k', 'a.b[0]', 'other']
const asked = fc.constantFrom(...ASKED)
const test = fc.constantFrom(
  { prim: 'str.glob', consts: { pattern: '*a*', ignoreCase: true } },
  { prim: 'str.glob', consts: { pattern: '', ignoreCase: false } },
)
const binding: fc.Arbitrary<readonly [Ty, SourceColumn['from']]> = fc.oneof(
  { weight: 5, arbitrary: asked.map((name) => ['str', { kind: 'field', name }] as const) },
  fc.constantFrom('a', 'p', 'a[].b', 'p[].a', 'a.b').map((name) => ['list', { kind: 'array', name }] as const),
  fc.constant(['str', { kind: 'meta', name: 'raw' }] as const),
  fc.constant(['time', { kind: 'meta', name: 'time' }] as const),
  fc
    .tuple(test, fc.subarray(NAMES), fc.subarray(['#', 'a.']))
    .map(([t, except, exceptPrefixes]) => ['bool', { kind: 'search', test: t, except, exceptPrefixes }] as const),
  fc
    .tuple(test, fc.uniqueArray(asked, { minLength: 1, maxLength: 2 }))
    .map(([t, of]) => ['bool', { kind: 'search', test: t, of, except: [] }] as const),
  fc.constantFrom('a', 'zz').map((name) => ['list', { kind: 'elements', name }] as const),
)
const names = fc.dictionary(asked, fc.array(asked, { minLength: 1, maxLength: 2 }), {
  maxKeys: 2,
  noNullPrototype: true,
})

const cases: fc.Arbitrary<Case> = columns.chain((columns) => {
  const row = fc.record(Object.fromEntries(columns.map((c) => [c.name, anyOf(c.type)])))
  const of = (...kinds: string[]): string[] => columns.filter((c) => kinds.includes(c.type.kind)).map((c) => c.name)
  const one = (from: readonly string[]): fc.Arbitrary<string | undefined> => fc.constantFrom(undefined, ...from)
  const mapping = fc.record({ rest: one(of('map')), raw: one(of('text')), time: one(of('stamp')), fields: names }).map(
    ({ rest, raw, time, fields }): TableMapping => ({
      fields,
      tags: {},
      rest,
      raw,
      ...(time !== undefined && { time: { column: time } }),
    }),
  )
  const bindings = fc.array(binding, { minLength: 1, maxLength: 4 })
  return fc
    .record({
      rows: fc.array(row, { minLength: 1, maxLength: 4 }),
      mapping,
      tags: fc.constantFrom<Tags>({}, { '#t': 'tag', other: 'x' }),
      bindings,
      rest: fc.boolean(),
      wanted: fc.option(texts),
      isNot: fc.boolean(),
    })
    .map(({ rows, mapping, tags, bindings, rest, wanted, isNot }) => {
      const own = bindings.map(([ty, from], i): SourceColumn => ({ id: `c${i}`, ty, from }))
      const first = own.find((c) => c.ty === 'str')
      const read: Expr = { kind: 'col', id: first?.id ?? '', ty: 'str' }
      const isWanted = testOf('str.eq', [read, text(wanted ?? '')])
      const where: Pred =
        first && wanted !== null ? (isNot ? { kind: 'not', of: isWanted } : isWanted) : { kind: 'true' }
      const source: SourceNode = { kind: 'source', name: 'events', columns: own, rest, interval: 'all', where }
      return { columns, rows, mapping, aliases: mapping.fields, tags, source }
    })
})

function derived({ columns, rows }: Case, w: Writer): string {
  const id = (n: string): string => w.dialect.base.sql.id(n).text
  const select = (row: Record<string, unknown>, i: number): string =>
    `select ${columns.map((c) => `cast(${w.value(row[c.name], c.type)} as ${w.type(c.type)}) as ${id(c.name)}`).join(', ')}, ${i} as row_at`
  return `(${rows.map(select).join(' union all ')})`
}

/** Why the case was not compared, or nothing. */
async function compare(c: Case, engine: Engine, w: Writer): Promise<readonly string[]> {
  const table: Table = { columns: c.columns, mapping: c.mapping }
  const { sql } = w.dialect.base
  const place = {
    from: derived(c, w),
    file: sql.str('f'),
    order: sql.raw(`cast(row_at as ${w.dialect.base.types.int})`),
  }
  const whole = wholeRow(table)
  const asReads = [{ kind: 'order' } as const, ...whole].map((read, i) => ({ id: `r${i}`, read }))
  const pulled = tableItself(w.dialect, table, place, asReads, null)
  const strs: Ty[] = ['int', 'time', ...whole.slice(1).map((): Ty => 'str')]
  const values = await engine.run(
    `select ${pulled.items.map((i) => i.text).join(', ')} from ${pulled.from} as t order by 1`,
    strs,
  )
  const read = rowReader(table)
  const bind = binder(c.source, c.aliases, c.tags)
  const tuples = values.map((v): Tuple => {
    const event = read(v.slice(1).map((x) => (x === null ? null : String(x))) as unknown as RowValues)
    return bind.tuple(event, { file: 'f', raw: '', seq: v[0] as bigint })
  })
  const bound = new TableBinder(table, c.aliases, c.tags, (prim, consts) =>
    tailReason(prim, consts as never, engine.dialect),
  ).bind(c.source, 'bound')
  if (!bound.relation) return bound.reasons
  const compiled = compileSql({ lets: [], out: bound.relation }, engine.dialect, NO_ENV, () =>
    tableItself(w.dialect, table, place, bound.reads, null, bound.keys),
  )
  const types: Ty[] = [...c.source.columns.map((x) => x.ty), ...(c.source.rest ? (['str'] as const) : [])]
  const got = await engine.run(compiled.sql, types)
  const unfiltered = { ...c.source, where: { kind: 'true' } as const }
  const plan = { lets: [], out: { from: unfiltered, stages: [{ kind: 'filter', where: c.source.where } as const] } }
  const wanted = evaluateTuples(plan, () => tuples, NO_ENV).rows
  // The text of the rest may write a control character in another way.
  const plain = (r: readonly Value[]): Value[] =>
    r.map((v, i) => (c.source.rest && i === types.length - 1 ? JSON.stringify(JSON.parse(String(v))) : v))
  const keys = (rows: readonly (readonly Value[])[]): string[] => rows.map((r) => rowKey(plain(r), types)).sort()
  assert.deepEqual(keys(got), keys(wanted), compiled.sql)
  return []
}

const engines: readonly {
  name: string
  open: () => Promise<Engine> | Engine | undefined
  writer: Writer
  runs: number
}[] = [
  { name: 'duckdb', open: openDuckdb, writer: duck, runs: runs(150) },
  { name: 'clickhouse', open: openClickhouse, writer: click, runs: runs(150) },
]

for (const { name, open, writer, runs } of engines) {
  describe(`names over columns: JavaScript = ${name}`, () => {
    let engine: Engine | undefined
    before(async () => {
      engine = await open()
    })
    after(() => engine?.close())

    it('gives the same rows, for most tables in SQL', async (t) => {
      if (!engine) return t.skip('chdb is not installed (ASSAY_CHDB)')
      const e = engine
      let compared = 0
      await fc.assert(
        fc.asyncProperty(cases, async (c) => {
          if ((await compare(c, e, writer)).length === 0) compared++
        }),
        { numRuns: runs, endOnFailure: process.env['ASSAY_SHRINK'] === undefined },
      )
      assert.ok(compared > runs / 4, `${compared} of ${runs} were compared`)
    })
  })
}
