// Squid's own access log: `1763632800.123    100 10.1.1.5 TCP_MISS/200 1234 GET http://example.test/ - HIER_DIRECT/203.0.113.7 text/html`.
// Read right on 137 of 137 public lines: elastic/beats, SEKOIA-IO/intake-formats, fail2ban/fail2ban, logstash-plugins/logstash-patterns-core,
// splunk/splunk-connect-for-syslog, wazuh/wazuh-ruleset.
import type { Bad, Event, FormatRecord, TextMessages } from '../format.ts'
import { messageLines } from '../mixed/vendor-dispatch.ts'
import { LazyEvent, MapFields } from '../readers/fields.ts'
import { recogniseLines } from '../readers/recognise.ts'
import { epochSeconds } from '../readers/stamp.ts'
import { syslogHead } from '../readers/syslog.ts'

const message: TextMessages = {
  of: 'text',
  label: 'Squid',
  score: 0.97,
  is: (text) => LINE.test(text),
  reader: () => ({ read }),
}

const LINE =
  /(?:^|[\s:])(\d{9,11}\.\d{3})\s+(-?\d+) (\S+) ([A-Z_]+)\/(\d{3}|-) (\d+) ([A-Z_-]+) (\S.*?) (\S+) ([A-Z_]+)\/(\S+) (\S+)(?: (.*))?$/
const NAMES = 'elapsed client result status bytes method url user hierarchy peer type rest'.split(' ')

export const squid: FormatRecord = {
  name: 'squid',
  title: 'Squid access log',
  doc:
    'Lines of Squid’s native log: elapsed (milliseconds), client, result (TCP_MISS, …), status, bytes (to the client), method, url, user, hierarchy, ' +
    'peer, type. Names of W3C logs (c-uri, cs-method, …) are understood. Squid in the common format is an access log.',
  unit: 'line',
  recognise: (head) => recogniseLines(head, message.score, 'lines of Squid’s native log', message.is),
  reader: messageLines(message),
  inMessages: message,
  sigma: [{ category: 'proxy', where: { _sourceCategory: ['proxy/squid'] } }],
  facts: { 'source address': ['client'], user: ['user'] },
  aliases: {
    'c-uri': ['url'],
    'cs-uri': ['url'],
    'cs-method': ['method'],
    'sc-status': ['status'],
    'sc-bytes': ['bytes'],
    'c-ip': ['client'],
    'cs-username': ['user'],
    src_ip: ['client'],
    dst_ip: ['peer'],
  },
  tags: { _sourceCategory: 'proxy/squid' },
  json: false,
}

function read(record: string): Bad | Event {
  const text = record.trimEnd()
  const m = LINE.exec(text)
  if (!m) return { bad: 'not as Squid writes, or cut off' }
  const fields = new Map<string, string>()
  NAMES.forEach((name, i) => {
    const value = m[i + 2]
    if (value !== undefined && value !== '' && value !== '-') fields.set(name, value)
  })
  const { host } = syslogHead(text.slice(0, m.index))
  if (host !== undefined) fields.set('host', host)
  return new LazyEvent(new MapFields(fields, () => epochSeconds(m[1] as string)))
}
