// Sophos Firewall (XG, XGS, SFOS) and its predecessor UTM: pairs after a syslog head.
// XG: read right on 98 of 98 public lines: elastic/beats, SEKOIA-IO/intake-formats, splunk/splunk-connect-for-syslog. 34 of them have a time only
// with --source-tz, since their zone is the word IST or BST. UTM: four lines only.
import type { Bad, Event, FormatContext, FormatRecord, TextMessages } from '../format.ts'
import { messageLines } from '../mixed/vendor-dispatch.ts'
import { decisionOf, type Connection, type Get } from '../network/of-fields.ts'
import { connectionEvent } from '../network/pairs-event.ts'
import { pairsOf } from '../readers/key-value.ts'
import { recogniseLines } from '../readers/recognise.ts'
import { stamp } from '../readers/stamp.ts'
import { headTime, syslogHead } from '../readers/syslog.ts'

const xg: TextMessages = {
  of: 'text',
  label: 'Sophos Firewall',
  score: 0.98,
  is: (text) => XG.test(text) && /\blog_type="/.test(text),
  reader: (context) => ({ read: pairsParser(context, XG, XG_CONNECTION, xgTime) }),
}

const utm: TextMessages = {
  of: 'text',
  label: 'Sophos UTM',
  score: 0.98,
  is: (text) => UTM.test(text),
  reader: (context) => ({ read: pairsParser(context, UTM, UTM_CONNECTION, () => undefined) }),
}

const XG = /(?:^|[\s>:])(?=(?:device(?:_name|_model|_id)?|date|timestamp)=.*\bdevice_(?:id|serial_id)=)/
/** The web application firewall's lines have no severity. */
const UTM = /(?:^|[\s>:])(?=id="\d{4}" (?:severity="\w+" sys="\w+" sub="[\w-]+"|srcip="[^"]*" localip="))/

const isAllowed = (get: Get): 'allow' | 'deny' | undefined =>
  decisionOf(get('status')?.trim() || undefined) ?? decisionOf(get('log_subtype'))

/** A record of the firewall, or of a module that decided about a connection. */
const XG_CONNECTION: Connection = {
  is: (get) => get('log_type') === 'Firewall' && isAllowed(get) !== undefined,
  fields: {
    src_ip: ['src_ip'],
    src_port: ['src_port'],
    dest_ip: ['dst_ip'],
    dest_port: ['dst_port'],
    protocol: ['protocol'],
    vendor_action: ['status', 'log_subtype'],
    bytes_out: ['sent_bytes', 'bytes_sent'],
    bytes_in: ['recv_bytes', 'bytes_received'],
    duration: ['duration'],
    user: ['user_name'],
    device: ['device_id', 'device_serial_id', 'host', 'device_name'],
    session_id: ['con_id', 'connid'],
    rule: ['fw_rule_name', 'fw_rule_id'],
    app: ['application', 'app_name'],
    nat_src_ip: ['tran_src_ip', 'src_trans_ip'],
    nat_dest_ip: ['tran_dst_ip', 'dst_trans_ip'],
  },
  values: {
    // Start, interim and stop of one connection have its id.
    key: (get) => {
      const id = get('con_id') ?? get('connid')
      if (id === undefined || id === '' || id === '0' || isAllowed(get) === 'deny') return ''
      return `sophos ${['device_id', 'device_serial_id'].map((n) => get(n) ?? '').join('')} ${id} ${['src_ip', 'src_port', 'dst_ip', 'dst_port'].map((n) => get(n) ?? '').join(' ')}`
    },
    rank: (get) =>
      /start/i.test(get('con_event') ?? get('connevent') ?? '') ? '0' : String(1 + Number(get('duration') ?? 0)),
  },
  decision: isAllowed,
}

/** A line is one packet that a rule logged. */
const UTM_CONNECTION: Connection = {
  is: (get) => get('sub') === 'packetfilter',
  fields: {
    src_ip: ['srcip'],
    src_port: ['srcport'],
    dest_ip: ['dstip'],
    dest_port: ['dstport'],
    protocol: ['proto'],
    vendor_action: ['action'],
    user: ['user'],
    device: ['host'],
    rule: ['fwrule'],
  },
}

export const sophosXg: FormatRecord = {
  name: 'sophos-xg',
  title: 'Sophos Firewall (XG)',
  doc:
    'Pairs of SFOS (device_id=… log_type="Firewall" log_subtype="Allowed" src_ip=… sent_bytes=…), in the device’s form and the newer central ' +
    'reporting form, behind any syslog head or none, under the names of the record. Time: timestamp, else date and time in its zone.',
  unit: 'line',
  recognise: (head) => recogniseLines(head, xg.score, 'pairs of Sophos Firewall (device id, log_type)', xg.is),
  reader: messageLines(xg),
  inMessages: xg,
  views: ['network'],
  sigma: [{ category: 'firewall', where: { _sourceCategory: ['network/sophos'] } }],
  facts: {
    'bytes sent': ['sent_bytes', 'bytes_sent'],
    'bytes received': ['recv_bytes', 'bytes_received'],
    'destination address': ['dst_ip'],
    'destination port': ['dst_port'],
    user: ['user_name'],
  },
  aliases: {},
  tags: { _sourceCategory: 'network/sophos' },
  json: false,
}

export const sophosUtm: FormatRecord = {
  name: 'sophos-utm',
  title: 'Sophos UTM',
  doc: 'Pairs of UTM 9 (id="2001" severity="info" sys="SecureNet" sub="packetfilter" …) behind its head, under the names of the record. A packet filter line is one packet.',
  unit: 'line',
  recognise: (head) => recogniseLines(head, utm.score, 'pairs of Sophos UTM (id, sys, sub)', utm.is),
  reader: messageLines(utm),
  inMessages: utm,
  views: ['network'],
  sigma: [{ category: 'firewall', where: { _sourceCategory: ['network/sophos/utm'] } }],
  aliases: {},
  unproven: true,
  tags: { _sourceCategory: 'network/sophos/utm' },
  json: false,
}

type Fields = ReadonlyMap<string, string>

function pairsParser(
  context: FormatContext,
  begin: RegExp,
  connection: Connection,
  own: (fields: Fields, context: FormatContext) => bigint | undefined,
): (record: string) => Bad | Event {
  return (record) => {
    const text = record.trimEnd()
    const m = begin.exec(text)
    if (!m) return { bad: 'no pairs of Sophos' }
    const from = m.index + m[0].length
    const { fields, cut } = pairsOf(text, from, 32)
    if (cut === 'inside quotes') return { bad: 'cut off inside quotes' }
    const head = syslogHead(utmHead(text.slice(0, from)))
    if (head.host !== undefined) fields.set('host', head.host)
    return connectionEvent(fields, () => own(fields, context) ?? headTime(head.time, context), connection)
  }
}

/** UTM writes `2023:04:28-00:50:54`. */
const utmHead = (head: string): string =>
  head.replace(/\b(\d{4}):(\d\d):(\d\d)-(?=\d\d:\d\d:\d\d)/, (_, y: string, m: string, d: string) => `${y}-${m}-${d}T`)

/** `timezone` is an offset in hours (`+11`), or a word. */
function xgTime(fields: Fields, context: FormatContext): bigint | undefined {
  const exact = fields.get('timestamp')
  const at = exact === undefined ? undefined : stamp(exact, context)
  if (at !== undefined) return at
  const [date, time] = [fields.get('date'), fields.get('time')]
  if (date === undefined || time === undefined) return undefined
  return stamp(`${date} ${time} ${fields.get('timezone') ?? ''}`, context)
}
