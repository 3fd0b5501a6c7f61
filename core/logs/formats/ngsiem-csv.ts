import type { FormatRecord } from '../format.ts'
import { csvHeader, csvReader } from '../readers/csv.ts'
import { FALCON_ALIASES, FALCON_FACTS, falconTime } from '../vendors/crowdstrike/falcon.ts'

export const ngsiemCsv: FormatRecord = {
  name: 'ngsiem-csv',
  title: 'NG-SIEM or LogScale export, CSV',
  doc: 'Events exported from LogScale or Falcon Next-Gen SIEM as CSV with a header; an empty value is an absent field.',
  unit: 'lines-after-header',
  sequential: true,
  recognise: (head) => {
    const header = csvHeader(head.filled[0])
    if (!header?.names.includes('@timestamp') || !header.names.some((n) => /^#\w|^@(?:rawstring|id)$/.test(n)))
      return undefined
    return {
      score: 0.95,
      why: `a CSV header of ${header.names.length} columns with @timestamp and tags such as #event_simpleName`,
    }
  },
  reader: (context, header) => csvReader(context, header, falconTime),
  views: ['network'],
  facts: FALCON_FACTS,
  aliases: FALCON_ALIASES,
  tags: {},
  json: false,
}
