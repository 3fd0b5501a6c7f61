import { call } from '../../../plan/build.ts'
import type { CqlBuiltin } from '../4-lower/builtin.ts'
import { timeFunction } from '../4-lower/functions/time-function.ts'

const nameOf = (name: string, pattern: string, doc: string, gives: string): CqlBuiltin =>
  timeFunction({
    name,
    doc,
    notes: ['Names are English.'],
    example: { at: 1_699_999_999_000, gives },
    compute: (time, zone) => call('time.format', 'str', [time], { pattern, zone }),
  })

export const timeNames: readonly CqlBuiltin[] = [
  nameOf('dayOfWeekName', '%A', 'The name of the day.', 'Tuesday'),
  nameOf('monthName', '%B', 'The name of the month.', 'November'),
]
