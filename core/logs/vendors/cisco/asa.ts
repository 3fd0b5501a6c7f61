// Cisco ASA, FTD and PIX: `%ASA-6-302013: …` after any head, or none.
import { byName } from '../../../text/by-name.ts'
import type { Bad, Event, FormatContext, Shown } from '../../format.ts'
import { ACCESS_LIST, type AsaPattern, BUILT, BY_ID, FIELD_NAMES, type Layout, TEARDOWN } from './asa-patterns.ts'
import { type Actor, actorOf } from '../../readers/actor.ts'
import { escapeRegExp, LazyEvent, LazyFields } from '../../readers/fields.ts'
import { before, isCount, NETWORK, protocolName, yes } from '../../network/network.ts'
import { headTime, syslogHead } from '../../readers/syslog.ts'

const TAG = /%?(ASA|FTD|PIX|NGIPS)(?:-[a-z][\w]*)?-(\d)-(\d{6})\s?:?\s*/y

/** Place of the tag `%ASA-6-302013`; -1 if there is none. */
export function tagAt(text: string): number {
  for (const name of ['%ASA-', '%FTD-', '%PIX-', '%NGIPS-']) {
    const at = text.indexOf(name)
    if (at >= 0) return at
  }
  return text.search(/(?:^|[\s:>])(?:ASA|FTD|PIX|NGIPS)-(?:[a-z]\w*-)?\d-\d{6}/) >= 0
    ? text.search(/(?:ASA|FTD|PIX|NGIPS)-(?:[a-z]\w*-)?\d-\d{6}/)
    : -1
}

/** Reasons for the end of a TCP connection, from the vendor's documentation; a text that begins otherwise may be cut off. */
const REASONS =
  /^(?:TCP (?:FINs|Reset(?:-[IO]| by appliance)?|SYN(?:ACK)? ?.*|bad retransmission|data .*|segment .*|unexpected SYN|window .*|Invalid .*|.*failed)|SYN (?:Timeout|Control)|Conn-timeout|Connection timeout|FIN Timeout|Deny Terminate|Failover (?:primary closed|.*)|Flow (?:closed by inspection|terminated by .*|is a loopback|.*)|Half.?(?:open|closed) .*|IPS fail-close|Inspection .*|Idle Timeout|Invalid SYN|No valid adjacency|Pinhole Timeout|Probe .*|Route change|Parent flow is closed|Xlate Clear|Uauth Deny|VLAN removed|Fast path .*|Port .*|Protocol .*|Tunnel .*|Zone .*|Cluster .*|Unknown|None|Closed by .*|Free the flow .*|Snort .*|URL .*)/

/** No message with a pattern is as long. The patterns take time that grows with the square of the length. */
const LONGEST = 16_384

export function asaParser(context: FormatContext): (record: string) => Bad | Event {
  const heads = new Heads(context)
  return (record) => {
    const text = record.endsWith('\r') ? record.slice(0, -1) : record
    const at = tagAt(text)
    if (at < 0 && isSession(text)) return sessionMessage(text, heads)
    if (at < 0) return { bad: 'no %ASA, %FTD, %PIX or %NGIPS tag' }
    TAG.lastIndex = at
    const tag = TAG.exec(text)
    if (!tag) return { bad: 'cut off in the tag' }
    const body = at + tag[0].length
    const id = tag[3] as string
    const pattern = text.length > LONGEST ? undefined : BY_ID.get(id)
    if (!pattern) return otherMessage(text, tag, body, heads, at)
    pattern.regex.lastIndex = body
    const m = pattern.regex.exec(text)
    if (!m && pattern.soft && body < text.length) return otherMessage(text, tag, body, heads, at)
    if (!m)
      return {
        bad: body >= text.length ? 'cut off after the tag' : `not as ${tag[1]} message ${id} is written, or cut off`,
      }
    const fields = new AsaFields(text, at, tag, pattern, m, heads)
    const note = pattern === TEARDOWN ? teardownNote(m) : undefined
    return new LazyEvent(fields, note === undefined ? undefined : [note])
  }
}

/** For UDP a line may end after `bytes N`. For TCP a reason follows, and its absence is the only sign of a cut. */
function teardownNote(m: RegExpExecArray): string | undefined {
  const reason = m[TEARDOWN.groups['reason'] as number] ?? ''
  if (m[TEARDOWN.groups['protocol'] as number] === 'UDP' || REASONS.test(reason)) return undefined
  return reason === '' ? 'Teardown without a reason: may be cut off' : 'Teardown with an unknown reason: may be cut off'
}

