import type { LogFormat } from '../format.ts'
import { FALCON_ALIASES, falconTime } from '../vendors/crowdstrike/falcon.ts'
import { jsonDocuments } from '../readers/json/documents.ts'
import { jsonReader } from '../readers/json/event-reader.ts'
import { looksLikeDocuments } from '../readers/recognise.ts'

export const ngsiemJson: LogFormat = {
  name: 'ngsiem-json',
  title: 'NG-SIEM or LogScale export, JSON array',
  doc: 'Events exported from LogScale or Falcon Next-Gen SIEM as one JSON array, pretty-printed or not.',
  unit: 'file',
  recognise: (head) => {
    const documents = looksLikeDocuments(head)
    if (!documents || !/"@timestamp"\s*:/.test(documents.text) || !/"(?:#\w+|@rawstring|@id)"\s*:/.test(documents.text))
      return undefined
    return { score: 0.95, why: `${documents.what} with @timestamp and tags such as #event_simpleName` }
  },
  reader: (context) => jsonReader(context, falconTime),
  split: jsonDocuments,
  aliases: FALCON_ALIASES,
  tags: {},
  json: true,
}
