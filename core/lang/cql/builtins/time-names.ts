import { call } from '../../../plan/build.ts'
import { first, param, as, page } from '../4-lower/params.ts'
import { timeFromEpoch } from '../4-lower/functions/time.ts'
import { type CqlBuiltin, builtin } from '../4-lower/builtin.ts'

const nameOf = (name: string, pattern: string, doc: string, gives: string): CqlBuiltin =>
  builtin({
    name: `time:${name}`,
    category: 'time',
    kind: 'transform',
    doc,
    notes: ['Names are English.'],
    params: [
      first('field', 'field', 'The field with the time.', { default: '@timestamp' }),
      param('timezone', 'text', 'The zone.', { default: 'UTC' }),
      as(`_${name}`),
    ],
    output: `_${name}`,
    fidelity: { differs: '`timezoneField` is not run.' },
    evidence: page(`time:${name}`),
    examples: [
      {
        title: 'Of an event',
        given: [{ '@timestamp': 1_699_999_999_000 }],
        query: `x := time:${name}() | groupBy(x, function=[])`,
        gives: [{ x: gives }],
        from: page(`time:${name}`),
      },
    ],
    lower: {
      kind: 'value',
      value: (c) =>
        call('time.format', 'str', [timeFromEpoch(c, c.args.field('field', '@timestamp'), 'auto')], {
          pattern,
          zone: c.args.text('timezone', 'UTC'),
        }),
    },
  })

export const timeNames: readonly CqlBuiltin[] = [
  nameOf('dayOfWeekName', '%A', 'The name of the day.', 'Tuesday'),
  nameOf('monthName', '%B', 'The name of the month.', 'November'),
]
