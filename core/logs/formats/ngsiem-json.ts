import type { FormatRecord } from '../format.ts'
import { FALCON_ALIASES, FALCON_FACTS, falconTime } from '../vendors/crowdstrike/falcon.ts'
import { jsonDocuments } from '../readers/json-documents.ts'
import { jsonReader } from '../readers/json/event-reader.ts'
import { recogniseDocuments } from '../readers/recognise.ts'

export const ngsiemJson: FormatRecord = {
  name: 'ngsiem-json',
  title: 'NG-SIEM or LogScale export, JSON array',
  doc: 'Events exported from LogScale or Falcon Next-Gen SIEM as one JSON array, pretty-printed or not.',
  unit: 'file',
  recognise: (head) => {
    const documents = recogniseDocuments(head.lines)
    if (!documents || !/"@timestamp"\s*:/.test(documents.text) || !/"(?:#\w+|@rawstring|@id)"\s*:/.test(documents.text))
      return undefined
    return { score: 0.95, why: `${documents.what} with @timestamp and tags such as #event_simpleName` }
  },
  reader: (context) => jsonReader(context, falconTime),
  split: jsonDocuments,
  views: ['network'],
  facts: FALCON_FACTS,
  aliases: FALCON_ALIASES,
  tags: {},
  json: true,
}
