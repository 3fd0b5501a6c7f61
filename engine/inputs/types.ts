// What the parts of the engine tell each other.
import type { FormatContext } from '../../core/logs/format.ts'

export type Charset = 'utf-16be' | 'utf-16le' | 'utf-8'
export type Tags = Readonly<Record<string, string>>

/** One file to read, in the order of the run. */
export interface Input {
  /** What the reader calls it; `-` for standard input. */
  readonly name: string
  /** Where its bytes are: standard input is kept in a private file. */
  readonly path: string
  /** Bytes on disk. */
  readonly size: number
  /** Tags the reader gave: `@category` and `#repo`. They win over those of the format. */
  readonly tags: Tags
}

/** An input whose first bytes were looked at. */
export interface Probed extends Input {
  readonly gzip: boolean
  readonly charset: Charset
  /** Bytes of the byte order mark, to be passed over. */
  readonly bom: number
  /** The first lines, at most 200 of the first 256 KB. */
  readonly head: readonly string[]
}

export interface Recognised extends Probed {
  readonly format: string
  readonly why: string
  /** Other formats that would take it, best first. */
  readonly others: readonly { readonly format: string; readonly score: number; readonly why: string }[]
}

export interface Sample {
  /** 1-based. */
  readonly line: number
  readonly reason: string
  /** The beginning of the record. */
  readonly text: string
}

/** What was seen in one file. lines = events + bad + blank. */
export interface FileStats {
  lines: number
  events: number
  bad: number
  blank: number
  /** Of `events`: not parsed, as they could not match; only seen to begin with `{` and end with `}`. */
  unread: number
  /** Parsed events without a time that an interval left out. */
  untimed: number
  /** Lines that are not valid UTF-8, and lines with NUL bytes. */
  invalid: number
  nul: number
  invalidLine: number | null
  nulLine: number | null
  /** Microseconds; among parsed events. */
  first: bigint | null
  last: bigint | null
  /** The first bad lines, at most five. */
  samples: Sample[]
  /** What formats remarked on records they could use. */
  notes: Map<string, { count: number; line: number }>
  /** Unpacked bytes read. */
  bytes: number
  /** Why the file could not be read to its end. */
  cut: string | null
}

export interface RunContext extends FormatContext {
  /** Lines longer than this are counted as bad. Bytes. */
  readonly maxLine: number
}

export const newFileStats = (): FileStats => ({
  lines: 0,
  events: 0,
  bad: 0,
  blank: 0,
  unread: 0,
  untimed: 0,
  invalid: 0,
  nul: 0,
  invalidLine: null,
  nulLine: null,
  first: null,
  last: null,
  samples: [],
  notes: new Map(),
  bytes: 0,
  cut: null,
})

export const SAMPLES = 5
const NOTES = 50

const shifted = (line: number | null, by: number): number | null => (line === null ? null : line + by)

/** Adds the tally of a later part of the same file. */
export function addFileStats(into: FileStats, part: FileStats): void {
  const by = into.lines
  for (const s of part.samples) if (into.samples.length < SAMPLES) into.samples.push({ ...s, line: s.line + by })
  for (const [note, { count, line }] of part.notes) {
    const known = into.notes.get(note)
    if (known) known.count += count
    else if (into.notes.size < NOTES) into.notes.set(note, { count, line: line + by })
  }
  into.invalidLine ??= shifted(part.invalidLine, by)
  into.nulLine ??= shifted(part.nulLine, by)
  for (const k of ['lines', 'events', 'bad', 'blank', 'unread', 'untimed', 'invalid', 'nul', 'bytes'] as const)
    into[k] += part[k]
  if (part.first !== null && (into.first === null || part.first < into.first)) into.first = part.first
  if (part.last !== null && (into.last === null || part.last > into.last)) into.last = part.last
  into.cut ??= part.cut
}