const PORT = /_port$/

/**
 * See `PlainText`. A slash or parenthesis precedes a port of a connection; in sentences it is a colon, a blank or an equals sign. A name with a
 * capital precedes a value of Firepower's pairs.
 */
export function beforeNumber(name: string): string | null | undefined {
  if (name.startsWith(NETWORK)) return PORT.test(name) ? '[/(]|Port: ' : undefined
  if (/^[A-Z]\w*$/.test(name)) return `${name}: `
  return PORT.test(name) ? '[/(: =]' : '(?<![\\w.])'
}

/** Values that the message expresses by other words; all others are in the text. */
const IN_OTHER_WORDS: Readonly<Record<string, string>> = byName({ Deny: 'Inbound', TCP: 'FTP connection' })

/** See `PlainText`. */
export function showsText(name: string, values: Shown): readonly string[] | undefined {
  if (!name.startsWith(NETWORK)) {
    if (typeof values === 'string') return ALL_FIELDS.has(name) ? undefined : [escapeRegExp(name)]
    return values.flatMap((v) => [escapeRegExp(v), ...(IN_OTHER_WORDS[v] === undefined ? [] : [IN_OTHER_WORDS[v]])])
  }
  const field = name.slice(NETWORK.length)
  if (field === 'key' && values === 'filled') return ['Built ', 'Teardown ', 'SrcIP']
  if ((field !== 'action' && field !== 'policy') || typeof values === 'string' || values.includes('deny'))
    return undefined
  return values.includes('allow') ? [...ALLOWING, 'AccessControlRuleAction'] : []
}

const ALLOWING = ['Built', 'Teardown', 'permitted', 'est-allowed', 'requested'] as const
const isAllowing = (action: string | undefined): boolean =>
  (ALLOWING as readonly (string | undefined)[]).includes(action)

const isRefusing = (action: string | undefined): boolean =>
  action !== undefined && /^(?:den|discard|dropp|duplicate|fail|reject|routing failed|access denied)/i.test(action)

const TAG_FIELDS = ['message_id', 'severity'] as const
/** Fields of all messages but Firepower's pairs. */
const ALL_FIELDS: ReadonlySet<string> = new Set([...TAG_FIELDS, 'message', ...FIELD_NAMES])

class AsaFields extends LazyFields {
  readonly #text: string
  readonly #at: number
  readonly #tag: RegExpExecArray
  readonly #pattern: AsaPattern
  readonly #m: RegExpExecArray
  readonly #heads: Heads
  #cached: Layout | undefined

  constructor(text: string, at: number, tag: RegExpExecArray, pattern: AsaPattern, m: RegExpExecArray, heads: Heads) {
    super()
    this.#text = text
    this.#at = at
    this.#tag = tag
    this.#pattern = pattern
    this.#m = m
    this.#heads = heads
  }

