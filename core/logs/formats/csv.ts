import type { FormatRecord } from '../format.ts'
import { csvHeader, csvReader, csvRows, isHeaderOf } from '../readers/csv.ts'
import { timeByKeys } from '../readers/time-keys.ts'

export const csv: FormatRecord = {
  name: 'csv',
  title: 'CSV with a header',
  doc: 'Values separated by comma, semicolon or tab under a line of names; an empty value is an absent field.',
  unit: 'lines-after-header',
  sequential: true,
  recognise: (head) => {
    const header = csvHeader(head.filled[0])
    if (!header) return undefined
    const rows = csvRows(head.filled.slice(1), header.separator)
    if (!isHeaderOf(header.names, rows)) return undefined
    const right = rows.filter((c) => c.length === header.names.length).length
    if (rows.length > 0 && right * 2 < rows.length) return undefined
    const share = rows.length === 0 ? 0.5 : right / rows.length
    return {
      score: 0.3 * share,
      why: `a header of ${header.names.length} columns and ${right} of ${rows.length} rows looked at that fit it`,
    }
  },
  reader: (context, header) => csvReader(context, header, timeByKeys),
  aliases: {},
  tags: {},
  json: false,
}
