// Usual names of the time, for logs of no known format.
import type { FormatContext } from '../format.ts'
import { stamp } from './stamp.ts'

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
  'Date',
  'published',
  'requestReceivedTimestamp',
  'CreationTime',
  'TimeGenerated',
  'TimeGenerated [UTC]',
  '__REALTIME_TIMESTAMP',
  'unixTime',
  'ISODATE',
  'DATE',
  'frame.time_epoch',
  'frame.time',
  'StartTime',
  'stime',
  'activityDateTime',
  'createdDateTime',
  'eventTimestamp',
  'event_timestamp',
  'start_time',
  'startTime',
  'first_seen',
]

export function timeByKeys(fields: ReadonlyMap<string, string>, context: FormatContext): bigint | undefined {
  for (const key of TIME_KEYS) {
    const text = fields.get(key)
    if (text === undefined || text === '') continue
    const time = stamp(text, context)
    if (time !== undefined) return time
  }
  return undefined
}
