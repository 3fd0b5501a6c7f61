// Facts from the first bytes of a file: compression, charset, and the first lines as text.
import { closeSync, openSync, readSync } from 'node:fs'
import { constants, gunzipSync } from 'node:zlib'
import { binary, compressed, unreadable } from '../../core/diag/catalogue/log.ts'
import { type Code, diagnostic, inLog } from '../../core/diag/diagnostic.ts'
import { failure, ok, type Result } from '../../core/diag/result.ts'
import { fileHead } from '../../core/logs/readers/recognise.ts'
import { CHUNK, chunkRecords, FILE_HEADER, isEvtx } from '../../core/logs/readers/evtx/evtx.ts'
import { reasonOf } from '../files/reason.ts'
import { Frames, isCounted } from './frames.ts'
import type { Charset, Input, Probed } from './input.ts'

const HEAD_BYTES = 256 * 1024
const HEAD_LINES = 200

/** Enough for the longest line that is read. */
const LONG_HEAD_BYTES = 17 << 20
/** An alert of Falcon has 400 lines when it is pretty-printed. */
const LONG_HEAD_LINES = 5000

/** The head is one line, which may go on. */
const isOneLongLine = ({ head }: Probed): boolean =>
  head.length === 1 && Buffer.byteLength(head[0] as string) > HEAD_BYTES / 4

/** The head is a JSON object over several lines that goes on, or an array of such. */
const isUnfinishedObject = ({ head }: Probed): boolean =>
  head.length === HEAD_LINES && fileHead(head).documents?.head.filled.length === 0

/** Reads more of a file whose first record is longer than a head. Undefined: it is not. */
export function longerHead(probed: Probed): Probed | undefined {
  if (!isOneLongLine(probed) && !isUnfinishedObject(probed)) return undefined
  const longer = probe(probed, LONG_HEAD_BYTES, LONG_HEAD_LINES)
  return longer.ok ? longer.value : undefined
}

/** Reads the beginning of a file. Fails for files that hold no text. */
export function probe(input: Input, limit = HEAD_BYTES, lines = HEAD_LINES): Result<Probed> {
  const fail = <P>(code: Code<P>, params: P): Result<Probed> => failure(diagnostic(code, inLog(input.name), params))
  let bytes: Buffer
  try {
    bytes = readHead(input.path, limit)
  } catch (e) {
    return fail(unreadable, { path: input.name, reason: reasonOf(e) })
  }
  const packed = MAGIC.find(([magic]) => magic.every((b, i) => bytes[i] === b))
  if (packed && packed[1] !== 'gzip') {
    const [, what, command] = packed
    return command === ''
      ? fail(binary, { path: input.name, what })
      : fail(compressed, { path: input.name, what, command: `${command} ${input.name}` })
  }
  if (packed) {
    const head = unpackHead(bytes, limit)
    if (!head) return fail(binary, { path: input.name, what: 'a damaged gzip file' })
    if (head.length === 0 && !isWhole(bytes)) return fail(unreadable, { path: input.name, reason: 'it ends early' })
    bytes = head
  }
  if (isEvtx(bytes)) {
    const head = evtxHead(bytes)
    return ok({ ...input, evtx: true, gzip: packed !== undefined, charset: 'utf-8', bom: 0, head })
  }
  const { charset, bom } = charsetOf(bytes)
  if (charset === 'utf-8' && looksBinary(bytes)) return fail(binary, { path: input.name, what: 'binary data' })
  const whole = bytes.length < limit
  const isFramed = charset === 'utf-8' && isCounted(bytes.subarray(bom))
  const head = isFramed ? headFrames(bytes.subarray(bom)) : headLines(bytes.subarray(bom), charset, whole, lines)
  return ok({ ...(isFramed && { counted: true as const }), ...input, gzip: packed !== undefined, charset, bom, head })
}

/** First bytes, kind of file, and the command that unpacks it. No command: the kind holds no log text. */
const MAGIC: readonly (readonly [bytes: readonly number[], what: string, command: string])[] = [
  [[0x1f, 0x8b, 8], 'gzip', ''],
  [[0x28, 0xb5, 0x2f, 0xfd], 'a zstd file', 'zstd -d'],
  [[0x50, 0x4b, 3, 4], 'a zip archive', 'unzip'],
  [[0x50, 0x4b, 5, 6], 'a zip archive', 'unzip'],
  [[0x42, 0x5a, 0x68], 'a bzip2 file', 'bzip2 -dk'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'an xz file', 'xz -dk'],
  [[0x37, 0x7a, 0xbc, 0xaf], 'a 7-Zip archive', '7z x'],
  [[0x04, 0x22, 0x4d, 0x18], 'an lz4 file', 'lz4 -d'],
  [[0x50, 0x41, 0x52, 0x31], 'a Parquet file', ''],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF', ''],
  [[0x7f, 0x45, 0x4c, 0x46], 'a program', ''],
  [[0xd4, 0xc3, 0xb2, 0xa1], 'a packet capture', ''],
  [[0x0a, 0x0d, 0x0d, 0x0a], 'a packet capture', ''],
]

