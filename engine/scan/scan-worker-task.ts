// One task of a scan, in a worker: bytes of a part of a file → tallies, rows in memory or in the spool.
import { closeSync, createReadStream, openSync, readFileSync, readSync } from 'node:fs'
import { createGunzip, constants } from 'node:zlib'
import type { Tuple } from '../../core/eval/sink.ts'
import type { LogFormat } from '../../core/logs/format.ts'
import { formatNamed } from '../../core/logs/registry.ts'
import { Lines } from './lines.ts'
import type { Profile, ScanJob, ScanTask } from './scan-protocol.ts'
import { BEATS, SPOOL_FLAG } from '../workers/shared-memory.ts'
import { presence, textFilter } from './prefilter/text-prefilter.ts'
import { conjuncts } from '../../core/plan/build.ts'
import { jsonText } from '../../core/plan/json-text.ts'
import type { SourceNode } from '../../core/plan/plan.ts'
import { type LineFilter, prefilter } from './prefilter/json-prefilter.ts'
import { decodeBytes } from '../inputs/probe.ts'
import { type Reducer, reducerOf } from './partial-aggregation.ts'
import { RecordScanner } from './record-scanner.ts'
import { SpoolPart } from './spool.ts'
import { type FileStats, newFileStats, type Recognised, type Tags } from '../inputs/types.ts'
import {
  FieldProfiler,
  FilterCascade,
  decidedByTags,
  type FilterLevel,
  RowCollector,
  type EventConsumer,
} from './event-consumers.ts'

export interface TaskResult {
  readonly tally: FileStats
  readonly spooled: readonly number[]
  /** At least the bytes of the longest row in the spool. */
  readonly longest: number
  /** By source: events that passed its filter and interval. */
  readonly taken: readonly number[]
  /** Of them: those that an aggregation dropped for their lack of a key. */
  readonly dropped: number
  readonly profiles: readonly Profile[]
  readonly survey: Profile | null
}

/** A whole file that is read as one text may not be larger: V8's strings end at 2^29 characters. */
export const MOST_TEXT = 400_000_000
/** Blocks of this size become strings of the young heap; larger ones are mapped and unmapped, which costs more than searching them. */
const PIECE = 96 << 10
/** Values and characters that a task keeps before it hands them on. */
const MOST_VALUES = 100_000
const MOST_CHARS = 16 << 20

/** What all tasks of a worker share. */
export class Scanner {
  readonly #job: ScanJob
  readonly #parts: SpoolPart[]
  readonly #post: (id: number, rows: readonly (readonly Tuple[])[]) => void
  readonly #beats: Int32Array
  readonly #place: Float64Array
  readonly #reducers: readonly (Reducer | null)[]
  readonly #filters = new Map<string, LineFilter | null>()
  readonly #decisions = new Map<Recognised, (Decided | undefined)[]>()
  readonly #piece = Buffer.allocUnsafeSlow(PIECE)

