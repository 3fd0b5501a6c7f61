// WatchGuard Firebox as text: `msg_id="3000-0148" Allow 1-Trusted 0-External 52 tcp 20 127 10.0.1.2 203.0.113.7 62443 80 …`. LEEF is read as such.
// Read right on 54 of 54 public lines: elastic/integrations (the vendor's catalogue), and rules and notes of administrators. Two had their addresses
// blacked out, which were filled in.
import type { Bad, Event, FormatContext, FormatRecord, TextMessages } from '../format.ts'
import { messageLines } from '../mixed/vendor-dispatch.ts'
import { decisionOf, type Connection, type Get } from '../network/of-fields.ts'
import { connectionEvent } from '../network/pairs-event.ts'
import { setActor } from '../readers/actor.ts'
import { recogniseLines } from '../readers/recognise.ts'
import { stamp } from '../readers/stamp.ts'
import { headTime, syslogHead } from '../readers/syslog.ts'

const message: TextMessages = {
  of: 'text',
  label: 'WatchGuard',
  score: 0.98,
  is: (text) => (ID.test(text) || MONITOR.test(text)) && !text.includes('LEEF:'),
  reader: (context) => ({ read: watchguardParser(context) }),
}

const ID = /\bmsg_id="([\dA-F]{4}-[\dA-F]{4})"/
/** The device's own clock is in UTC, before its process: `FVE6035 (2024-01-10T09:49:05) firewall[10]:`. */
const CLOCK = /\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)/
const ADDRESS = '(\\d{1,3}(?:\\.\\d{1,3}){3}|[\\da-fA-F]*:[\\da-fA-F:.]*)'
/** Interfaces may have blanks. Between protocol and addresses there are the lengths of the header and the time to live, or nothing. */
const TRAFFIC = new RegExp(
  `^\\s*(Allow|Deny|Drop|Strip|AutoBlock|BlockedSite)\\w* (.+?)(?: (\\d+))? (tcp|udp|icmp|icmpv6|esp|gre|ah|igmp|ospf|\\d+)(?: (\\d+) (\\d+))? ${ADDRESS} ${ADDRESS}(?: (\\d+) (\\d+)(?= |$))?`,
)
/** Lines copied from the traffic monitor have everything in front: `Allow 10.0.1.2 203.0.113.7 https/tcp 50000 443 Trusted External Allowed 61 127 (Out-00) proc_id="firewall" …`. */
const MONITOR = new RegExp(
  `(?:^|\\s)(Allow|Deny|Drop|Strip|AutoBlock|BlockedSite)\\w* ${ADDRESS} ${ADDRESS} ([\\w.-]+)\\/(\\w+)(?: (\\d+) (\\d+))? (\\S.*?)(?: ([A-Z][a-z]+ed))?(?: (\\d+) (\\d+))? \\(([^()]+)\\) +proc_id="`,
)
const MONITOR_NAMES =
  'action src_ip dst_ip service protocol src_port dst_port interfaces connection_action length ttl policy'.split(' ')
const NAMES = 'action interfaces length protocol header_length ttl src_ip dst_ip src_port dst_port'.split(' ')

const CONNECTION: Connection = {
  fields: {
    src_ip: ['src_ip'],
    dest_ip: ['dst_ip'],
    protocol: ['protocol'],
    vendor_action: ['action'],
    bytes_out: ['sent_bytes'],
    bytes_in: ['rcvd_bytes'],
    duration: ['duration'],
    user: ['src_user'],
    device: ['host', 'serial'],
    rule: ['policy'],
    app: ['app_name'],
    nat_src_ip: ['src_ip_nat'],
    nat_dest_ip: ['dst_ip_nat'],
  },
  // ICMP has type and code in the places of ports.
  values: {
    src_port: (get) => port(get, 'src_port'),
    dest_port: (get) => port(get, 'dst_port'),
  },
  decision: (get) =>
    /^(?:Strip|AutoBlock|BlockedSite)/.test(get('action') ?? '') ? 'deny' : decisionOf(get('action')),
}

const port = (get: Get, name: string): string | undefined =>
  /^icmp/i.test(get('protocol') ?? '') ? undefined : get(name)

