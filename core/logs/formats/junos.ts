// Juniper SRX: RT_FLOW, RT_IDP, RT_UTM and similar messages, as structured data and as text.
// Read right on 80 of 80 public lines (70 structured, 10 as text): elastic/beats, SEKOIA-IO/intake-formats, wazuh/wazuh-ruleset,
// splunk/splunk-connect-for-syslog, logstash-plugins/logstash-patterns-core.
import { JUNIPER } from '../cps/firewalls.ts'
import type { Bad, Event, FormatContext, FormatRecord, TextMessages } from '../format.ts'
import { messageLines } from '../mixed/vendor-dispatch.ts'
import type { Connection, Get } from '../network/of-fields.ts'
import { connectionEvent } from '../network/pairs-event.ts'
import { setActor } from '../readers/actor.ts'
import { recogniseLines } from '../readers/recognise.ts'
import { headTime, type SyslogHead, syslogHead } from '../readers/syslog.ts'

const message: TextMessages = {
  of: 'text',
  label: 'Juniper SRX',
  score: 0.98,
  is: (text) => TAG.test(text),
  reader: (context) => ({ read: junosParser(context) }),
}

/** The tag of the message: `RT_FLOW_SESSION_CLOSE`, after `RT_FLOW - ` or `RT_FLOW: ` or neither. */
const TAG =
  /(?:^|[\s:>])(?:RT_(?:FLOW|IDP|IDS|UTM|AAMW|SECINTEL|SCREEN|PFE|GTP|ALG)(?:\[\d+\])?(?: - |: ?))?((?:RT_FLOW_|APPTRACK_|RT_SCREEN_|IDP_|(?:SRX_)?AAMW_|SECINTEL_|WEBFILTER_|AV_|CONTENT_FILTERING_|ANTISPAM_|FLOW_(?:REASSEMBLE|MCAST)|UI_(?=[A-Z])|SSHD_LOGIN_|LOGIN_(?:INFORMATION|FAILED))\w*)(?=:| \[|$)/

const CONNECTION: Connection = {
  is: (get) => kindOf(get) !== undefined,
  fields: {
    src_ip: ['source-address'],
    dest_ip: ['destination-address'],
    bytes_out: ['bytes-from-client'],
    bytes_in: ['bytes-from-server'],
    duration: ['elapsed-time'],
    device: ['host'],
    session_id: ['session-id', 'session-id-32'],
    rule: ['policy-name'],
    nat_src_ip: ['nat-source-address'],
    nat_dest_ip: ['nat-destination-address'],
  },
  values: {
    protocol: (get) => get('protocol-id') ?? get('protocol-name'),
    vendor_action: kindOf,
    app: (get) => known(get('nested-application')) ?? known(get('application')) ?? known(get('service-name')),
    user: (get) => known(get('username')),
    src_port: (get) => port(get, 'source-port'),
    dest_port: (get) => port(get, 'destination-port'),
    key: (get) => {
      const id = get('session-id') ?? get('session-id-32')
      if (id === undefined || kindOf(get) === 'DENY') return ''
      return `junos ${get('host') ?? ''} ${id} ${ENDS.map((n) => get(n) ?? '').join(' ')}`
    },
    rank: (get) => (kindOf(get) === 'CREATE' ? '0' : '1'),
  },
  decision: (get) => (kindOf(get) === 'DENY' ? 'deny' : 'allow'),
}
const ENDS = ['source-address', 'source-port', 'destination-address', 'destination-port']

/** The vendor writes a word where it knows nothing. */
const known = (text: string | undefined): string | undefined =>
  text === undefined || /^(?:UNKNOWN|None|N\/A|)$/i.test(text) ? undefined : text

/** ICMP has type and id in the places of ports. */
const port = (get: Get, name: string): string | undefined =>
  /^(?:1|58|icmp6?)$/.test(get('protocol-id') ?? get('protocol-name') ?? '') ? undefined : get(name)

/** Create and Close are records of one connection. AppTrack describes the same connections again. */
function kindOf(get: Get): string | undefined {
  return /^RT_FLOW_SESSION_(CREATE|CLOSE|DENY)/.exec(get('msgid') ?? '')?.[1]
}

export const junos: FormatRecord = {
  name: 'junos',
  title: 'Juniper SRX (RT_FLOW and others)',
  doc:
    'Security messages of Junos (RT_FLOW_SESSION_CREATE, _CLOSE, _DENY, RT_IDP, RT_UTM, APPTRACK, …) and those about logins and commands (UI_LOGIN_EVENT, …) behind any syslog head, as structured data and ' +
    'as text; the text of a session has the names of the structured message (source-address, policy-name, bytes-from-client, …).',
  unit: 'line',
  recognise: (head) => recogniseLines(head, message.score, 'security messages of Junos (RT_FLOW_…)', message.is),
  reader: messageLines(message),
  inMessages: message,
  views: ['network'],
  sigma: [{ category: 'firewall', where: { _sourceCategory: ['network/juniper'] } }],
  facts: {
    'source address': ['source-address'],
    'source port': ['source-port'],
    'destination address': ['destination-address'],
    'destination port': ['destination-port'],
    'bytes sent': ['bytes-from-client'],
    'bytes received': ['bytes-from-server'],
    user: ['username'],
  },
  cps: JUNIPER,
  aliases: { tag: ['msgid'] },
  tags: { _sourceCategory: 'network/juniper' },
  json: false,
}

/**
 * The session as text. Releases add columns: a tag and a type after the ends (`0x0`), types and names of NAT rules, bytes and times of a
 * closed session, then the application.
 */
const SESSION =
  /^session (?:created|denied|closed ?([^:]*):?) ?([^\s/]+)\/(\d+)->([^\s/]+)\/(\d+) (?:0x[\da-f]+ )?(\S+)(?: ([^\s/]+)\/(\d+)->([^\s/]+)\/(\d+))?((?: [^\s()]+)*?) (\d+)(?:\(\d+\))? (\S+) (\S+) (\S+)(?: (\d+))?(?: (\d+)\((\d+)\) (\d+)\((\d+)\) (\d+)(?: (\S+) (\S+))?)?/
const SESSION_NAMES = [
  '',
  'reason',
  'source-address',
  'source-port',
  'destination-address',
  'destination-port',
  'service-name',
  'nat-source-address',
  'nat-source-port',
  'nat-destination-address',
  'nat-destination-port',
  '',
  'protocol-id',
  'policy-name',
  'source-zone-name',
  'destination-zone-name',
  'session-id',
  'packets-from-client',
  'bytes-from-client',
  'packets-from-server',
  'bytes-from-server',
  'elapsed-time',
  'application',
  'nested-application',
] as const
/** A relay's head may have the device's after it: `… junos-flow: 2017-09-23T18:17:08.717Z srx-1 RT_FLOW - `. */
function headOf(head: string): SyslogHead {
  const inner = /(?<=: ?)\d{4}-\d\d-\d\dT\S+ \S+ (?=RT_)/.exec(head)
  return syslogHead(inner ? head.slice(inner.index) : head)
}

/** Without `brief` the device writes its message behind the element too. */
const ELEMENT = /^ \[(?:[^"\]]|"(?:[^"\\]|\\.)*")*\]/
const PAIR = /(?<![\w.-])([\w.-]+)="((?:[^"\\]|\\.)*)"/g

function junosParser(context: FormatContext): (record: string) => Bad | Event {
  return (record) => {
    const text = record.trimEnd()
    const tag = TAG.exec(text)
    if (!tag) return { bad: 'no security message of Junos' }
    const head = headOf(text.slice(0, tag.index + tag[0].length))
    const body = text.slice(tag.index + tag[0].length)
    const fields = new Map<string, string>()
    const { host, app } = head
    const device = host ?? (app !== undefined && !app.startsWith('RT_') ? app : undefined)
    if (device !== undefined) fields.set('host', device)
    fields.set('msgid', tag[1] as string)
    fields.set('message', body.replace(/^[:\s]+/, ''))
    for (const [, name, value] of body.matchAll(PAIR))
      if (value !== '' && !fields.has(name as string))
        fields.set(name as string, (value as string).replace(/\\(.)/g, '$1'))
    if (/^(?:UI|SSHD|LOGIN)_/.test(tag[1] as string))
      setActor(fields, body, {
        user: ['username'],
        address: ['source-address'],
        server: ['destination-address'],
      })
    if (/^RT_FLOW_SESSION/.test(tag[1] as string) && !body.includes('="')) {
      const m = SESSION.exec(body.slice(Math.max(body.indexOf('session '), 0)))
      if (!m) return { bad: 'not as Junos writes sessions, or cut off' }
      session(m, fields)
    }
    if (/^ \[/.test(body) && !ELEMENT.test(body)) return { bad: 'cut off inside the structured data' }
    return connectionEvent(fields, () => headTime(head.time, context), CONNECTION)
  }
}

/** Between the ends and the protocol are the rules of NAT: two names, or two pairs of type and name. */
function session(m: RegExpExecArray, fields: Map<string, string>): void {
  SESSION_NAMES.forEach((name, i) => {
    const value = m[i]
    if (name !== '' && value !== undefined && value !== '') fields.set(name, value)
  })
  const rules = (m[11] ?? '').trim().split(' ')
  const named = rules.length >= 4 ? [rules[rules.length - 3], rules.at(-1)] : rules
  if (rules[0] === '0x0') rules.shift()
  const [source, destination] = named
  if (source !== undefined && source !== '') fields.set('src-nat-rule-name', source)
  if (destination !== undefined && destination !== '') fields.set('dst-nat-rule-name', destination)
}
