import type { LogFormat } from '../format.ts'
import { jsonDocuments } from '../shared/json-documents.ts'
import { jsonReader } from '../shared/json-format.ts'
import { looksLikeDocuments } from '../shared/recognise.ts'
import { timeByKeys } from '../shared/time-keys.ts'

export const jsonArray: LogFormat = {
  name: 'json-array',
  title: 'JSON array',
  doc: 'A file that is one JSON array of objects, or pretty-printed objects one after the other.',
  unit: 'file',
  recognise: (head) => {
    const documents = looksLikeDocuments(head)
    return documents && { score: 0.4, why: documents.what }
  },
  reader: (context) => jsonReader(context, timeByKeys),
  split: jsonDocuments,
  aliases: {},
  tags: {},
  json: true,
}
