// Fortinet FortiGate: pairs, separated by blanks or (with `set format csv`) by commas, after any head.
import { fortigateLine } from '../vendors/fortinet/write.ts'
import { byName } from '../../text/by-name.ts'
import type { Answer, Bad, CpsNames, Event, FormatContext, FormatRecord, Shown, TextMessages } from '../format.ts'
import { answer, dataset, end, first, firstOr, is, sum, transport } from '../cps/answers.ts'
import { messageLines } from '../mixed/vendor-dispatch.ts'
import { before, isCount, NETWORK, plus, protocolName, yes } from '../network/network.ts'
import { actorOf } from '../readers/actor.ts'
import { escapeRegExp, LazyEvent } from '../readers/fields.ts'
import { PairFields, scanPairs } from '../readers/key-value.ts'
import { recogniseLines } from '../readers/recognise.ts'
import { epochBySize, stamp } from '../readers/stamp.ts'

const message: TextMessages = {
  of: 'text',
  label: 'FortiGate',
  score: 0.98,
  is: isFortigate,
  reader: (context) => ({ read: fortigateParser(context) }),
}

/** Events about logins and tunnels have other names than traffic, or the address behind the way in: `ui="ssh(192.0.2.1)"`. */
const SOURCE: Answer = firstOr(
  ['srcip', 'remip', 'userip'],
  // The client of a lease is in `ip`, which elsewhere is any address.
  (get) => (get('dhcp_msg') === undefined ? actorOf(answer(first('ui', 'msg'), get) ?? '').src_ip : get('ip')),
)

/** Names of the log under `Vendor.` are its own. The action of a UTM profile goes before that of the policy. */
const CPS: CpsNames = {
  documented: {
    '#Vendor': is('fortinet'),
    '#event.module': is('fortigate'),
    ...end('source', { ip: SOURCE, port: first('srcport', 'remport') }),
    ...end('destination', { ip: first('dstip', 'locip'), port: first('dstport', 'locport') }),
    'network.bytes': sum('sentbyte', 'rcvdbyte'),
    'network.packets': sum('sentpkt', 'rcvdpkt'),
    'event.action': first('utmaction', 'action'),
    'rule.id': 'policyid',
    'rule.ruleset': 'policytype',
  },
  reported: {
    '#event.dataset': dataset('fortigate', 'type'),
    ...transport('proto'),
    'network.protocol': 'service',
    'observer.name': 'devname',
    'observer.ingress.interface.name': 'srcintf',
    'observer.egress.interface.name': 'dstintf',
    'source.geo.country_name': 'srccountry',
    'destination.geo.country_name': 'dstcountry',
  },
  inferred: {
    '#event.kind': is('event'),
    '#event.outcome': (get) => {
      const decision = get('network:action')
      return decision === undefined ? undefined : decision === 'deny' ? 'failure' : 'success'
    },
    'source.bytes': 'sentbyte',
    'destination.bytes': 'rcvdbyte',
    'source.packets': 'sentpkt',
    'destination.packets': 'rcvdpkt',
    'source.nat.ip': 'transip',
    'source.nat.port': 'transport',
    'destination.nat.ip': 'tranip',
    'destination.nat.port': 'tranport',
    'network.application': 'app',
    'rule.name': 'policyname',
    'user.name': first('user', 'unauthuser'),
    'source.user.name': first('user', 'unauthuser'),
  },
}

const MARKS = ['logid=', 'devid=']

export const fortigate: FormatRecord = {
  name: 'fortigate',
  title: 'Fortinet FortiGate',
  doc:
    'Pairs such as srcip=10.0.0.1 action="close", separated by blanks or commas, behind any syslog head or none, under the names of the record. ' +
    'Time: eventtime in seconds, milliseconds, microseconds or nanoseconds, else date and time with tz or in the zone of the source.',
  unit: 'line',
  recognise: (head) =>
    recogniseLines(head, message.score, 'pairs with a FortiGate type and a device or log id', message.is),
  reader: messageLines(message, MARKS),
  inMessages: message,
  views: ['network'],
  sigma: [
    { category: 'firewall', where: { _sourceCategory: ['network/fortinet'] } },
    { product: 'fortigate', service: 'event', where: { logid: 'present', type: ['event'] } },
  ],
  facts: {
    'source address': ['srcip'],
    'source port': ['srcport'],
    'destination address': ['dstip'],
    'destination port': ['dstport'],
    'bytes sent': ['sentbyte'],
    'bytes received': ['rcvdbyte'],
    user: ['srcuser', 'unauthuser'],
    host: ['devname'],
    session: ['sessionid'],
  },
  cps: CPS,
  aliases: {},
  write: (events) => events.map((e) => `${fortigateLine(e)}\n`).join(''),
  tags: { _sourceCategory: 'network/fortinet' },
  json: false,
  plain: { before: beforeValue, shows: showsPair, marks: MARKS },
}