  constructor(job: ScanJob, name: string, post: (id: number, rows: readonly (readonly Tuple[])[]) => void) {
    this.#job = job
    this.#parts = job.sources.map((_, i) => new SpoolPart(job.spool, i, name))
    this.#reducers = job.sources.map((s, i) => {
      const reduction = job.reductions?.[i]
      return reduction ? reducerOf(s, reduction, job.env) : null
    })
    this.#post = post
    this.#beats = new Int32Array(job.shared, 0, 2)
    this.#place = new Float64Array(job.shared, 8, 1)
  }

  async run(task: ScanTask): Promise<TaskResult> {
    const job = this.#job
    if (task.last) return this.#last(task)
    const file = job.files[task.file] as Recognised
    const format = formatNamed(file.format)
    if (!format) throw new Error(`internal: no format ${file.format}`)
    const tags: Tags = { ...format.tags, ...file.tags }
    const spooledBefore = this.#parts.map((p) => p.rows)
    const gathered = new Gathered(job.sources.length)
    const taken = job.sources.map(() => 0)
    const wants: EventConsumer[] = job.sources.map((s, i) => {
      const needed = this.#reducers[i]?.isNeeded?.bind(this.#reducers[i])
      const want = new RowCollector(s, format, tags, job.env, job.bounds, this.#giver(gathered, i), true, needed)
      return {
        take: (event, meta) => {
          const answer = want.take(event, meta)
          if (answer === 'yes') taken[i] = (taken[i] as number) + 1
          return answer
        },
      }
    })
    const censuses = job.profiles.map((p) => new FieldProfiler(p.fields, format, tags, p.values, p.whether))
    wants.push(...this.#counting(censuses, format, tags))
    const decided = this.#decided(file, format, tags)
    const survey = job.survey ? new FieldProfiler(null, format, {}) : null
    if (survey)
      wants.push({
        take: (e) => {
          survey.add(e)
          return 'yes'
        },
      })
    const filter = this.#filterOf(file, format, tags)
    const scanner = new RecordScanner({
      format,
      reader: format.reader(job.context, file.head),
      wants,
      search: filter ? (text) => filter.search(text) : undefined,
      readAll: job.full,
      seqBase: BigInt(task.file) << 44n,
      name: file.name,
      maxLine: job.context.maxLine,
      beat: (offset) => {
        this.#beats[BEATS] = ((this.#beats[BEATS] as number) + 1) | 0
        this.#place[0] = offset
      },
      flush: () => this.#flush(task.id, gathered),
    })
    await this.#read(task, file, format, scanner)
    if (task.whole) scanner.end()
    this.#flush(task.id, gathered, true)
    for (const p of this.#parts) p.close()
    return {
      tally: scanner.tally,
      spooled: this.#parts.map((p, i) => p.rows - (spooledBefore[i] as number)),
      longest: this.#longest(),
      taken,
      dropped: 0,
      profiles: censuses.map((c, i) => ({
        events: c.events + (decided[i]?.is ? scanner.unasked : 0),
        fields: decided[i]?.is ? withSeen(c.fields, decided[i]?.seen ?? []) : c.fields,
        values: c.values,
        ...(decided[i]?.spared ? { spared: true } : {}),
      })),
      survey: survey && { events: survey.events, fields: survey.fields, values: survey.values },
    }
  }

  /** Profiles over the same columns are counted together. */
  #counting(censuses: readonly FieldProfiler[], format: LogFormat, tags: Tags): EventConsumer[] {
    const { profiles, env, bounds } = this.#job
    const rungs = new Map<string, FilterLevel[]>()
    profiles.forEach((p, i) => {
      const key = JSON.stringify([p.source.columns, p.source.rest, p.source.interval])
      const rung: FilterLevel = { source: { ...p.source, where: p.where }, take: (e) => censuses[i]?.add(e) }
      rungs.set(key, [...(rungs.get(key) ?? []), rung])
    })
    return [...rungs.values()].map((of) => new FilterCascade(of, format, tags, env, bounds))
  }

  /** By profile: what is known of the events of lines that are not read; undefined: nothing. */
  #decided(file: Recognised, format: LogFormat, tags: Tags): (Decided | undefined)[] {
    const known = this.#decisions.get(file)
    if (known) return known
    const { profiles, env, bounds } = this.#job
    const made = profiles.map(({ source, where, fields, values = [], whether, spare }): Decided | undefined => {
      if ((bounds && source.interval === 'query') || values.length > 0) return undefined
      const spared: Decided | undefined = spare ? { is: true, spared: true } : undefined
      const is = decidedByTags({ ...source, where }, format, tags, env)
      if (is === undefined || fields.length === 0 || is === false) return is === undefined ? undefined : { is }
      if (!whether || !format.plain) return spared
      // What the first lines have need not be looked for.
      const seen = this.#seenAtHead(file, format, tags, fields)
      const left = fields.filter((f) => !seen.includes(f))
      return left.every((f) => presence(f, format, tags).length > 0) ? { is, seen, left } : spared
    })
    this.#decisions.set(file, made)
    return made
  }

  #seenAtHead(file: Recognised, format: LogFormat, tags: Tags, fields: readonly string[]): readonly string[] {
    const census = new FieldProfiler(fields, format, tags, [], true)
    const reader = format.reader(this.#job.context, file.head)
    for (const line of file.head) {
      const read = reader.read(line)
      if ('fields' in read) census.add(read)
    }
    return [...census.fields.keys()]
  }

  #filterOf(file: Recognised, format: LogFormat, tags: Tags): LineFilter | undefined {
    const job = this.#job
    if (job.survey) return undefined
    const decided = this.#decided(file, format, tags)
    const left = decided.flatMap((d) => d?.left ?? [])
    const key = JSON.stringify([file.format, tags, left])
    const known = this.#filters.get(key)
    if (known !== undefined) return known ?? undefined
    const counted = job.profiles.filter((_, i) => decided[i] === undefined)
    const sources = weakest([...job.sources, ...counted.map((p) => ({ ...p.source, where: p.where }))])
    const made =
      prefilter(sources, format, tags, job.env, file.head) ?? textFilter(sources, format, tags, file.head, left)
    this.#filters.set(key, made ?? null)
    return made
  }

  /** The groups of all tasks of this worker. */
  #last(task: ScanTask): TaskResult {
    const { sources } = this.#job
    const before = this.#parts.map((p) => p.rows)
    const gathered = new Gathered(sources.length)
    let dropped = 0
    this.#reducers.forEach((reducer, i) => {
      if (!reducer) return
      this.#drain(reducer, gathered, i)
      dropped += reducer.dropped
    })
    this.#flush(task.id, gathered, true)
    for (const p of this.#parts) p.close()
    const spooled = this.#parts.map((p, i) => p.rows - (before[i] as number))
    const taken = sources.map(() => 0)
    return { tally: newFileStats(), spooled, longest: this.#longest(), taken, dropped, profiles: [], survey: null }
  }

  #longest(): number {
    return Math.max(0, ...this.#parts.map((p) => p.longest))
  }

  #drain(reducer: Reducer, gathered: Gathered, source: number): void {
    for (const row of reducer.drain()) this.#give(gathered, source, row)
  }

  #giver(gathered: Gathered, source: number): (row: Tuple) => void {
    const reducer = this.#reducers[source]
    if (!reducer) return (row) => this.#give(gathered, source, row)
    return (row) => {
      reducer.push(row)
      if (reducer.isFull) this.#drain(reducer, gathered, source)
    }
  }

  #give(gathered: Gathered, source: number, row: Tuple): void {
    if (this.#beats[SPOOL_FLAG] === 1) this.#parts[source]?.add(row)
    else gathered.add(source, row)
  }

  #flush(id: number, gathered: Gathered, last = false): void {
    if (gathered.values === 0 || !(last || gathered.values > MOST_VALUES || gathered.chars > MOST_CHARS)) return
    this.#post(id, gathered.take())
  }

  async #read(task: ScanTask, file: Recognised, format: LogFormat, scanner: RecordScanner): Promise<void> {
    if (format.unit === 'file') return readWhole(file, format, scanner)
    const inside = task.start > 0
    const lines = new Lines(scanner, this.#job.context.maxLine, inside ? task.start - 1 : file.bom, inside)
    if (file.gzip || file.charset !== 'utf-8') {
      for await (const piece of pieces(file, scanner)) lines.feed(piece)
      lines.end()
    } else this.#readRange(task, file, lines)
  }

  /** The byte before the part tells whether its first line begins there; the last line is read beyond the part's end. */
  #readRange(task: ScanTask, file: Recognised, lines: Lines): void {
    const fd = openSync(file.path, 'r')
    try {
      let at = task.start > 0 ? task.start - 1 : file.bom
      while (at < task.end) {
        const n = readSync(fd, this.#piece, 0, Math.min(PIECE, task.end - at), at)
        if (n === 0) break
        lines.feed(this.#piece.subarray(0, n))
        at += n
      }
      while (lines.open && at < file.size) {
        const n = readSync(fd, this.#piece, 0, 1 << 16, at)
        if (n === 0) break
        const end = this.#piece.subarray(0, n).indexOf(10)
        lines.feed(this.#piece.subarray(0, end < 0 ? n : end + 1))
        at += end < 0 ? n : end + 1
        if (end >= 0) return
      }
      lines.end()
    } finally {
      closeSync(fd)
    }
  }
}

/** What is known of the events of lines that are not read, for one profile. */
interface Decided {
  /** They pass its filter. */
  readonly is: boolean
  /** Which fields they have is left open. */
  readonly spared?: boolean
  /** Fields that some event has. */
  readonly seen?: readonly string[]
  /** Fields for which lines are read that may have them. */
  readonly left?: readonly string[]
}

const withSeen = (fields: ReadonlyMap<string, number>, seen: readonly string[]): ReadonlyMap<string, number> =>
  new Map([...seen.map((f) => [f, 1] as const), ...fields])

/** Rows of one task, by source, since they were last handed on. */
class Gathered {
  values = 0
  chars = 0
  #rows: Tuple[][]
  readonly #sources: number

  constructor(sources: number) {
    this.#sources = sources
    this.#rows = Array.from({ length: sources }, () => [])
  }
  add(source: number, row: Tuple): void {
    this.#rows[source]?.push(row)
    this.values += row.length + 1
    for (const v of row) if (typeof v === 'string') this.chars += v.length
  }
  take(): Tuple[][] {
    const rows = this.#rows
    this.#rows = Array.from({ length: this.#sources }, () => [])
    this.values = 0
    this.chars = 0
    return rows
  }
}

/** Unpacked bytes in UTF-8. A damaged gzip file ends where it is damaged, and the tally says so. */
async function* pieces(file: Recognised, scanner: RecordScanner): AsyncIterable<Buffer> {
  const bytes = file.gzip
    ? unpacked(file.path, scanner)
    : (createReadStream(file.path, { highWaterMark: PIECE }) as AsyncIterable<Buffer>)
  if (file.charset === 'utf-8') {
    let skip = file.bom
    for await (const piece of bytes) {
      yield skip > 0 ? piece.subarray(skip) : piece
      skip = Math.max(0, skip - piece.length)
    }
    return
  }
  const decoder = new TextDecoder(file.charset)
  for await (const piece of bytes) yield Buffer.from(decoder.decode(piece, { stream: true }))
  yield Buffer.from(decoder.decode())
}

async function* unpacked(path: string, scanner: RecordScanner): AsyncIterable<Buffer> {
  const gunzip = createGunzip({ chunkSize: 1 << 20, finishFlush: constants.Z_FINISH })
  const source = createReadStream(path, { highWaterMark: 1 << 18 })
  // The end is told apart from the last bytes: with them, zlib would throw away what they give when the end is missing.
  const pump = (async () => {
    for await (const packed of source) {
      await new Promise<void>((done) => gunzip.write(packed, () => done()))
      if (gunzip.destroyed) return
    }
    gunzip.end()
  })()
  pump.catch((e: unknown) => gunzip.destroy(e instanceof Error ? e : new Error(String(e))))
  try {
    for await (const piece of gunzip) yield piece as Buffer
  } catch (e) {
    const code = (e as NodeJS.ErrnoException).code
    if (code !== 'Z_BUF_ERROR' && code !== 'Z_DATA_ERROR') throw e
    scanner.tally.cut = code === 'Z_BUF_ERROR' ? 'the gzip data ends early' : 'the gzip data is damaged'
  } finally {
    source.destroy()
  }
}

async function readWhole(file: Recognised, format: LogFormat, scanner: RecordScanner): Promise<void> {
  const parts: Buffer[] = []
  let size = 0
  if (file.gzip || file.charset !== 'utf-8') {
    for await (const piece of pieces(file, scanner)) {
      size += piece.length
      if (size > MOST_TEXT) break
      parts.push(Buffer.from(piece))
    }
  } else if (file.size <= MOST_TEXT) parts.push(readFileSync(file.path).subarray(file.bom))
  else size = file.size
  if (size > MOST_TEXT) {
    scanner.tally.cut = 'too large as one text'
    return
  }
  const bytes = Buffer.concat(parts)
  scanner.tally.bytes += bytes.length
  for (const { record, line } of format.split?.(decodeBytes(bytes, 'utf-8')) ?? []) {
    scanner.tally.lines++
    // Positions in the order of the records; the line is where a reader finds it.
    scanner.record(record, scanner.tally.lines, line)
  }
}

/** Without those that ask for all that another one asks for, and more: a line that may match them may match it. */
function weakest(sources: readonly SourceNode[]): SourceNode[] {
  const asks = sources.map(({ where, columns }) => ({
    columns: jsonText(columns),
    conjuncts: new Set(conjuncts(where).map(jsonText)),
  }))
  return sources.filter((_, i) => {
    const mine = asks[i] as (typeof asks)[number]
    return !asks.some((other, k) => {
      if (k === i || other.columns !== mine.columns || ![...other.conjuncts].every((c) => mine.conjuncts.has(c)))
        return false
      return other.conjuncts.size < mine.conjuncts.size || k < i
    })
  })
}
