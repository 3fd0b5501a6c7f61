// PAN-OS as JSON, from Strata Logging Service (with its names) or from a firewall's HTTP profile, whose payload has the names of the log's fields
// ($src, $dport, …). Either may come after a syslog head.
import { byName } from '../../text/by-name.ts'
import { dataset, end, is, mapped, transport } from '../cps/answers.ts'
import type { Answer, CpsNames, FormatRecord, JsonMessages, JsonSample } from '../format.ts'
import { networkJsonReader, type NetworkOf } from '../network/json-network.ts'
import { before, isCount, protocolName, yes } from '../network/network.ts'
import { type Actor, actorOf } from '../readers/actor.ts'
import type { TimeOf } from '../readers/json/event-reader.ts'
import { cutSyslogHead, fileHead, recogniseObjects } from '../readers/recognise.ts'
import { stamp } from '../readers/stamp.ts'

const message: JsonMessages = {
  of: 'json',
  label: 'PAN-OS',
  score: 0.98,
  is: isPanosJson,
  reader: (context) => networkJsonReader(context, panosJsonTime, panosJsonNetwork),
}

/** As for the rows (`panos.ts`), from either spelling of a field. */
const of =
  (name: string): Answer =>
  (get) =>
    firstOf(get, name)
/** A SYSTEM record has user, address and server in its text. */
const inText =
  (name: keyof Actor): Answer =>
  (get) =>
    firstOf(get, name) ??
    (firstOf(get, 'type')?.toUpperCase() === 'SYSTEM' ? actorOf(firstOf(get, 'text') ?? '')[name] : undefined)

const CPS: CpsNames = {
  documented: {
    '#Vendor': is('paloalto'),
    '#event.module': is('ngfw'),
    ...end('destination', { ip: inText('dest_ip'), port: inText('dest_port'), bytes: of('bytes_in') }),
    'destination.nat.ip': of('nat_dest_ip'),
    'network.bytes': of('bytes'),
    'network.application': of('app'),
    'event.duration': of('duration'),
    ...transport(of('protocol')),
  },
  reported: { '#event.dataset': dataset('ngfw', of('type')) },
  inferred: {
    '#event.kind': mapped(of('type'), { threat: 'alert', '*': 'event' }),
    ...end('source', { ip: inText('src_ip'), port: of('src_port'), bytes: of('bytes_out') }),
    'source.nat.ip': of('nat_src_ip'),
    'source.user.name': inText('user'),
    'user.name': inText('user'),
    'event.action': of('vendor_action'),
    'rule.name': of('rule'),
  },
}

export const panosJson: FormatRecord = {
  name: 'panos-json',
  title: 'Palo Alto Networks PAN-OS, JSON',
  doc:
    'JSON lines of Strata Logging Service (LogType, SourceAddress, BytesSent, …) or of the HTTP profile of a firewall (type, src, bytes_sent, …), ' +
    'behind a syslog head or none, under the names of the record.',
  unit: 'line',
  recognise: (head) =>
    recogniseObjects(fileHead(head.lines, cutSyslogHead), message.score, 'with a PAN-OS log type', isPanosJson),
  reader: (context) => {
    const reader = message.reader(context)
    return { read: (record) => reader.read(cutSyslogHead(record)) }
  },
  inMessages: message,
  views: ['network'],
  sigma: [{ category: 'firewall', where: { _sourceCategory: ['network/paloalto'] } }],
  cps: CPS,
  aliases: {},
  tags: { _sourceCategory: 'network/paloalto' },
  json: true,
}

const TYPES =
  /^(?:TRAFFIC|THREAT|CONFIG|SYSTEM|HIP-?MATCH|GLOBALPROTECT|USERID|IPTAG|DECRYPTION|TUNNEL|SCTP|AUTH(?:ENTICATION)?|AUDIT|URL|DNS|FILE)$/i

