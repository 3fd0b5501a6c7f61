// Near-misses of a rule are no findings of a run, which ignores the case of a channel.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findingsOf } from '../../core/witness/outcome.ts'
import { WITNESS_ENV } from '../../core/witness/telemetry.ts'
import { compileForWitness, GENERATED, witnessQuery } from './witness-query.ts'

const RULES = [
  ['security', 'EventID: 4625'],
  ['system', 'EventID: 7045'],
  ['powershell', 'EventID: 4104'],
] as const
const inputs = { lookups: [], param: [], pipeline: [], semantics: [] }

for (const [service, selection] of RULES)
  test(`${service}: a run finds none of the near-misses`, () => {
    const text = `title: t\nlogsource: {product: windows, service: ${service}}\ndetection:\n  sel:\n    ${selection}\n  condition: sel\n`
    const query = { source: { name: 'r.yml', text }, language: 'sigma' }
    const { plan } = compileForWitness(query, inputs).compiled
    const found = witnessQuery(query, { ...inputs, seed: 1 }).found
    assert.ok(plan && found)
    const misses = found.reached.flatMap((r) => r.misses)
    assert.ok(misses.some((m) => m.what.startsWith('Channel')) && misses.some((m) => m.what.startsWith('EventID')))
    for (const { telemetry, what } of misses) assert.equal(findingsOf(plan, telemetry, WITNESS_ENV, GENERATED), 0, what)
    for (const t of found.passing) assert.ok(findingsOf(plan, t, WITNESS_ENV, GENERATED) > 0)
  })
