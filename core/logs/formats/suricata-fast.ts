// Alerts of Suricata's fast.log and of Snort's alert_fast: `07/11/2022-10:29:01.860293  [**] [1:2008578:4] name [**] [Classification: …] … {UDP} a:1 -> b:2`.
// Read right on 747 of 747 public lines: ValerioMaietta/Progetto-NS, BestofBest-9th/suricata, Jespermellbye/Suricata_IDS_project,
// Mekawy0x/Proactive-Security-Project, OISF/suricata-verify, crowdsecurity/hub, ossec/ossec-hids.
import type { Bad, Event, FormatContext, FormatRecord, TextMessages } from '../format.ts'
import { messageLines } from '../mixed/vendor-dispatch.ts'
import { LazyEvent, MapFields } from '../readers/fields.ts'
import { recogniseLines } from '../readers/recognise.ts'
import { instant } from '../readers/stamp.ts'
import { headTime, syslogHead } from '../readers/syslog.ts'

const message: TextMessages = {
  of: 'text',
  label: 'Suricata or Snort alert',
  score: 0.98,
  is: (text) => ALERT.test(text),
  reader: (context) => ({ read: alertParser(context) }),
}

/** `[wDrop]`: would have been dropped in the inline mode. Behind a syslog head there are no stars before the numbers. */
const ALERT =
  /(?:\[(w?Drop|Block|Reject)\] )?(?:\[\*\*\] |(?<=\]: |: ))\[(\d+):(\d+):(\d+)\] (.*?)(?: \[\*\*\])?((?: ?\[(?:Classification|Priority|AppID|Impact|[\w ]{1,30}): [^\]]*\])+):? (?:<[^>]*> )?\{([\w:-]+)\} (\S+) -> (\S+)\s*$/
const STAMP = /^(\d\d)\/(\d\d)(?:\/(\d{4}|\d\d))?-(\d\d):(\d\d):(\d\d)\.(\d{1,9})\s/
const NOTE = /\[([\w ]+): ([^\]]*)\]/g

export const suricataFast: FormatRecord = {
  name: 'suricata-fast',
  title: 'Suricata and Snort alerts (fast.log)',
  doc:
    'Alerts of fast.log, alert_fast and the syslog output: action (Drop, wDrop), gid, signature_id, rev, signature, classification, priority, ' +
    'protocol, src_ip, src_port, dest_ip, dest_port; names of EVE (alert.signature, proto, …) are understood. An alert is about a packet, not a ' +
    'connection. Times are by the sensor’s clock; Snort leaves out the year.',
  unit: 'line',
  recognise: (head) => recogniseLines(head, message.score, 'alerts as in fast.log', message.is),
  reader: messageLines(message),
  inMessages: message,
  facts: {
    'source address': ['src_ip'],
    'source port': ['src_port'],
    'destination address': ['dest_ip'],
    'destination port': ['dest_port'],
    protocol: ['protocol'],
  },
  aliases: {
    'alert.signature': ['signature'],
    'alert.signature_id': ['signature_id'],
    'alert.gid': ['gid'],
    'alert.rev': ['rev'],
    'alert.category': ['classification'],
    'alert.severity': ['priority'],
    proto: ['protocol'],
  },
  tags: { _sourceCategory: 'network/suricata/fast' },
  json: false,
}

function alertParser(context: FormatContext): (record: string) => Bad | Event {
  return (record) => {
    const m = ALERT.exec(record)
    if (!m) return { bad: 'not an alert of fast.log, or cut off' }
    const [, action, gid, id, rev, signature = '', notes = '', protocol = '', source = '', destination = ''] = m
    const fields = new Map<string, string>()
    const set = (name: string, value: string | undefined): void => {
      if (value !== undefined && value !== '' && value !== '(null)') fields.set(name, value)
    }
    set('action', action)
    set('gid', gid)
    set('signature_id', id)
    set('rev', rev)
    set('signature', signature.replace(/^"(.*)"$/, '$1'))
    for (const [, name = '', value] of notes.matchAll(NOTE)) set(name.toLowerCase().replaceAll(' ', '_'), value)
    set('protocol', protocol)
    ends(protocol, source, destination, set)
    const own = STAMP.exec(record)
    if (own) return new LazyEvent(new MapFields(fields, () => at(own, context)))
    const head = syslogHead(record)
    set('host', head.host)
    return new LazyEvent(new MapFields(fields, () => headTime(head.time, context)))
  }
}

/** ICMP has type and code in the places of ports; other protocols may have neither. */
function ends(
  protocol: string,
  source: string,
  destination: string,
  set: (name: string, value: string | undefined) => void,
): void {
  const isIcmp = /icmp/i.test(protocol) || protocol === '1' || protocol === '58'
  const arePorts = PORTED.test(protocol) && [source, destination].every((e) => portColon(e, true) > 0)
  for (const [end, ip, port] of [
    [source, 'src_ip', isIcmp ? 'icmp_type' : 'src_port'],
    [destination, 'dest_ip', isIcmp ? 'icmp_code' : 'dest_port'],
  ] as const) {
    const colon = portColon(end, arePorts)
    set(ip, (colon > 0 ? end.slice(0, colon) : end).replace(/^\[(.*)\]$/, '$1'))
    if (colon > 0) set(port, end.slice(colon + 1))
  }
}

const PORTED = /^(?:tcp|udp|sctp|6|17|132)$/i

/**
 * The colon before the port, or -1. Suricata writes all eight groups of IPv6; Snort leaves out zeros, or puts brackets around them. It writes
 * the port of TCP and UDP behind the last colon, except for fragments: there `fe80::1:53` is an address, and no line tells.
 */
function portColon(end: string, arePorts: boolean): number {
  const colon = end.lastIndexOf(':')
  if (colon <= 0 || !/^\d{1,5}$/.test(end.slice(colon + 1))) return -1
  const colons = end.split(':').length - 1
  if (colons === 1 || colons === 8 || end.startsWith('[')) return colon
  // `fe80:` of `fe80::1` is no address.
  return arePorts && /::(?:.*[^:])?$/.test(end.slice(0, colon)) ? colon : -1
}

function at(m: RegExpExecArray, context: FormatContext): bigint | undefined {
  const [, month, day, year, hour, minute, second, fraction] = m
  const whole = year?.length === 2 ? `20${year}` : year
  return instant(whole, month, day, { hour, minute, second, fraction }, undefined, context)
}
