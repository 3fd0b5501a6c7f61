// Durations of CQL.
import { byName } from '../../../text/by-name.ts'

/** Milliseconds of a duration such as `5m`; undefined if the text is no duration. */
export function millisOf(text: string): number | undefined {
  const m = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/i.exec(text)
  const unit = m?.[2] === undefined ? undefined : UNITS[m[2].length === 1 ? m[2] : m[2].toLowerCase()]
  const ms = Number(m?.[1]) * (unit ?? 0)
  return unit === undefined || ms > LONGEST ? undefined : ms
}
/** Beyond all times: 100,000 years, in milliseconds. */
const LONGEST = 3.2e15
const SECOND = 1000
const DAY = 86_400 * SECOND
const UNITS: Readonly<Record<string, number>> = byName(
  Object.fromEntries(
    (
      [
        [['ms', 'milli', 'millis', 'millisecond', 'milliseconds'], 1],
        [['s', 'sec', 'secs', 'second', 'seconds'], SECOND],
        [['m', 'min', 'mins', 'minute', 'minutes'], 60 * SECOND],
        [['h', 'hr', 'hrs', 'hour', 'hours'], 3600 * SECOND],
        [['d', 'day', 'days'], DAY],
        [['w', 'week', 'weeks'], 7 * DAY],
        [['mon', 'month', 'months'], 30 * DAY],
        [['q', 'quarter', 'quarters'], 90 * DAY],
        [['y', 'year', 'years'], 365 * DAY],
      ] as const
    ).flatMap(([words, ms]) => words.map((w) => [w, ms] as const)),
  ),
)