/** Names with which records begin, after the head: the first as the device writes them, the others where a collector has put the pairs in order. */
const FIRST_NAMES =
  'date|logver|timestamp|itime|devname|devid|device_id|log_id|logid|eventtime|type|time|tz|subtype|level|vd|action|app|dstintf|dstip|dstport|duration|' +
  'group|msg|policyid|proto|rcvdbyte|sentbyte|service|sessionid|srcintf|srcip|srcport|status|user'
const BEGIN = new RegExp(`(?:^|[\\s>:,])(?=(?:${FIRST_NAMES})=)`)
const SHAPE = /(?:^|[\s>,])(?:devid|device_id|devname|logid|log_id)="?[\w-]/
const KIND =
  /(?:^|[\s,])type="?(?:traffic|utm|(?:app)?event|anomaly|virus|webfilter|ips|attack|emailfilter|dlp|voip|dns|app-ctrl|ssh|ssl|gtp|waf|cifs)\b/

/** Without the names of device and log, as collectors hand records on. */
const ORDER = /(?:^|[\s>,])type="?[\w-]+"?[\s,]+subtype="?[\w-]+"?[\s,]+level="?\w+"?[\s,]+vd=/

function isFortigate(text: string): boolean {
  return KIND.test(text) && (SHAPE.test(text) || ORDER.test(text)) && !text.includes('CEF:')
}

/**
 * No release ends a traffic record with one of these, in the order of the device. A cut last number looks like a smaller one. Where a name comes
 * after one that the device writes later, a collector has put the pairs in another order, in which any may be the last.
 */
const NEVER_LAST = (
  'date time devname devid logid eventtime tz type subtype level vd srcip srcport srcintf srcintfrole dstip dstport dstintf dstintfrole ' +
  'srccountry dstcountry sessionid proto action policyid policytype poluuid service trandisp transip transport duration sentbyte rcvdbyte ' +
  'sentpkt sentdelta'
).split(' ')

function fortigateParser(context: FormatContext): (record: string) => Bad | Event {
  return (record) => {
    const text = record.endsWith('\r') ? record.slice(0, -1) : record
    const begin = BEGIN.exec(text)
    if (!begin) return { bad: 'no FortiGate pairs' }
    const from = begin.index + begin[0].length
    const first = text.indexOf('=', from) + 1
    const separator = /^"?[^\s",]*"?,\w+=/.test(text.slice(first, first + 80)) ? 44 : 32
    const pairs = scanPairs(text, from, separator)
    if (pairs.cut) return { bad: `cut off ${pairs.cut}` }
    const n = pairs.places.length
    if (n < 8) return { bad: 'cut off: too few pairs' }
    const fields = new FortigateFields(text, pairs.places, context)
    if (fields.field('type') === undefined) return { bad: 'no type, or cut off before it' }
    const last = text.slice(pairs.places[n - 4], pairs.places[n - 3])
    const isDoubtful = pairs.open && isEarly(last, fields) && fields.field('type') === 'traffic'
    return new LazyEvent(fields, isDoubtful ? [`ends with ${last}: its value may be cut off`] : undefined)
  }
}

function isEarly(last: string, fields: FortigateFields): boolean {
  const at = NEVER_LAST.indexOf(last)
  return at >= 0 && !NEVER_LAST.slice(at + 1).some((name) => fields.field(name) !== undefined)
}

/** See `PlainText`. */
function beforeValue(name: string): string | null | undefined {
  if (!name.startsWith(NETWORK)) return `${escapeRegExp(name)}="?`
  const field = name.slice(NETWORK.length)
  return field === 'src_port' ? 'src_?port="?' : field === 'dest_port' ? 'dst_?port="?' : undefined
}

const DENIALS = 'deny|denied|block|blocked|dropped'
const DENIED = new RegExp(`^(?:${DENIALS})$`)
const NOT_DENIED = `\\baction=(?!"(?:${DENIALS})"|(?:${DENIALS})(?:\\s|,\\w+=|$))`
/** For the start of a line. */
const WITHOUT_ACTION = '^(?![^\\n]*\\baction=)'

