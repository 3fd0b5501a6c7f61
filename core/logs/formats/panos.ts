// PAN-OS log rows: comma-separated, by position from the left. The number of columns grows with the version, so it is never relied on.
import { panosRow } from '../vendors/paloalto/write.ts'
import { byName } from '../../text/by-name.ts'
import type { Bad, CpsNames, Event, FormatContext, FormatRecord, Shown, TextMessages } from '../format.ts'
import { dataset, end, is, mapped, transport, when } from '../cps/answers.ts'
import { messageLines } from '../mixed/vendor-dispatch.ts'
import { before, isCount, NETWORK, yes } from '../network/network.ts'
import { splitCsv } from '../readers/csv.ts'
import { escapeRegExp, LazyEvent, LazyFields } from '../readers/fields.ts'
import { recogniseLines } from '../readers/recognise.ts'
import { rememberingTime, syslogHead } from '../readers/syslog.ts'
import { elsewhere, namesElsewhere } from '../vendors/paloalto/elsewhere.ts'
import { places, splitPlain } from '../vendors/paloalto/plain-columns.ts'
import { panTime } from '../vendors/paloalto/time.ts'
import { type Columns, CONFIG_WITH_DETAILS, LAYOUTS, OTHERS } from '../vendors/paloalto/columns.ts'

const message: TextMessages = {
  of: 'text',
  label: 'PAN-OS',
  score: 0.98,
  is: (text) => typeAt(text) >= 0,
  reader: (context) => ({ read: panosParser(context) }),
}

const isTraffic = (get: (field: string) => string | undefined): boolean => get('type') === 'TRAFFIC'
const isThreat = (get: (field: string) => string | undefined): boolean => get('type') === 'THREAT'

/** Columns under `Vendor.` have the names of the vendor's other exports. Zones, rule and the source's side are in no public list. */
const CPS: CpsNames = {
  documented: {
    '#Vendor': is('paloalto'),
    '#event.module': is('ngfw'),
    ...end('destination', { ip: 'dest_ip', port: 'dest_port', bytes: 'bytes_recv', packets: 'pkts_received' }),
    'destination.nat.ip': 'NAT_dest_ip',
    'destination.nat.port': 'NAT_dest_port',
    'destination.geo.country_name': 'dest_country',
    'network.bytes': 'bytes',
    'network.packets': 'Packets',
    'network.application': 'app',
    'event.duration': 'ElapsedTime',
    ...transport('protocol'),
    'Vendor.DestinationAddress': 'dest_ip',
    'Vendor.DestinationPort': 'dest_port',
    'Vendor.NATDestination': 'NAT_dest_ip',
    'Vendor.NATDestinationPort': 'NAT_dest_port',
    'Vendor.DestinationCountry': 'dest_country',
    'Vendor.SourceUserName': 'src_user',
    'Vendor.BytesReceived': 'bytes_recv',
    'Vendor.Bytes': 'bytes',
    'Vendor.PacketsReceived': 'pkts_received',
    'Vendor.Application': 'app',
  },
  reported: { '#event.dataset': dataset('ngfw', 'type') },
  inferred: {
    '#event.kind': mapped('type', { threat: 'alert', '*': 'event' }),
    '#event.outcome': when(isTraffic, mapped('action', { allow: 'success', '*': 'failure' })),
    ...end('source', { ip: 'src_ip', port: 'src_port', bytes: 'bytes_sent', packets: 'pkts_sent' }),
    'source.nat.ip': 'NAT_src_ip',
    'source.nat.port': 'NAT_src_port',
    'source.user.name': 'src_user',
    'source.geo.country_name': 'src_Country',
    'user.name': 'src_user',
    'event.action': 'action',
    'event.severity': when(
      isThreat,
      mapped('severity', { informational: '10', low: '30', medium: '50', high: '70', critical: '90' }),
    ),
    'rule.name': 'ruleName',
    'observer.ingress.zone': 'src_zone',
    'observer.egress.zone': 'dest_zone',
    'observer.ingress.interface.name': 'inbound_interface',
    'observer.egress.interface.name': 'outbound_interface',
    'Vendor.SourceAddress': 'src_ip',
    'Vendor.SourcePort': 'src_port',
    'Vendor.NATSource': 'NAT_src_ip',
    'Vendor.NATSourcePort': 'NAT_src_port',
    'Vendor.SourceUser': 'src_user',
    'Vendor.DestinationUser': 'dest_user',
    'Vendor.SourceCountry': 'src_Country',
    'Vendor.BytesSent': 'bytes_sent',
    'Vendor.PacketsSent': 'pkts_sent',
    'Vendor.Protocol': 'protocol',
    'Vendor.Action': 'action',
    'Vendor.RuleName': 'ruleName',
    'Vendor.SessionID': 'SessonID',
    'Vendor.Subtype': 'subtype',
    'Vendor.LogType': 'type',
    'Vendor.SessionEndReason': 'session_end_reason',
  },
}

