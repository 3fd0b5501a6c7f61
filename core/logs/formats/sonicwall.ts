// SonicWall's syslog: pairs after `id=…`; ends of a connection as `address:port:interface:name`.
// Read right on 52 of 52 public lines: elastic/beats, elastic/integrations, u-siem/usiem-sonicwall, wazuh/wazuh-ruleset, SEKOIA-IO/intake-formats,
// splunk/splunk-connect-for-syslog.
import { end, first, is, lower, sum, transport } from '../cps/answers.ts'
import { connection, outcome } from '../cps/firewalls.ts'
import type { Bad, CpsNames, Event, FormatContext, FormatRecord, TextMessages } from '../format.ts'
import { messageLines } from '../mixed/vendor-dispatch.ts'
import type { Connection, Decision, Get } from '../network/of-fields.ts'
import { isCount } from '../network/network.ts'
import { connectionEvent } from '../network/pairs-event.ts'
import { pairsOf } from '../readers/key-value.ts'
import { recogniseLines } from '../readers/recognise.ts'
import { stamp } from '../readers/stamp.ts'
import { headTime, syslogHead } from '../readers/syslog.ts'

const message: TextMessages = {
  of: 'text',
  label: 'SonicWall',
  score: 0.98,
  is: (text) => BEGIN.test(text),
  reader: (context) => ({ read: sonicwallParser(context) }),
}

/** Some messages have no number (`m`). */
const BEGIN = /(?:^|[\s>])(?=id=\S+\s(?:.{0,60}\s)?sn="?\w+"?\s.*\b(?:m=\d|fw=))/

/** `src=10.0.0.1:52214:X2:name`, `src=10.0.0.1::X0`, `src=[2001:db8::1]:443:X1`, or only the interface beside `srcV6`. */
const END = /^(?:\[?([\dA-Fa-f.]+|[\dA-Fa-f:]*::[\dA-Fa-f:]*)\]?)?(?::(\d*))?(?::|$)/

/** Messages about ICMP may have numbers in the places of ports. */
const isIcmp = (get: Get): boolean => /icmp/i.test(`${get('proto') ?? ''} ${get('msg') ?? ''}`)

const endOf =
  (name: 'dst' | 'src', part: 1 | 2) =>
  (get: Get): string | undefined => {
    const m = END.exec(get(name) ?? '')
    const own = m?.[part]
    if (own !== undefined && own !== '') return part === 2 && (own === '0' || isIcmp(get)) ? undefined : own
    return part === 1 ? get(`${name}V6`) : undefined
  }

/** `tcp/https` */
const protocolOf = (get: Get): string | undefined => get('proto')?.split('/')[0]

/** Events of the vendor's list: 98 and 537 open and close a connection; 1235, 597, 598, 526 let something through. */
const ALLOWED = new Set(['98', '537', '597', '598', '1235'])

function decision(get: Get): Decision {
  const action = get('fw_action') ?? get('action')
  if (action !== undefined && /^(?:drop|discard|deny|block|reset)/i.test(action)) return 'deny'
  if (ALLOWED.has(get('m') ?? '') || /^(?:forward|allow|open|close)/i.test(action ?? '')) return 'allow'
  return /\b(?:dropped|(?<!login )denied|blocked|rejected|discarded)\b/i.test(get('msg') ?? '') ? 'deny' : undefined
}

const duration = (get: Get): string | undefined => {
  const milliseconds = get('cdur')
  return milliseconds !== undefined && /^\d+$/.test(milliseconds)
    ? String(Math.round(Number(milliseconds) / 1000))
    : undefined
}

/** Releases that log how long a connection was open also log `fw_action`; only there the two records can be joined. */
const isJoined = (get: Get): boolean => get('fw_action') !== undefined