  get #layout(): Layout {
    this.#cached ??= this.#pattern.layout(this.#m)
    return this.#cached
  }

  get(name: string): string | undefined {
    const place = this.#layout[name]
    if (place !== undefined) {
      const value = typeof place === 'number' ? this.#m[place] : place.is
      if (name === 'user' || name === 'dest_user') return this.#user(name, value)
      return value === '' ? undefined : value
    }
    if (name.startsWith('network:')) return this.#network(name.slice(8))
    return name === 'message_id' ? this.#tag[3] : name === 'severity' ? this.#tag[2] : undefined
  }

  /**
   * Parentheses hold the user, the tag of a security group (`9999:name`), or both. The user of the whole session comes last in the line and
   * is used where the end has no user.
   */
  #user(name: string, text: string | undefined): string | undefined {
    const own = text?.replace(/(?:^|, ?)\d+(?::.*)?$/, '')
    if (own !== undefined && own !== '') return own
    return name === 'user' ? this.#m[this.#layout['session_user'] as number] || undefined : undefined
  }

  *names(): Iterable<string> {
    yield* TAG_FIELDS
    for (const name of Object.keys(this.#layout)) if (name !== 'session_user') yield name
  }

  when(): bigint | undefined {
    return this.#heads.at(this.#text, this.#at).time
  }

  #network(name: string): string | undefined {
    switch (name) {
      case 'key':
        return this.#key()
      case 'start':
        return before(this.when(), this.#seconds())
      case 'end':
        return this.#pattern === BUILT ? undefined : before(this.when(), '0')
      case 'rank':
        return this.#pattern === BUILT ? '1' : '0'
      case 'vendor_action':
        return this.get('action')
      case 'policy':
      case 'action':
        return isAllowing(this.get('action')) ? 'allow' : isRefusing(this.get('action')) ? 'deny' : undefined
      case 'established':
        return this.#established()
      // One total for both directions, whatever its name says.
      case 'bytes':
        return this.get('bytes_in')
      case 'bytes_in':
        return undefined
      case 'duration':
        return this.#seconds()
      case 'inferred':
        return this.#pattern === TEARDOWN ? 'true' : this.#pattern === BUILT ? 'false' : undefined
      case 'hit_count':
        return this.#pattern === ACCESS_LIST ? this.get('hit_cnt') : undefined
      case 'protocol':
        return protocolName(this.get('protocol'))
      case 'device':
        return this.#heads.at(this.#text, this.#at).host
      case 'session_id':
        return this.get('connection_id')
      case 'rule':
        return this.get('access_group')
      case 'nat_src_ip':
        return this.get('src_nat_ip')
      case 'nat_dest_ip':
        return this.get('dest_nat_ip')
      default:
        return this.get(name)
    }
  }

  /**
   * A device uses an id again later. The key has the ends in the order of the text, which Built and Teardown share. A message about ICMP or
   * an access list is a row of its own: the first has no id, the second no Teardown. A permitted one is no row: it has a Built line too.
   */
  #key(): string | undefined {
    const m = this.#m
    if (this.#pattern === BUILT || this.#pattern === TEARDOWN) {
      const groups = this.#pattern === BUILT ? BUILT_KEY : TEARDOWN_KEY
      return `asa ${this.#heads.at(this.#text, this.#at).host ?? ''} ${groups.map((i) => m[i]).join(' ')}`
    }
    const action = this.get('action')
    // Translations, errors and tunnels belong to connections that have lines of their own.
    if (this.#pattern.soft || PACKETS_OF_CONNECTIONS.has(this.#tag[3] as string)) return undefined
    if (this.#tag[3] === '302021' || action === 'permitted' || action === 'est-allowed') return undefined
    return this.get('src_ip') === undefined ? undefined : ''
  }

  #seconds(): string | undefined {
    const text = this.get('duration')
    if (text === undefined) return undefined
    const [h, m, s] = text.split(':').map(Number) as [number, number, number]
    return String(h * 3600 + m * 60 + s)
  }

  #established(): string | undefined {
    if (this.#pattern === TEARDOWN) {
      const bytes = this.get('bytes_in')
      return yes(isCount(bytes) && Number(bytes) > 0 && this.get('reason') !== 'SYN Timeout')
    }
    return this.#pattern === BUILT ? undefined : this.#network('action') === 'deny' ? 'false' : undefined
  }
}

const PACKETS_OF_CONNECTIONS = new Set(['419001', '419002'])

/** Groups of the texts that Built and Teardown share. */
const keyOf = ({ groups }: AsaPattern): number[] =>
  ['protocol', 'connection_id', 'first_ip', 'first_port', 'second_ip', 'second_port'].map((n) => groups[n] as number)
const BUILT_KEY = keyOf(BUILT)
const TEARDOWN_KEY = keyOf(TEARDOWN)

interface Head {
  readonly time: bigint | undefined
  readonly host: string | undefined
}
type HeadOf = () => Head

const MOST_HEADS = 256

/** Time and device of heads that were read before: several devices log in the same second, and a look-up is cheaper than reading. */
class Heads {
  readonly #context: FormatContext
  readonly #read = new Map<string, Head>()

  constructor(context: FormatContext) {
    this.#context = context
  }

