// Suricata's EVE records.
import { SURICATA } from '../cps/corelight.ts'
import type { FormatRecord, JsonMessages, JsonSample } from '../format.ts'
import { networkJsonReader, type NetworkOf } from '../network/json-network.ts'
import { plus, protocolName, yes } from '../network/network.ts'
import type { TimeOf } from '../readers/json/event-reader.ts'
import { recogniseObjects } from '../readers/recognise.ts'
import { stamp } from '../readers/stamp.ts'

const message: JsonMessages = {
  of: 'json',
  label: 'Suricata',
  score: 0.98,
  is: (object) => isEve(object),
  reader: (context) => networkJsonReader(context, suricataTime, suricataNetwork),
}

export const suricata: FormatRecord = {
  name: 'suricata',
  title: 'Suricata EVE',
  doc: 'JSON lines of Suricata (eve.json): timestamp with an offset, event_type, src_ip, dest_ip. A record of type flow is a connection. Suricata 7 dates flows that are open at the end of a capture file at its first packet.',
  unit: 'line',
  recognise: (head) =>
    recogniseObjects(head, message.score, 'with event_type and timestamp as Suricata writes them', message.is),
  reader: message.reader,
  inMessages: message,
  views: ['network'],
  facts: {
    'bytes sent': ['flow.bytes_toserver'],
    'bytes received': ['flow.bytes_toclient'],
    session: ['flow_id'],
  },
  cps: { inferred: SURICATA },
  aliases: {},
  tags: { _sourceCategory: 'network/suricata' },
  json: true,
}

const isEve = (o: JsonSample): boolean =>
  'event_type' in o && 'timestamp' in o && ('flow_id' in o || 'src_ip' in o || 'stats' in o)

const suricataTime: TimeOf = (fields, context) => {
  const at = fields.get('timestamp')
  return at === undefined ? undefined : stamp(at, context)
}

const SYN = 0x02

/**
 * The other side sent something that is no refusal. A closed port answers SYN with RST and ACK, which are bytes too; a server that takes part
 * sends SYN. Flows that were picked up in the middle have no SYN of either side.
 */
function isAnswered(get: (field: string) => string | undefined): boolean {
  const sent = (field: string): number => Number.parseInt(get(field) ?? '', 16)
  const [client, server] = [sent('tcp.tcp_flags_ts'), sent('tcp.tcp_flags_tc')]
  if ((client & SYN) !== 0 && !Number.isNaN(server) && (server & SYN) === 0) return false
  return Number(get('flow.bytes_toclient') ?? 0) > 0 || get('flow.state') === 'established'
}

/** Suricata expects the data connection that a control connection announces, and logs the flow of the latter as its parent. */
function role(get: (field: string) => string | undefined): string | undefined {
  const app = get('app_proto') ?? ''
  if (get('parent_id') !== undefined || app === 'ftp-data') return 'data'
  return app === 'ftp' || app === 'tftp' ? 'control' : undefined
}

const UTC = { zone: 'UTC', year: 1970 }
const micros = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : stamp(text, UTC)?.toString()

/**
 * A record of type flow is a connection. Others describe the same connections; `netflow` has one record for each direction. The record's time is
 * when the flow ended, so its start counts. The action is `allow` where both sides sent, `deny` where Suricata dropped.
 */
const suricataNetwork: NetworkOf = (name, get, at) => {
  if (get('event_type') !== 'flow') return undefined
  const answered = isAnswered(get)
  const dropped = get('flow.action') === 'drop'
  switch (name) {
    case 'key':
      return ''
    case 'src_ip':
    case 'src_port':
    case 'dest_ip':
    case 'dest_port':
      return get(name)
    case 'protocol':
      return protocolName(get('proto'))
    case 'start':
      return micros(get('flow.start')) ?? at()?.toString()
    case 'end':
      return micros(get('flow.end')) ?? at()?.toString()
    case 'duration':
      return get('flow.age')
    case 'established':
      return yes(answered)
    case 'action':
      return dropped ? 'deny' : answered ? 'allow' : undefined
    case 'policy':
      return dropped ? 'deny' : undefined
    case 'vendor_action':
      return get('flow.action')
    case 'bytes_out':
      return get('flow.bytes_toserver')
    case 'bytes_in':
      return get('flow.bytes_toclient')
    case 'bytes':
      return plus(get('flow.bytes_toserver'), get('flow.bytes_toclient'))
    case 'session_id':
      return get('flow_id')
    case 'app':
      return get('app_proto')
    case 'role':
      return role(get)
    case 'device':
      return get('host') ?? get('in_iface')
    default:
      return undefined
  }
}
