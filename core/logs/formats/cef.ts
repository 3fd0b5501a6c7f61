// ArcSight's CEF and QRadar's LEEF: a head with bars, then pairs.
import { byName } from '../../text/by-name.ts'
import type { Bad, Event, FormatContext, FormatRecord, TextMessages } from '../format.ts'
import { messageLines } from '../mixed/vendor-dispatch.ts'
import { before, plus, protocolName, yes } from '../network/network.ts'
import { decisionOf } from '../network/of-fields.ts'
import { setActor } from '../readers/actor.ts'
import { LazyEvent, MapFields } from '../readers/fields.ts'
import { recogniseLines } from '../readers/recognise.ts'
import { declaredStamp } from '../readers/declared-stamp.ts'
import { stamp } from '../readers/stamp.ts'
import { headTime, isSyslog, syslogHead } from '../readers/syslog.ts'

const cefMessage: TextMessages = {
  of: 'text',
  label: 'CEF',
  score: 0.99,
  is: isCef,
  reader: (context) => ({ read: cefParser(context) }),
}

export const cef: FormatRecord = {
  name: 'cef',
  title: 'ArcSight CEF',
  doc: 'CEF records of any vendor behind any syslog head or none, under the names of the record and of its head (deviceVendor, deviceProduct, …).',
  unit: 'line',
  recognise: (head) => recogniseLines(head, cefMessage.score, 'records with a CEF head', isCef),
  reader: messageLines(cefMessage),
  inMessages: cefMessage,
  views: ['network'],
  sigma: [{ category: 'firewall', where: { _sourceCategory: ['network/firewall'] } }],
  facts: {
    'source address': ['src'],
    'source port': ['spt'],
    'destination address': ['dst'],
    'destination port': ['dpt'],
    action: ['act'],
    user: ['suser', 'usrName', 'PanOSSourceUser', 'PanOSSourceUserName'],
  },
  aliases: {},
  tags: { _sourceCategory: 'network/firewall' },
  json: false,
}

