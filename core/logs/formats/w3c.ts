// The W3C extended log file format: directives (`#Fields: …`), then lines of those fields. IIS, Windows' firewall, pure-ftpd, proxies, Exchange.
// Read right on 252 of 255 public lines: tstack/lnav, elastic/beats, matomo-org/matomo-log-analytics. Three have other columns than their header says.
import type { Bad, Event, FormatContext, FormatRecord, Reader, Skip } from '../format.ts'
import type { Connection } from '../network/of-fields.ts'
import { connectionEvent } from '../network/pairs-event.ts'
import { splitCsv } from '../readers/csv.ts'
import { stamp } from '../readers/stamp.ts'

const FIELDS = /^\uFEFF?#\s*Fields:\s*(.+)$/i
const DIRECTIVE = /^\uFEFF?#/

/** The firewall of Windows logs connections (pfirewall.log); other logs of this format do not. */
const CONNECTION: Connection = {
  is: (get) => get('action') !== undefined,
  fields: {
    src_ip: ['src-ip'],
    src_port: ['src-port'],
    dest_ip: ['dst-ip'],
    dest_port: ['dst-port'],
    protocol: ['protocol'],
    vendor_action: ['action'],
    app: ['path'],
  },
}

export const w3c: FormatRecord = {
  name: 'w3c',
  title: 'W3C extended log (IIS and others)',
  doc:
    'Lines under #Fields: of IIS, the firewall of Windows, pure-ftpd, Exchange and others, separated as that line is, under its names; a file may have ' +
    'several such lines. Times are UTC, as the format says, unless the file or its names say that they are local.',
  unit: 'lines-after-header',
  sequential: true,
  recognise: ({ lines }) => {
    const at = lines.findIndex((l) => FIELDS.test(l))
    const isBegin = at >= 0 && lines.slice(0, at).every((l) => l.trim() === '' || DIRECTIVE.test(l))
    const names = isBegin ? namesOf(lines[at] as string) : undefined
    return names && names.names.length >= 2
      ? { score: 0.95, why: `a line #Fields: with ${names.names.length} names` }
      : undefined
  },
  reader: w3cReader,
  views: ['network'],
  sigma: [{ category: 'firewall', where: { 'src-ip': 'present', 'dst-port': 'present', action: 'present' } }],
  facts: {
    'source address': ['c-ip', 'src-ip'],
    'destination address': ['s-ip', 'dst-ip'],
    'destination port': ['s-port', 'dst-port'],
    user: ['cs-username'],
  },
  aliases: {
    'cs-user-agent': ['cs(User-Agent)'],
    'cs-referer': ['cs(Referer)', 'cs(Referrer)'],
    'cs-host': ['cs(Host)'],
    'cs-cookie': ['cs(Cookie)'],
    src_ip: ['c-ip', 'src-ip'],
    status: ['sc-status'],
  },
  tags: { _sourceCategory: 'web/w3c' },
  json: false,
}

interface Names {
  readonly names: readonly string[]
  readonly separator: ' ' | ',' | '\t'
}

function namesOf(line: string): Names | undefined {
  const text = FIELDS.exec(line)?.[1]?.trim()
  if (text === undefined) return undefined
  const separator = text.includes('\t') ? '\t' : /^[\w-]+,[\w-]/.test(text) ? ',' : ' '
  return { names: text.split(separator === ' ' ? /\s+/ : separator).map((n) => n.trim()), separator }
}

function w3cReader(context: FormatContext, header: readonly string[]): Reader {
  let names: Names | undefined
  let date: string | undefined
  let zone = 'UTC'
  const directive = (line: string): void => {
    names = namesOf(line) ?? names
    const m = /^\uFEFF?#\s*(Date|Time Format):\s*(.*)$/i.exec(line)
    if (m?.[1]?.toLowerCase() === 'date') date = /^[\d-]{8,10}/.exec(m[2] as string)?.[0]
    else if (m && /local/i.test(m[2] as string)) zone = context.zone
  }
  for (const line of header) if (DIRECTIVE.test(line)) directive(line)
  return {
    read: (record): Bad | Event | Skip => {
      if (record.trim() === '') return { skip: 'blank' }
      if (DIRECTIVE.test(record)) {
        directive(record)
        return { skip: 'directive' }
      }
      if (!names) return { bad: 'no #Fields: before it' }
      return rowOf(record, names, { ...context, zone }, date, context)
    },
  }
}

/** `-` is no value. IIS writes a blank in a value as `+`, others put such a value in quotes. */
function rowOf(
  line: string,
  { names, separator }: Names,
  utc: FormatContext,
  date: string | undefined,
  local: FormatContext,
): Bad | Event {
  const values = separator === ' ' ? words(line) : (splitCsv(line, separator) ?? [])
  if (values.length !== names.length) return { bad: `${values.length} values for ${names.length} fields` }
  const fields = new Map<string, string>()
  names.forEach((name, i) => {
    const value = values[i] as string
    if (value !== '' && value !== '-' && !fields.has(name)) fields.set(name, value)
  })
  const notes = fields.get('cs-method') === '[]created' && fields.has('sc-bytes') ? [UPLOAD] : undefined
  return connectionEvent(fields, () => timeOf(fields, utc, date, local), CONNECTION, notes)
}

/** Pure-FTPd 1.0.50 has no column cs-bytes; only the method tells `[]created` from `[]sent`. */
const UPLOAD =
  'sc-bytes is what the client sent, since Pure-FTPd writes an upload ([]created) like a download: there is no cs-bytes'

const WORD = /"((?:[^"]|"")*)"(?=\s|$)|\S+/g
const words = (line: string): string[] =>
  line.includes('"')
    ? [...line.matchAll(WORD)].map((m) => m[1]?.replaceAll('""', '"') ?? m[0])
    : line.trim().split(/\s+/)

function timeOf(
  fields: ReadonlyMap<string, string>,
  utc: FormatContext,
  date: string | undefined,
  local: FormatContext,
): bigint | undefined {
  const whole = fields.get('date-time') ?? fields.get('datetime') ?? fields.get('timestamp')
  if (whole !== undefined) return stamp(whole, utc)
  const [day, time] = [fields.get('date') ?? date, fields.get('time')]
  if (time !== undefined && day !== undefined) return stamp(`${day} ${time}`, utc)
  const [localDay, localTime] = [fields.get('date-local'), fields.get('time-local')]
  return localDay === undefined || localTime === undefined ? undefined : stamp(`${localDay} ${localTime}`, local)
}
