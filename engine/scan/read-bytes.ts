// The bytes of a file or a part of it, unpacked and decoded, as lines or records for a scanner.
import { closeSync, fstatSync, openSync, read, readSync } from 'node:fs'
import { promisify } from 'node:util'
import type { LogFormat } from '../../core/logs/format.ts'
import { CHUNK, chunkRecords, FILE_HEADER } from '../../core/logs/readers/evtx/evtx.ts'
import { Frames } from '../inputs/frames.ts'
import type { FileStats } from '../inputs/file-stats.ts'
import type { Recognised } from '../inputs/input.ts'
import { decodeBytes } from '../inputs/probe.ts'
import { reasonOf } from '../files/reason.ts'
import { gunzipped } from './gunzip.ts'
import { Lines } from './lines.ts'
import type { RecordScanner } from './record-scanner.ts'
import type { ScanTask } from './scan-protocol.ts'
import { smallText } from './small-packed.ts'

/** A format of unit `file` needs the whole file as one string, and V8's strings end at 2^29 characters. Bytes. */
export const MOST_TEXT = 400_000_000
/** Blocks of this size become strings of V8's young heap. Larger ones are mapped and unmapped, which costs more than searching them. */
const PIECE = 96 << 10

/** zlib waits for the next piece of packed bytes: fewer and larger ones, each read while the one before is unpacked. */
const PACKED = 256 << 10

/** The records of an event log are at most so many times as long as XML: their places keep the order of the chunks. */
const XML_SIZE = 256

/** Reused for all tasks of a worker: it reads one file at a time. */
const buffer = Buffer.allocUnsafeSlow(PIECE)

/**
 * Reads the lines that begin in the task's part of the file. `stats.cut` says why bytes that were there when the files were listed could not
 * be read: the others are read all the same.
 */
