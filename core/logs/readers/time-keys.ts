// Usual names of the time, for logs of no known format.
import type { FormatContext } from '../format.ts'
import { epochBySize, stamp } from './stamp.ts'

/**
 * Tried in order. `UtcTime` comes before `EventTime` and `TimeCreated`: NXLog and similar shippers write those in local time without a zone.
 * `_messagetime` is Sumo Logic's.
 */
const TIME_KEYS: readonly string[] = [
  '@timestamp',
  'timestamp',
  'Timestamp',
  'time',
  '_time',
  'ts',
  '_messagetime',
  '_messageTime',
  'UtcTime',
  'eventTime',
  'event_time',
  'EventTime',
  'TimeCreated',
  'datetime',
  'date_time',
  '@t',
  'Time',
  'date',
]

export function timeByKeys(fields: ReadonlyMap<string, string>, context: FormatContext): bigint | undefined {
  for (const key of TIME_KEYS) {
    const text = fields.get(key)
    if (text === undefined || text === '') continue
    const time = stamp(text, context) ?? exponent(text)
    if (time !== undefined) return time
  }
  return undefined
}

/** `1.772366403308e12`: a JSON number of some exporters. */
function exponent(text: string): bigint | undefined {
  if (!/^\d(?:\.\d+)?[eE]\+?\d{1,2}$/.test(text)) return undefined
  return epochBySize(String(Number(text)))
}
