// The years of a file's stamps that have none: from some of its records, and a time that is known.
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { LogFormat } from '../../core/logs/format.ts'
import { formatNamed } from '../../core/logs/registry.ts'
import { type PlacedRecord, placeYears, stampsOf } from '../../core/logs/readers/years.ts'
import { decodeBytes } from './probe.ts'
import type { FileYears, Recognised } from './input.ts'

/** Options of the command that tell the time. */
export interface TimeKnown {
  readonly zone: string
  readonly year?: number | undefined
  /** Microseconds. */
  readonly now?: bigint | undefined
}

/** Files up to this size are looked at as a whole, larger ones in so many places. Bytes. */
const SMALL = 4 << 20
const PLACES = 4096
const PIECE = 4096

/** Never throws: a file that cannot be read is refused elsewhere. */
export function yearsOf(file: Recognised, known: TimeKnown): FileYears {
  const notAfter = known.now ?? timeOfFile(file)
  const anchor = { notAfter, ...(known.year !== undefined && { year: known.year }) }
  const format = formatNamed(file.format)
  const head = format ? stampsOf(format, file.head, headRecords(format, file), known.zone) : []
  if (!format || head.every((s) => s.hasYear)) return { ...placeYears([], anchor), by: null }
  const placed = placeYears(stampsOf(format, file.head, recordsOf(format, file), known.zone), anchor)
  const by = placed.byStamp ? 'stamp' : known.year !== undefined ? 'year' : known.now !== undefined ? 'now' : 'file'
  return { ...placed, by }
}

function timeOfFile(file: Recognised): bigint {
  try {
    return BigInt(Math.round(statSync(file.path).mtimeMs)) * 1000n
  } catch {
    return BigInt(Date.now()) * 1000n
  }
}

function* headRecords(format: LogFormat, file: Recognised): Iterable<PlacedRecord> {
  if (format.split) for (const { record, line } of format.split(file.head.join('\n'))) yield { record, position: line }
  else for (const record of file.head) yield { record, position: 0 }
}

/** Positions are those of the scan: offsets of lines, or numbers of records. */
function* recordsOf(format: LogFormat, file: Recognised): Iterable<PlacedRecord> {
  if (file.counted || file.evtx) return yield* headRecords(format, file)
  const isPlain = !file.gzip && file.charset === 'utf-8'
  if (file.size > SMALL) {
    if (isPlain && !format.split) yield* samples(file)
    else yield* headRecords(format, file)
    return
  }
  const text = wholeText(file)
  if (text === undefined) return
  if (format.split) {
    let n = 0
    for (const { record } of format.split(text)) yield { record, position: ++n }
    return
  }
  let position = file.bom
  for (const line of text.split('\n')) {
    yield { record: line.endsWith('\r') ? line.slice(0, -1) : line, position }
    position += Buffer.byteLength(line) + 1
  }
}

function wholeText(file: Recognised): string | undefined {
  try {
    const bytes = readFileSync(file.path)
    const unpacked = file.gzip ? gunzipSync(bytes, { maxOutputLength: 64 * SMALL }) : bytes
    return decodeBytes(unpacked.subarray(file.bom), file.charset)
  } catch {
    return undefined
  }
}

/** The first whole line after places at equal distances. */
function* samples(file: Recognised): Iterable<PlacedRecord> {
  let fd: number
  try {
    fd = openSync(file.path, 'r')
  } catch {
    return
  }
  try {
    const buffer = Buffer.alloc(PIECE)
    const step = Math.floor(file.size / PLACES)
    for (let at = file.bom; at < file.size; at += step) {
      const bytes = buffer.subarray(0, readSync(fd, buffer, 0, PIECE, at))
      const from = at === file.bom ? 0 : bytes.indexOf(10) + 1
      const end = bytes.indexOf(10, from)
      if ((from > 0 || at === file.bom) && end > from)
        yield { record: bytes.toString('utf8', from, end), position: at + from }
    }
  } finally {
    closeSync(fd)
  }
}
