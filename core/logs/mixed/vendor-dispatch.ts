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
import { cutSyslogHead, jsonObject } from '../readers/recognise.ts'

/** Undefined: no format fits the message, or it is cut off. */
export type MessageParser = (message: string) => { readonly label: string; readonly event: Event } | undefined

const isText = (f: InMessages): f is TextMessages => f.of === 'text'
const isJson = (f: InMessages): f is JsonMessages => f.of === 'json'

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

const labelled = ({ label }: InMessages, read: Bad | Event | Skip): ReturnType<MessageParser> =>
  'fields' in read ? { label, event: read } : undefined

/**
 * The reader of a file of such messages, one a line. Collectors write the messages of several devices into one file: a line of another
 * format is read as that one, with a note. A line of no format stays bad.
 */
export function messageLines(own: TextMessages): FormatRecord['reader'] {
  return (context, _, inside): Reader => {
    const reader = own.reader(context)
    const others = textParser(context, inside)
    return {
      read: (line) => {
        if (line.trim() === '') return { skip: 'blank' }
        const read = reader.read(line)
        if ('fields' in read || own.is(line)) return read
        const other = others(line)
        return other ? new NotedEvent(other.event, `a ${other.label} message among others`) : read
      },
    }
  }
}

/** An event with one more note. Its time is still read only when asked for. */
class NotedEvent implements Event {
  readonly fields: Event['fields']
  readonly notes: readonly string[]
  readonly raw?: string
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
