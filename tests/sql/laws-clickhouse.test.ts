// The laws of every primitive on ClickHouse, by the npm package `chdb` if it is installed. It is no dependency (543 MB):
// `npm i --no-save chdb@3` in a folder of its own, and ASSAY_CHDB=FOLDER/node_modules.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type LawQuery, lawQueries, readShown, sameValue } from '../../core/prims/laws.ts'
import { prims } from '../../core/prims/registry.ts'
import { dialects } from '../../core/sql/dialects.ts'
import { chdbSession } from '../../engine/cases/sql-engines.ts'
import { nastyLaws } from './edge-value-laws.ts'

const session = chdbSession()
const shown = (v: unknown): string => JSON.stringify(v, (_, x) => (typeof x === 'bigint' ? `${x}n` : x))

describe('laws on ClickHouse', {
  skip: session ? false : 'chdb is not installed (ASSAY_CHDB)',
}, () => {
  const check = (queries: readonly LawQuery[]): string[] => {
    if (queries.length === 0 || !session) return []
    // ClickHouse refuses texts of more than 256 KiB.
    if (queries.length > 8) return [...check(queries.slice(0, 8)), ...check(queries.slice(8))]
    const text = queries
      .map((q, i) => `select ${i} as i, toNullable(v) as v from (${q.query}) q${i}`)
      .join(' union all ')
      .concat('\n', dialects.clickhouse.settings)
    const lines = String(session.query(text, 'JSONCompactEachRow')).trim().split('\n')
    assert.equal(lines.length, queries.length)
    return lines.flatMap((line) => {
      const [i, v] = JSON.parse(line) as [number, string | null]
      const q = queries[i] as LawQuery
      const got = readShown(v, q.returns)
      return sameValue(got, q.gives, q.returns) ? [] : [`wanted ${shown(q.gives)} got ${shown(got)}: ${q.query}`]
    })
  }

  for (const p of prims.values()) {
    const queries = lawQueries(p, 'clickhouse')
    if (queries.length > 0) it(p.id, () => assert.deepEqual(check(queries), []))
  }
  it('nasty values', () => {
    const bad: string[] = []
    for (const p of prims.values()) {
      try {
        bad.push(
          ...check(lawQueries(p, 'clickhouse', nastyLaws(p, 12)).slice(lawQueries(p, 'clickhouse').length)).map(
            (m) => `${p.id}: ${m}`,
          ),
        )
      } catch (e) {
        bad.push(`${p.id}: ${(e as Error).message.slice(0, 600)}`)
      }
    }
    assert.deepEqual(bad, [])
  })
})
