// Packets as filterlog of pfSense and OPNsense logs them: comma-separated values by position.
import { PFSENSE } from '../cps/firewalls.ts'
import type { Bad, Event, FormatContext, FormatRecord, TextMessages } from '../format.ts'
import { messageLines } from '../mixed/vendor-dispatch.ts'
import type { Connection } from '../network/of-fields.ts'
import { connectionEvent } from '../network/pairs-event.ts'
import { recogniseLines } from '../readers/recognise.ts'
import { headTime, syslogHead } from '../readers/syslog.ts'

const message: TextMessages = {
  of: 'text',
  label: 'filterlog',
  score: 0.98,
  is: (text) => BODY.test(text),
  reader: (context) => ({ read: pfParser(context) }),
}

const CONNECTION: Connection = {
  is: isBeginning,
  fields: {
    src_ip: ['src'],
    src_port: ['srcport'],
    dest_ip: ['dst'],
    dest_port: ['dstport'],
    protocol: ['protoname'],
    vendor_action: ['action'],
    device: ['host'],
    rule: ['rid', 'rulenr'],
  },
  // Rules in and out log the same packet on its way through.
  values: {
    key: (get) =>
      get('action') === 'pass' && get('srcport') !== undefined
        ? `pf ${['host', 'protoname', 'src', 'srcport', 'dst', 'dstport'].map((n) => get(n) ?? '').join(' ')}`
        : '',
    rank: (get) => (get('dir') === 'in' ? '1' : '0'),
  },
}

export const pf: FormatRecord = {
  name: 'pf',
  title: 'pfSense and OPNsense filterlog',
  doc:
    'Packets that pf logs through filterlog, behind any syslog head, under the names of OPNsense’s documentation (rulenr, rid, interface, action, ' +
    'dir, src, dst, srcport, dstport, protoname, tcpflags, …).',
  unit: 'line',
  recognise: (head) => recogniseLines(head, message.score, 'packets as filterlog writes them', message.is),
  reader: messageLines(message),
  inMessages: message,
  views: ['network'],
  sigma: [{ category: 'firewall', where: { _sourceCategory: ['network/pf'] } }],
  facts: {
    'source address': ['src'],
    'source port': ['srcport'],
    'destination address': ['dst'],
    'destination port': ['dstport'],
  },
  cps: PFSENSE,
  aliases: { tracker: ['rid'], real_interface: ['interface'] },
  tags: { _sourceCategory: 'network/pf' },
  json: false,
}

/** Rule, sub-rule, anchor, label, interface, reason, action, direction, version of IP. pfSense has an id of the rule in the place of the label. */
const BODY =
  /(?:^|[\s:\]>])(?=\d*,[^,\s]*,[^,]*,[^,]*,[^,\s]+,[\w-]+,(?:pass|block|reject|match|nat|rdr|binat|scrub|synproxy drop)\w*,(?:in|out|in\/out),[46],)/
const COMMON = 'rulenr subrulenr anchorname rid interface reason action dir ipversion'.split(' ')
const V4 = 'tos ecn ttl id offset ipflags protonum protoname length src dst'.split(' ')
const V6 = 'class flow hoplimit protoname protonum length src dst'.split(' ')
const TCP = 'srcport dstport datalen tcpflags seq ack window urp tcpopts'.split(' ')
const UDP = 'srcport dstport datalen'.split(' ')
const CARP = 'carptype carpttl vhid version advskew advbase'.split(' ')
const ICMP = 'icmp_type'.split(' ')

function pfParser(context: FormatContext): (record: string) => Bad | Event {
  return (record) => {
    const text = record.trimEnd()
    const begin = BODY.exec(text)
    if (!begin) return { bad: 'not as filterlog writes packets' }
    const from = begin.index + begin[0].length
    const values = text.slice(from).split(',')
    const layout = layoutOf(values)
    const ends = layout.indexOf('dst')
    if (values.length <= ends) return { bad: 'cut off before the addresses' }
    const last = layout.includes('dstport') ? layout.indexOf('dstport') : ends
    // After the ports comes a length, so ports at the very end may be cut.
    if (values.length <= last || (last > ends && values.length === last + 1)) return { bad: 'cut off at the ports' }
    const fields = new Map<string, string>()
    layout.forEach((name, i) => {
      const value = values[i]
      if (value !== undefined && value !== '') fields.set(name, value)
    })
    const head = syslogHead(text.slice(0, from))
    const host = head.host ?? (head.app === 'filterlog' ? undefined : head.app)
    if (host !== undefined) fields.set('host', host)
    return connectionEvent(fields, () => headTime(head.time, context), CONNECTION)
  }
}

/** The columns depend on the version of IP and the protocol. IPv6 has name and number of the protocol in the other order. */
function layoutOf(values: readonly string[]): readonly string[] {
  const isV6 = values[8] === '6'
  const base = [...COMMON, ...(isV6 ? V6 : V4)]
  const number = values[base.indexOf('protonum')] ?? ''
  const name = (values[base.indexOf('protoname')] ?? '').toLowerCase()
  if (number === '6' || name === 'tcp') return [...base, ...TCP]
  if (number === '17' || name === 'udp') return [...base, ...UDP]
  if (name === 'carp' || name === 'vrrp') return [...base, ...CARP]
  return /^icmp/.test(name) ? [...base, ...ICMP] : base
}

/** An allowed packet counts if it begins a connection; a refused one always. */
function isBeginning(get: (field: string) => string | undefined): boolean {
  const action = get('action')
  if (action !== 'pass' && action !== 'block' && action !== 'reject') return false
  const flags = get('tcpflags')
  return action !== 'pass' || flags === undefined || (flags.includes('S') && !flags.includes('A'))
}
