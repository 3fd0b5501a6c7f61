import type { LogFormat } from '../format.ts'
import { jsonReader } from '../readers/json/event-reader.ts'
import { byShare, sample } from '../readers/recognise.ts'
import { timeByKeys } from '../readers/time-keys.ts'

export const jsonLines: LogFormat = {
  name: 'json-lines',
  title: 'JSON lines',
  doc: 'One JSON object a line. The time is the first of the usual keys (`@timestamp`, `timestamp`, `time`, …) that holds one.',
  unit: 'line',
  recognise: (head) => byShare(sample(head), 0.5, '', () => true),
  reader: (context) => jsonReader(context, timeByKeys),
  aliases: {},
  tags: {},
  json: true,
}
