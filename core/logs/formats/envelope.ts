// Collectors' envelopes: JSON objects and CSV rows around records of other formats.
import type { FormatRecord } from '../format.ts'
import { csvEnvelopeReader, envelopeReader, isEnvelope, messageColumns } from '../mixed/envelope.ts'
import { vendorOf } from '../mixed/vendor-dispatch.ts'
import { csvHeader, csvRows } from '../readers/csv.ts'

export const jsonEnvelope: FormatRecord = {
  name: 'json-envelope',
  title: 'JSON around records of other formats',
  doc:
    'JSON objects of collectors, with a record of a known format in message, log, _raw, event, _source, result._raw and the like. The record is ' +
    'read as its own format; fields and time of the envelope count where the record has none.',
  unit: 'line',
  recognise: ({ filled, objects }, inside) => {
    const count = objects.filter((o) => isEnvelope(o, inside)).length
    if (count === 0 || objects.length * 2 < filled.length) return undefined
    return { score: 0.7, why: `${count} of ${filled.length} lines are JSON objects around a record of a known format` }
  },
  reader: (context, _, inside) => envelopeReader(context, inside),
  documents: 'json-envelope-documents',
  views: ['network'],
  aliases: {},
  tags: {},
  json: false,
}

export const csvEnvelope: FormatRecord = {
  name: 'csv-envelope',
  title: 'CSV around records of other formats',
  doc: 'Exports with a header and a column of whole records, such as _raw or message. The record is read as its own format.',
  unit: 'lines-after-header',
  sequential: true,
  recognise: (head, inside) => {
    const header = csvHeader(head.filled[0])
    const columns = header ? messageColumns(header.names) : []
    if (!header || columns.length === 0) return undefined
    const rows = csvRows(head.filled.slice(1), header.separator)
    const count = rows.filter((r) => columns.some((c) => vendorOf(r[c] ?? '', inside) !== undefined)).length
    if (count === 0) return undefined
    return { score: 0.99, why: `${count} of ${rows.length} rows have a record of a known format in a column` }
  },
  reader: csvEnvelopeReader,
  views: ['network'],
  aliases: {},
  tags: {},
  json: false,
}
