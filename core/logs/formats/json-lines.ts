import type { FormatRecord, JsonMessages } from '../format.ts'
import { jsonReader } from '../readers/json/event-reader.ts'
import { jsonLines as writeLines } from '../readers/json/write.ts'
import { recogniseObjects } from '../readers/recognise.ts'
import { timeByKeys } from '../readers/time-keys.ts'

const message: JsonMessages = {
  of: 'json',
  label: 'JSON',
  score: 0.5,
  isGeneric: true,
  is: () => true,
  reader: (context) => jsonReader(context, timeByKeys),
}

export const jsonLines: FormatRecord = {
  name: 'json-lines',
  title: 'JSON lines',
  doc: 'One JSON object a line. The time is the first of the usual keys (`@timestamp`, `timestamp`, `time`, …) that holds one.',
  unit: 'line',
  recognise: (head) => recogniseObjects(head, message.score, '', message.is),
  reader: message.reader,
  documents: 'json-array',
  inMessages: message,
  aliases: {},
  tags: {},
  json: true,
  write: writeLines,
}
