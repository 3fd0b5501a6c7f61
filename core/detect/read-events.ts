// Telemetry written into a page: recognised and read as the engine would read a file with the same text.
import type { EventMeta } from '../eval/bind.ts'
import type { Event, FormatContext, LogFormat } from '../logs/format.ts'
import { formatNamed, isEvent, recognise } from '../logs/registry.ts'

export interface ReadEvents {
  readonly format: LogFormat | undefined
  readonly events: readonly { readonly event: Event; readonly meta: EventMeta }[]
  /** Records that could not be read: 1-based line in the text, and why. */
  readonly bad: readonly { readonly line: number; readonly reason: string }[]
}

export interface ReadOptions {
  readonly file: string
  readonly format?: string | undefined
  readonly context: FormatContext
  /** Fields that every event has beside its own: `_sourceCategory`, `#repo`. */
  readonly tags: Readonly<Record<string, string>>
  /** Position of the first event in the whole input. */
  readonly from: bigint
}

export function readEvents(text: string, options: ReadOptions): ReadEvents {
  const lines = text.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  const format = options.format
    ? formatNamed(options.format)
    : recognise(lines.filter((l) => l.trim() !== ''))[0]?.format
  if (!format) return { format: undefined, events: [], bad: [] }
  const reader = format.reader(options.context, lines)
  const events: { event: Event; meta: EventMeta }[] = []
  const bad: { line: number; reason: string }[] = []
  const tags = Object.entries({ ...format.tags, ...options.tags })
  let last = 0
  const take = (read: ReturnType<typeof reader.read> | undefined, raw: string, line: number) => {
    last = line
    if (read === undefined || 'skip' in read) return
    if (!isEvent(read)) bad.push({ line, reason: read.bad })
    else {
      const seq = options.from + BigInt(events.length)
      events.push({ event: tagged(read, tags), meta: { file: options.file, raw, seq } })
    }
  }
  if (format.split) for (const { record, line } of format.split(text)) take(reader.read(record), record, line)
  else
    lines.forEach((l, i) => {
      if (l.trim() !== '') take(reader.read(l), l, i + 1)
    })
  take(reader.end?.(), '', last)
  return { format, events, bad }
}

function tagged(event: Event, tags: readonly (readonly [string, string])[]): Event {
  const missing = tags.filter(([name]) => !event.fields.has(name))
  if (missing.length === 0) return event
  // Readers may compute time and notes when asked: a spread would lose them.
  const { fields, time, notes } = event
  return { fields: new Map([...fields, ...missing]), time, ...(notes && { notes }) }
}
