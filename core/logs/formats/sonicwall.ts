// SonicWall's syslog: pairs after `id=…`; ends of a connection as `address:port:interface:name`.
// Read right on 52 of 52 public lines: elastic/beats, elastic/integrations, u-siem/usiem-sonicwall, wazuh/wazuh-ruleset, SEKOIA-IO/intake-formats,
// splunk/splunk-connect-for-syslog.
import { SONICWALL } from '../cps/firewalls.ts'
import type { Bad, Event, FormatContext, FormatRecord, TextMessages } from '../format.ts'
import { messageLines } from '../mixed/vendor-dispatch.ts'
import type { Connection, Decision, Get } from '../network/of-fields.ts'
import { endOf, protocolOf } from '../vendors/sonicwall/ends.ts'
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
  cps: SONICWALL,
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
