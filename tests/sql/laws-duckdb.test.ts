// The laws of every primitive on DuckDB, and JavaScript against DuckDB on edge values.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { LawQuery } from '../../core/prims/laws.ts'
import { lawQueries, readShown, sameValue } from '../../core/prims/laws.ts'
import { prims } from '../../core/prims/registry.ts'
import { nastyLaws } from './edge-value-laws.ts'

const shown = (v: unknown): string => JSON.stringify(v, (_, x) => (typeof x === 'bigint' ? `${x}n` : x))

describe('laws on DuckDB', () => {
  let instance: DuckDBInstance
  let db: DuckDBConnection
  before(async () => {
    instance = await DuckDBInstance.create(':memory:', { threads: '2' })
    db = await instance.connect()
  })
  after(() => {
    db.closeSync()
    instance.closeSync()
  })

  const check = async (queries: readonly LawQuery[]): Promise<void> => {
    if (queries.length === 0) return
    const text = queries.map((q, i) => `select ${i} as i, v from (${q.query}) q${i}`).join(' union all ')
    const rows = (await db.runAndReadAll(text)).getRows()
    assert.equal(rows.length, queries.length)
    const bad: string[] = []
    for (const [i, v] of rows) {
      const q = queries[Number(i)] as LawQuery
      const got = readShown(v as string | null, q.returns)
      if (!sameValue(got, q.gives, q.returns)) bad.push(`wanted ${shown(q.gives)} got ${shown(got)}: ${q.query}`)
    }
    assert.deepEqual(bad, [])
  }

  for (const p of prims.values()) {
    const queries = lawQueries(p, 'duckdb')
    if (queries.length > 0) it(p.id, () => check(queries))
  }
  it('nasty values', async () => {
    const bad: string[] = []
    for (const p of prims.values()) {
      await check(lawQueries(p, 'duckdb', nastyLaws(p, 12)).slice(lawQueries(p, 'duckdb').length)).catch((e: Error) => {
        bad.push(`${p.id}: ${e.message.slice(0, 1500)}`)
      })
    }
    assert.deepEqual(bad, [])
  })
})
