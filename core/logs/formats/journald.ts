// The journal of systemd as `journalctl -o json` writes it: an object with __CURSOR for each entry. All values are texts, lists or null.
import type { Event, FormatContext, FormatRecord, InMessages, JsonMessages, JsonSample, Reader } from '../format.ts'
import { JoinedFields } from '../mixed/envelope.ts'
import { syslogParser } from '../mixed/syslog-generic.ts'
import { type MessageParser, textParser } from '../mixed/vendor-dispatch.ts'
import { LazyEvent } from '../readers/fields.ts'
import { readJson } from '../readers/json/read.ts'
import { jsonObject, recogniseObjects } from '../readers/recognise.ts'
import { epochBySize } from '../readers/stamp.ts'

type Fields = ReadonlyMap<string, string>

const isEntry = (o: JsonSample): boolean => '__CURSOR' in o && '__REALTIME_TIMESTAMP' in o

const message: JsonMessages = {
  of: 'json',
  label: 'journald',
  score: 0.97,
  is: isEntry,
  reader: (context) => journalReader(context, []),
}

export const journald: FormatRecord = {
  name: 'journald',
  title: 'systemd journal (journalctl -o json)',
  doc:
    'Entries of the journal under its own names (MESSAGE, _CMDLINE, SYSLOG_IDENTIFIER, …). The message is also read as the line of syslog that ' +
    'journalctl shows: host, app, pid, message, facility, severity, its pairs, or the format of a product we know. A list of byte numbers is ' +
    'the text that the journal holds, with a note; null is a value that journalctl left out, counted in a note. Of a field that occurs several times ' +
    '(MESSAGE[0], MESSAGE[1]), the line has the first value, with a note. Time: __REALTIME_TIMESTAMP.',
  unit: 'line',
  recognise: (head) =>
    recogniseObjects(head, message.score, 'of journalctl (__CURSOR, __REALTIME_TIMESTAMP)', message.is),
  reader: (context, _, inside) => journalReader(context, inside),
  inMessages: message,
  views: ['network'],
  facts: { host: ['_HOSTNAME'], process: ['_EXE', '_COMM'] },
  aliases: {
    host: ['_HOSTNAME', '_HOSTNAME[0]'],
    app: ['SYSLOG_IDENTIFIER', 'SYSLOG_IDENTIFIER[0]', '_COMM', '_COMM[0]'],
    pid: ['SYSLOG_PID', 'SYSLOG_PID[0]', '_PID', '_PID[0]'],
    message: ['MESSAGE', 'MESSAGE[0]'],
  },
  tags: { _sourceCategory: 'os/linux/journald' },
  json: false,
}

/**
 * Without --all, journalctl writes null for a field of 4,096 bytes and more (its name and the equals sign count), with status 0 and nothing
 * on stderr (systemd 252).
 */
const leftOut = (name: string): string =>
  `${name} is null, because journalctl leaves out fields of 4,096 bytes and more: export with journalctl -o json --all`
/**
 * The field has the text, since the journal holds a text and collectors that read it themselves have it. The raw record keeps the numbers:
 * a tenant that gets this very file finds no word of the text in it.
 */
const isList = (name: string): string =>
  `${name} is a list of byte numbers, because the text has control characters: its field has the text, a search of the raw message finds no word of it`

/** The fields of the syslog line. A program may send any of them several times, and journalctl then writes a list. */
const LINE = /^(?:MESSAGE|_HOSTNAME|SYSLOG_IDENTIFIER|_COMM|SYSLOG_FACILITY|PRIORITY|SYSLOG_PID|_PID)$/
const isRepeated = (name: string, count: number): string =>
  `${name} has ${count} values: the syslog line of the entry is made with the first, ${name}[0]`
const first = (fields: Fields, name: string): string | undefined => fields.get(name) ?? fields.get(`${name}[0]`)

function journalReader(context: FormatContext, inside: readonly InMessages[]): Reader {
  const known = textParser(context, inside)
  const syslog = syslogParser(context)
  return {
    read: (record) => {
      const json = readJson(record)
      if ('bad' in json) return record.trim() === '' ? { skip: 'blank' } : json
      const { fields, notes } = plainValues(record, json.fields)
      return entry(fields, [...(json.notes ?? []), ...notes], known, syslog)
    },
  }
}

/** A list or null is rare, and only there the record is parsed once more. */
function plainValues(record: string, fields: Fields): { readonly fields: Fields; readonly notes: readonly string[] } {
  if (!/:\s*(?:\[|null\b)/.test(record)) return { fields, notes: [] }
  const out = new Map(fields)
  const notes: string[] = []
  const plain = (name: string, value: unknown): void => {
    if (value === null) notes.push(leftOut(name))
    else if (Array.isArray(value) && isBytes(value)) {
      notes.push(isList(name))
      for (let i = 0; i < value.length; i++) out.delete(`${name}[${i}]`)
      out.set(name, UTF8.decode(Uint8Array.from(value)))
    } else if (Array.isArray(value)) {
      if (value.length > 1 && value[0] !== null && LINE.test(name)) notes.push(isRepeated(name, value.length))
      for (const [i, v] of value.entries()) plain(`${name}[${i}]`, v)
    }
  }
  for (const [name, value] of Object.entries(jsonObject(record) ?? {})) plain(name, value)
  return { fields: out, notes }
}

const isBytes = (list: readonly unknown[]): list is readonly number[] =>
  list.length > 0 && list.every((b) => typeof b === 'number' && Number.isInteger(b) && b >= 0 && b <= 255)
const UTF8 = new TextDecoder()

function entry(
  fields: Fields,
  notes: readonly string[],
  known: MessageParser,
  syslog: ReturnType<typeof syslogParser>,
): Event {
  const line = syslogLine(fields)
  const read = line === undefined ? undefined : (known(line)?.event ?? syslog(line))
  const inner = read && 'fields' in read ? read.fields : NO_FIELDS
  return new LazyEvent(
    new JoinedFields(fields, inner, () => epochBySize(fields.get('__REALTIME_TIMESTAMP') ?? '')),
    notes,
  )
}

const NO_FIELDS: Fields = new Map()

/**
 * As `journalctl -o short` shows the entry, behind the priority that its sender gave. The time only makes it a head: the entry has its own.
 * An entry without host or program (`--output-fields`) gives none: the first words of the message would be taken for them.
 */
function syslogLine(fields: Fields): string | undefined {
  const [text, host] = [first(fields, 'MESSAGE'), first(fields, '_HOSTNAME')]
  const app = first(fields, 'SYSLOG_IDENTIFIER') ?? first(fields, '_COMM')
  if (text === undefined || host === undefined || app === undefined) return text
  const [facility, severity] = ['SYSLOG_FACILITY', 'PRIORITY'].map((name) => Number(first(fields, name) ?? 'none'))
  const priority = 8 * (facility as number) + (severity as number)
  const pid = first(fields, 'SYSLOG_PID') ?? first(fields, '_PID')
  return `${Number.isInteger(priority) ? `<${priority}>` : ''}Jan  1 00:00:00 ${host} ${app}${pid === undefined ? '' : `[${pid}]`}: ${text}`
}