const MARKS = [',TRAFFIC,', ',THREAT,']

export const panos: FormatRecord = {
  name: 'panos',
  title: 'Palo Alto Networks PAN-OS',
  doc:
    'Rows of TRAFFIC, THREAT, SYSTEM, CONFIG, GLOBALPROTECT, USERID, HIPMATCH, AUTHENTICATION and DECRYPTION logs (and the first columns of others) as comma-separated values behind any syslog head or none; fields as Sumo ' +
    "Logic's app for the product names them. Time: the high resolution time if there is one, else the time of generation in the source's zone.",
  unit: 'line',
  recognise: (head) =>
    recogniseLines(
      head,
      message.score,
      'rows with a PAN-OS log type (TRAFFIC, THREAT, …) in the fourth column',
      message.is,
    ),
  reader: messageLines(message, MARKS),
  inMessages: message,
  views: ['network'],
  sigma: [{ category: 'firewall', where: { _sourceCategory: ['network/paloalto'] } }],
  facts: { 'bytes sent': ['bytes_sent'], 'bytes received': ['bytes_recv'], user: ['src_user'] },
  cps: CPS,
  aliases: {},
  write: (events) => events.map((e) => `${panosRow(e)}\n`).join(''),
  tags: { _sourceCategory: 'network/paloalto' },
  json: false,
  plain: { before: beforeColumn, shows: showsColumn, marks: MARKS },
}

/** Columns of the shortest rows of any release: up to `pkts_received`, and up to the first location of THREAT. */
const LEAST: Readonly<Record<string, number>> = byName({ TRAFFIC: 46, THREAT: 38 })

const TYPE =
  /,(TRAFFIC|THREAT|CONFIG|SYSTEM|HIP-?MATCH|GLOBALPROTECT|USERID|IPTAG|DECRYPTION|TUNNEL|START|END|SCTP|AUTH(?:ENTICATION)?|AUDIT|CORRELATION|GTP|WILDFIRE|URL|DATA),/

/** Place of the comma before the type; -1 if the text is no PAN-OS row: the second column is a time. */
function typeAt(text: string): number {
  const traffic = text.indexOf(',TRAFFIC,')
  const at = traffic >= 0 ? traffic : text.search(TYPE)
  const serial = at < 0 ? -1 : text.lastIndexOf(',', at - 1)
  const received = serial < 0 ? -1 : text.lastIndexOf(',', serial - 1)
  return received >= 0 && RECEIVED.test(text.slice(received + 1, serial)) ? at : -1
}
const RECEIVED = /^\d{1,4}[/-]\d{1,2}[/-]\d{1,4}[ T]/

/** The places are of this row: most rows are asked for columns before the next one is read. */
let placesOf: PlainRow | undefined

function panosParser(context: FormatContext): (record: string) => Bad | Event {
  const time = rememberingTime((t) => panTime(t, context))
  return (record) => {
    const text = record.endsWith('\r') ? record.slice(0, -1) : record
    const type = typeAt(text)
    if (type < 0) return { bad: 'not a PAN-OS row' }
    const body = bodyAt(text, type)
    const count = splitPlain(text, body)
    if (count < 0) return quotedRow(text, body, time)
    const row = new PlainRow(text, body, count, time)
    placesOf = row
    return complete(row, text.slice(type + 1, text.indexOf(',', type + 1)))
  }
}

