// Correlations translated and run beside the rule, with the losses that are named.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { some } from '../../tools/property-runs.ts'
import { proven, SAME } from './correlation-fixtures.ts'

test('an average that differs from a number, and a count below one', () => {
  for (const to of some(['cql', 'sumo'], 2)) {
    const different = proven({ type: 'value_avg', condition: 'neq: 3, field: ProcessId' }, to)
    assert.match(different.said, SAME, different.text)
    const few = proven({ type: 'value_count', condition: 'lt: 3, field: CommandLine', groupBy: '' }, to)
    assert.match(few.said, SAME, few.text)
  }
})

test('an order of events is one of correlate(), and Sumo Logic has none', () => {
  const of = { type: 'temporal_ordered', condition: '' }
  assert.match(proven(of, 'cql').said, SAME)
  assert.equal(proven(of, 'sumo').text, undefined)
})

test('windows are named losses in Sumo Logic: borders always, windows that fill where a further event can end what they meet', () => {
  const lossesOf = (type: string, condition: string) => proven({ type, condition }, 'sumo').losses
  assert.deepEqual(lossesOf('event_count', 'gte: 3'), ['window-fixed'])
  assert.deepEqual(lossesOf('event_count', 'lt: 3'), ['window-fixed', 'window-whole'])
  assert.deepEqual(lossesOf('value_avg', 'gte: 3, field: ProcessId'), ['window-fixed', 'window-whole'])
})

test('a median has the name that its threshold reads, and is a value that occurs', () => {
  const { text, losses } = proven({ type: 'value_median', condition: 'gt: 3, field: ProcessId' }, 'cql')
  assert.match(text ?? '', /as=value_median\), span=300001ms\) \| rename\(value_median_50, as=value_median\)/)
  assert.deepEqual(losses, ['percentile-rank'])
})
