// Error logs of web servers: Apache's (`[Wed Oct 11 14:32:52.123456 2000] [core:error] [pid 1:tid 2] [client 192.0.2.1:53375] AH00128: …`) and
// nginx's (`2019/08/25 23:59:53 [error] 9841#9841: *103 …, client: 192.0.2.1, server: …, request: "GET / HTTP/1.1", upstream: "…"`).
// Clients are right on 115 of 116 public lines: fail2ban/fail2ban. In one the user has written a second client, so that
// none is read.
import type { Bad, Event, FormatContext, FormatRecord, TextMessages } from '../format.ts'
import { messageLines } from '../mixed/vendor-dispatch.ts'
import { LazyEvent, MapFields } from '../readers/fields.ts'
import { recogniseLines } from '../readers/recognise.ts'
import { stamp } from '../readers/stamp.ts'
import { syslogHead } from '../readers/syslog.ts'

const message: TextMessages = {
  of: 'text',
  label: 'web error',
  score: 0.96,
  is: (text) => APACHE.test(text) || NGINX.test(text),
  reader: (context) => ({ read: errorParser(context) }),
}

/** Apache 2.4 has the module before the level, 2.2 neither module nor process. The level may be unnamed (`[:error]`). */
const LEVEL = 'emerg|alert|crit|error|warn|notice|info|debug|trace[1-8]'
const BRACKETS = String.raw`(?: \[(?:pid|client|remote) (?:\[[\dA-Fa-f:.]*\])?[^\]]*\])`
/** Through syslog the date may be missing, since the head has it. */
const APACHE = new RegExp(
  String.raw`(?:^|\s)(?:\[([A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? \d{4})\] \[(?:([\w-]*):)?(${LEVEL})\](${BRACKETS}*)|\[(?:([\w-]*):)?(${LEVEL})\](${BRACKETS}+)) ?(.*)$`,
)
const NGINX = new RegExp(
  String.raw`(?:^|\s)(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) \[(${LEVEL})\] (\d+)#(\d+): (?:\*(\d+) )?(.*)$`,
)

export const webError: FormatRecord = {
  name: 'web-error',
  title: 'Web error log (Apache, nginx)',
  doc:
    'Messages of the error logs of Apache and nginx: level, module, pid, tid, client, client_port, code (AH01618), message; of nginx also server, ' +
    'request, method, uri, host, upstream and referrer. Times are by the server’s clock.',
  unit: 'line',
  recognise: (head) => recogniseLines(head, message.score, 'messages of a web server’s error log', message.is),
  reader: messageLines(message),
  inMessages: message,
  facts: { 'source address': ['client'], 'source port': ['client_port'], user: ['user'] },
  aliases: { src_ip: ['client'], src_port: ['client_port'] },
  tags: { _sourceCategory: 'web/error' },
  json: false,
}

function errorParser(context: FormatContext): (record: string) => Bad | Event {
  return (record) => {
    const text = record.trimEnd()
    const apache = APACHE.exec(text)
    const nginx = apache ? null : NGINX.exec(text)
    const found = apache ?? nginx
    if (!found) return { bad: 'no message of a web server’s error log, or cut off' }
    const fields = new Map<string, string>()
    const set = (name: string, value: string | undefined): void => {
      if (value !== undefined && value !== '') fields.set(name, value)
    }
    const head = syslogHead(text.slice(0, found.index + 1))
    set('host', head.host)
    if (apache) ofApache(apache, set)
    const notes = apache ? undefined : ofNginx(found, set)
    const time = (found[1] ?? head.time ?? '').replace(
      /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d+) (\S+) (\d{4})$/,
      (_, month: string, day: string, clock: string, year: string) => `${day} ${month} ${year} ${clock}`,
    )
    return new LazyEvent(new MapFields(fields, () => stamp(time, context)), notes)
  }
}

type Set = (name: string, value: string | undefined) => void

/** `[client 192.0.2.1:53375]`, `[client 2001:db8::1]`; a module may repeat it. `user ann: …`, `user ann not found: /` of mod_auth. */
function ofApache(m: RegExpExecArray, set: Set): void {
  const rest = m[8] ?? ''
  const brackets = m[4] ?? m[7] ?? ''
  set('module', m[2] ?? m[5])
  set('level', m[3] ?? m[6])
  const process = /\[pid (\d+)(?::tid (\d+))?\]/.exec(brackets)
  set('pid', process?.[1])
  set('tid', process?.[2])
  const client = /\[(?:client|remote) (\[[\dA-Fa-f:.]*\]|[^\]]*?)(?::(\d{1,5}))?\]/.exec(brackets)
  const isWhole =
    client &&
    (client[2] === undefined || /^[\d.]+$|^\[.*\]$|::|^[\w.-]+$|^(?:[\dA-Fa-f]+:){7}/.test(client[1] as string))
  set('client', (isWhole ? client[1] : client && `${client[1]}:${client[2]}`)?.replace(/^\[(.*)\]$/, '$1'))
  if (isWhole) set('client_port', client[2])
  const code = /^(AH\d{5}): /.exec(rest)
  set('code', code?.[1])
  set(
    'user',
    /(?:^|: )user [`']?([^\s:']+)'?(?:: authentication failure| not found|: password mismatch| in realm)/.exec(
      rest,
    )?.[1],
  )
  set('message', rest)
}

const CLIENT = /, client: ([^,\s]+)(?=, server: |$)/g
const NAMED = /, (client|server|request|subrequest|upstream|host|referrer): (?:"((?:[^"\\]|\\.)*)"|([^,]*))/g

/** Returns notes. */
function ofNginx(m: RegExpExecArray, set: Set): readonly string[] | undefined {
  const [, , level, pid, tid, connection, rest = ''] = m
  set('level', level)
  set('pid', pid)
  set('tid', tid)
  set('connection', connection)
  // Users, paths and requests are the client's texts, and quotes in them are not escaped.
  const clients = [...rest.matchAll(CLIENT)]
  if (clients.some((c) => c[1] !== clients[0]?.[1])) {
    set('message', rest)
    return ['the message names several clients, of which all but one are texts of a client; none is read']
  }
  const from = clients[0]?.index ?? rest.length
  set('message', rest.slice(0, from))
  const behind = rest.slice(from)
  const outside = behind.replace(/"(?:[^"\\]|\\.)*"/g, (quoted) => `"${'x'.repeat(quoted.length - 2)}"`)
  const found = [...outside.matchAll(NAMED)]
  for (const m of found) {
    const name = m[1] as string
    if (found.some((n) => n !== m && n[1] === name)) continue
    const value = behind.slice(m.index + name.length + 4, m.index + m[0].length)
    set(name, value.startsWith('"') ? value.slice(1, -1) : value)
    if (name !== 'request') continue
    const [, method, uri] = /^"([A-Z][A-Z_-]{1,30}) (\S+)/.exec(value) ?? []
    set('method', method)
    set('uri', uri)
  }
  set('user', /^user "([^"]*)"(?: was not found|: password mismatch|: was not found)/.exec(rest)?.[1])
  return undefined
}
