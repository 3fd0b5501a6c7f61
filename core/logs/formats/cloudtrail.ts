// AWS CloudTrail: records of its files, under `Records` or one by one.
import { CLOUDTRAIL } from '../cps/cloud.ts'
import type { FormatRecord, JsonMessages } from '../format.ts'
import { jsonReader } from '../readers/json/event-reader.ts'
import { recogniseObjects } from '../readers/recognise.ts'
import { stamp } from '../readers/stamp.ts'

const message: JsonMessages = {
  of: 'json',
  label: 'CloudTrail',
  score: 0.97,
  is: (o) => 'eventVersion' in o && 'eventSource' in o && 'eventName' in o && 'awsRegion' in o,
  reader: (context) => jsonReader(context, (f, c) => stamp(f.get('eventTime') ?? '', c)),
}

export const cloudtrail: FormatRecord = {
  name: 'cloudtrail',
  title: 'AWS CloudTrail',
  doc: 'Records of CloudTrail as JSON (eventTime, eventSource, eventName, awsRegion, userIdentity), one by one or under `Records`. The time is `eventTime`.',
  unit: 'line',
  recognise: (head) =>
    recogniseObjects(
      head,
      message.score,
      'with eventVersion, eventSource and eventName as CloudTrail writes them',
      message.is,
    ),
  reader: message.reader,
  inMessages: message,
  cps: CLOUDTRAIL,
  aliases: {},
  tags: {},
  json: true,
}
