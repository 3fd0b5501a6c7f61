import type { FormatRecord, JsonSample } from '../format.ts'
import { FALCON_ALIASES, FALCON_FACTS, falconTime } from '../vendors/crowdstrike/falcon.ts'
import { jsonReader } from '../readers/json/event-reader.ts'
import { recogniseObjects } from '../readers/recognise.ts'

const isExport = (o: JsonSample): boolean =>
  '@timestamp' in o && Object.keys(o).some((k) => /^#\w|^@(?:rawstring|id|ingesttimestamp|timezone)$/.test(k))

export const ngsiem: FormatRecord = {
  name: 'ngsiem',
  title: 'NG-SIEM or LogScale export, JSON lines',
  doc: 'Events exported from LogScale or Falcon Next-Gen SIEM, one JSON object a line: `@timestamp` in milliseconds, tags with `#`.',
  unit: 'line',
  recognise: (head) => recogniseObjects(head, 1, 'with @timestamp and tags such as #event_simpleName', isExport),
  reader: (context) => jsonReader(context, falconTime),
  views: ['network'],
  facts: FALCON_FACTS,
  aliases: FALCON_ALIASES,
  tags: {},
  json: true,
}
