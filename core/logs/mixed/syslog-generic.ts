// Syslog of no known format: the head, the message, and the pairs in it.
import { byName } from '../../text/by-name.ts'
import type { Bad, Event, FormatContext } from '../format.ts'
import { LazyEvent, LazyFields } from '../readers/fields.ts'
import { before, plus, protocolName } from '../network/network.ts'
import { decisionOf } from '../network/of-fields.ts'
import { headTime, type SyslogHead, syslogHead } from '../readers/syslog.ts'

/** True for a text with a priority or a time before its message. */
export function hasHead(text: string): boolean {
  if (isBarSeparated(text)) return true
  const head = syslogHead(text)
  return head.priority !== undefined || head.time !== undefined
}

export function syslogParser(context: FormatContext): (record: string) => Bad | Event {
  return (record) => {
    const text = record.trimEnd()
    const head = syslogHead(text)
    if (head.priority === undefined && head.time === undefined && !isBarSeparated(text))
      return { bad: 'no syslog header' }
    return new LazyEvent(new SyslogFields(text, head, context))
  }
}

/** `time=1772446272|hostname=fw|product=Firewall|…` (Check Point's exporter) may have no head. */
const isBarSeparated = (text: string): boolean => /^\w+=[^|]*\|\w+=/.test(text)

const FACILITIES =
  'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock local0 local1 local2 local3 local4 local5 local6 local7'.split(
    ' ',
  )
