// Packets as netfilter logs them (iptables, nftables, and products built on them): upper-case pairs after a prefix of the rule.
import { byName } from '../../text/by-name.ts'
import type { Bad, Event, FormatContext, FormatRecord, TextMessages } from '../format.ts'
import { messageLines } from '../mixed/vendor-dispatch.ts'
import { protocolName } from '../network/network.ts'
import { LazyEvent, MapFields } from '../readers/fields.ts'
import { recogniseLines } from '../readers/recognise.ts'
import { stamp } from '../readers/stamp.ts'
import { headTime, syslogHead } from '../readers/syslog.ts'

const message: TextMessages = {
  of: 'text',
  label: 'netfilter',
  score: 0.97,
  is: isPacket,
  reader: (context) => ({ read: iptablesParser(context) }),
}

export const iptables: FormatRecord = {
  name: 'iptables',
  title: 'Netfilter (iptables, nftables)',
  doc: 'Packets that netfilter logs (IN= OUT= SRC= DST= PROTO= …) behind any syslog head, under the names of the record; action is what the prefix says.',
  unit: 'line',
  recognise: (head) =>
    recogniseLines(head, message.score, 'packets as netfilter logs them (IN= OUT= SRC= DST=)', message.is),
  reader: messageLines(message),
  inMessages: message,
  views: ['network'],
  sigma: [{ category: 'firewall', where: { _sourceCategory: ['network/firewall'] } }],
  facts: {
    'source address': ['SRC'],
    'source port': ['SPT'],
    'destination address': ['DST'],
    'destination port': ['DPT'],
    protocol: ['PROTO'],
  },
  aliases: {},
  tags: { _sourceCategory: 'network/firewall' },
  json: false,
}

type Fields = ReadonlyMap<string, string>

/** Rules of one chain may log no `OUT=`, or no `IN=`. */
const PACKET = /\b(?:IN|OUT)=\S* (?:.* )?SRC=\S+ DST=\S+ .*\bPROTO=/
function isPacket(text: string): boolean {
  return PACKET.test(text)
}

const BEGIN = /(?:^|[\s:\]])(?=(?:IN|OUT)=)/
/** Proxmox: `101 6 tap101i0-IN 02/Mar/2026:10:00:05 +0100 DROP: IN=… OUT=…`. */
const IN_PREFIX = /\b\d{1,2}\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\b/
const PAIR = /(?<![A-Z])([A-Z]+)=(\S*)/g
const FLAGS = /^(?:SYN|ACK|FIN|RST|PSH|URG|ECE|CWR|DF|MF|CE)$/
/** Only the prefix shows the action, and it is free text: `UFW BLOCK`, `SFW2-INext-DROP-DEFLT`, `Shorewall:net2fw:REJECT:`. */
const DENIED = /(?:^|[^A-Za-z])(?:DROP\w*|DENY|DENIED|REJECT\w*|BLOCK\w*|DISCARD\w*|BAN\w*)(?![a-z])/i
const PASSED = /(?:^|[^A-Za-z])(?:ACC|ACCEPT\w*|ALLOW\w*|PASS\w*|PERMIT\w*)(?![a-z])/i

function iptablesParser(context: FormatContext): (record: string) => Bad | Event {
  return (record) => {
    const text = record.trimEnd()
    const begin = BEGIN.exec(text)
    if (!begin) return { bad: 'no packet (IN=… SRC=… DST=…)' }
    const from = begin.index + begin[0].length
    const head = syslogHead(text.slice(0, from))
    const fields = new Map<string, string>()
    const prefix = text
      .slice(Math.min(head.body, from), from)
      .replace(/^\[\s*[\d.]+\]\s*/, '')
      .trim()
    if (prefix !== '') fields.set('prefix', prefix)
    const flags: string[] = []
    // An ICMP error quotes the packet that it is about.
    const rest = text.slice(from).replace(/ \[SRC=.*$/, '')
    for (const [, name, value] of rest.matchAll(PAIR)) {
      // LEN comes again after the protocol: that of the payload.
      if (value !== '' && !fields.has(name as string)) fields.set(name as string, value as string)
    }
    for (const word of rest.split(/\s+/)) if (FLAGS.test(word)) flags.push(word)
    if (flags.length > 0) fields.set('flags', flags.join(' '))
    const action = actionOf(prefix)
    if (action !== undefined) fields.set('action', action)
    const proto = fields.get('PROTO')
    // Writers put a blank after the last pair, so a value at the very end may be cut.
    const open = /\bPROTO=\S*$/.test(record)
    if (!fields.has('SRC') || !fields.has('DST') || proto === undefined || open) return { bad: 'cut off before PROTO=' }
    if (/^(?:TCP|UDP)$/.test(proto) && !/ DPT=\d+\s/.test(`${rest} `)) return { bad: 'cut off before the ports' }
    // After the port TCP writes its window and UDP its length, so a port at the very end may be cut.
    if (/ DPT=\d+$/.test(rest)) return { bad: 'cut off after the port' }
    const own = IN_PREFIX.exec(prefix)?.[0]
    const when = (): bigint | undefined =>
      own === undefined ? headTime(head.time, context) : stamp(own.replace(':', ' '), context)
    return new LazyEvent(new MapFields(fields, when, (name, f) => network(name.slice(8), f, when, head.host)))
  }
}

/** The action's word in the prefix. Road not taken: a published parser reads every packet as allowed. */
function actionOf(prefix: string): string | undefined {
  const m = DENIED.exec(prefix) ?? PASSED.exec(prefix)
  return m?.[0].replace(/^[^A-Za-z]/, '')
}

const SAME: Readonly<Record<string, string>> = byName({
  src_ip: 'SRC',
  src_port: 'SPT',
  dest_ip: 'DST',
  dest_port: 'DPT',
  vendor_action: 'action',
  rule: 'prefix',
})

/**
 * A line is one packet. It counts as a connection if it begins one (SYN without ACK; any packet of other protocols) or was refused. LEN is the
 * packet's length and not the volume of a connection.
 */
function network(
  name: string,
  fields: Fields,
  time: () => bigint | undefined,
  host: string | undefined,
): string | undefined {
  const flags = fields.get('flags') ?? ''
  const denied = DENIED.test(fields.get('action') ?? '')
  if (fields.get('PROTO') === 'TCP' && !denied && (!/\bSYN\b/.test(flags) || /\bACK\b/.test(flags))) return undefined
  switch (name) {
    case 'key':
      return ''
    case 'start':
    case 'end':
      return time()?.toString()
    case 'action':
    case 'policy':
      return denied ? 'deny' : fields.has('action') ? 'allow' : undefined
    case 'established':
      return denied ? 'false' : undefined
    case 'protocol':
      return protocolName(fields.get('PROTO'))
    case 'device':
      return host
    default:
      return SAME[name] === undefined ? undefined : fields.get(SAME[name])
  }
}
