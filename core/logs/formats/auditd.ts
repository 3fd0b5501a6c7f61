// Linux audit: `type=SYSCALL msg=audit(1763632800.123:4567): …`. The records of one event have one id; here they are one event.
import type { Bad, Event, FormatRecord, TextMessages } from '../format.ts'
import { LazyEvent, MapFields } from '../readers/fields.ts'
import { recogniseLines } from '../readers/recognise.ts'
import { epochSeconds } from '../readers/stamp.ts'
import { syslogHead } from '../readers/syslog.ts'

const RECORD = /(?:^|[\s:])(?:node=(\S+) )?type=([\w[\]]+) msg=audit\((\d{1,11}(?:\.\d{1,9})?):(\d+)\):/

const message: TextMessages = {
  of: 'text',
  label: 'auditd',
  score: 0.98,
  is: (text) => RECORD.test(text),
  reader: () => ({ read: eventOf }),
}

export const auditd: FormatRecord = {
  name: 'auditd',
  title: 'Linux audit (auditd)',
  doc:
    'Records of auditd, raw or enriched; those of one event (one id) are joined. Fields have the names of the records; hexadecimal texts are decoded, ' +
    'the arguments of EXECVE count more than those of SYSCALL, and a name with several values is also a list (type[0], type[1], …).',
  unit: 'file',
  split: eventsOf,
  recognise: (head) => recogniseLines(head, message.score, 'records of auditd (type=… msg=audit(…))', message.is),
  reader: (): { read: typeof eventOf } => ({ read: eventOf }),
  inMessages: message,
  facts: { process: ['exe', 'comm'], user: ['acct', 'AUID', 'UID'], host: ['node'] },
  aliases: {},
  tags: { _sourceCategory: 'os/linux/auditd' },
  json: false,
}

/** A record of an event that ended this long before in the file does not belong to it: ids are used again after a restart. Lines. */
const FAR = 2000

/** Events in the order of their first records. Records of several events may be mixed. */
function* eventsOf(text: string): Iterable<{ readonly record: string; readonly line: number }> {
  const open = new Map<string, { lines: string[]; line: number; last: number }>()
  let line = 0
  for (const raw of text.split('\n')) {
    line++
    const record = raw.endsWith('\r') ? raw.slice(0, -1) : raw
    if (record.trim() === '') continue
    const [, node = '', , time = '', id = ''] = RECORD.exec(record) ?? []
    if (id === '') {
      // Separators of ausearch (`----`, `time->…`) belong to no event.
      yield { record, line }
      continue
    }
    for (const [key, event] of open) {
      if (line - event.last <= FAR) break
      open.delete(key)
      yield { record: event.lines.join('\n'), line: event.line }
    }
    const key = `${node} ${time} ${id}`
    const known = open.get(key)
    if (known) {
      known.lines.push(record)
      known.last = line
    } else open.set(key, { lines: [record], line, last: line })
  }
  for (const event of open.values()) yield { record: event.lines.join('\n'), line: event.line }
}

/** Records whose values identify the event: their types come first. */
const LAST = new Set(['EOE', 'PROCTITLE', 'CWD', 'PATH', 'EXECVE', 'SOCKADDR'])

function eventOf(record: string): Bad | Event | { skip: string } {
  if (/^\s*(?:----\s*|time->.*\r?)?$/.test(record)) return { skip: 'separator' }
  const fields = new Map<string, string>()
  const values = new Map<string, string[]>()
  const pieces = new Map<string, string>()
  let at: bigint | undefined
  const lines = record.split('\n').sort((a, b) => rank(a) - rank(b))
  for (const line of lines) {
    const m = RECORD.exec(line)
    if (!m) return { bad: 'no record of auditd' }
    const [found, node, type = '', time = '', id = ''] = m
    at ??= epochSeconds(time)
    const host = node ?? syslogHead(line.slice(0, m.index)).host
    if (host !== undefined && !fields.has('node')) fields.set('node', host)
    if (!fields.has('msg_id')) fields.set('msg_id', id)
    if (type !== 'EOE') add(type, 'type', type, fields, values)
    for (const [name, value] of pairs(line.slice(m.index + found.length), type, pieces))
      add(type, name, value, fields, values)
  }
  for (const [name, value] of pieces) fields.set(name, value)
  if (!fields.has('type')) return { skip: 'end of an event' }
  for (const [name, all] of values)
    if (all.length > 1) for (const [i, value] of all.entries()) fields.set(`${name}[${i}]`, value)
  return new LazyEvent(new MapFields(fields, () => at))
}

const rank = (line: string): number => (LAST.has(RECORD.exec(line)?.[2] ?? '') ? 1 : 0)

