// Alerts of Falcon as its API gives them (`/alerts/entities/alerts/v2`), and exports of it.
import type { FormatRecord, JsonMessages } from '../format.ts'
import { jsonReader } from '../readers/json/event-reader.ts'
import { recogniseObjects } from '../readers/recognise.ts'
import { stamp } from '../readers/stamp.ts'

const message: JsonMessages = {
  of: 'json',
  label: 'Falcon alert',
  score: 0.98,
  is: (o) =>
    'composite_id' in o &&
    ('severity_name' in o || 'pattern_id' in o || 'display_name' in o) &&
    'created_timestamp' in o,
  // `timestamp` is the time of the behaviour, the others are those of the cloud.
  reader: (context) =>
    jsonReader(context, (fields, c) => {
      for (const name of ['timestamp', 'start_time', 'context_timestamp', 'created_timestamp']) {
        const time = stamp(fields.get(name) ?? '', c)
        if (time !== undefined) return time
      }
      return undefined
    }),
}

export const falconAlerts: FormatRecord = {
  name: 'falcon-alerts',
  title: 'CrowdStrike Falcon alerts, JSON lines',
  doc: 'Alerts as the API of Falcon gives them (composite_id, display_name, severity_name, tactic, device.hostname, …), under the names of the record. Time: timestamp.',
  unit: 'line',
  recognise: (head) =>
    recogniseObjects(head, message.score, 'with composite_id and created_timestamp as Falcon’s alerts', message.is),
  reader: message.reader,
  inMessages: message,
  facts: {
    'source address': ['device.local_ip', 'source_ip_address', 'local_ip'],
    user: ['user_name', 'source_account_name'],
    host: ['device.hostname', 'source_endpoint_host_name'],
    process: ['filename'],
  },
  aliases: {},
  unproven: true,
  tags: {},
  json: true,
}
