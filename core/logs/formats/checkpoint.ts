// Check Point's log exporter in its syslog form (`key:"value"; …`), its bar-separated form, and `fw log` as text. CEF and LEEF are read as such.
// Read right on 53 of 53 public lines: elastic/beats, elastic/integrations, splunk/splunk-connect-for-syslog, wazuh/wazuh-ruleset,
// SEKOIA-IO/intake-formats, tenzir/library. Two more were cut off there, and are bad here.
import { CHECKPOINT } from '../cps/firewalls.ts'
import type { Bad, Event, FormatContext, FormatRecord, TextMessages } from '../format.ts'
import { messageLines } from '../mixed/vendor-dispatch.ts'
import { decisionOf, type Connection, type Get } from '../network/of-fields.ts'
import { connectionEvent } from '../network/pairs-event.ts'
import { recogniseLines } from '../readers/recognise.ts'
import { stamp } from '../readers/stamp.ts'
import { headTime, syslogHead } from '../readers/syslog.ts'

const message: TextMessages = {
  of: 'text',
  label: 'Check Point',
  score: 0.98,
  is: (text) => formOf(text) !== undefined,
  reader: (context) => ({ read: checkpointParser(context) }),
}

type Form = 'bars' | 'colons' | 'equals' | 'fields'

/** `[action:"Drop"; flags:…`; RFC 5424 pairs of the exporter; `time=…|hostname=…|product=…`; `"21" "10Dec2019" "23:44:49" "eth1"`. */
function formOf(text: string): Form | undefined {
  if (/(?:^|[[\s])\w+::?"/.test(text) && /(?:^|[[\s;])(?:loguid|product|ifdir|origin_?sic_?name):"/.test(text))
    return 'colons'
  if (/\bCheckPoint \S+ \S+ \[/.test(text) && /\b(?:loguid|ifdir|originsicname)="/.test(text)) return 'equals'
  if (/(?:^|\s)time=\d{10,13}\|/.test(text) && /\|(?:loguid|product|ifdir)=/.test(text)) return 'bars'
  return /^"\d+" "\d{1,2}[A-Z][a-z]{2}\d{4}" "\d{1,2}:\d\d:\d\d" "/.test(text) ? 'fields' : undefined
}

const CONNECTION: Connection = {
  is: (get) => decision(get) !== undefined && !/^(?:log ?in|log ?out|update)/i.test(get('action') ?? ''),
  fields: {
    src_ip: ['src'],
    dest_ip: ['dst'],
    protocol: ['proto'],
    vendor_action: ['action', 'rule_action'],
    bytes_out: ['client_outbound_bytes', 'sent_bytes'],
    bytes_in: ['server_outbound_bytes', 'received_bytes'],
    bytes: ['bytes'],
    duration: ['elapsed'],
    device: ['hostname', 'origin', 'host'],
    session_id: ['conn_id', 'session_uid'],
    rule: ['rule_name', 'rule_uid', 'rule'],
    app: ['appi_name', 'service_id'],
  },
  values: {
    src_port: (get) => port(get, 's_port'),
    dest_port: (get) => port(get, 'service') ?? port(get, 'd_port'),
    // 0.0.0.0: not translated.
    nat_src_ip: (get) => translated(get('xlatesrc')),
    nat_dest_ip: (get) => translated(get('xlatedst')),
    user: (get) => get('src_user_name')?.trim() || get('user')?.trim() || undefined,
  },
  decision,
}

function port(get: Get, name: string): string | undefined {
  const text = get(name)
  return text !== undefined && /^\d+$/.test(text) && get('proto') !== '1' ? text : undefined
}

const translated = (address: string | undefined): string | undefined =>
  address === '0.0.0.0' || address === '' ? undefined : address

/** Encrypt and decrypt are accepted connections through a tunnel; detect and others of its kind stop nothing. */
function decision(get: Get): 'allow' | 'deny' | undefined {
  const action = get('action') ?? get('rule_action')
  return action !== undefined &&
    /^(?:encrypt|decrypt|detect|monitor\w*|bypass|inspect|redirect|https bypass)$/i.test(action)
    ? 'allow'
    : decisionOf(action)
}

export const checkpoint: FormatRecord = {
  name: 'checkpoint',
  title: 'Check Point',
  doc:
    'Records of the log exporter as syslog (action:"Drop"; src:"10.0.0.1"; …), with bars (time=…|product=…|src=…), or as columns in quotes, under ' +
    'the names of the record. Records as CEF and LEEF belong to those formats.',
  unit: 'line',
  recognise: (head) => recogniseLines(head, message.score, 'records of Check Point’s log exporter', message.is),
  reader: messageLines(message),
  inMessages: message,
  views: ['network'],
  sigma: [{ category: 'firewall', where: { _sourceCategory: ['network/checkpoint'] } }],
  facts: {
    'source address': ['src'],
    'source port': ['s_port'],
    'destination address': ['dst'],
    // `service` is the name of a service elsewhere, and a name stands for one fact.
    'destination port': ['d_port'],
    action: ['action'],
    user: ['src_user_name', 'user'],
  },
  cps: CHECKPOINT,
  aliases: {},
  tags: { _sourceCategory: 'network/checkpoint' },
  json: false,
}

/** A bracket or a quote inside a value is escaped. A list has two colons before its value. */
const COLONS = /(?:^|[[;\s])([\w-]+)::?"((?:[^"\\]|\\.)*)"(?=\s*(?:;|\]|$))/g
const EQUALS = /(?<![\w-])([\w-]+)="((?:[^"\\]|\\.)*)"/g
const BARS = /(?:^|[|\s])([A-Za-z_][\w.-]*)=((?:[^|\\]|\\.)*)(?=\||$)/g
const COLUMNS =
  'number date time interface origin type action service s_port src dst proto rule rule_name current_rule user information product source_machine_name source_user_name'.split(
    ' ',
  )

