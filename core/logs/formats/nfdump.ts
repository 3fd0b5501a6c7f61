// Flow records as nfdump 1.7 prints them: JSON, CSV with a summary at its end, and the text forms `line`, `long` and `extended`.
import type { Bad, Event, FormatContext, FormatRecord, JsonMessages, Reader, Skip } from '../format.ts'
import { networkJsonReader } from '../network/json-network.ts'
import { type OneWay, oneWayNetwork } from '../network/one-way.ts'
import { csvHeader, splitCsv } from '../readers/csv.ts'
import { LazyEvent, MapFields } from '../readers/fields.ts'
import { recogniseObjects } from '../readers/recognise.ts'
import { epochSeconds, stamp } from '../readers/stamp.ts'

type Get = (field: string) => string | undefined

const TAGS = { _sourceCategory: 'network/netflow' }
const CSV_HEADER = /^ts,te,td,sa,da,sp,dp,pr,/
const TEXT_HEADER = /^Date (?:first seen|flow start)\s+Duration\s+Proto\s/

const message: JsonMessages = {
  of: 'json',
  label: 'nfdump',
  score: 0.98,
  is: (o) => o['type'] === 'FLOW' && 'in_bytes' in o && ('src4_addr' in o || 'src6_addr' in o),
  reader: (context) => networkJsonReader(context, (f) => jsonStart((n) => f.get(n), context), jsonNetwork(context)),
}

export const nfdumpJson: FormatRecord = {
  name: 'nfdump-json',
  title: 'nfdump, JSON',
  doc: 'nfdump -o json: one-way flow records. Times have no zone; they are in the zone of the process that printed them.',
  unit: 'line',
  recognise: (head) => recogniseObjects(head, message.score, 'flows of nfdump (type FLOW)', message.is),
  reader: message.reader,
  inMessages: message,
  views: ['network'],
  facts: {
    'source address': ['src4_addr', 'src6_addr'],
    'destination address': ['dst4_addr', 'dst6_addr'],
    'bytes sent': ['in_bytes'],
  },
  aliases: {},
  tags: TAGS,
  json: true,
}

export const nfdumpCsv: FormatRecord = {
  name: 'nfdump-csv',
  title: 'nfdump, CSV',
  doc: 'nfdump -o csv: one-way flow records under a header (ts, te, td, sa, da, sp, dp, pr, …); the summary below them is skipped. Times have no zone.',
  unit: 'lines-after-header',
  recognise: ({ filled }) =>
    CSV_HEADER.test(filled[0] ?? '')
      ? { score: 0.98, why: 'the header of nfdump’s CSV (ts,te,td,sa,da,…)' }
      : undefined,
  reader: csvRecords,
  views: ['network'],
  facts: { 'source address': ['sa'], 'destination address': ['da'], 'bytes sent': ['ibyt'] },
  aliases: {},
  tags: TAGS,
  json: false,
}

export const nfdumpText: FormatRecord = {
  name: 'nfdump-text',
  title: 'nfdump, text',
  doc:
    'nfdump -o line, long or extended: one-way flow records in columns, under the names of the CSV. Bytes above a million are rounded ' +
    '(14.2 M), and so is a volume made of them. Times have no zone.',
  unit: 'line',
  recognise: ({ filled }) =>
    TEXT_HEADER.test(filled[0] ?? '')
      ? { score: 0.99, why: 'the column titles of nfdump (Date first seen …)' }
      : undefined,
  reader: textRecords,
  views: ['network'],
  aliases: {},
  tags: TAGS,
  json: false,
}

const jsonStart = (get: Get, context: FormatContext): bigint | undefined => timeOf(get('first'), context)
const timeOf = (text: string | undefined, context: FormatContext): bigint | undefined =>
  text === undefined ? undefined : stamp(text, context)

const jsonNetwork =
  (context: FormatContext) =>
  (name: string, get: Get): string | undefined => {
    const source = get('src4_addr') ?? get('src6_addr')
    const destination = get('dst4_addr') ?? get('dst6_addr')
    if (source === undefined || destination === undefined) return undefined
    return oneWayNetwork(name, {
      source,
      destination,
      sourcePort: get('src_port') ?? '0',
      destinationPort: get('dst_port') ?? '0',
      protocol: get('proto'),
      flags: get('tcp_flags'),
      bytes: get('in_bytes'),
      start: jsonStart(get, context),
      end: timeOf(get('last'), context),
      device: get('ip4_router') ?? get('ip6_router'),
    })
  }