/** Start of the row: three columns come before the type, and a blank ends the syslog head, if there is one. */
function bodyAt(text: string, type: number): number {
  const serial = text.lastIndexOf(',', type - 1)
  const received = text.lastIndexOf(',', serial - 1)
  return text.lastIndexOf(' ', received) + 1
}

function quotedRow(text: string, body: number, time: Row['time']): Bad | Event {
  const values = splitCsv(text.slice(body))
  if (!values) return { bad: 'cut off inside quotes' }
  joinBraces(values)
  return complete(new SplitRow(text, body, values, time), values[3] as string)
}

/** Lists of link switches are in braces, without quotes, with commas of their own. */
function joinBraces(values: string[]): void {
  for (let from = 0; from < values.length; from++) {
    if (!values[from]?.startsWith('{')) continue
    const end = values.findIndex((v, i) => i >= from && v.endsWith('}'))
    if (end > from) values.splice(from, end - from + 1, values.slice(from, end + 1).join(','))
  }
}

function complete(row: Row, type: string): Bad | Event {
  const least = LEAST[type]
  if (least !== undefined && row.count < least) return { bad: `cut off: ${row.count} columns of at least ${least}` }
  row.layout = layoutOf(row, type)
  return new LazyEvent(row)
}

function layoutOf(row: Row, type: string): Columns {
  // Number and flags of the row come after the path, or after the details of the change.
  if (type === 'CONFIG' && row.column(17)?.startsWith('0x') && !row.column(15)?.startsWith('0x'))
    return CONFIG_WITH_DETAILS
  return LAYOUTS[type] ?? OTHERS
}

/** See `PlainText`. Columns are between commas, some in quotes. */
function beforeColumn(name: string): string | null | undefined {
  if (!name.startsWith(NETWORK)) return Object.values(LAYOUTS).some((l) => l.has(name)) ? '[,"]' : null
  return /_port$/.test(name) ? '[,"]' : undefined
}

/** See `PlainText`. */
function showsColumn(name: string, values: Shown): readonly string[] | undefined {
  const columns = (of: readonly string[]): string[] => of.map((v) => `[,"]${escapeRegExp(v)}`)
  if (!name.startsWith(NETWORK)) {
    if (!Object.values(LAYOUTS).some((l) => l.has(name))) return []
    return typeof values === 'string' ? undefined : columns(values)
  }
  const field = name.slice(NETWORK.length)
  if (field === 'key' && values === 'filled') return columns(['start', 'end'])
  if ((field !== 'action' && field !== 'policy') || typeof values === 'string' || values.includes('deny'))
    return undefined
  return values.includes('allow') ? columns(['allow']) : []
}

abstract class Row extends LazyFields {
  layout: Columns = OTHERS
  readonly text: string
  readonly body: number
  readonly count: number
  readonly time: (text: string) => bigint | undefined

  constructor(text: string, body: number, count: number, time: Row['time']) {
    super()
    this.text = text
    this.body = body
    this.count = count
    this.time = time
  }

  /** The value of a column, counted from 0; undefined if it is empty. */
  abstract column(index: number): string | undefined

  get(name: string): string | undefined {
    const index = this.layout.get(name)
    if (index !== undefined) return this.whole(index) ? this.column(index) : undefined
    const other = elsewhere(this.column(3), name)
    if (other !== undefined) return other((column) => this.get(column))
    return name.startsWith('network:') && this.column(3) === 'TRAFFIC' ? this.network(name.slice(8)) : undefined
  }

  /** The last column may be cut, unless the counts of packets or chunks add up. */
  whole(index: number): boolean {
    if (index !== this.count - 1) return true
    if (this.count === 46) return this.sums(34, 44, 45)
    return this.count === 65 && this.sums(62, 63, 64)
  }

  sums(total: number, a: number, b: number): boolean {
    return Number(this.column(total) ?? 0) === Number(this.column(a) ?? 0) + Number(this.column(b) ?? 0)
  }

  *names(): Iterable<string> {
    yield* this.layout.keys()
    yield* namesElsewhere(this.column(3))
  }

  /** The time with an offset (releases since 10.0), else the firewall's clock, in the zone of the source. */
  when(): bigint | undefined {
    return this.exact() ?? this.wall(6) ?? this.wall(1) ?? this.head()
  }

