// Formats, found by their folder, and what follows from their records.
import { type Names, namesOf, namesReader } from './cps/names.ts'
import type {
  Event,
  FileHead,
  FormatRecord,
  InMessages,
  LogFormat,
  PlainText,
  Recognition,
  SigmaSource,
} from './format.ts'
import { all } from './formats/_index.ts'
import { text } from './formats/text.ts'
import { jsonRecords } from './readers/json-containers.ts'
import { fileHead } from './readers/recognise.ts'
import { isSyslog } from './readers/syslog.ts'

const records: readonly FormatRecord[] = all.flatMap((f) => (isJsonLines(f) ? [f, documentsOf(f)] : [f]))

/** Every format of JSON objects a line is also read in arrays, answers with one, and objects over several lines. */
function isJsonLines({ unit, documents, inMessages }: FormatRecord): boolean {
  return unit === 'line' && (documents !== undefined || inMessages?.of === 'json')
}

function documentsOf({ inMessages: _, plain: __, write: ___, ...record }: FormatRecord): FormatRecord {
  return {
    ...record,
    name: record.documents ?? `${record.name}-documents`,
    title: `${record.title.replace(/,? JSON lines$/i, '')}, JSON documents`,
    doc: `${record.doc} In a JSON array, in an answer that has one (Records, records, value, hits.hits, tables, …), or as objects over several lines.`,
    unit: 'file',
    split: jsonRecords,
    recognise: ({ documents }, inside) => {
      const found = documents && record.recognise(documents.head, inside)
      return found && documents && { score: found.score, why: `${documents.what}; ${found.why}` }
    },
  }
}

/** Formats whose records may lie inside other records, best score first. Their events answer to their own names there too. */
const inside: readonly InMessages[] = records
  .flatMap((f) => (f.inMessages ? [{ ...answering(f.inMessages, namesOf(f)), tags: f.tags, aliases: f.aliases }] : []))
  .sort((a, b) => b.score - a.score)

function answering<M extends InMessages>(messages: M, names: Names | undefined): M {
  return names ? { ...messages, reader: (context) => namesReader(messages.reader(context), names, context) } : messages
}

function complete(record: FormatRecord): LogFormat {
  const names = namesOf(record)
  const read: LogFormat['reader'] = (context, header) => record.reader(context, header, inside)
  // Records of other formats lie among texts only.
  const answers = (name: string): boolean =>
    computed.has(name) || (record.json ? names?.answers(name) === true : isAnswered(name))
  const recognise: LogFormat['recognise'] = (head) => record.recognise(head, inside)
  if (!names) return { ...record, recognise, reader: read, answers }
  return {
    ...record,
    recognise,
    reader: (context, header) => namesReader(read(context, header), names, context),
    answers,
    ...(record.plain ? { plain: answeringPlain(record.plain, names) } : {}),
  }
}

const computed: ReadonlySet<string> = new Set(records.flatMap((f) => f.computed ?? []))

/** A file may hold records of other formats. */
const answered = records.flatMap((f) => namesOf(f) ?? [])
function isAnswered(name: string): boolean {
  return answered.some((n) => n.answers(name))
}

/** Only a name that copies fields is where one of them is; a computed text need not be in the record. */
function answeringPlain(plain: PlainText, names: Names): PlainText {
  const own = (name: string): readonly string[] => {
    if (!isAnswered(name)) return [name]
    return names.copiesOnly(name) ? names.copies(name) : []
  }
  return {
    ...plain,
    before: (name) => {
      const texts = own(name).map((field) => plain.before(field))
      if (texts.length === 0 || texts.includes(undefined)) return undefined
      const shown = texts.filter((t) => t !== null)
      return shown.length > 1 ? `(?:${shown.join('|')})` : (shown[0] ?? null)
    },
    shows: (name, values) => {
      // Of the formats with connections, only JSON tells their roles.
      if (name === 'network:role') return []
      const texts = own(name).map((field) => plain.shows?.(field, values))
      return texts.length === 0 || texts.includes(undefined) ? undefined : texts.flatMap((t) => t ?? [])
    },
  }
}

export const formats: readonly LogFormat[] = records.map(complete)

export const formatNamed = (name: string): LogFormat | undefined => formats.find((f) => f.name === name)

/** For a file that no format fits. */
export const plainText: LogFormat = complete(text)

export interface Recognised extends Recognition {
  readonly format: LogFormat
}

/** All formats that the first lines of a file may be, best first; ties by name. Empty: no format fits. */
export function recognise(lines: readonly string[]): Recognised[] {
  const head = fileHead(lines)
  const found = formats
    .flatMap((format) => {
      const found = format.recognise(head)
      return found && found.score > 0 ? [{ ...found, format }] : []
    })
    .sort((a, b) => b.score - a.score || (a.format.name < b.format.name ? -1 : 1))
  const mixed = mixedMessages(found[0], head)
  return mixed ? [mixed, ...found.filter((f) => f.format !== mixed.format)] : found
}

/** Records that are JSON objects, and messages that are none: the format of syslog reads both. It has not all views. */
function mixedMessages(best: Recognised | undefined, { filled }: FileHead): Recognised | undefined {
  const syslog = formatNamed('syslog')
  if (!best || !syslog || best.format.unit !== 'line' || best.format.inMessages?.of !== 'json') return undefined
  if (best.format.views?.some((v) => !takesPart(syslog.name, v))) return undefined
  const isMessage = (l: string) => isSyslog(l) || inside.some((f) => f.of === 'text' && f.is(l))
  const count = filled.filter((l) => !/^\s*[{[]/.test(l) && isMessage(l)).length
  if (count === 0) return undefined
  return { ...best, format: syslog, why: `${best.why}; ${count} of ${filled.length} are messages behind a syslog head` }
}

export const isEvent = (record: object): record is Event => 'fields' in record

/** Does telemetry of the format take part in the view? */
export const takesPart = (format: string, view: string): boolean => formatNamed(format)?.views?.includes(view) === true

/** Sigma's log sources that the formats declare. */
export const sigmaSources: readonly SigmaSource[] = formats.flatMap((f) => f.sigma ?? [])