/** See `PlainText`. */
function showsPair(name: string, values: Shown): readonly string[] | undefined {
  if (!name.startsWith(NETWORK)) {
    const own = `${escapeRegExp(name)}=`
    return typeof values === 'string' ? [own] : values.map((v) => `${own}"?${escapeRegExp(v)}`)
  }
  const field = name.slice(NETWORK.length)
  if (field === 'key' && values === 'filled') return [NOT_DENIED, WITHOUT_ACTION]
  if ((field !== 'action' && field !== 'policy') || typeof values === 'string' || values.includes('deny'))
    return undefined
  return values.includes('allow') ? [NOT_DENIED] : []
}

class FortigateFields extends PairFields {
  readonly #context: FormatContext

  constructor(text: string, at: Int32Array, context: FormatContext) {
    super(text, at)
    this.#context = context
  }

  /**
   * `eventtime` is an epoch in seconds (6.0) or nanoseconds (6.2 and later); date and time are by the device's clock, with or without its offset.
   * Where a collector has taken the date away, its `timestamp` or `itime` has the time.
   */
  when(): bigint | undefined {
    const at = this.#epoch('eventtime')
    if (at !== undefined) return at
    const date = this.field('date')
    const time = this.field('time')
    if (date === undefined || time === undefined) return this.#epoch('timestamp') ?? this.#epoch('itime')
    return stamp(`${date}T${time}${this.field('tz') ?? ''}`, this.#context) ?? stamp(`${date}T${time}`, this.#context)
  }

  #epoch(name: string): bigint | undefined {
    const text = this.field(name)
    return text === undefined || !/^\d{10,19}$/.test(text) ? undefined : epochBySize(text)
  }

  network(name: string): string | undefined {
    if (this.field('type') !== 'traffic') return undefined
    switch (name) {
      case 'key':
        return this.#key()
      case 'start':
        return before(this.when(), this.field('duration'))
      case 'end':
        return before(this.when(), '0')
      // Interim records have totals since the start of the session, so the longest duration ranks highest. A final record ranks above an equal one.
      case 'rank':
        return String(
          2 * Number(isCount(this.field('duration')) ? this.field('duration') : 0) + (this.#isFinal() ? 1 : 0),
        )
      case 'action':
      case 'policy':
        return this.field('action') === undefined ? undefined : this.#denied() ? 'deny' : 'allow'
      case 'established': {
        const received = this.field('rcvdbyte') ?? this.field('rcvd')
        if (isCount(received) && Number(received) > 0) return 'true'
        return this.#isFinal() ? yes(false) : undefined
      }
      case 'bytes_out':
        return this.field('sentbyte') ?? this.field('sent')
      case 'bytes_in':
        return this.field('rcvdbyte') ?? this.field('rcvd')
      case 'bytes':
        return plus(this.network('bytes_out'), this.network('bytes_in'))
      case 'protocol':
        return protocolName(this.field('proto'))
      case 'user':
        return this.field('user') ?? this.field('unauthuser')
      case 'device':
        return this.field('devname') ?? this.field('devid') ?? this.field('device_id')
      case 'app':
        return this.field('app') ?? this.field('service')
      default: {
        const field = FIELDS[name]
        return field === undefined
          ? undefined
          : (this.field(field[0]) ?? (field[1] === undefined ? undefined : this.field(field[1])))
      }
    }
  }

  #denied(): boolean {
    return DENIED.test(this.field('action') ?? '')
  }

  #isFinal(): boolean {
    return !(this.field('logid') ?? this.field('log_id') ?? '').endsWith('000020') && this.field('action') !== 'start'
  }

  /** A session id belongs to a device and virtual domain, which use it again later. A denied session is one record. */
  #key(): string {
    const id = this.field('sessionid')
    if (id === undefined || id === '0' || this.#denied()) return ''
    const value = (name: string): string => this.field(name) ?? ''
    return `forti ${value('devid')} ${value('vd')} ${id} ${value('srcip')} ${value('srcport')} ${value('dstip')} ${value('dstport')} ${value('proto')}`
  }
}

const FIELDS: Readonly<Record<string, readonly [string, string?]>> = byName({
  src_ip: ['srcip', 'src'],
  src_port: ['srcport', 'src_port'],
  dest_ip: ['dstip', 'dst'],
  dest_port: ['dstport', 'dst_port'],
  vendor_action: ['action'],
  duration: ['duration'],
  session_id: ['sessionid'],
  rule: ['policyid'],
  nat_src_ip: ['transip'],
  nat_dest_ip: ['tranip'],
})