  exact(): bigint | undefined {
    if (this.column(3) !== 'TRAFFIC' && this.column(3) !== 'THREAT') return this.lastExact()
    if (this.count <= 76) return undefined
    const at = this.column(102)
    if (at !== undefined && OFFSET_TIME.test(at)) return this.time(at)
    for (let i = 30; i < this.count - 1; i++) {
      const value = this.column(i)
      if (value !== undefined && OFFSET_TIME.test(value)) return this.time(value)
    }
    return undefined
  }

  /** In rows of other types it is among the last columns. */
  lastExact(): bigint | undefined {
    for (let i = this.count - 1; i > 7; i--) {
      const value = this.column(i)
      if (value !== undefined && OFFSET_TIME.test(value)) return this.time(value)
    }
    return undefined
  }

  wall(index: number): bigint | undefined {
    const text = this.column(index)
    return text === undefined ? undefined : this.time(text)
  }

  head(): bigint | undefined {
    const { time } = syslogHead(this.text.slice(0, this.body))
    return time === undefined ? undefined : this.time(time)
  }

  network(name: string): string | undefined {
    const value = (field: string): string | undefined => this.get(field)
    switch (name) {
      case 'key': {
        const id = value('SessonID')
        if (id === undefined || id === '0' || !/^(?:start|end)$/.test(value('subtype') ?? '')) return ''
        return `pan ${[2, 15, 22, 7, 24, 8, 25, 29, 35].map((i) => this.column(i) ?? '').join(' ')}`
      }
      case 'start':
        return this.start()
      case 'end':
        return before(this.when(), '0')
      case 'rank':
        return value('subtype') === 'start' ? '0' : '1'
      case 'action':
      case 'policy':
        return value('action') === undefined ? undefined : value('action') === 'allow' ? 'allow' : 'deny'
      case 'established':
        return this.established()
      case 'duration':
        return value('ElapsedTime')
      case 'bytes_out':
        return value('bytes_sent')
      case 'bytes_in':
        return value('bytes_recv')
      case 'protocol':
        return value('protocol')?.toLowerCase()
      default: {
        const field = FIELDS[name]
        const text = field === undefined ? undefined : value(field)
        // Zeros: the address was not translated.
        if (name.startsWith('nat_') && text === '0.0.0.0') return undefined
        return text ?? (name === 'device' ? value('serialNum') : undefined)
      }
    }
  }

  /** Start and time of the row are both by the firewall's clock, so their difference holds in any zone. */
  start(): string | undefined {
    const time = this.when()
    const own = this.wall(6)
    const began = this.wall(35)
    if (time === undefined || own === undefined || began === undefined) return before(time, this.get('ElapsedTime'))
    return String(time - (time % 1_000_000n) - (own - began))
  }

  established(): string | undefined {
    const received = this.get('bytes_recv')
    if (isCount(received) && Number(received) > 0) return 'true'
    return this.get('subtype') === 'start' ? undefined : yes(false)
  }
}

const FIELDS: Readonly<Record<string, string>> = byName({
  src_ip: 'src_ip',
  src_port: 'src_port',
  dest_ip: 'dest_ip',
  dest_port: 'dest_port',
  vendor_action: 'action',
  bytes: 'bytes',
  user: 'src_user',
  device: 'DeviceName',
  session_id: 'SessonID',
  rule: 'ruleName',
  app: 'app',
  nat_src_ip: 'NAT_src_ip',
  nat_dest_ip: 'NAT_dest_ip',
})

const OFFSET_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)$/

class PlainRow extends Row {
  column(index: number): string | undefined {
    if (index >= this.count) return undefined
    if (placesOf !== this) {
      splitPlain(this.text, this.body)
      placesOf = this
    }
    const from = index === 0 ? this.body : (places[index - 1] as number) + 1
    const end = places[index] as number
    return from >= end ? undefined : this.text.slice(from, end)
  }
}

class SplitRow extends Row {
  readonly #values: readonly string[]

  constructor(text: string, body: number, values: readonly string[], time: Row['time']) {
    super(text, body, values.length, time)
    this.#values = values
  }

  column(index: number): string | undefined {
    const value = this.#values[index]
    return value === '' ? undefined : value
  }
}
