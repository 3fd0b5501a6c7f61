import { call } from '../../../plan/build.ts'
import type { CqlBuiltin } from '../4-lower/builtin.ts'
import { timeFunction } from '../4-lower/functions/time-function.ts'

const partOf = (name: string, part: string, doc: string, gives: number): CqlBuiltin =>
  timeFunction({
    name,
    doc,
    example: { at: 1_699_999_999_123, gives: String(gives) },
    compute: (time, zone) => call('time.part', 'int', [time], { part, zone }),
  })

export const timeParts: readonly CqlBuiltin[] = [
  partOf('year', 'year', 'The year.', 2023),
  partOf('month', 'month', 'The month, 1 to 12.', 11),
  partOf('dayOfMonth', 'day', 'The day of the month.', 14),
  partOf('dayOfWeek', 'weekday', 'The day of the week, Monday is 1.', 2),
  partOf('dayOfYear', 'yearday', 'The day of the year.', 318),
  partOf('weekOfYear', 'week', 'The week by ISO 8601.', 46),
  partOf('hour', 'hour', 'The hour.', 22),
  partOf('minute', 'minute', 'The minute.', 13),
  partOf('second', 'second', 'The second.', 19),
  partOf('millisecond', 'millisecond', 'The millisecond.', 123),
]