/** The first records of a Windows event log, as lines. */
function evtxHead(bytes: Buffer): string[] {
  const head: string[] = []
  for (let at = FILE_HEADER; at + CHUNK <= bytes.length && head.length < HEAD_LINES; at += CHUNK)
    for (const { line } of chunkRecords(bytes.subarray(at, at + CHUNK), at)) head.push(line)
  return head.slice(0, HEAD_LINES)
}

function readHead(path: string, limit: number): Buffer {
  const fd = openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(limit)
    let length = 0
    for (;;) {
      const n = readSync(fd, buffer, length, limit - length, length)
      if (n === 0) break
      length += n
    }
    return buffer.subarray(0, length)
  } finally {
    closeSync(fd)
  }
}

/** A few bytes may unpack to gigabytes. */
const MOST_UNPACKED = 64 << 20

/** Unpacks the first bytes: if they are damaged, as far as possible. Undefined: nothing can be unpacked. */
function unpackHead(packed: Buffer, limit: number): Buffer | undefined {
  for (let { length } = packed; length > 16; length = Math.floor(length * 0.9)) {
    try {
      const head = gunzipSync(packed.subarray(0, length), {
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: MOST_UNPACKED,
      })
      if (head.length > 0 || length === packed.length) return head.subarray(0, limit)
    } catch {}
  }
  return undefined
}

/** An empty text is packed too: of a file cut off in its first bytes nothing can be unpacked either. */
function isWhole(packed: Buffer): boolean {
  try {
    gunzipSync(packed)
    return true
  } catch {
    return false
  }
}

function charsetOf(b: Buffer): { charset: Charset; bom: number } {
  if (b[0] === 0xef && b[1] === 0xbb && b[2] === 0xbf) return { charset: 'utf-8', bom: 3 }
  if (b[0] === 0xff && b[1] === 0xfe) return { charset: 'utf-16le', bom: 2 }
  if (b[0] === 0xfe && b[1] === 0xff) return { charset: 'utf-16be', bom: 2 }
  // Without a mark: ASCII in UTF-16 has a zero in every second byte.
  if (b.length >= 4 && b[0] !== 0 && b[1] === 0 && b[2] !== 0 && b[3] === 0) return { charset: 'utf-16le', bom: 0 }
  if (b.length >= 4 && b[0] === 0 && b[1] !== 0 && b[2] === 0 && b[3] !== 0) return { charset: 'utf-16be', bom: 0 }
  return { charset: 'utf-8', bom: 0 }
}

/** Text has no control characters. NULs alone do not make a log binary: preallocated and torn files have them. */
/** Colours of a terminal (27) and the marks of a JSON sequence (30) are text. */
function looksBinary(b: Buffer): boolean {
  let odd = 0
  let text = 0
  for (const c of b.subarray(0, 8192)) {
    if (c === 0) continue
    if (c < 9 || (c > 13 && c < 32 && c !== 27 && c !== 30)) odd++
    else text++
  }
  return (odd > 0 && odd * 20 > text) || (b.length > 0 && text === 0)
}

export function decodeBytes(bytes: Buffer, charset: Charset): string {
  return new TextDecoder(charset).decode(bytes)
}

function headFrames(bytes: Buffer): string[] {
  const head: string[] = []
  const frames = new Frames({ frame: (m) => head.push(m.toString()), wrongCount: () => {} }, bytes.length)
  frames.feed(bytes)
  if (bytes.length < HEAD_BYTES) frames.end()
  return head.slice(0, HEAD_LINES)
}

function headLines(bytes: Buffer, charset: Charset, whole: boolean, most: number): string[] {
  const lines = decodeBytes(bytes, charset).split('\n')
  // The last line may be cut off. Of a file with one very long line, the beginning is used.
  if (!whole && lines.length > 1) lines.pop()
  else if (lines.at(-1) === '') lines.pop()
  return lines.slice(0, most).map((l) => (l.endsWith('\r') ? l.slice(0, -1) : l))
}