const CONNECTION: Connection = {
  is: (get) => decision(get) !== undefined && (get('m') !== '98' || isJoined(get)),
  fields: {
    bytes_out: ['sent', 'out'],
    bytes_in: ['rcvd', 'in'],
    user: ['usr', 'user'],
    device: ['host', 'fw', 'sn'],
    rule: ['rule', 'policy'],
    app: ['appName', 'service'],
  },
  values: {
    src_ip: endOf('src', 1),
    src_port: endOf('src', 2),
    dest_ip: endOf('dst', 1),
    dest_port: endOf('dst', 2),
    nat_src_ip: (get) => get('natSrc')?.split(':')[0],
    nat_dest_ip: (get) => get('natDst')?.split(':')[0],
    protocol: protocolOf,
    vendor_action: (get) => {
      const action = get('fw_action') ?? get('action')
      return action === undefined || action === 'NA' ? get('msg') : action
    },
    duration,
    key: (get) =>
      isJoined(get) && (get('m') === '98' || get('m') === '537')
        ? `sonicwall ${['sn', 'src', 'dst', 'proto'].map((n) => get(n) ?? '').join(' ')}`
        : '',
    rank: (get) => (get('m') === '98' ? '0' : '1'),
  },
  decision,
}

/** A public parser. Ends of a connection are `address:port:interface:name` in the record. */
const CPS: CpsNames = {
  published: {
    '#Vendor': is('sonicwall'),
    ...end('source', { ip: endOf('src', 1), port: endOf('src', 2), bytes: first('sent', 'out') }),
    ...end('destination', { ip: endOf('dst', 1), port: endOf('dst', 2), bytes: first('rcvd', 'in') }),
    'source.packets': 'spkt',
    'destination.packets': 'rpkt',
    'observer.ingress.zone': 'srcZone',
    'observer.egress.zone': 'dstZone',
    'rule.name': 'rule',
    'event.action': lower('fw_action'),
    'user.name': lower('usr'),
    // Milliseconds in the record.
    'event.duration': (get) => (isCount(get('cdur')) ? `${get('cdur')}000000` : undefined),
  },
  inferred: {
    ...connection,
    '#event.module': is('sonicos'),
    '#event.outcome': outcome,
    ...transport(protocolOf),
    'event.code': 'm',
    'network.bytes': sum(first('sent', 'out'), first('rcvd', 'in')),
  },
}

export const sonicwall: FormatRecord = {
  name: 'sonicwall',
  title: 'SonicWall',
  doc: 'Pairs of SonicOS (id=firewall sn=… time="…" fw=… m=537 msg="Connection Closed" src=… dst=…) behind any syslog head or none, under the names of the record.',
  unit: 'line',
  recognise: (head) => recogniseLines(head, message.score, 'pairs of SonicOS (id, sn, m)', message.is),
  reader: messageLines(message),
  inMessages: message,
  views: ['network'],
  sigma: [{ category: 'firewall', where: { _sourceCategory: ['network/sonicwall'] } }],
  facts: {
    'source address': ['src'],
    'destination address': ['dst'],
    'bytes sent': ['sent', 'out'],
    'bytes received': ['rcvd', 'in'],
    user: ['usr'],
  },
  cps: CPS,
  aliases: {},
  tags: { _sourceCategory: 'network/sonicwall' },
  json: false,
}

function sonicwallParser(context: FormatContext): (record: string) => Bad | Event {
  return (record) => {
    const text = record.trimEnd()
    const begin = BEGIN.exec(text)
    if (!begin) return { bad: 'no pairs of SonicOS' }
    const from = begin.index + begin[0].length
    const { fields, cut } = pairsOf(text, from, 32)
    if (cut === 'inside quotes') return { bad: 'cut off inside quotes' }
    const head = syslogHead(text.slice(0, from))
    const host = head.host ?? head.app
    if (host !== undefined && !fields.has('host')) fields.set('host', host)
    // Remote access gateways write their zone there, and the local time in `time`.
    const own = (name: string): bigint | undefined => stamp(fields.get(name) ?? '', context)
    const when = (): bigint | undefined => own('vp_time') ?? own('time') ?? headTime(head.time, context)
    return connectionEvent(fields, when, CONNECTION)
  }
}