/** A record goes on below where a product does not escape the line breaks of a value. */
const isContinued = (line: string): boolean => !isCef(line) && !isSyslog(line) && !/^\s*[{[]/.test(line)

function* records(text: string): Iterable<{ record: string; line: number }> {
  const lines = text.split('\n')
  let from = 0
  for (let i = 1; i <= lines.length; i++) {
    if (i < lines.length && isContinued(lines[i] as string)) continue
    const record = lines.slice(from, i).join('\n').trimEnd()
    if (record !== '') yield { record, line: from + 1 }
    from = i
  }
}

const { inMessages: _, ...likeCef } = cef
export const cefLines: FormatRecord = {
  ...likeCef,
  name: 'cef-lines',
  title: 'ArcSight CEF over several lines',
  doc: 'CEF records that go on over several lines, each until the next CEF head or syslog head; otherwise as CEF.',
  unit: 'file',
  split: records,
  recognise: ({ filled }, inside) => {
    const more = filled.filter(isContinued)
    if (more.some((l) => inside.some((f) => f.of === 'text' && f.is(l)))) return undefined
    const pairs = more.filter((l) => /(?:^|\s)[\w.]+=/.test(l)).length
    if (!isCef(filled[0] ?? '') || more.length === 0 || pairs * 2 < more.length) return undefined
    const count = filled.filter(isCef).length
    return {
      score: 0.985,
      why: `${count} of ${filled.length} lines looked at have a CEF head, and ${pairs} go on with pairs`,
    }
  },
}

const leefMessage: TextMessages = {
  of: 'text',
  label: 'LEEF',
  score: 0.99,
  is: isLeef,
  reader: (context) => ({ read: leefParser(context) }),
}

export const leef: FormatRecord = {
  name: 'leef',
  title: 'QRadar LEEF',
  doc: 'LEEF records of any vendor behind any syslog head or none, under the names of the record and of its head (deviceVendor, deviceProduct, …).',
  unit: 'line',
  recognise: (head) => recogniseLines(head, leefMessage.score, 'records with a LEEF head', isLeef),
  reader: messageLines(leefMessage),
  inMessages: leefMessage,
  views: ['network'],
  sigma: [{ category: 'firewall', where: { _sourceCategory: ['network/firewall'] } }],
  aliases: {},
  tags: { _sourceCategory: 'network/firewall' },
  json: false,
}

type Fields = ReadonlyMap<string, string>

/** A syslog daemon takes `CEF:` for the tag, so its message begins with the number. */
const CEF = /CEF: ?\d+\||(?:^\s*|: )[01]\|(?=(?:[^|]*\|){6}\s*[\w.[\]-]+=)/
const LEEF = /LEEF: ?[\d.]+\||(?:^\s*|: )[12]\.0\|(?=(?:[^|]*\|){4}.*?\w=)/
function isCef(text: string): boolean {
  return CEF.test(text)
}
function isLeef(text: string): boolean {
  return LEEF.test(text)
}

const HEAD = ['deviceVendor', 'deviceProduct', 'deviceVersion', 'deviceEventClassId', 'name', 'severity'] as const

/** Splits the head at bars; a backslash escapes a bar or backslash. Undefined: the text has fewer bars. */
function splitHead(text: string, from: number, count: number): { values: string[]; end: number } | undefined {
  const values: string[] = []
  let value = ''
  for (let i = from; i < text.length; i++) {
    const c = text[i] as string
    if (c === '\\' && (text[i + 1] === '|' || text[i + 1] === '\\')) value += text[++i]
    else if (c === '|') {
      values.push(value)
      value = ''
      if (values.length === count) return { values, end: i + 1 }
    } else value += c
  }
  return undefined
}

const KEY = /(?:^|\s)([\w.[\]-]+)=/g
const ESCAPE = /\\([\\=|nr])/g
const unescapeValue = (text: string): string =>
  text.includes('\\') ? text.replace(ESCAPE, (_, c: string) => (c === 'n' ? '\n' : c === 'r' ? '\r' : c)) : text

/** Values have blanks but no quotes: a value ends where the next name begins. An equals sign in a value is escaped. */
function extension(text: string, into: Map<string, string>): void {
  const found = [...text.matchAll(KEY)]
  found.forEach((m, i) => {
    const value = text.slice((m.index as number) + m[0].length, found[i + 1]?.index ?? text.length).trim()
    if (value !== '') into.set(m[1] as string, unescapeValue(value))
  })
}

function cefParser(context: FormatContext): (record: string) => Bad | Event {
  return (record) => {
    const text = record.trimEnd()
    const begin = CEF.exec(text)
    if (!begin) return { bad: 'no CEF header' }
    const head = splitHead(text, begin.index + begin[0].length, 6)
    if (!head) return { bad: 'cut off in the CEF header' }
    const fields = new Map<string, string>()
    HEAD.forEach((name, i) => {
      if (head.values[i] !== '') fields.set(name, head.values[i] as string)
    })
    extension(text.slice(head.end), fields)
    return eventOf(fields, text.slice(0, begin.index), context)
  }
}

/** The separator as a character, or by its code: `x09`, `0x09`, `\x09`, `\t`. */
const DELIMITER = /^(?:(?:0|\\)?[xXu]([\dA-Fa-f]{1,4})|(\\t|tab)|(.))?\|/

/** Without a name it is a tab, which rsyslog writes as `#011` and some relays replace by a blank. */
function separatorOf(named: RegExpExecArray | null, body: string): string {
  if (named?.[1] !== undefined) return String.fromCharCode(Number.parseInt(named[1], 16))
  if (named?.[3] !== undefined) return named[3]
  return !body.includes('\t') && body.includes('#011') ? '#011' : '\t'
}

/** LEEF 2 may name its separator. */
function leefParser(context: FormatContext): (record: string) => Bad | Event {
  return (record) => {
    const text = record.trimEnd()
    const begin = LEEF.exec(text)
    if (!begin) return { bad: 'no LEEF header' }
    const head = splitHead(text, begin.index + begin[0].length, 4)
    if (!head) return { bad: 'cut off in the LEEF header' }
    const fields = new Map<string, string>()
    ;['deviceVendor', 'deviceProduct', 'deviceVersion', 'eventId'].forEach((name, i) => {
      if (head.values[i] !== '') fields.set(name, head.values[i] as string)
    })
    const named = /^(?:LEEF: ?|[:\s]*)2/.test(begin[0]) ? DELIMITER.exec(text.slice(head.end)) : null
    const body = text.slice(head.end + (named?.[0].length ?? 0))
    const separator = separatorOf(named, body)
    if (!body.includes(separator)) extension(body, fields)
    else {
      for (const pair of body.split(separator)) {
        const equals = pair.indexOf('=')
        if (equals > 0 && equals < pair.length - 1) fields.set(pair.slice(0, equals).trim(), pair.slice(equals + 1))
      }
    }
    return eventOf(fields, text.slice(0, begin.index), context)
  }
}

/** A message about a login may have user and address in its text alone. */
function eventOf(fields: Map<string, string>, head: string, context: FormatContext): Event {
  const text = fields.get('msg')
  if (text !== undefined && !isConnection(fields))
    setActor(fields, text, { user: USERS, address: CONNECTION_FIELDS['src_ip'] ?? [] })
  const when = (f: Fields): bigint | undefined => timeOf(f, head, context)
  return new LazyEvent(new MapFields(fields, when, (name, f) => network(name.slice(8), f, () => when(f))))
}

/**
 * `rt`, LEEF's `devTime` or FortiGate's own, then `end`, `start` (`endTime`, `startTime` of Cisco's ESA), then the syslog head. `dtz` is the zone of
 * stamps without one.
 */
function timeOf(fields: Fields, head: string, context: FormatContext): bigint | undefined {
  const zone = fields.get('dtz') ?? fields.get('devTimeZone') ?? ofFortigate(fields, 'tz')
  const own = zone === undefined ? context : { ...context, zone }
  for (const name of ['rt', 'devTime', 'eventtime', 'end', 'start', 'endTime', 'startTime']) {
    const text = name === 'eventtime' ? ofFortigate(fields, name) : fields.get(name)
    const at = text === undefined ? undefined : (declared(name, text, fields, own) ?? stamp(text, own))
    if (at !== undefined) return at
  }
  // UniFi: `UNIFIutcTime=…Z`.
  for (const [name, text] of fields) {
    const at = /utc_?time$/i.test(name) ? stamp(text, own) : undefined
    if (at !== undefined) return at
  }
  return headTime(syslogHead(head).time, context)
}

/** LEEF may declare the form of its `devTime`. */
function declared(name: string, text: string, fields: Fields, context: FormatContext): bigint | undefined {
  const format = name === 'devTime' ? fields.get('devTimeFormat') : undefined
  return format === undefined ? undefined : declaredStamp(text, format, context)
}

/** Of FortiGate's own names: current releases, 6.0, FortiAnalyzer. */
const FORTIGATE = ['FTNTFGT', 'FortinetFortiGate', 'ad.']
const fortigate = (name: string): string[] => FORTIGATE.map((prefix) => prefix + name)

function ofFortigate(fields: Fields, name: string): string | undefined {
  for (const own of fortigate(name)) {
    const value = fields.get(own)
    if (value !== undefined) return value
  }
  return fields.get('deviceVendor') === 'Fortinet' ? fields.get(name) : undefined
}

/** Of the one who acts. `unauthuser`: FortiGate knows the user from elsewhere. */
const USER = [
  'suser',
  'susr',
  'usrName',
  'suid',
  'SourceUser',
  'src_user',
  'PanOSSourceUser',
  'PanOSSourceUserName',
  ...fortigate('unauthuser'),
]
/** And of other kinds of events. */
const USERS = [...USER, 'duser', 'user_name']

/** Field of the connection → its names in CEF and LEEF. */
const CONNECTION_FIELDS: Readonly<Record<string, readonly string[]>> = byName({
  src_ip: ['src', 'c6a2', 'sourceAddress'],
  src_port: ['spt', 'srcPort', 'sourcePort'],
  dest_ip: ['dst', 'c6a3', 'destinationAddress'],
  dest_port: ['dpt', 'dstPort', 'destinationPort'],
  // WatchGuard's `action` is the host of a request that its `disp` denied.
  vendor_action: [
    'act',
    'disp',
    'action',
    'Action',
    'deviceAction',
    'rule_action',
    'fw_action',
    ...fortigate('action'),
  ],
  bytes_out: ['out', 'srcBytes', 'BytesSent', 'sent_bytes'],
  bytes_in: ['in', 'dstBytes', 'BytesReceived', 'rcvd_bytes'],
  user: USER,
  device: ['dvchost', 'deviceExternalId', 'dvc', 'DeviceName', 'deviceFacility', 'sys_name', 'origin'],
  app: ['app', 'Application'],
  nat_src_ip: ['sourceTranslatedAddress', 'srcPostNAT'],
  nat_dest_ip: ['destinationTranslatedAddress', 'dstPostNAT'],
  session_id: [...fortigate('sessionid'), 'externalId', 'SessionID', 'sessionID'],
  duration: [...fortigate('duration'), 'ElapsedTime', 'duration', 'cn3'],
  rule: ['RuleName', ...fortigate('policyid'), 'policy', 'rule_name'],
})

/** The words of firewalls that log the end of a session in the place of a decision. */
const ENDED = /^(?:close|start|timeout|client-rst|server-rst|ip-conn|dns)\b/i

/** `NA`: the device had nothing to decide. Some vendors have the decision in the name of the event. */
function actionOf(fields: Fields): 'allow' | 'deny' | undefined {
  const word = firstOf(fields, 'vendor_action')
  if (word !== undefined && !/^(?:"?NA"?|N\/A)$/.test(word)) return ENDED.test(word) ? 'allow' : decisionOf(word)
  const name = fields.get('name') ?? ''
  return /\b(?:denied|dropped|discarded|blocked)\b/i.test(name)
    ? 'deny'
    : /\b(?:allowed|opened|closed|accepted|permitted)\b/i.test(name)
      ? 'allow'
      : undefined
}

function firstOf(fields: Fields, name: string): string | undefined {
  for (const n of CONNECTION_FIELDS[name] ?? []) {
    const value = fields.get(n)
    // SonicWall: `susr="ann"`.
    if (value !== undefined) return /^".*"$/.test(value) ? value.slice(1, -1) : value
  }
  if (name === 'session_id') return byLabel(fields, /^session ?id$/i)
  const vendor = fields.get('deviceVendor')
  // FortiGate has the user of the session in the place of the one who is acted on.
  if (name === 'user') return vendor === 'Fortinet' ? fields.get('duser') : undefined
  // SonicWall has the translated addresses in the places of two names.
  const label =
    vendor === 'SonicWall' ? ({ nat_src_ip: 'cs1Label', nat_dest_ip: 'cs2Label' } as const)[name] : undefined
  const address = label === undefined ? undefined : fields.get(label)
  return address !== undefined && /^[\d.]{7,15}$|:.*:/.test(address) ? address : undefined
}

/** `cn1=1434923 cn1Label=SessionID`. */
function byLabel(fields: Fields, label: RegExp): string | undefined {
  for (const name of ['cn1', 'cn2', 'cs1', 'cs2', 'cs3'])
    if (label.test(fields.get(`${name}Label`) ?? '')) return fields.get(name)
  return undefined
}

function network(name: string, fields: Fields, time: () => bigint | undefined): string | undefined {
  if (!isConnection(fields)) return undefined
  switch (name) {
    case 'key':
      return key(fields)
    case 'start':
      return before(time(), seconds(fields))
    case 'end':
      return before(time(), '0')
    case 'rank':
      return String(2 * Number(seconds(fields) ?? 0) + (fields.get('deviceEventClassId') === 'start' ? 0 : 1))
    case 'action':
    case 'policy':
      return actionOf(fields)
    case 'established': {
      const back = firstOf(fields, 'bytes_in')
      return back === undefined ? undefined : yes(Number(back) > 0)
    }
    case 'bytes':
      return plus(firstOf(fields, 'bytes_out'), firstOf(fields, 'bytes_in')) ?? fields.get('totalBytes')
    case 'duration':
      return seconds(fields)
    case 'protocol':
      // SonicWall: `tcp/ftp`.
      return protocolName((fields.get('proto') ?? fields.get('Protocol'))?.split('/')[0])
    default:
      return firstOf(fields, name)
  }
}

/** The standard keys of both ends are the facts of a connection, whatever the vendor's action or name says. */
function isConnection(fields: Fields): boolean {
  return (
    firstOf(fields, 'src_ip') !== undefined &&
    firstOf(fields, 'dest_ip') !== undefined &&
    (firstOf(fields, 'dest_port') !== undefined || firstOf(fields, 'vendor_action') !== undefined)
  )
}

function seconds(fields: Fields): string | undefined {
  const text = firstOf(fields, 'duration')
  if (text === undefined || !/^\d+$/.test(text)) return undefined
  return fortigate('duration').some((n) => fields.has(n)) ||
    fields.has('ElapsedTime') ||
    fields.has('duration') ||
    /elapsed|duration/i.test(fields.get('cn3Label') ?? '')
    ? text
    : undefined
}

/** Firewalls that log a session more than once give it an id. A record without one is a connection of its own. */
function key(fields: Fields): string {
  const id = firstOf(fields, 'session_id')
  const vendor = fields.get('deviceVendor') ?? ''
  if (id === undefined || id === '0' || actionOf(fields) === 'deny' || !/palo alto|fortinet/i.test(vendor)) return ''
  const parts = ['device', 'src_ip', 'src_port', 'dest_ip', 'dest_port'].map((n) => firstOf(fields, n) ?? '')
  return `cef ${vendor} ${id} ${parts.join(' ')}`
}
