// Handwritten stages, hostile literals, precedence, spooled files: on DuckDB, and on ClickHouse if chdb is installed.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { call, col, holds, iff, lit, not, present, TRUE, test, text } from '../../core/plan/build.ts'
import type { Env, Plan, Row, SourceNode, Stage, Ty, Value } from '../../core/plan/plan.ts'
import { afterAggregates } from '../../core/sql/after-aggregates.ts'
import { compileSql, stageTailReason, tailReason } from '../../core/sql/compile.ts'
import { dialects } from '../../core/sql/dialects.ts'
import { readNdjson } from '../../core/sql/duckdb/read.ts'
import { Prec } from '../../core/sql-text/fragment.ts'
import { type Engine, literalTable, openClickhouse, openDuckdb, typesOf } from '../../engine/cases/sql-engines.ts'

const env: Env = { now: 9n, start: 0n, end: 10n, zone: 'UTC' }
const source = (columns: Readonly<Record<string, Ty>>): SourceNode => ({
  kind: 'source',
  name: 'events',
  columns: Object.entries(columns).map(([id, ty]) => ({ id, ty, from: { kind: 'field', name: id } })),
  rest: false,
  interval: 'all',
  where: TRUE,
})
const planOf = (from: SourceNode, ...stages: Stage[]): Plan => ({ lets: [], out: { from, stages } })
const a = col('a', 'str')
const rows: Row[] = [
  { a: 'x', n: 1n },
  { a: null, n: 2n },
  { a: 'y', n: 3n },
  { a: 'x', n: null },
]
const events = source({ a: 'str', n: 'int' })
const NASTY = ["'", "''", '\\', "\\'", '"', '`', '\0', 'a\0b', '\n  x', '\r\t', '--', "'; drop table t; --", '%', '😀']

for (const open of [openDuckdb, openClickhouse]) {
  const name = open === openDuckdb ? 'duckdb' : 'clickhouse'
  describe(`compiled SQL on ${name}`, () => {
    let engine: Engine | undefined
    before(async () => {
      engine = await open()
    })
    after(() => engine?.close())
    const run = async (e: Engine, plan: Plan, given: readonly Row[] = rows): Promise<Value[][]> => {
      const compiled = compileSql(plan, e.dialect, env, (s) => literalTable(s, given, e.dialect))
      return e.run(compiled.sql, typesOf(compiled))
    }
    const check = (what: string, body: (e: Engine) => Promise<void>): void => {
      it(what, async (t) => (engine ? body(engine) : t.skip('chdb is not installed (ASSAY_CHDB)')))
    }

    check('a test and its negation part the rows, absents included', async (e) => {
      const is = test('str.eq', [a, text('x')])
      assert.equal((await run(e, planOf(events, { kind: 'filter', where: is }))).length, 2)
      assert.equal((await run(e, planOf(events, { kind: 'filter', where: not(is) }))).length, 2)
      const none = await run(e, planOf(events, { kind: 'filter', where: not(present(a)) }))
      assert.deepEqual(none, [[null, 2n]])
      const held = holds(lit(null, 'bool'))
      assert.equal((await run(e, planOf(events, { kind: 'filter', where: not(held) }))).length, 4)
    })

    const counted = (nullKeys: 'drop' | 'keep', keyed = true): Stage => ({
      kind: 'aggregate',
      keys: keyed ? [{ id: 'k', expr: a }] : [],
      nullKeys,
      aggs: [
        { id: 'c', prim: 'agg.count', args: [], consts: {}, where: present(col('n', 'int')), ty: 'int' },
        { id: 's', prim: 'agg.sumInt', args: [col('n', 'int')], consts: {}, where: TRUE, ty: 'int' },
      ],
      limit: null,
    })
    check('groups: absent keys kept first or dropped', async (e) => {
      assert.deepEqual(await run(e, planOf(events, counted('keep'))), [
        [null, 1n, 2n],
        ['x', 1n, 1n],
        ['y', 1n, 3n],
      ])
      assert.deepEqual(await run(e, planOf(events, counted('drop'))), [
        ['x', 1n, 1n],
        ['y', 1n, 3n],
      ])
    })
    check('groups of no rows: one without keys, none with', async (e) => {
      assert.equal((await run(e, planOf(events, counted('keep')), [])).length, 0)
      const [row] = await run(e, planOf(events, counted('keep', false)), [])
      assert.equal(row?.[0], 0n)
    })
    check('order survives what comes after it', async (e) => {
      const got = await run(
        e,
        planOf(
          events,
          { kind: 'order', by: [{ expr: col('n', 'int'), dir: 'desc', nulls: 'first' }] },
          { kind: 'set', columns: [{ id: 'n', expr: lit(0n, 'int') }] },
          { kind: 'set', columns: [{ id: 'b', expr: call('str.concat', 'str', [a, text('!')]) }] },
          { kind: 'project', columns: ['a', 'n'], rest: false },
        ),
      )
      assert.deepEqual(got, [
        ['x', 0n],
        ['y', 0n],
        [null, 0n],
        ['x', 0n],
      ])
    })
    check('a filter on thirty choices that each read the one before three times', async (e) => {
      const choice = (i: number): Stage => {
        const cond = test('str.eq', [a, text(`${i}`)])
        return { kind: 'set', columns: [{ id: 'a', expr: iff(cond, text('z'), iff(present(a), a, text('y'))) }] }
      }
      const steps = Array.from({ length: 30 }, (_, i) => choice(i))
      const got = await run(e, planOf(events, ...steps, { kind: 'filter', where: test('str.eq', [a, text('x')]) }))
      assert.deepEqual(got, [
        ['x', 1n],
        ['x', null],
      ])
    })
    check('literals and physical names cannot break out', async (e) => {
      for (const value of NASTY) {
        const got = await run(
          e,
          planOf(
            events,
            { kind: 'filter', where: test('str.eq', [a, text(value)]) },
            { kind: 'set', columns: [{ id: value, expr: text(value) }] },
          ),
          [{ a: value, n: 1n }],
        )
        assert.deepEqual(got, [[value, 1n, value]], JSON.stringify(value))
        if (value.includes('\0')) continue
        const table = literalTable(events, [{ a: 'q', n: 1n }], e.dialect, (i) => `${value}${i}`)
        const compiled = compileSql(planOf(events), e.dialect, env, () => table)
        assert.deepEqual(await e.run(compiled.sql, typesOf(compiled)), [['q', 1n]], JSON.stringify(value))
      }
    })
    check('128-bit integers are exact', async (e) => {
      const ends = [-(2n ** 127n), 2n ** 127n - 1n]
      for (const n of ends) assert.deepEqual(await run(e, planOf(events), [{ a: null, n }]), [[null, n]])
    })
  })
}

