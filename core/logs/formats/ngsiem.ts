import type { LogFormat } from '../format.ts'
import { FALCON_ALIASES, falconTime } from '../vendors/crowdstrike/falcon.ts'
import { jsonReader } from '../readers/json/event-reader.ts'
import { byShare, type Sample, sample } from '../readers/recognise.ts'

const isExport = (o: Sample): boolean =>
  '@timestamp' in o && Object.keys(o).some((k) => /^#\w|^@(?:rawstring|id|ingesttimestamp|timezone)$/.test(k))

export const ngsiem: LogFormat = {
  name: 'ngsiem',
  title: 'NG-SIEM or LogScale export, JSON lines',
  doc: 'Events exported from LogScale or Falcon Next-Gen SIEM, one JSON object a line: `@timestamp` in milliseconds, tags with `#`.',
  unit: 'line',
  recognise: (head) => byShare(sample(head), 1, 'with @timestamp and tags such as #event_simpleName', isExport),
  reader: (context) => jsonReader(context, falconTime),
  aliases: FALCON_ALIASES,
  tags: {},
  json: true,
}