/** Without blanks at the end, and without returns, which rsyslog writes as `#013`. */
function trimmed(record: string): string {
  let text = record.trimEnd()
  while (text.endsWith('#013')) text = text.slice(0, -4).trimEnd()
  return text
}

function checkpointParser(context: FormatContext): (record: string) => Bad | Event {
  return (record) => {
    const text = trimmed(record)
    const form = formOf(text)
    if (!form) return { bad: 'no record of Check Point’s log exporter' }
    const fields = new Map<string, string>()
    if (form === 'fields') {
      const values = [...text.matchAll(/"([^"]*)"/g)].map((m) => m[1] as string)
      if (values.length < 12) return { bad: 'cut off before the addresses' }
      COLUMNS.forEach((name, i) => {
        if (values[i] !== undefined && values[i] !== '') fields.set(name, values[i])
      })
      const when = (): bigint | undefined =>
        stamp(
          `${fields.get('date')?.replace(/\b(\d{1,2})([A-Z][a-z]{2})(\d{4})/, '$1 $2 $3')} ${fields.get('time')}`,
          context,
        )
      return connectionEvent(fields, when, CONNECTION)
    }
    const from = form === 'bars' ? text.search(/time=\d{10,13}\|/) : Math.max(text.indexOf('['), 0)
    const pattern = form === 'colons' ? COLONS : form === 'equals' ? EQUALS : BARS
    for (const [, name, value] of text.slice(from).matchAll(pattern))
      if (value !== '' && !fields.has(name as string)) fields.set(name as string, unescaped(value as string))
    if (form === 'colons' && text.includes('[') && !text.endsWith(']') && !/"; ?$/.test(text)) return { bad: 'cut off' }
    const head = syslogHead(text.slice(0, from))
    if (head.host !== undefined) fields.set('host', head.host)
    const when = (): bigint | undefined => stamp(fields.get('time') ?? '', context) ?? headTime(head.time, context)
    return connectionEvent(fields, when, CONNECTION, fields.has('packets') && !fields.has('src') ? [SUMMED] : undefined)
  }
}

/** `packets:" <192.0.2.1,59912,192.0.2.2,1990,6;eth0> <…>"`: packets that the accelerator dropped, several in a record. */
const SUMMED = 'dropped packets are summed up in one record (packets), so they are no connections here'

const unescaped = (text: string): string => (text.includes('\\') ? text.replace(/\\(["\\\]|=])/g, '$1') : text)