export async function readTask(
  task: ScanTask,
  file: Recognised,
  format: LogFormat,
  scanner: RecordScanner,
): Promise<void> {
  let fd: number | undefined
  try {
    fd = openSync(file.path, 'r')
    const { dev, ino } = fstatSync(fd)
    if (file.identity !== undefined && file.identity !== `${dev} ${ino}`)
      scanner.stats.cut = 'another file has its name now'
    else await readOpen(fd, task, file, format, scanner)
  } catch (e) {
    // Errors of the system have a number. All others are ours.
    if (typeof (e as NodeJS.ErrnoException).errno !== 'number') throw e
    scanner.stats.cut = reasonOf(e)
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

const SHORTER = 'it became shorter while it was read'

async function readOpen(
  fd: number,
  task: ScanTask,
  file: Recognised,
  format: LogFormat,
  scanner: RecordScanner,
): Promise<void> {
  if (format.unit === 'file') return readWhole(fd, file, format, scanner)
  if (file.counted) return readFrames(fd, file, scanner)
  const startsInside = task.start > 0 && !file.evtx
  const offset = file.evtx ? task.start * XML_SIZE : startsInside ? task.start - 1 : file.bom
  const lines = new Lines(scanner, { maxLine: scanner.maxLine, offset, startsInside })
  const text = smallText(file)
  if (text) {
    lines.feed(text.subarray(file.bom))
    lines.end()
  } else if (file.gzip || file.evtx || file.charset !== 'utf-8') {
    for await (const piece of pieces(fd, file, scanner, task)) lines.feed(piece)
    lines.end()
  } else readRange(fd, task, file, lines, scanner)
}

async function readFrames(fd: number, file: Recognised, scanner: RecordScanner): Promise<void> {
  const { stats } = scanner
  let isWrong = false
  const frames = new Frames(
    {
      frame: (message, offset) => {
        stats.lines++
        scanner.record(decodeBytes(message, 'utf-8'), offset, stats.lines)
        if (isWrong) scanner.remark('the count before the message is wrong')
        isWrong = false
      },
      wrongCount: () => {
        isWrong = true
      },
    },
    scanner.maxLine,
  )
  for await (const piece of pieces(fd, file, scanner)) {
    stats.bytes += piece.length
    frames.feed(piece)
  }
  frames.end()
}

/** The byte before the part shows if a line begins at its start. The last line is read to its end, beyond the part. */
function readRange(fd: number, task: ScanTask, file: Recognised, lines: Lines, scanner: RecordScanner): void {
  const { stats } = scanner
  const into = scanner.buffer ?? buffer
  let at = task.start > 0 ? task.start - 1 : file.bom
  try {
    while (at < task.end) {
      const n = readSync(fd, into, 0, Math.min(into.length, task.end - at), at)
      if (n === 0) break
      lines.feed(into.subarray(0, n))
      at += n
    }
    while (lines.open && at >= task.end && at < file.size) {
      const n = readSync(fd, buffer, 0, Math.min(1 << 16, file.size - at), at)
      if (n === 0) break
      const end = buffer.subarray(0, n).indexOf(10)
      lines.feed(buffer.subarray(0, end < 0 ? n : end + 1))
      at += end < 0 ? n : end + 1
      if (end >= 0) return
    }
    if (at < task.end || (lines.open && at < file.size)) stats.cut = SHORTER
  } finally {
    lines.end()
  }
}

/** So far back the record is sought whose time a part's first records have, if they cannot be read. Bytes. */
const LOOK_BACK = 1 << 20

/** The lines that begin before the task's part, the last one first. */
export function* linesBefore(task: ScanTask, file: Recognised): Iterable<string> {
  if (task.start <= file.bom || task.whole || file.evtx) return
  const from = Math.max(file.bom, task.start - LOOK_BACK)
  const bytes = Buffer.alloc(task.start - from + LOOK_BACK)
  const fd = openSync(file.path, 'r')
  let size = 0
  try {
    size = readSync(fd, bytes, 0, bytes.length, from)
  } finally {
    closeSync(fd)
  }
  const read = bytes.subarray(0, size)
  let end = read.indexOf(10, task.start - from - 1)
  if (end < 0) end = size
  while (end > 0) {
    const start = read.lastIndexOf(10, end - 1) + 1
    // The first line of the window may have begun before it.
    if (start === 0 && from > file.bom) return
    yield read.toString('utf8', start, end)
    end = start - 1
  }
}

/** Unpacked bytes in UTF-8, without byte order mark. */
async function* pieces(
  fd: number,
  file: Recognised,
  scanner: RecordScanner,
  task: ScanTask | undefined = undefined,
): AsyncIterable<Buffer> {
  const { stats } = scanner
  const [start, end] = task && !task.whole ? [task.start, task.end] : [0, file.size]
  const open = (): AsyncIterable<Buffer> => bytesOf(fd, start, end, file.gzip ? PACKED : PIECE, stats)
  const bytes = file.gzip
    ? gunzipped(open, (reason) => {
        stats.cut ??= reason
      })
    : open()
  if (file.evtx) {
    yield* recordLines(bytes, scanner, start, file.carve === true)
    return
  }
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

const readAt = promisify(read)

/**
 * All bytes that the file had when it was listed, in pieces of a size; the next one is read while one is used. An error of the system ends
 * them. A stream of Node's would close the descriptor when its reader leaves early, whatever `autoClose` says (Node 20.20), and with it a
 * file that was given the same number since.
 */
async function* bytesOf(fd: number, start: number, end: number, size: number, stats: FileStats): AsyncIterable<Buffer> {
  const readFrom = (at: number): Promise<Buffer> => {
    const into = Buffer.allocUnsafeSlow(Math.min(size, end - at))
    const reading = readAt(fd, into, 0, into.length, at).then(({ bytesRead }) => into.subarray(0, bytesRead))
    // It may fail before it is waited for, which would end the process.
    reading.catch(() => undefined)
    return reading
  }
  let next = start < end ? readFrom(start) : undefined
  try {
    for (let at = start; next; ) {
      const piece: Buffer = await next
      at += piece.length
      next = at < end && piece.length > 0 ? readFrom(at) : undefined
      if (piece.length === 0) {
        stats.cut = SHORTER
        return
      }
      yield piece
    }
  } catch (e) {
    if (typeof (e as NodeJS.ErrnoException).errno !== 'number') throw e
    stats.cut = reasonOf(e)
  } finally {
    // The descriptor is closed after this, and its number may be given to another file.
    await next?.catch(() => undefined)
  }
}

/** The records of a Windows event log, a line each. */
async function* recordLines(
  bytes: AsyncIterable<Buffer>,
  scanner: RecordScanner,
  start: number,
  carve: boolean,
): AsyncIterable<Buffer> {
  let place = start === 0 ? FILE_HEADER : start
  for await (const chunk of chunks(bytes, start === 0 ? FILE_HEADER : 0)) {
    const lines: string[] = []
    for (const { line } of chunkRecords(chunk, place, carve)) lines.push(`${line}\n`)
    place += chunk.length
    if (chunk.length < CHUNK) scanner.stats.cut = 'the last chunk ends early'
    if (lines.length > 0) yield Buffer.from(lines.join(''))
  }
}

/** The chunks of a log after its header. `header`: its bytes; 0: the header is in another part. */
async function* chunks(bytes: AsyncIterable<Buffer>, header: number): AsyncIterable<Buffer> {
  let held: Buffer = Buffer.alloc(0)
  let size = header || CHUNK
  for await (const piece of bytes) {
    held = held.length > 0 ? Buffer.concat([held, piece]) : Buffer.from(piece)
    while (held.length >= size) {
      if (size === CHUNK) yield held.subarray(0, size)
      held = held.subarray(size)
      size = CHUNK
    }
  }
  if (held.length > 0 && size === CHUNK) yield held
}

async function readWhole(fd: number, file: Recognised, format: LogFormat, scanner: RecordScanner): Promise<void> {
  const parts: Buffer[] = []
  let size = 0
  for await (const piece of pieces(fd, file, scanner)) {
    size += piece.length
    if (size > MOST_TEXT) {
      scanner.stats.cut = 'too large as one text'
      return
    }
    parts.push(Buffer.from(piece))
  }
  const bytes = Buffer.concat(parts)
  scanner.stats.bytes += bytes.length
  for (const { record, line } of format.split?.(decodeBytes(bytes, 'utf-8')) ?? []) {
    scanner.stats.lines++
    // The record's number is its position in the order of the events; `line` is its place in the file.
    scanner.record(record, scanner.stats.lines, line)
  }
}
