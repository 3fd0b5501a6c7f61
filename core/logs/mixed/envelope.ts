// Records inside JSON objects and CSV rows of collectors: the record is read as its own format, the envelope gives what the record lacks.
import type { Bad, Event, FormatContext, InMessages, JsonSample, Reader, Skip } from '../format.ts'
import { csvHeader, csvReader } from '../readers/csv.ts'
import { LazyEvent, LazyFields, othersOf } from '../readers/fields.ts'
import { jsonMembers } from '../readers/json-documents.ts'
import { readJson } from '../readers/json/read.ts'
import { timeByKeys } from '../readers/time-keys.ts'
import { messageParser, type MessageParser, vendorOf } from './vendor-dispatch.ts'

type Fields = ReadonlyMap<string, string>

/** Where collectors put the record, as a text or an object. `original`: `event.original` of ECS. */
const PATHS =
  'message MESSAGE Message msg log _raw @rawstring raw rawlog raw_log original event _source result body data textPayload jsonPayload payload value properties SyslogMessage RawData'.split(
    ' ',
  )
const OUTER = new Set(['event', '_source', 'result', 'body', 'data', 'log', 'payload', 'value', 'properties'])
const IS_PATH = new Set(PATHS)

/** Fields of the first, then those of the second. */
export class JoinedFields extends LazyFields {
  readonly #first: Fields
  readonly #second: Fields
  readonly #when: () => bigint | undefined

  constructor(first: Fields, second: Fields, when: () => bigint | undefined) {
    super()
    this.#first = first
    this.#second = second
    this.#when = when
  }

  get(name: string): string | undefined {
    return this.#first.get(name) ?? this.#second.get(name)
  }

  *names(): Iterable<string> {
    yield* this.#first.keys()
    for (const name of this.#second.keys()) if (!this.#first.has(name)) yield name
  }

  override *others(): Iterable<string> {
    yield* othersOf(this.#first)
    yield* othersOf(this.#second)
  }

  when(): bigint | undefined {
    return this.#when()
  }
}

/** The record and its envelope as one event. The time of the record counts, if it has one. */
export function joined(inner: Event, outer: Fields, outerTime: () => bigint | undefined, raw?: string): Event {
  return new LazyEvent(new JoinedFields(inner.fields, outer, () => inner.time ?? outerTime()), inner.notes, raw)
}

/** A text or an object that a known vendor's format reads, in the object or one level below. */
export function isEnvelope(object: JsonSample, inside: readonly InMessages[], depth = 0): boolean {
  return Object.entries(object).some(([name, value]) => {
    if (!IS_PATH.has(name)) return false
    if (typeof value === 'string') return value !== '' && vendorOf(value, inside) !== undefined
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
    const isRecord = inside.some((f) => f.of === 'json' && !f.isGeneric && f.is(value as JsonSample))
    return isRecord || (depth === 0 && OUTER.has(name) && isEnvelope(value as JsonSample, inside, 1))
  })
}

/** Reads JSON objects around records. An object around none is an event itself. */
export function envelopeReader(context: FormatContext, inside: readonly InMessages[]): Reader {
  const message = messageParser(context, inside)
  return {
    read: (record) => {
      const json = readJson(record)
      if ('bad' in json) return record.trim() === '' ? { skip: 'blank' } : json
      const { fields, notes } = json
      const time = (): bigint | undefined => timeByKeys(fields, context) ?? innerTime(fields, context)
      const found = findInner(record, message, 0)
      if (found) return joined(found.event, fields, time, found.raw)
      return new LazyEvent(new JoinedFields(fields, NO_FIELDS, time), notes)
    },
  }
}

const NO_FIELDS: Fields = new Map()

/** Splunk and Elasticsearch have their metadata one level down. */
const innerTime = (fields: Fields, context: FormatContext): bigint | undefined =>
  timeByKeys(
    new Map([...fields].flatMap(([k, v]) => (/^(?:result|_source)\./.test(k) ? [[k.replace(/^[^.]+\./, ''), v]] : []))),
    context,
  )

interface Inner {
  readonly event: Event
  readonly raw?: string
}

function findInner(object: string, message: MessageParser, depth: number): Inner | undefined {
  for (const { name, value } of jsonMembers(object)) {
    if (!IS_PATH.has(name)) continue
    if (value.startsWith('"')) {
      const text = (JSON.parse(value) as string).toWellFormed()
      const found = text === '' ? undefined : message(text)
      if (found) return /^_raw$|^@rawstring$/.test(name) ? { event: found.event, raw: text } : { event: found.event }
    } else if (value.startsWith('{')) {
      const found = message(value)
      if (found && !found.isGeneric) return { event: found.event }
      const below = depth === 0 && OUTER.has(name) ? findInner(value, message, 1) : undefined
      if (below) return below
    }
  }
  return undefined
}

/** Columns that hold whole records, in any case. */
export const messageColumns = (names: readonly string[]): number[] =>
  names.flatMap((n, i) =>
    /^(?:_raw|@rawstring|raw ?_?(?:log|data|message|event)?|message|msg|log|event|payload|syslogmessage)$/i.test(
      n.trim(),
    )
      ? [i]
      : [],
  )

/** Reads CSV with a column of records. */
export function csvEnvelopeReader(
  context: FormatContext,
  header: readonly string[],
  inside: readonly InMessages[],
): Reader {
  const message = messageParser(context, inside)
  const names = csvHeader(header.find((l) => l.trim() !== ''))?.names ?? []
  const columns = messageColumns(names).map((i) => names[i] as string)
  const csv = csvReader(context, header, timeByKeys)
  const open = (read: Bad | Event | Skip): Bad | Event | Skip => {
    if (!('fields' in read)) return read
    for (const column of columns) {
      const text = read.fields.get(column)
      const found = text === undefined ? undefined : message(text)
      if (found) return joined(found.event, read.fields, () => read.time, text)
    }
    return read
  }
  return {
    read: (record) => open(csv.read(record)),
    end: () => {
      const last = csv.end?.()
      return last && open(last)
    },
  }
}