  at(text: string, end: number): Head {
    const head = text.slice(0, end)
    const before = this.#read.get(head)
    if (before) return before
    const { time, host, app } = syslogHead(head)
    const read: Head = { time: headTime(time, this.#context), host: host ?? app }
    if (this.#read.size >= MOST_HEADS) this.#read.clear()
    this.#read.set(head, read)
    return read
  }
}

/** A message about a tunnel, from which a relay has cut the tag: `Group <sales> User <ann> IP <192.0.2.1> Session terminated`. */
const SESSION =
  /(?:^|[\s:])(?:TunnelGroup <[^>]*> )?(?:Group(?:Policy)? (?:<[^>]*>|= [^,]+,) User(?:name)? (?:<[^>]*>|= [^,]+,) IP (?:<[\dA-Fa-f.:]+>|= [\dA-Fa-f.:]+))/
export const isSession = (text: string): boolean => SESSION.test(text)

function sessionMessage(text: string, heads: Heads): Event {
  const at = (SESSION.exec(text) as RegExpExecArray).index
  return new LazyEvent(new OtherFields(new Map([['message', text.slice(at).trim()]]), () => heads.at(text, at)))
}

/** Connection events of Firepower (430002, 430003, …) are pairs. Any other message gives id, severity and text. */
function otherMessage(text: string, tag: RegExpExecArray, body: number, heads: Heads, at: number): Bad | Event {
  if (body >= text.length) return { bad: 'cut off after the tag' }
  const map = new Map<string, string>([
    ['message_id', tag[3] as string],
    ['severity', tag[2] as string],
  ])
  if (/^4300\d\d$/.test(tag[3] as string)) {
    // Some names are of two words: `Prefilter Policy: …`.
    for (const pair of text.slice(body).split(/, (?=[A-Z]\w*(?: [A-Z]\w*)?: )/)) {
      const colon = pair.indexOf(': ')
      if (colon > 0) map.set(pair.slice(0, colon).trim(), pair.slice(colon + 2))
    }
  } else map.set('message', text.slice(body))
  return new LazyEvent(new OtherFields(map, () => heads.at(text, at)))
}

const ACTOR = ['user', 'src_ip', 'src_port', 'dest_ip', 'dest_port'] as const
const isActor = (name: string): name is keyof Actor => (ACTOR as readonly string[]).includes(name)

/** 430002: a connection began. 430003: it ended, with totals. */
class OtherFields extends LazyFields {
  readonly #map: ReadonlyMap<string, string>
  readonly #head: HeadOf
  #actor: Actor | undefined

  constructor(map: ReadonlyMap<string, string>, head: HeadOf) {
    super()
    this.#map = map
    this.#head = head
  }

  get(name: string): string | undefined {
    const own = this.#map.get(name)
    if (own !== undefined) return own
    if (name.startsWith('network:')) return this.#network(name.slice(8))
    return isActor(name) ? this.#inText()?.[name] : undefined
  }

  *names(): Iterable<string> {
    yield* this.#map.keys()
    const told = this.#inText()
    if (told) for (const name of ACTOR) if (told[name] !== undefined) yield name
  }

  /** User, address and server in the words of a message that has no pattern. */
  #inText(): Actor | undefined {
    const text = this.#map.get('message')
    if (text === undefined) return undefined
    this.#actor ??= actorOf(text.slice(0, LONGEST))
    return this.#actor
  }

  when(): bigint | undefined {
    return this.#head().time
  }

  #network(name: string): string | undefined {
    const value = (field: string): string | undefined => this.#map.get(field)
    if (value('SrcIP') === undefined) return undefined
    const action = value('AccessControlRuleAction')
    switch (name) {
      case 'key':
        return `ftd ${['DeviceUUID', 'InstanceID', 'ConnectionID', 'FirstPacketSecond', 'SrcIP', 'SrcPort', 'DstIP', 'DstPort'].map((f) => value(f) ?? '').join(' ')}`
      case 'start':
        return before(this.when(), value('ConnectionDuration'))
      case 'end':
        return before(this.when(), '0')
      case 'rank':
        return value('message_id') === '430003' ? '1' : '0'
      case 'action':
      case 'policy':
        return action === undefined ? undefined : /block|reset|deny/i.test(action) ? 'deny' : 'allow'
      case 'established': {
        const bytes = value('ResponderBytes')
        return isCount(bytes) ? yes(Number(bytes) > 0) : undefined
      }
      case 'protocol':
        return protocolName(value('Protocol'))
      case 'device':
        return this.#head().host ?? value('DeviceUUID')
      case 'user': {
        const user = value('User')
        return user === undefined || NO_USER.test(user) ? undefined : user
      }
      default: {
        const field = FIREPOWER_FIELDS[name]
        return field === undefined ? undefined : value(field)
      }
    }
  }
}

const NO_USER = /^(?:No Authentication Required|Not Found|Unknown|Discovered Identities|None|N\/A)$/i

const FIREPOWER_FIELDS: Readonly<Record<string, string>> = byName({
  src_ip: 'SrcIP',
  src_port: 'SrcPort',
  dest_ip: 'DstIP',
  dest_port: 'DstPort',
  vendor_action: 'AccessControlRuleAction',
  bytes_out: 'InitiatorBytes',
  bytes_in: 'ResponderBytes',
  duration: 'ConnectionDuration',
  session_id: 'ConnectionID',
  rule: 'AccessControlRuleName',
  app: 'ApplicationProtocol',
})
