// Records inside records: the formats to choose from come from the registry, as `inside`.
import type {
  Bad,
  Event,
  FormatContext,
  FormatRecord,
  InMessages,
  JsonMessages,
  Reader,
  Skip,
  TextMessages,
} from '../format.ts'
import { LazyEvent, LazyFields, othersOf } from '../readers/fields.ts'
import { cutSyslogHead, jsonObject } from '../readers/recognise.ts'
import { isSyslog } from '../readers/syslog.ts'
import { syslogParser } from './syslog-generic.ts'

export interface Message {
  readonly label: string
  /** With the tags of its format, and answering to its aliases. */
  readonly event: Event
  readonly isGeneric: boolean
}

/** Undefined: no format fits the message, or it is cut off. */
export type MessageParser = (message: string) => Message | undefined

const isText = (f: InMessages): f is TextMessages => f.of === 'text'
const isJson = (f: InMessages): f is JsonMessages => f.of === 'json'
const isGeneric = (f: InMessages): boolean => f.of === 'json' && f.isGeneric === true

/** The format of a known vendor that reads the message. */
export function vendorOf(message: string, inside: readonly InMessages[]): InMessages | undefined {
  const body = cutSyslogHead(message)
  if (!/^\s*\{/.test(body)) return inside.find((f) => isText(f) && f.is(message))
  const object = jsonObject(body)
  return object && inside.find((f) => isJson(f) && !isGeneric(f) && f.is(object))
}

/** Reads messages that are not JSON, with or without a syslog head. */
export function textParser(context: FormatContext, inside: readonly InMessages[]): MessageParser {
  const formats = inside.filter(isText).map((format) => ({ format, reader: format.reader(context) }))
  return (message) => {
    const found = formats.find(({ format }) => format.is(message))
    return found && labelled(found.format, found.reader.read(message))
  }
}

/** Reads messages of all formats that may lie in another record. */
export function messageParser(context: FormatContext, inside: readonly InMessages[]): MessageParser {
  const text = textParser(context, inside)
  const formats = inside.filter(isJson).map((format) => ({ format, reader: format.reader(context) }))
  return (message) => {
    const body = cutSyslogHead(message)
    if (!/^\s*\{/.test(body)) return text(message)
    const object = jsonObject(body)
    const found = object && formats.find(({ format }) => format.is(object))
    return found && labelled(found.format, found.reader.read(body))
  }
}

function labelled(format: InMessages, read: Bad | Event | Skip): Message | undefined {
  if (!('fields' in read)) return undefined
  const { label, tags = {}, aliases = {} } = format
  const isPlain = Object.keys(tags).length === 0 && Object.keys(aliases).length === 0
  const event = isPlain ? read : new LazyEvent(new FormatFields(read, tags, aliases), read.notes, read.raw)
  return { label, event, isGeneric: isGeneric(format) }
}

/** The tags and aliases of the inner format: those of the file are of the outer one. */
class FormatFields extends LazyFields {
  readonly #event: Event
  readonly #tags: Readonly<Record<string, string>>
  readonly #aliases: Readonly<Record<string, readonly string[]>>

  constructor(
    event: Event,
    tags: Readonly<Record<string, string>>,
    aliases: Readonly<Record<string, readonly string[]>>,
  ) {
    super()
    this.#event = event
    this.#tags = tags
    this.#aliases = aliases
  }

  get(name: string): string | undefined {
    const { fields } = this.#event
    const own = fields.get(name)
    if (own !== undefined) return own
    for (const alias of Object.hasOwn(this.#aliases, name) ? (this.#aliases[name] ?? []) : []) {
      const value = fields.get(alias)
      if (value !== undefined) return value
    }
    return Object.hasOwn(this.#tags, name) ? this.#tags[name] : undefined
  }

  names(): Iterable<string> {
    return this.#event.fields.keys()
  }

  override *others(): Iterable<string> {
    yield* othersOf(this.#event.fields)
    yield* Object.keys(this.#aliases)
    yield* Object.keys(this.#tags)
  }

  when(): bigint | undefined {
    return this.#event.time
  }
}

/**
 * The reader of a file of such messages, one a line. Collectors write the messages of several devices and programs into one file: a line of
 * another format is read as that one, and a syslog message of another program as one, with a note. A line of no format stays bad, and so
 * does a broken record: a line with one of `marks`, which every record of the own format has.
 */
export function messageLines(own: TextMessages, marks: readonly string[] = []): FormatRecord['reader'] {
  return (context, _, inside): Reader => {
    const reader = own.reader(context)
    const others = messageParser(context, inside)
    const texts = textParser(context, inside)
    const syslog = syslogParser(context)
    return {
      read: (line) => {
        if (line.trim() === '') return { skip: 'blank' }
        const read = reader.read(line)
        if ('fields' in read || own.is(line)) return read
        const isMarked = marks.some((m) => line.includes(m))
        const other = isMarked ? texts(line) : others(line)
        if (other) return new NotedEvent(other.event, `a ${other.label} message among others`)
        if (isMarked || !isSyslog(line)) return read
        const message = syslog(line)
        return 'fields' in message ? new NotedEvent(message, 'a syslog message among others') : read
      },
    }
  }
}

/** An event with one more note. Its time is still read only when asked for. */
class NotedEvent implements Event {
  readonly fields: Event['fields']
  readonly notes: readonly string[]
  readonly raw?: string
  readonly isOther = true
  readonly #event: Event

  constructor(event: Event, note: string) {
    this.fields = event.fields
    this.notes = [...(event.notes ?? []), note]
    if (event.raw !== undefined) this.raw = event.raw
    this.#event = event
  }

  get time(): bigint | undefined {
    return this.#event.time
  }
}