function add(
  type: string,
  name: string,
  value: string,
  fields: Map<string, string>,
  values: Map<string, string[]>,
): void {
  const all = values.get(name)
  // Values of paths are a list each, as long as there are paths.
  if (!all) values.set(name, [value])
  else if (type === 'PATH' || !all.includes(value)) all.push(value)
  if (!fields.has(name) || (type === 'EXECVE' && /^a\d+$/.test(name))) fields.set(name, value)
}

/** The names of values that the kernel writes in hexadecimal when they have blanks, quotes or control characters. */
const TEXTS =
  /^(?:a\d+|acct|cmd|comm|cwd|data|dir|exe|file|grantors|grp|key|name|new_group|ocomm|path|proctitle|root_dir|sw|unit|vm|watch)$/
/**
 * Interpreted values follow after a control character (group separator), which syslog writes as `#035` and much that handles text removes. Then
 * the name that begins them ends the value before.
 */
const PAIR =
  /[\d[\]-]+|([A-Za-z_][\w[\]-]*)(?:=(?:"([^"]*)"|'((?:[^'\\]|\\.)*)'|(\{[^{}]*\}|\(\w+\)|(?:(?!(?:#035)?(?:ARCH|O?AUID|O?UID|ID|SADDR)=)[^\s)\u001d])*)))?/g

/** Pairs of a record. `msg='…'` of programs has pairs of its own. `pieces`: arguments that come in pieces, `a1[0]`, `a1[1]`, over several records. */
function* pairs(text: string, type: string, pieces: Map<string, string>): Iterable<readonly [string, string]> {
  for (const [, name = '', quoted, group, bare] of text.matchAll(PAIR)) {
    if (group !== undefined) {
      if (name === 'msg') yield* pairs(group, type, pieces)
      else yield [name, group]
      continue
    }
    if (quoted !== undefined) {
      if (quoted !== '') yield [name, quoted]
      continue
    }
    const value = (bare ?? '').replace(/,$/, '')
    if (value === '' || value === '?' || value === '(null)' || value === '(none)') continue
    const part = /^(a\d+)\[\d+\]$/.exec(name)
    if (part) {
      const own = part[1] as string
      pieces.set(own, (pieces.get(own) ?? '') + (decoded(value, ' ') ?? value))
    } else if (name === 'saddr') {
      yield [name, value]
      yield* socketAddress(value)
    } else if (isText(name, type)) yield [name, decoded(value, name === 'key' ? ',' : ' ') ?? value]
    else yield [name, value]
  }
  if (type === 'AVC') yield* accessVector(text)
}

/** The numbers of a system call look like texts in hexadecimal. */
const isText = (name: string, type: string): boolean => TEXTS.test(name) && !(type !== 'EXECVE' && /^a\d+$/.test(name))

/** Undefined: no text in hexadecimal. A command line has NUL between its words, a list of keys 01. */
function decoded(hex: string, separator: string): string | undefined {
  if (hex.length < 2 || hex.length % 2 !== 0 || !/^[\dA-F]+$/.test(hex)) return undefined
  const bytes = Uint8Array.from(hex.match(/../g) as string[], (pair) => Number.parseInt(pair, 16))
  return UTF8.decode(bytes).replace(/\0+$/, '').replaceAll('\0', separator).replaceAll('\u0001', separator)
}
const UTF8 = new TextDecoder()

/** As `ausearch -i` shows it: family, address and port of IPv4, IPv6 and local sockets. */
function* socketAddress(hex: string): Iterable<readonly [string, string]> {
  const byte = (i: number): number => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16)
  const family = byte(0) + byte(1) * 256
  if (family === 2 && hex.length >= 16) {
    yield ['saddr_fam', 'inet']
    yield ['laddr', [4, 5, 6, 7].map(byte).join('.')]
    yield ['lport', String(byte(2) * 256 + byte(3))]
  } else if (family === 10 && hex.length >= 48) {
    yield ['saddr_fam', 'inet6']
    const groups = Array.from({ length: 8 }, (_, i) => (byte(8 + 2 * i) * 256 + byte(9 + 2 * i)).toString(16))
    yield ['laddr', groups.join(':').replace(/(?:^|:)0(?::0)+(?::|$)/, '::')]
    yield ['lport', String(byte(2) * 256 + byte(3))]
  } else if (family === 1) {
    yield ['saddr_fam', 'local']
    const path = decoded(hex.slice(4).toUpperCase(), '@')
    if (path !== undefined && path !== '') yield ['path', path]
  }
}

/** `avc:  denied  { read } for …` */
function* accessVector(text: string): Iterable<readonly [string, string]> {
  const m = /avc:\s+(denied|granted)\s+\{ ([^}]*) \}/.exec(text)
  if (!m) return
  yield ['seresult', m[1] as string]
  yield ['seperms', m[2] as string]
}
