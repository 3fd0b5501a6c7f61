// Telemetry written into a page: recognised and read as the engine would read a file with the same text.
import type { EventMeta, Tags } from '../../eval/bind.ts'
import type { Event, FormatContext, LogFormat } from '../../logs/format.ts'
import { formatNamed, isEvent, recognise } from '../../logs/registry.ts'

export interface ReadEvents {
  readonly format: LogFormat | undefined
  readonly events: readonly { readonly event: Event; readonly meta: EventMeta }[]
  /** What every event has beside its own fields: `_sourceCategory`, `#repo`. */
  readonly tags: Tags
  /** Records that could not be read: 1-based line in the text, and why. */
  readonly bad: readonly { readonly line: number; readonly reason: string }[]
}

export interface ReadOptions {
  readonly file: string
  readonly format?: string | undefined
  readonly context: FormatContext
  /** Take the place of the format's own. */
  readonly tags: Tags
  /** Position of the first event in the whole input. */
  readonly from: bigint
}

export function readEvents(text: string, options: ReadOptions): ReadEvents {
  const lines = text.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  const format = options.format
    ? formatNamed(options.format)
    : recognise(lines.filter((l) => l.trim() !== ''))[0]?.format
  if (!format) return { format: undefined, events: [], bad: [], tags: {} }
  const reader = format.reader(options.context, lines)
  const events: { event: Event; meta: EventMeta }[] = []
  const bad: { line: number; reason: string }[] = []
  let last = 0
  const take = (read: ReturnType<typeof reader.read> | undefined, raw: string, line: number) => {
    last = line
    if (read === undefined || 'skip' in read) return
    if (!isEvent(read)) bad.push({ line, reason: read.bad })
    else {
      const seq = options.from + BigInt(events.length)
      events.push({ event: read, meta: { file: options.file, raw, seq } })
    }
  }
  if (format.split) for (const { record, line } of format.split(text)) take(reader.read(record), record, line)
  else
    lines.forEach((l, i) => {
      if (l.trim() !== '') take(reader.read(l), l, i + 1)
    })
  take(reader.end?.(), '', last)
  return { format, events, bad, tags: { ...format.tags, ...options.tags } }
}
