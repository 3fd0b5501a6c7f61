// Access logs of web servers: the common log format, with what Apache, nginx, Squid and others put before and after it.
import type { Bad, Event, FormatContext, FormatRecord, TextMessages } from '../format.ts'
import { messageLines } from '../mixed/vendor-dispatch.ts'
import { LazyEvent, MapFields } from '../readers/fields.ts'
import { recogniseLines } from '../readers/recognise.ts'
import { stamp } from '../readers/stamp.ts'
import { syslogHead } from '../readers/syslog.ts'

const message: TextMessages = {
  of: 'text',
  label: 'web access',
  score: 0.96,
  is: (text) => LINE.test(text) || OPEN_LINE.test(text),
  reader: (context) => ({ read: accessParser(context) }),
}

/** A virtual host may come first; a proxy's list of clients may follow it. Users may have blanks. */
const LINE =
  /(?:^|\s)(?:(?!\d{1,3}(?:\.\d{1,3}){3} - )(\S+) )?((?:\d{1,3}(?:\.\d{1,3}){3}|[\dA-Fa-f]*:[\dA-Fa-f:.]+|[\w-]+(?:\.[\w-]+)+|localhost|-))(?::\d+)?(?: \([^)]*\))?,? (\S+)(?: (\S.{0,200}?|-)|(?<=[\dA-Fa-f] -)) \[(\d{1,2}\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d(?:\.\d+)?(?: [+-]\d{4})?)\] (?:"-" )?"((?:[^"\\]|\\.)*)" (\d{3}|-) (\d+|-)(.*)$/
/** Some servers do not escape quotes in the request. It ends with the version of HTTP, before the status. */
const OPEN_LINE = new RegExp(
  LINE.source.replace(String.raw`"((?:[^"\\]|\\.)*)" `, String.raw`"([A-Z]+ .*? HTTP\/[\d.]+)" `),
)
const QUOTED = /"((?:[^"\\]|\\.)*)"/g
const REQUEST = /^([A-Z][A-Z_-]{1,30}) (.+?)(?: (HTTP\/[\d.]+|RTSP\/[\d.]+|ICY|FTP))?$/

export const accessLog: FormatRecord = {
  name: 'access-log',
  title: 'Web access log (common, combined)',
  doc:
    'Requests in the common and combined log formats of Apache, nginx and others, with or without a virtual host before them and more columns behind: ' +
    'vhost, client, ident, user, request, method, uri, path, query, protocol, status, bytes, referer, agent, rest. Names of W3C logs (cs-method, ' +
    'sc-status, …) are understood.',
  unit: 'line',
  recognise: (head) => recogniseLines(head, message.score, 'requests in the common log format', message.is),
  reader: messageLines(message),
  inMessages: message,
  facts: { 'source address': ['client'], user: ['user'] },
  aliases: {
    'cs-method': ['method'],
    'cs-uri': ['uri'],
    'cs-uri-stem': ['path'],
    'cs-uri-query': ['query'],
    'cs-username': ['user'],
    'cs-user-agent': ['agent'],
    'cs(User-Agent)': ['agent'],
    'cs-referer': ['referer'],
    'cs-host': ['vhost'],
    'sc-status': ['status'],
    'sc-bytes': ['bytes'],
    'c-ip': ['client'],
    src_ip: ['client'],
    user_agent: ['agent'],
    referrer: ['referer'],
  },
  tags: { _sourceCategory: 'web/access' },
  json: false,
}

function accessParser(context: FormatContext): (record: string) => Bad | Event {
  return (record) => {
    const text = record.trimEnd()
    const closed = LINE.exec(text)
    const m = closed ?? OPEN_LINE.exec(text)
    if (!m) return { bad: 'not in the common log format, or cut off' }
    const [, first, client, ident, user, time = '', request = '', status, bytes, rest = ''] = m
    const fields = new Map<string, string>()
    const set = (name: string, value: string | undefined): void => {
      if (value !== undefined && value !== '' && value !== '-') fields.set(name, value)
    }
    const head = syslogHead(text.slice(0, m.index))
    set('host', head.host)
    set('vhost', first === undefined || /[[\]]|^\d+$/.test(first) ? undefined : first.replace(/:\d+$/, ''))
    set('client', client)
    set('ident', ident)
    set('user', user?.trim())
    requestParts(unescaped(request), set)
    set('status', status)
    set('bytes', bytes)
    const [referer, agent] = [...rest.matchAll(QUOTED)].map((q) => unescaped(q[1] as string))
    set('referer', referer)
    set('agent', agent)
    const behind = rest.replace(/^(?: \d+)?(?: "(?:[^"\\]|\\.)*"){1,2}/, '').trim()
    set('rest', behind)
    return new LazyEvent(
      new MapFields(fields, () => stamp(time.replace(':', ' '), context)),
      closed ? undefined : [OPEN],
    )
  }
}

/** The text behind such a quote may be the client's. */
const OPEN = 'the request has quotes that are not escaped, so its end is where its version and a status follow'

function requestParts(request: string, set: (name: string, value: string | undefined) => void): void {
  set('request', request)
  const m = REQUEST.exec(request)
  if (!m) return
  const uri = m[2] as string
  const mark = uri.indexOf('?')
  set('method', m[1])
  set('uri', uri)
  set('path', mark < 0 ? uri : uri.slice(0, mark))
  set('query', mark < 0 ? undefined : uri.slice(mark + 1))
  set('protocol', m[3])
}

/** A quote or backslash of the client is escaped; bytes outside ASCII as `\x..` stay as logged. */
const unescaped = (text: string): string => (text.includes('\\') ? text.replace(/\\(["\\])/g, '$1') : text)
