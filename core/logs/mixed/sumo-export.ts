// Exports of Sumo Logic: messages as CSV, and the answers of its search job interface as JSON.
import { byName } from '../../text/by-name.ts'
import type { Bad, Event, FormatContext, InMessages, Reader, Skip } from '../format.ts'
import { csvHeader, csvReader } from '../readers/csv.ts'
import { JoinedFields } from './envelope.ts'
import { LazyEvent } from '../readers/fields.ts'
import { jsonDocuments } from '../readers/json-documents.ts'
import { readJson } from '../readers/json/read.ts'
import { messageParser, type MessageParser } from './vendor-dispatch.ts'
import { stamp } from '../readers/stamp.ts'

type Fields = ReadonlyMap<string, string>

/** Exports write the names of metadata in lower case. */
export const SUMO_ALIASES: Readonly<Record<string, readonly string[]>> = byName(
  Object.fromEntries(
    '_sourceCategory _sourceHost _sourceName _source _sourceId _collector _collectorId _messageId _messageTime _receiptTime _messageCount _blockId _format _size _index _view'
      .split(' ')
      .filter((n) => n !== n.toLowerCase())
      .map((n) => [n, [n.toLowerCase()]]),
  ),
)

export const AGGREGATE =
  'rows of an aggregate query of Sumo Logic: counts and sums, no messages; export the messages of the query before its first aggregate'

function sumoTime(fields: Fields, context: FormatContext): bigint | undefined {
  for (const name of ['_messagetimems', '_messagetime', '_messageTime', '_receipttime']) {
    const text = fields.get(name)
    const at = text === undefined || text === '' ? undefined : stamp(text, context)
    if (at !== undefined) return at
  }
  return undefined
}

/** Fields of the export, then those of the message. The metadata of a row count more than the tags of the format inside it. */
class ExportFields extends JoinedFields {
  readonly #row: Fields
  readonly #context: FormatContext

  constructor(row: Fields, message: Fields, when: () => bigint | undefined, context: FormatContext) {
    super(row, message, when)
    this.#row = row
    this.#context = context
  }

  override *others(): Iterable<string> {
    yield* super.others()
    yield* Object.keys(SUMO_ALIASES)
  }

  override get(name: string): string | undefined {
    const [lower] = Object.hasOwn(SUMO_ALIASES, name) ? (SUMO_ALIASES[name] ?? []) : []
    const found = (lower === undefined ? undefined : this.#row.get(lower)) ?? super.get(name)
    return name === '_receiptTime' && found !== undefined ? this.#millis(found) : found
  }

  /** Exports write times in the format of the reader's preferences; in a search they are milliseconds. */
  #millis(text: string): string {
    const at = stamp(text, this.#context)
    return at === undefined ? text : String(at / 1000n)
  }
}

function unwrap(fields: Fields, message: MessageParser, context: FormatContext): Event {
  const raw = fields.get('_raw')
  const inner = raw === undefined ? undefined : message(raw)?.event
  const when = (): bigint | undefined => sumoTime(fields, context) ?? inner?.time
  return new LazyEvent(new ExportFields(fields, inner?.fields ?? new Map(), when, context), inner?.notes, raw)
}

export function sumoCsvReader(
  context: FormatContext,
  header: readonly string[],
  inside: readonly InMessages[],
): Reader {
  const message = messageParser(context, inside)
  const csv = csvReader(context, header, () => undefined)
  const read = (r: Bad | Event | Skip): Bad | Event | Skip => ('fields' in r ? unwrap(r.fields, message, context) : r)
  return {
    read: (record) => read(csv.read(record)),
    end: () => {
      const last = csv.end?.()
      return last && read(last)
    },
  }
}

export const isMessages = (names: readonly string[]): boolean => {
  const lower = names.map((n) => n.toLowerCase())
  return (
    lower.includes('_raw') &&
    lower.some((n) => /^_(?:messagetime|messagetimems|sourcecategory|messageid|collector)$/.test(n))
  )
}

/** Without `_raw`, and with the names that aggregates give their results. */
export const isAggregate = (names: readonly string[]): boolean =>
  !names.some((n) => n.toLowerCase() === '_raw') &&
  names.some((n) =>
    /^_(?:count(?:_distinct)?|timeslice|sum|avg|min|max|stddev|first|last|values|pct|approxcount)\w*$/i.test(n),
  )

export const sumoHeader = (line: string | undefined): readonly string[] | undefined => csvHeader(line)?.names

/** `{"fields":[…],"messages":[{"map":{…}},…]}` of a search job; a text may hold several answers, one after another. */
export function* sumoMessages(text: string): Iterable<{ record: string; line: number }> {
  let from = 0
  let lines = 0
  for (;;) {
    const m = /"(?:messages|records)"\s*:\s*\[/.exec(text.slice(from))
    if (!m) {
      // Cut off before the messages: one bad record, so that it is counted.
      if (from === 0 && text.trim() !== '') yield { record: text.slice(0, 200), line: 1 }
      return
    }
    const begin = from + m.index + m[0].length - 1
    const end = matching(text, begin)
    lines += count(text.slice(from, begin))
    for (const d of jsonDocuments(text.slice(begin, end))) yield { record: d.record, line: d.line + lines }
    lines += count(text.slice(begin, end))
    from = end
  }
}

const count = (text: string): number => text.split('\n').length - 1

/** The place after the bracket that closes the one at `from`; the end of the text if there is none. */
function matching(text: string, from: number): number {
  let depth = 0
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 34) {
      for (i++; i < text.length && text.charCodeAt(i) !== 34; i++) if (text.charCodeAt(i) === 92) i++
    } else if (c === 91 || c === 123) depth++
    else if (c === 93 || c === 125) {
      depth--
      if (depth === 0) return i + 1
    }
  }
  return text.length
}

export function sumoJsonReader(context: FormatContext, _: readonly string[], inside: readonly InMessages[]): Reader {
  const message = messageParser(context, inside)
  return {
    read: (record) => {
      const json = readJson(record)
      if ('bad' in json) return json
      const fields = new Map<string, string>()
      for (const [name, value] of json.fields) fields.set(name.startsWith('map.') ? name.slice(4) : name, value)
      if (!fields.has('_raw') && !fields.has('_messagetime')) return { bad: AGGREGATE }
      return unwrap(fields, message, context)
    },
  }
}
