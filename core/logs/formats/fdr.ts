import type { Event, FormatRecord, JsonMessages, JsonSample } from '../format.ts'
import { FALCON_ALIASES, FALCON_FACTS, falconTime } from '../vendors/crowdstrike/falcon.ts'
import { jsonReader } from '../readers/json/event-reader.ts'
import { recogniseObjects } from '../readers/recognise.ts'

/** Rows about hosts, users and applications have no `event_simpleName`; their fields identify them. */
const isInventory = (o: JsonSample): boolean =>
  ('aid' in o || 'cid' in o) && ('_time' in o || 'Time' in o) && !('@timestamp' in o)
const isFdr = (o: JsonSample): boolean =>
  !('@timestamp' in o) &&
  // Modules and detections that the cloud sums up have a type of their own.
  ((('event_simpleName' in o || 'ExternalApiType' in o) && ('aid' in o || 'cid' in o || 'timestamp' in o)) ||
    isInventory(o))

const message: JsonMessages = {
  of: 'json',
  label: 'Falcon',
  score: 1,
  is: isFdr,
  reader: (context) => jsonReader(context, falconTime),
}

export const fdr: FormatRecord = {
  name: 'fdr',
  title: 'CrowdStrike Falcon Data Replicator',
  doc: 'JSON lines as the Falcon Data Replicator writes them: events and the rows of aidmaster and userinfo; every value is a text.',
  unit: 'line',
  recognise: (head) => recogniseObjects(head, 1, 'with event_simpleName, or rows about hosts and users', isFdr),
  reader: message.reader,
  inMessages: message,
  views: ['network', 'falcon'],
  facts: FALCON_FACTS,
  aliases: FALCON_ALIASES,
  tags: { '#repo': 'base_sensor' },
  json: true,
  write: (events) => events.map((e) => `${JSON.stringify(fdrRecord(e))}\n`).join(''),
}

/** The replicator writes no tags, and the time of the cloud in milliseconds. */
const fdrRecord = ({ fields, time }: Event): Record<string, string> => ({
  ...Object.fromEntries([...fields].map(([name, value]) => [name.replace(/^#/, ''), value])),
  ...(!fields.has('aid') && !fields.has('cid') && { cid: '0'.repeat(32) }),
  ...(time !== undefined && { timestamp: String(time / 1000n) }),
})
