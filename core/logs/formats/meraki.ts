// Cisco Meraki: `1647478988.289402144 MX84 flows allow src=… dst=…`, after a syslog head or none.
// Read right on 56 of 56 public lines: SEKOIA-IO/intake-formats, elastic/integrations, splunk/splunk-connect-for-syslog, and tests of a relay.
import type { Bad, Event, FormatContext, FormatRecord, TextMessages } from '../format.ts'
import { messageLines } from '../mixed/vendor-dispatch.ts'
import { decisionOf, type Connection, type Get } from '../network/of-fields.ts'
import { connectionEvent } from '../network/pairs-event.ts'
import { actorOf, setActor } from '../readers/actor.ts'
import { recogniseLines } from '../readers/recognise.ts'
import { epochSeconds } from '../readers/stamp.ts'

const message: TextMessages = {
  of: 'text',
  label: 'Meraki',
  score: 0.97,
  is: (text) => BEGIN.test(text),
  reader: (context) => ({ read: merakiParser(context) }),
}

const BEGIN =
  /(?:^|[\s>])(\d{9,10}\.\d{1,9}) (\S+) (flows|urls|events|event|ids-alerts|security_event|security_filtering_\w+|airmarshal_events|ip_flow_start|ip_flow_end|(?:\w+_)?firewall)(?= |$)/

/** `allow`/`deny` before the addresses, or at the begin of the pattern; the older pattern has the number of the rule's action: 0 allows. */
function decision(get: Get): 'allow' | 'deny' | undefined {
  if (get('type')?.startsWith('ip_flow')) return 'allow'
  // Rules for applications have a word of their own (`decision=blocked`).
  const own = decisionOf(get('action') ?? get('decision'))
  if (own !== undefined) return own
  const pattern = get('pattern') ?? ''
  if (/^(?:0|allow)\b/i.test(pattern) || /\ballow\b/i.test(pattern)) return 'allow'
  return /^(?:1|deny)\b/i.test(pattern) ? 'deny' : undefined
}

const IS_FLOW = /^(?:flows|ip_flow_\w+|(?:\w+_)?firewall)$/

const CONNECTION: Connection = {
  is: (get) => IS_FLOW.test(get('type') ?? ''),
  fields: {
    src_port: ['sport'],
    dest_port: ['dport'],
    protocol: ['protocol'],
    vendor_action: ['action', 'decision', 'pattern'],
    device: ['device'],
    user: ['user'],
    nat_src_ip: ['translated_src_ip'],
    nat_dest_ip: ['translated_dst_ip'],
  },
  values: {
    src_ip: (get) => get('src'),
    dest_ip: (get) => get('dst'),
    // Start and end of a translation are one connection, as long as the end follows at once.
    key: (get) =>
      get('type')?.startsWith('ip_flow')
        ? `meraki ${['device', 'protocol', 'src', 'sport', 'dst', 'dport'].map((n) => get(n) ?? '').join(' ')}`
        : '',
  },
  decision,
}

export const meraki: FormatRecord = {
  name: 'meraki',
  title: 'Cisco Meraki',
  doc:
    'Messages of MX, MR and MS devices (flows, firewall, ip_flow_start, urls, events, security_event, ids-alerts, …) with an epoch before the ' +
    'device, under the names of the record beside type, device, action and pattern.',
  unit: 'line',
  recognise: (head) => recogniseLines(head, message.score, 'messages of Meraki (epoch, device, kind)', message.is),
  reader: messageLines(message),
  inMessages: message,
  views: ['network'],
  sigma: [{ category: 'firewall', where: { _sourceCategory: ['network/meraki'], type: ['flows', '*firewall'] } }],
  facts: {
    'source address': ['src'],
    'source port': ['sport'],
    'destination address': ['dst'],
    'destination port': ['dport'],
  },
  aliases: {},
  tags: { _sourceCategory: 'network/meraki' },
  json: false,
}

const PAIR = /\d+|([A-Za-z_]\w*)(?:= ?(?:'([^']*)'|"([^"]*)"|(\S*)))?/g

function merakiParser(context: FormatContext): (record: string) => Bad | Event {
  void context
  return (record) => {
    const text = record.trimEnd()
    const m = BEGIN.exec(text)
    if (!m) return { bad: 'no message of Meraki' }
    const [, epoch = '', device = '', type = ''] = m
    const body = text.slice(m.index + m[0].length).trim()
    const fields = new Map<string, string>([
      ['type', type],
      ['device', device],
      ['message', body],
    ])
    const [, action] = /^(allow|deny)\b/.exec(body) ?? []
    if (action !== undefined) fields.set('action', action)
    const [, subtype] = /^(\w+)(?= |$)/.exec(body) ?? []
    if (type === 'events' || type === 'security_event')
      fields.set('subtype', /\btype=(\w+)/.exec(body)?.[1] ?? subtype ?? '')
    const tail = /\b(pattern|request|message): (.*)$/.exec(body)
    if (tail) fields.set(tail[1] === 'message' ? 'alert' : (tail[1] as string), tail[2] as string)
    for (const [, name, a, b, c] of body.slice(0, tail?.index ?? body.length).matchAll(PAIR)) {
      const value = a ?? b ?? c ?? ''
      if (value !== '' && !fields.has(name as string)) fields.set(name as string, value.trim())
    }
    ends(fields)
    if (type === 'events' || type === 'event') {
      setActor(fields, body, { address: ['src'], server: ['dst'] })
      peer(fields)
    }
    if (IS_FLOW.test(type) && (!fields.has('src') || !fields.has('dst'))) return { bad: 'cut off before the addresses' }
    return connectionEvent(fields, () => epochSeconds(epoch), CONNECTION)
  }
}

/** `peer_contact='192.0.2.1:51856'` of a tunnel, `identity='ann'` of a login. */
function peer(fields: Map<string, string>): void {
  const identity = fields.get('identity')
  if (identity !== undefined && !fields.has('user')) fields.set('user', identity)
  if (fields.has('src') || fields.has('src_ip')) return
  const { src_ip, src_port } = actorOf(`from ${fields.get('peer_contact') ?? ''}`)
  if (src_ip !== undefined) fields.set('src_ip', src_ip)
  if (src_port !== undefined) fields.set('src_port', src_port)
}

/** Messages about URLs have the port after the address. */
function ends(fields: Map<string, string>): void {
  for (const [name, portName] of [
    ['src', 'sport'],
    ['dst', 'dport'],
  ] as const) {
    const m = /^\[?(\d+(?:\.\d+){3}|[\da-fA-F:]{4,}(?=:\d+$))\]?:(\d+)$/.exec(fields.get(name) ?? '')
    if (!m || fields.has(portName) || IS_FLOW.test(fields.get('type') ?? '')) continue
    fields.set(name, m[1] as string)
    fields.set(portName, m[2] as string)
  }
}
