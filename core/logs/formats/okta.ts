// Okta's system log, as its API gives it.
import { OKTA } from '../cps/cloud.ts'
import type { FormatRecord, JsonMessages } from '../format.ts'
import { jsonReader } from '../readers/json/event-reader.ts'
import { recogniseObjects } from '../readers/recognise.ts'
import { stamp } from '../readers/stamp.ts'

const message: JsonMessages = {
  of: 'json',
  label: 'Okta',
  score: 0.97,
  is: (o) => 'eventType' in o && 'published' in o && 'actor' in o && ('uuid' in o || 'outcome' in o),
  reader: (context) => jsonReader(context, (f, c) => stamp(f.get('published') ?? '', c)),
}

export const okta: FormatRecord = {
  name: 'okta',
  title: 'Okta system log',
  doc: 'Events of Okta’s system log as JSON (published, eventType, actor, client, outcome, target). The time is `published`.',
  unit: 'line',
  recognise: (head) =>
    recogniseObjects(head, message.score, 'with eventType, published and actor as in Okta’s system log', message.is),
  reader: message.reader,
  inMessages: message,
  cps: OKTA,
  aliases: {},
  tags: {},
  json: true,
}
