import type { FormatRecord } from '../format.ts'
import { jsonDocuments } from '../readers/json/documents.ts'
import { jsonReader } from '../readers/json/event-reader.ts'
import { recogniseDocuments } from '../readers/recognise.ts'
import { timeByKeys } from '../readers/time-keys.ts'

export const jsonArray: FormatRecord = {
  name: 'json-array',
  title: 'JSON array',
  doc: 'A file that is one JSON array of objects, or pretty-printed objects one after the other.',
  unit: 'file',
  recognise: (head) => {
    const documents = recogniseDocuments(head.lines)
    return documents && { score: 0.4, why: documents.what }
  },
  reader: (context) => jsonReader(context, timeByKeys),
  split: jsonDocuments,
  aliases: {},
  tags: {},
  json: true,
}