const SEVERITIES = 'emerg alert crit err warning notice info debug'.split(' ')
const VALUE = /"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"',;|]*)/y
/** A part of a value behind a comma; an equals sign may follow it. */
const PART = /,([^\s"',;|=]+)/y
const BAR_SEPARATED = /(?:^|\|)([A-Za-z_][\w.@-]*)=([^|]*)/g

class SyslogFields extends LazyFields {
  readonly #text: string
  readonly #head: SyslogHead
  readonly #context: FormatContext
  #cached: ReadonlyMap<string, string> | undefined

  constructor(text: string, head: SyslogHead, context: FormatContext) {
    super()
    this.#text = text
    this.#head = head
    this.#context = context
  }

  get #fields(): ReadonlyMap<string, string> {
    this.#cached ??= readFields(this.#text, this.#head)
    return this.#cached
  }

  get(name: string): string | undefined {
    return (
      this.#fields.get(name) ??
      (name.startsWith('network:') ? connectionField(name.slice(8), this.#fields, () => this.when()) : undefined)
    )
  }

  names(): Iterable<string> {
    return this.#fields.keys()
  }

  when(): bigint | undefined {
    const own = this.#fields.get('time')
    return headTime(this.#head.time, this.#context) ?? (own === undefined ? undefined : headTime(own, this.#context))
  }
}

function readFields(text: string, head: SyslogHead): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  const priority = Number(head.priority)
  if (head.priority !== undefined && priority < 192) {
    fields.set('facility', FACILITIES[priority >> 3] as string)
    fields.set('severity', SEVERITIES[priority & 7] as string)
  }
  for (const name of ['host', 'app', 'pid', 'msgid'] as const) {
    const value = head[name]
    if (value !== undefined) fields.set(name, value)
  }
  const message = text.slice(head.body)
  fields.set('message', message)
  const { app } = head
  // `<23>fw-7: NetScreen …`: without a time, the device is in the place of the program.
  if (app !== undefined && head.host === undefined && message.startsWith('NetScreen ')) fields.set('host', app)
  if (head.data !== undefined) pairs(head.data, fields)
  netscreen(message, fields)
  if (/^[\w.@-]+=[^|]*\|[\w.@-]+=/.test(message)) barSeparated(message, fields)
  else if (message.includes('=')) pairs(message, fields)
  return fields
}

/** `name=value`, `name="a value"`, `name=a,b`. The text is read once: regular expressions would look for a name at each of its letters. */
function pairs(text: string, into: Map<string, string>): void {
  let at = 0
  for (let equals = text.indexOf('='); equals >= 0; equals = text.indexOf('=', at)) {
    const name = nameBefore(text, at, equals)
    at = equals + 1
    if (name === '') continue
    VALUE.lastIndex = at
    const m = VALUE.exec(text) as RegExpExecArray
    at = VALUE.lastIndex
    let value = m[1] ?? m[2]
    if (value === undefined) {
      at = endOfParts(text, at)
      value = text.slice(equals + 1, at)
    }
    add(name, value, into)
  }
}

/** The longest name that ends at `to`. */
function nameBefore(text: string, from: number, to: number): string {
  let begin = to
  while (begin > from && /[\w.@-]/.test(text[begin - 1] as string)) begin--
  while (begin < to && !/[A-Za-z_@]/.test(text[begin] as string)) begin++
  return text.slice(begin, to)
}

/** Behind the parts `,b,c` of a value. The last one may be the name of the next pair. */
function endOfParts(text: string, from: number): number {
  let at = from
  for (;;) {
    PART.lastIndex = at
    const part = PART.exec(text)?.[1]
    if (part === undefined) return at
    const end = at + 1 + part.length
    if (text[end] !== '=') {
      at = end
      continue
    }
    // The next pair's name begins behind the last character that no name has.
    const other = part.search(/[^\w.@-][\w.@-]*$/)
    return other <= 0 ? at : at + 1 + other
  }
}

function barSeparated(text: string, into: Map<string, string>): void {
  for (const m of text.matchAll(BAR_SEPARATED)) add(m[1] as string, m[2] as string, into)
}

function add(name: string, value: string, into: Map<string, string>): void {
  if (value !== '' && !into.has(name)) into.set(name, value.replace(/\\(["\\\]])/g, '$1'))
}

/** `src-xlated ip=1.255.20.1 port=22041 dst-xlated ip=… port=…`. */
function netscreen(message: string, fields: Map<string, string>): void {
  for (const [, side, ip, port] of message.matchAll(/(src|dst)-xlated ip=(\S+) port=(\d+)/g)) {
    const name = side === 'src' ? 'nat-source' : 'nat-destination'
    fields.set(`${name}-address`, ip as string)
    fields.set(`${name}-port`, port as string)
  }
}

const CONNECTION_FIELDS: Readonly<Record<string, readonly string[]>> = byName({
  src_ip: ['src_ip', 'srcip', 'src', 'source-address', 'SrcIP'],
  src_port: ['src_port', 'srcport', 'spt', 's_port', 'source-port', 'SrcPort'],
  dest_ip: ['dest_ip', 'dst_ip', 'dstip', 'dst', 'destination-address', 'DstIP'],
  dest_port: ['dest_port', 'dst_port', 'dstport', 'dpt', 'destination-port', 'DstPort'],
  vendor_action: ['action', 'act', 'fw_action'],
  bytes_out: ['bytes_out', 'sentbyte', 'sent', 'bytes-from-client'],
  bytes_in: ['bytes_in', 'rcvdbyte', 'rcvd', 'bytes-from-server'],
  duration: ['duration', 'elapsed-time'],
  user: ['user', 'usr', 'username'],
  session_id: ['session_id', 'session-id-32', 'sessionid'],
  rule: ['policy_id', 'policy-name', 'rule_name', 'rule'],
  app: ['service', 'service-name', 'app'],
  nat_src_ip: ['nat-source-address'],
  nat_dest_ip: ['nat-destination-address'],
})

function firstOf(fields: ReadonlyMap<string, string>, name: string): string | undefined {
  for (const n of CONNECTION_FIELDS[name] ?? []) {
    const value = fields.get(n)
    if (value !== undefined) return /^[\d.]+:\d+(?::.*)?$/.test(value) ? value.split(':')[0] : value
  }
  const other = name.endsWith('_port') ? fields.get(name === 'src_port' ? 'src' : 'dst') : undefined
  return other === undefined ? undefined : /^[\d.]+:(\d+)/.exec(other)?.[1]
}

/** A message with two addresses and an action is a connection. */
function connectionField(
  name: string,
  fields: ReadonlyMap<string, string>,
  time: () => bigint | undefined,
): string | undefined {
  const action = firstOf(fields, 'vendor_action')
  if (firstOf(fields, 'src_ip') === undefined || firstOf(fields, 'dest_ip') === undefined || action === undefined)
    return undefined
  switch (name) {
    case 'key':
      return ''
    case 'start':
      return before(time(), firstOf(fields, 'duration'))
    case 'end':
      return before(time(), '0')
    case 'rank':
      return '1'
    case 'action':
    case 'policy':
      return decisionOf(action)
    case 'established': {
      const back = firstOf(fields, 'bytes_in')
      return back === undefined || !/^\d+$/.test(back) ? undefined : Number(back) > 0 ? 'true' : 'false'
    }
    case 'bytes':
      return plus(firstOf(fields, 'bytes_out'), firstOf(fields, 'bytes_in'))
    case 'protocol':
      return protocolName(fields.get('proto') ?? fields.get('protocol') ?? fields.get('protocol-id'))
    case 'device':
      return fields.get('host') ?? fields.get('hostname') ?? fields.get('fw')
    default:
      return firstOf(fields, name)
  }
}
