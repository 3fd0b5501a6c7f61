// Counts over the records of one file, and their addition over its parts.

export interface Sample {
  /** 1-based. */
  readonly line: number
  readonly reason: string
  /** The beginning of the record. */
  readonly text: string
}

/** Counts over one file. lines = events + bad + blank. */
export interface FileStats {
  lines: number
  events: number
  bad: number
  blank: number
  /** Part of `events`: not parsed, because they cannot match. Only their shape was checked. */
  unread: number
  /** Lines that the scan kernel left to the reader in TypeScript, of those that it looked at. */
  unusual: number
  /** The kernel would have read the lines, but WebAssembly lacks SIMD here. */
  slow: boolean
  /** Parsed events that lack a time and are therefore outside every interval. */
  untimed: number
  /** Events whose time was read and is later than the clock of the machine. */
  future: number
  /** Lines that are not valid UTF-8, and lines with NUL bytes. */
  invalid: number
  nul: number
  invalidLine: number | null
  nulLine: number | null
  /** First and last time of the parsed events, microseconds UTC. */
  first: bigint | null
  last: bigint | null
  /** Only some times were read, so some may lie outside. */
  timesSampled: boolean
  /** The first bad lines, at most five. */
  samples: Sample[]
  /** Remarks of the format on records that it could read. */
  notes: Map<string, { count: number; line: number }>
  /** Unpacked bytes read. */
  bytes: number
  /** Why the file could not be read to its end. */
  cut: string | null
}

export const newFileStats = (): FileStats => ({
  lines: 0,
  events: 0,
  bad: 0,
  blank: 0,
  unread: 0,
  unusual: 0,
  slow: false,
  untimed: 0,
  future: 0,
  invalid: 0,
  nul: 0,
  invalidLine: null,
  nulLine: null,
  first: null,
  last: null,
  timesSampled: false,
  samples: [],
  notes: new Map(),
  bytes: 0,
  cut: null,
})

export const SAMPLES = 5
const NOTES = 50

const shifted = (line: number | null, by: number): number | null => (line === null ? null : line + by)

/** Adds the counts of a later part of the same file. */
export function addFileStats(into: FileStats, part: FileStats): void {
  const by = into.lines
  for (const s of part.samples) if (into.samples.length < SAMPLES) into.samples.push({ ...s, line: s.line + by })
  for (const [note, { count, line }] of part.notes) {
    const before = into.notes.get(note)
    if (before) before.count += count
    else if (into.notes.size < NOTES) into.notes.set(note, { count, line: line + by })
  }
  into.invalidLine ??= shifted(part.invalidLine, by)
  into.nulLine ??= shifted(part.nulLine, by)
  for (const k of [
    'lines',
    'events',
    'bad',
    'blank',
    'unread',
    'unusual',
    'untimed',
    'future',
    'invalid',
    'nul',
    'bytes',
  ] as const)
    into[k] += part[k]
  if (part.first !== null && (into.first === null || part.first < into.first)) into.first = part.first
  if (part.last !== null && (into.last === null || part.last > into.last)) into.last = part.last
  into.cut ??= part.cut
  into.timesSampled ||= part.timesSampled
  into.slow ||= part.slow
}

/** First and last time over all files, microseconds UTC. */
export function spanOf(
  all: Iterable<Pick<FileStats, 'first' | 'last'>>,
): { readonly first: bigint; readonly last: bigint } | undefined {
  let span: { first: bigint; last: bigint } | undefined
  for (const { first, last } of all) {
    if (first === null || last === null) continue
    span = { first: span && span.first < first ? span.first : first, last: span && span.last > last ? span.last : last }
  }
  return span
}