/** Field of the connection → its names in both, Strata's first. */
const FIELDS: Readonly<Record<string, readonly string[]>> = byName({
  type: ['LogType', 'type', 'log_type'],
  subtype: ['Subtype', 'SubType', 'subtype', 'log_subtype'],
  time: [
    'TimeGeneratedHighResolution',
    'TimeGenerated',
    'high_res_timestamp',
    'time_generated',
    'cef-formatted-time_generated',
    'TimeReceived',
    'receive_time',
  ],
  began: ['SessionStartTime', 'start', 'session_start_time'],
  src_ip: ['SourceAddress', 'src', 'source_ip', 'SourceIP', 'PublicIPv4', 'PublicIPv6', 'public_ip', 'public_ipv6'],
  src_port: ['SourcePort', 'sport', 'source_port'],
  // A DNS record has the resolver that was asked.
  dest_ip: ['DestinationAddress', 'dst', 'dest_ip', 'DNSResolverIP'],
  dest_port: ['DestinationPort', 'dport', 'dest_port'],
  protocol: ['Protocol', 'proto', 'protocol'],
  vendor_action: ['Action', 'action'],
  bytes_out: ['BytesSent', 'bytes_sent'],
  bytes_in: ['BytesReceived', 'bytes_received'],
  bytes: ['Bytes', 'bytes', 'bytes_total'],
  duration: ['SessionDuration', 'elapsed', 'total_time_elapsed'],
  user: ['SourceUser', 'srcuser', 'source_user', 'SourceUserName', 'AuthenticatedUserName'],
  text: ['EventDescription', 'opaque', 'description'],
  device: ['DeviceName', 'device_name', 'DeviceSN', 'serial'],
  serial: ['DeviceSN', 'serial', 'log_source_id'],
  session_id: ['SessionID', 'sessionid', 'session_id'],
  rule: ['Rule', 'rule', 'rule_matched'],
  app: ['Application', 'app'],
  nat_src_ip: ['NATSource', 'natsrc', 'nat_source'],
  nat_dest_ip: ['NATDestination', 'natdst', 'nat_dest'],
})

type Get = (field: string) => string | undefined

/** Forwarding services write some values as objects: `{"source_ip": {"value": "10.0.0.1"}}`. */
function firstOf(get: Get, name: string): string | undefined {
  for (const n of FIELDS[name] ?? []) {
    const value = get(n) ?? get(`${n}.value`)
    if (value !== undefined && value !== '' && value !== '0.0.0.0') return value
  }
  return undefined
}

const has = (o: JsonSample, names: readonly string[]): boolean => names.some((n) => n in o)

function isPanosJson(o: JsonSample): boolean {
  const type = o['LogType'] ?? o['log_type'] ?? o['type']
  const text = typeof type === 'object' && type !== null && 'value' in type ? type.value : type
  return (
    typeof text === 'string' &&
    TYPES.test(text) &&
    has(o, [
      'DeviceSN',
      'serial',
      'log_source_id',
      'DeviceName',
      'device_name',
      'LogSetting',
      'vsys',
      'VirtualLocation',
      'FromZone',
      'Subtype',
    ])
  )
}

const panosJsonTime: TimeOf = (fields, context) => {
  const text = firstOf((n) => fields.get(n), 'time')
  return text === undefined ? undefined : stamp(text, context)
}

const UTC = { zone: 'UTC', year: 1970 }

/** As for comma-separated rows (`panos.ts`): start and end are one session, the end has the totals. */
const panosJsonNetwork: NetworkOf = (name, get, at) => {
  if (firstOf(get, 'type')?.toUpperCase() !== 'TRAFFIC' || firstOf(get, 'src_ip') === undefined) return undefined
  const subtype = firstOf(get, 'subtype')?.toLowerCase()
  const action = firstOf(get, 'vendor_action')?.toLowerCase()
  switch (name) {
    case 'key': {
      const id = firstOf(get, 'session_id')
      if (id === undefined || id === '0' || (subtype !== 'start' && subtype !== 'end')) return ''
      const parts = ['serial', 'src_ip', 'src_port', 'dest_ip', 'dest_port', 'protocol', 'began']
      return `panj ${id} ${parts.map((n) => firstOf(get, n) ?? '').join(' ')}`
    }
    case 'start': {
      const began = firstOf(get, 'began')
      const told = began === undefined || !/^\d{4}-.*(?:Z|[+-]\d\d:?\d\d)$/.test(began) ? undefined : stamp(began, UTC)
      return told?.toString() ?? before(at(), firstOf(get, 'duration'))
    }
    case 'end':
      return before(at(), '0')
    case 'rank':
      return subtype === 'start' ? '0' : '1'
    case 'action':
    case 'policy':
      return action === undefined ? undefined : action === 'allow' || action === 'allowed' ? 'allow' : 'deny'
    case 'established': {
      const received = firstOf(get, 'bytes_in')
      if (isCount(received) && Number(received) > 0) return 'true'
      return subtype === 'start' ? undefined : yes(false)
    }
    case 'protocol':
      return protocolName(firstOf(get, 'protocol'))
    case 'inferred':
    case 'hit_count':
      return undefined
    default:
      return firstOf(get, name)
  }
}
