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
  // syslog-ng: of the message as it was sent, then as it was received.
  'ISODATE',
  'S_ISODATE',
  'R_ISODATE',
  'UNIXTIME',
  'S_UNIXTIME',
  'R_UNIXTIME',
  'DATE',
  // rsyslog.
  'timereported',
  'timegenerated',
  // tshark, with `-T fields`, `-T json`, and `-T json -e`.
  'frame.time_epoch',
  '_source.layers.frame.frame.time_epoch',
  '_source.layers.frame.time_epoch[0]',
  'layers.frame_time_epoch[0]',
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
  'eventtime',
  'time_iso8601',
  'time_local',
  'timeStamp',
  'TIMESTAMP',
  'DateTime',
  'created_at',
  'createdAt',
  'event.created',
  // Answers of Elasticsearch and Splunk, whose documents lie inside.
  '_source.@timestamp',
  '_source.timestamp',
  '_source.time',
  'result._time',
  'result.timestamp',
  // Reports of Google Workspace.
  'id.time',
  // sudo's JSON: when the server had the event, then when sudo sent it.
  ...['accept', 'reject', 'alert', 'exit'].flatMap((event) => [
    `${event}.server_time.seconds`,
    `${event}.submit_time.seconds`,
  ]),
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
