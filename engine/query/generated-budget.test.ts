// A pattern that never ends on a generated text ends neither the generator nor a comparison for ever.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { verifyQueries } from './verify-queries.ts'
import { type QueryText, witnessQuery } from './witness-query.ts'

const query = (text: string): QueryText => ({ source: { name: 'q', text }, language: 'cql' })
const ENDLESS = 'x=/^(?=a)(a+)+$/ | n := length(x) | n > 60'
const OTHERWISE = 'n := length(x) | n >= 61 | x=/^(?=a)(a+)+$/'

test('witness: the work is ended, and the query is named', () => {
  const { found, diagnostics } = witnessQuery(query(ENDLESS), { seed: 1, seconds: 1 })
  assert.equal(found, undefined)
  const last = diagnostics.at(-1)
  assert.equal(last?.message, 'generating events took more than 1 s and was ended')
  assert.equal(last?.code, 'RUN112')
  assert.ok(witnessQuery(query('x=/^(a+)$/'), { seed: 1 }).found)
})

test('verify: the same', async () => {
  const options = { logs: [], seed: 1, seconds: 1 }
  const { verdict, diagnostics } = await verifyQueries(query(ENDLESS), query(OTHERWISE), options)
  assert.equal(verdict, undefined)
  assert.deepEqual(
    diagnostics.flatMap((d) => (d.severity === 'error' ? [d.message] : [])),
    ['comparing took more than 1 s and was ended'],
  )
})

test('witness: forty choices that each read the one before are given up, and the step is named', () => {
  const steps = Array.from({ length: 40 }, (_, i) => `x := if(x == "${i}", then=y, else=x)`)
  const { found, diagnostics } = witnessQuery(query([...steps, 'x = "a"'].join(' | ')), { seed: 1 })
  assert.ok(found)
  assert.ok(found.passing.length > 0 || diagnostics.some((d) => d.code === 'WIT001'))
})
