// Correlations of every type with every comparison, translated and run beside the rule: no difference, every predicate reached.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { proven, SAME } from './correlation-fixtures.ts'

const EXTRA: Readonly<Record<string, string>> = {
  event_count: '',
  value_count: ', field: CommandLine',
  temporal: '',
  value_sum: ', field: ProcessId',
  value_avg: ', field: ProcessId',
  value_median: ', field: ProcessId',
  value_percentile: ', field: ProcessId, percentile: 90',
}
const COMPARISONS = ['eq', 'neq', 'gt', 'gte', 'lt', 'lte']

/** More than two of two rules is never met. */
const boundOf = (type: string, op: string): number => (type === 'temporal' ? (op === 'gt' ? 1 : 2) : 3)

for (const [type, extra] of Object.entries(EXTRA))
  test(`${type}, with each comparison`, () => {
    for (const op of COMPARISONS)
      for (const to of ['cql', 'sumo']) {
        const { said, text } = proven({ type, condition: `${op}: ${boundOf(type, op)}${extra}` }, to)
        assert.match(said, SAME, `${op} ${to}\n${text}`)
      }
  })

test('windows of any length, and groups of none, one and two fields', () => {
  for (const condition of ['gte: 3', 'lt: 3'])
    for (const timespan of ['90s', '1h', '24h'])
      for (const groupBy of ['', 'User', 'User, ComputerName'])
        for (const to of ['cql', 'sumo']) {
          const { said, text } = proven({ type: 'event_count', condition, timespan, groupBy }, to)
          assert.match(said, SAME, `${condition} ${timespan} [${groupBy}] ${to}\n${text}`)
        }
})