/** Fields under the names of the CSV. Its times are whole seconds; the duration has the fraction. */
function flowEvent(fields: ReadonlyMap<string, string>, context: FormatContext): Event {
  const start = (): bigint | undefined => timeOf(fields.get('ts'), context)
  const record = (): OneWay => {
    const from = start()
    const lasted = epochSeconds(fields.get('td') ?? '')
    return {
      source: fields.get('sa') as string,
      destination: fields.get('da') as string,
      sourcePort: fields.get('sp') ?? '0',
      destinationPort: fields.get('dp') ?? '0',
      protocol: fields.get('pr'),
      flags: fields.get('flg'),
      bytes: unscaled(fields.get('ibyt')),
      start: from,
      end: from === undefined || lasted === undefined ? from : from + lasted,
      device: fields.get('ra'),
    }
  }
  const network = (name: string): string | undefined =>
    isSum(fields) ? undefined : oneWayNetwork(name.slice(8), record())
  return new LazyEvent(new MapFields(fields, start, network))
}

/**
 * A row of an aggregation (`-A`) is no connection: nfdump 1.7.1 writes 0.0.0.0 and port 0 where the aggregation gave up an end
 * (findings/nfdump-aggregated-rows.sh). It was never received, so that its time is the epoch, in the zone of the machine. The files of older
 * collectors have no such time for flows either.
 */
const isSum = (fields: ReadonlyMap<string, string>): boolean =>
  /^(?:1970-01-01|1969-12-31)/.test(fields.get('tr') ?? '') &&
  (fields.get('sp') === '0' || fields.get('dp') === '0') &&
  !/^(?:ICMP|ICMP6)$/.test(fields.get('pr') ?? '')

/** The digits of a count: `14.2 M` is 14200000. */
function unscaled(count: string | undefined): string | undefined {
  const m = /^(\d+(?:\.\d+)?) ([KMGT])$/.exec(count ?? '')
  if (!m) return count
  return String(Math.round(Number(m[1]) * 1000 ** ('KMGT'.indexOf(m[2] as string) + 1)))
}

const CSV_SUMMARY = /^(?:Summary|flows,bytes,packets,.*|\d+(?:,\d+){5})$/

function csvRecords(context: FormatContext, header: readonly string[]): Reader {
  const names = csvHeader(header.find((l) => l.trim() !== ''))?.names ?? []
  return {
    read: (record): Bad | Event | Skip => {
      const line = record.trimEnd()
      if (line === '') return { skip: 'blank' }
      if (CSV_HEADER.test(line)) return { skip: 'header' }
      if (CSV_SUMMARY.test(line)) return { skip: 'summary' }
      const values = splitCsv(line) ?? []
      if (values.length !== names.length) return { bad: `${values.length} values for ${names.length} columns` }
      return flowEvent(new Map(names.map((name, i) => [name, (values[i] as string).trim()])), context)
    },
  }
}

const TEXT_ROW =
  /^(?<ts>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?)\s+(?:(?<h>\d+):(?<m>\d\d):(?<s>\d\d\.\d+)|(?<td>\d+\.\d+))\s+(?<pr>\S+)\s+(?<sa>\S+)[:.](?<sp>\d+)\s+->\s+(?<da>\S+)[:.](?<dp>\d+)\s+(?:(?<flg>[A-Z.]{6,8})\s+(?<stos>\d+)\s+)?(?<ipkt>\d+(?:\.\d+ [KMGT])?)\s+(?<ibyt>\d+(?:\.\d+ [KMGT])?)\s/
const TEXT_SUMMARY = /^(?:Date |Summary:|Time window:|Total flows processed:|Sys:|No matching flows)/

function textRecords(context: FormatContext): Reader {
  return {
    read: (record): Bad | Event | Skip => {
      if (record.trim() === '') return { skip: 'blank' }
      if (TEXT_SUMMARY.test(record)) return { skip: 'header or summary' }
      const m = TEXT_ROW.exec(`${record} `)
      if (!m?.groups) return { bad: 'no flow record of nfdump' }
      const { h, m: minutes, s, ...columns } = m.groups
      const fields = new Map<string, string>()
      for (const [name, value] of Object.entries(columns)) if (value !== undefined) fields.set(name, value)
      if (s !== undefined) fields.set('td', (Number(h) * 3600 + Number(minutes) * 60 + Number(s)).toFixed(3))
      return flowEvent(fields, context)
    },
  }
}
