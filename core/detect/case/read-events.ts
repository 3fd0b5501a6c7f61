// Reads telemetry that is written into a page, as the engine reads a file with the same text.
import type { EventMeta, Tags } from '../../eval/bind.ts'
import type { Event, FormatContext, LogFormat } from '../../logs/format.ts'
import { placeYears, stampsOf, type YearAnchor, yearChooser } from '../../logs/readers/years.ts'
import { formatNamed, isEvent, recognise } from '../../logs/registry.ts'

export interface ReadRecord {
  readonly event: Event
  readonly meta: EventMeta
}

export interface ReadEvents {
  readonly format: LogFormat | undefined
  readonly events: readonly ReadRecord[]
  /** Bad records as events that have only their text, for sources that accept such records. */
  readonly unparsed: readonly ReadRecord[]
  /** Metadata that every event has besides its own fields: `_sourceCategory`, `#repo`. */
  readonly tags: Tags
  /** Timestamps have no year, and no other fact gives it. */
  readonly needsYear?: boolean
  /** Records that could not be read: 1-based line in the text, and the reason. */
  readonly bad: readonly { readonly line: number; readonly reason: string }[]
}

export interface ReadOptions {
  readonly file: string
  readonly format?: LogFormat | string | undefined
  readonly context: FormatContext
  /** Gives the year to timestamps that have none. */
  readonly anchor?: YearAnchor | undefined
  /** They replace the tags of the format. */
  readonly tags: Tags
  /** Position of the first event in the whole input. */
  readonly from: bigint
}

export function readEvents(text: string, options: ReadOptions): ReadEvents {
  const lines = text.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  const format = options.format
    ? typeof options.format === 'string'
      ? formatNamed(options.format)
      : options.format
    : recognise(lines.filter((l) => l.trim() !== ''))[0]?.format
  if (!format) return { format: undefined, events: [], unparsed: [], bad: [], tags: {} }
  const records = format.split
    ? [...format.split(text)].map(({ record, line }) => ({ record, position: line }))
    : lines.flatMap((record, i) => (record.trim() === '' ? [] : [{ record, position: i + 1 }]))
  const sightings = stampsOf(format, lines, records, options.context.zone)
  const lacksYear = sightings.some((s) => !s.hasYear)
  let position = 0
  const withoutYear =
    lacksYear && options.anchor ? yearChooser(placeYears(sightings, options.anchor), () => position) : undefined
  const reader = format.reader({ ...options.context, ...(withoutYear && { withoutYear }) }, lines)
  const events: ReadRecord[] = []
  const unparsed: ReadRecord[] = []
  const bad: { line: number; reason: string }[] = []
  const nextSeq = (): bigint => options.from + BigInt(events.length + unparsed.length)
  const take = (read: ReturnType<typeof reader.read> | undefined, raw: string) => {
    if (read === undefined || 'skip' in read) return
    if (!isEvent(read)) {
      bad.push({ line: position, reason: read.bad })
      if (raw === '') return
      const event: Event = { fields: new Map(), time: events.at(-1)?.event.time }
      unparsed.push({ event, meta: { file: options.file, raw, seq: nextSeq() } })
    } else {
      const seq = nextSeq()
      // The year depends on the order of the records, so the time is read here, in that order.
      void (withoutYear && read.time)
      events.push({ event: read, meta: { file: options.file, raw, seq } })
    }
  }
  for (const r of records) {
    position = r.position
    take(reader.read(r.record), r.record)
  }
  take(reader.end?.(), '')
  const needsYear = lacksYear && !options.anchor
  return { format, events, unparsed, bad, tags: { ...format.tags, ...options.tags }, ...(needsYear && { needsYear }) }
}