export const watchguard: FormatRecord = {
  name: 'watchguard',
  title: 'WatchGuard Firebox',
  doc:
    'Syslog messages with msg_id; the head of a traffic message (action, interfaces, protocol, addresses, ports) by position, the rest by its names, ' +
    'the policy from the parentheses at the end. Lines of the traffic monitor, with everything in front, likewise. Time: the device’s own clock in parentheses, UTC, else the head.',
  unit: 'line',
  recognise: (head) => recogniseLines(head, message.score, 'messages of a Firebox (msg_id)', message.is),
  reader: messageLines(message),
  inMessages: message,
  views: ['network'],
  sigma: [{ category: 'firewall', where: { _sourceCategory: ['network/watchguard'], action: 'present' } }],
  facts: {
    'bytes sent': ['sent_bytes'],
    'bytes received': ['rcvd_bytes'],
    'destination address': ['dst_ip'],
    'destination port': ['dst_port'],
    user: ['src_user'],
  },
  aliases: {},
  tags: { _sourceCategory: 'network/watchguard' },
  json: false,
}

const PAIR = /(?<!\w)(\w+)="((?:[^"\\]|\\.)*)"/g
const UTC = { zone: 'UTC', year: 1970 }

function watchguardParser(context: FormatContext): (record: string) => Bad | Event {
  return (record) => {
    const text = record.trimEnd()
    const monitor = MONITOR.exec(text)
    if (monitor) return ofMonitor(text, monitor, context)
    const id = ID.exec(text)
    if (!id) return { bad: 'no msg_id' }
    const clock = CLOCK.exec(text.slice(0, id.index))
    const head = syslogHead(text.slice(0, clock?.index ?? id.index))
    const body = text.slice(id.index + id[0].length)
    const fields = new Map<string, string>([
      ['msg_id', id[1] as string],
      ['message', body.trim()],
    ])
    if (head.host !== undefined) fields.set('host', head.host)
    const serial = clock ? text.slice(0, clock.index).trim().split(/\s+/).at(-1) || undefined : undefined
    if (serial !== undefined && serial !== head.host) fields.set('serial', serial)
    const m = TRAFFIC.exec(body)
    if (m) {
      NAMES.forEach((name, i) => {
        const value = m[i + 1]
        if (value !== undefined && name !== 'interfaces') fields.set(name, value)
      })
      interfaces(m[2] as string, fields)
      if (/^(?:tcp|udp)$/.test(m[4] as string) && m[10] === undefined) return { bad: 'cut off before the ports' }
      if (body.length === m[0].length) return { bad: 'cut off after the ports' }
    }
    pairs(body, fields)
    if (!m) setActor(fields, fields.get('msg') ?? body)
    const policy = m ? /\(([^()]+)\)\s*$/.exec(body)?.[1] : undefined
    if (policy !== undefined) fields.set('policy', policy)
    const when = (): bigint | undefined => (clock ? stamp(clock[1] as string, UTC) : headTime(head.time, context))
    return connectionEvent(fields, when, CONNECTION)
  }
}

function pairs(text: string, fields: Map<string, string>): void {
  for (const [, name, value] of text.matchAll(PAIR))
    if (value !== '' && !fields.has(name as string)) fields.set(name as string, value as string)
}

function ofMonitor(text: string, m: RegExpExecArray, context: FormatContext): Event {
  const head = syslogHead(text.slice(0, m.index + 1))
  const fields = new Map<string, string>()
  if (head.host !== undefined) fields.set('host', head.host)
  MONITOR_NAMES.forEach((name, i) => {
    const value = m[i + 1]
    if (value !== undefined && name !== 'interfaces') fields.set(name, value)
  })
  interfaces(m[8] as string, fields)
  pairs(text, fields)
  return connectionEvent(fields, () => headTime(head.time, context), CONNECTION)
}

/** Two names. Names may have blanks; then the text does not show where the first ends. */
function interfaces(text: string, fields: Map<string, string>): void {
  const at = text.indexOf(' ')
  if (at < 0 || at !== text.lastIndexOf(' ')) {
    fields.set('interfaces', text)
    return
  }
  fields.set('in_if', text.slice(0, at))
  fields.set('out_if', text.slice(at + 1))
}