describe('fragments', () => {
  const { sql } = dialects.duckdb
  it('parenthesise what binds looser', () => {
    const or = sql.at(Prec.or)`${sql.raw('a')} or ${sql.raw('b')}`
    assert.equal(sql.at(Prec.and)`${or} and ${or}`.text, '(a or b) and (a or b)')
    const minus = sql.at(Prec.add)`${sql.raw('a')} - ${sql.raw('b')}`
    assert.equal(sql.at(Prec.add)`${sql.raw('c')} - ${minus}`.text, 'c - (a - b)')
    assert.equal(sql`f(${minus})`.text, 'f(a - b)')
    assert.equal(sql.at(Prec.unary)`-${sql.num(-1)}`.text, '-(-1)')
  })
  it('OVER and FILTER go to the aggregate within a form', () => {
    const over = (t: string): string => afterAggregates(t, dialects.clickhouse, 'over ()')
    assert.equal(over('coalesce(sum(f(c1)), 0)'), 'coalesce(sum(f(c1)) over (), 0)')
    assert.equal(over('quantileExact(0.5)(c1)'), 'quantileExact(0.5)(c1) over ()')
    assert.equal(over("x(sum(c1) filter (where c2), 'sum(')"), "x(sum(c1) filter (where c2) over (), 'sum(')")
    assert.equal(over('mysum(c1)'), 'mysum(c1)')
    // A backslash is literal in DuckDB and an escape in ClickHouse.
    const duck = afterAggregates("f(list(c1), '\\') + sum(c2)", dialects.duckdb, 'over ()')
    assert.equal(duck, "f(list(c1) over (), '\\') + sum(c2) over ()")
    assert.equal(over("f(max(c1), '\\'sum(')"), "f(max(c1) over (), '\\'sum(')")
  })
  it('tell what an engine does not compute', () => {
    assert.equal(tailReason('str.eq', {}, 'duckdb'), undefined)
    assert.equal(typeof tailReason('re.test', { pattern: 'a(?=b)', flags: '' }, 'duckdb'), 'string')
    const window = (back: bigint): Stage => ({
      kind: 'window',
      partition: [],
      order: [{ expr: col('t', 'time'), dir: 'asc', nulls: 'first' }],
      columns: [{ id: 'n', prim: 'agg.count', ty: 'int', args: [], consts: {}, where: TRUE, frame: { back } }],
    })
    assert.equal(stageTailReason(window(2n ** 31n), 'duckdb'), undefined)
    assert.equal(stageTailReason(window(2n ** 31n - 1n), 'clickhouse'), undefined)
    assert.equal(typeof stageTailReason(window(2n ** 31n), 'clickhouse'), 'string')
  })
})

describe('spooled NDJSON in DuckDB', () => {
  it('keeps every digit, NUL, absence and empty lists', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-'))
    const file = join(folder, "it's.ndjson")
    writeFileSync(
      file,
      '{"c0":170141183460469231731687303715884105727,"c1":"a\\u0000b","c2":["x"],"c3":0.1,"c4":true}\n{"c0":"-9007199254740993","c1":null}\n',
    )
    const engine = await openDuckdb()
    try {
      const types: Ty[] = ['int', 'str', 'list', 'num', 'bool']
      const table = readNdjson(
        [file],
        types.map((ty, i) => ({ name: `c${i}`, ty })),
      )
      const plan = planOf(source(Object.fromEntries(types.map((ty, i) => [`f${i}`, ty]))))
      const compiled = compileSql(plan, 'duckdb', env, () => table)
      assert.deepEqual(await engine.run(compiled.sql, types), [
        [2n ** 127n - 1n, 'a\0b', ['x'], 0.1, true],
        [-9007199254740993n, null, [], null, null],
      ])
    } finally {
      engine.close()
      rmSync(folder, { recursive: true })
    }
  })
})
