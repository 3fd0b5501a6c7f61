import { call } from '../../../plan/build.ts'
import { first, param, as, page } from '../4-lower/params.ts'
import { timeFromEpoch } from '../4-lower/functions/time.ts'
import { type CqlBuiltin, builtin } from '../4-lower/builtin.ts'

const part = (name: string, of: string, doc: string, gives: number): CqlBuiltin =>
  builtin({
    name: `time:${name}`,
    category: 'time',
    kind: 'transform',
    doc,
    notes: [],
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
        given: [{ '@timestamp': 1_699_999_999_123 }],
        query: `x := time:${name}() | groupBy(x, function=[])`,
        gives: [{ x: String(gives) }],
        from: page(`time:${name}`),
      },
    ],
    lower: {
      kind: 'value',
      value: (c) =>
        call('time.part', 'int', [timeFromEpoch(c, c.args.field('field', '@timestamp'), 'auto')], {
          part: of,
          zone: c.args.text('timezone', 'UTC'),
        }),
    },
  })

export const timeParts: readonly CqlBuiltin[] = [
  part('year', 'year', 'The year.', 2023),
  part('month', 'month', 'The month, 1 to 12.', 11),
  part('dayOfMonth', 'day', 'The day of the month.', 14),
  part('dayOfWeek', 'weekday', 'The day of the week, Monday is 1.', 2),
  part('dayOfYear', 'yearday', 'The day of the year.', 318),
  part('weekOfYear', 'week', 'The week by ISO 8601.', 46),
  part('hour', 'hour', 'The hour.', 22),
  part('minute', 'minute', 'The minute.', 13),
  part('second', 'second', 'The second.', 19),
  part('millisecond', 'millisecond', 'The millisecond.', 123),
]
