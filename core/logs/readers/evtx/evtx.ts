// Windows event logs (.evtx): a header, then chunks of 64 KiB that can be read alone. Each record becomes a line of XML, which the format
// of XML lines reads, so a record has the same fields in all three shapes. Sources: [MS-EVEN6], and the format notes of libevtx.
import { BinaryXml, Damaged } from './binary-xml.ts'

/** Bytes. */
export const FILE_HEADER = 4096
export const CHUNK = 65_536

export interface EvtxRecord {
  /** XML, or the reason why the record cannot be read. */
  readonly line: string
  readonly isBad: boolean
}

/** The beginning of the line for a damaged part. */
export const DAMAGE = 'damaged event log: '
/** The beginning of the line for a record from the unused part of a chunk. No XML has this character, and no search finds it. */
export const CARVED = '\u0001'

const FIRST_RECORD = 512
const HEAD = 24
const CHUNK_MARK = 'ElfChnk\0'
const RECORD_MARK = 0x00002a2a

/**
 * The records of a chunk, and a line for each damaged part: nothing is passed over in silence. A chunk of zeros was reserved and never
 * used; it has no records. `place`: offset of the chunk in the file, for the lines about damage. `carve`: also the records that the chunk had
 * before its present ones, and those of a chunk that lost its head.
 */
export function* chunkRecords(chunk: Uint8Array, place: number, carve = false): Iterable<EvtxRecord> {
  if (isZero(chunk)) return
  const bad = (offset: number, reason: string): EvtxRecord => ({
    line: `${DAMAGE}at byte ${place + offset}: ${reason}`,
    isBad: true,
  })
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength)
  if (chunk.byteLength < FIRST_RECORD) return yield bad(0, `${chunk.byteLength} bytes of a chunk`)
  if (!Array.from(CHUNK_MARK).every((c, i) => chunk[i] === c.charCodeAt(0))) {
    yield bad(0, 'not a chunk')
    if (carve) yield* carvedRecords(view, new BinaryXml(chunk), FIRST_RECORD, { had: new Set(), bad })
    return
  }
  const free = view.getUint32(48, true)
  const end = Math.min(free >= FIRST_RECORD ? free : chunk.byteLength, chunk.byteLength)
  if (free > chunk.byteLength) yield bad(48, 'the chunk ends early')
  const xml = new BinaryXml(chunk)
  const had = new Set<bigint>()
  let at = FIRST_RECORD
  while (at + HEAD <= end) {
    const size = view.getUint32(at + 4, true)
    const isRecord = view.getUint32(at, true) === RECORD_MARK && size >= HEAD + 4 && at + size <= end
    if (!isRecord) {
      const next = nextRecord(view, at + 1, end)
      yield bad(at, `${next - at} bytes that are no record`)
      at = next
      continue
    }
    had.add(view.getBigUint64(at + 8, true))
    try {
      yield { line: xml.text(at + HEAD, at + size - 4), isBad: false }
    } catch (e) {
      if (!(e instanceof Damaged)) throw e
      yield bad(at, `record ${view.getBigUint64(at + 8, true)}: ${e.message}`)
    }
    at += size
  }
  if (carve) yield* carvedRecords(view, xml, end, { had, bad })
}

/** Bytes between records are no damage here, but each record that cannot be read has a line. `had`: numbers of records that the chunk has still. */
function* carvedRecords(
  view: DataView,
  xml: BinaryXml,
  from: number,
  { had, bad }: { readonly had: ReadonlySet<bigint>; readonly bad: (offset: number, reason: string) => EvtxRecord },
): Iterable<EvtxRecord> {
  const end = view.byteLength
  for (let at = nextRecord(view, from, end); at < end; ) {
    const size = view.getUint32(at + 4, true)
    const number = view.getBigUint64(at + 8, true)
    // A record ends with its size. The rest of a moved record can follow the record.
    if (view.getUint32(at + size - 4, true) !== size || had.has(number)) {
      at = nextRecord(view, at + 1, end)
      continue
    }
    try {
      yield { line: CARVED + xml.text(at + HEAD, at + size - 4, true), isBad: false }
    } catch (e) {
      if (!(e instanceof Damaged)) throw e
      yield bad(at, `record ${number} in the unused part: ${e.message}`)
    }
    at = nextRecord(view, at + size, end)
  }
}

function isZero(chunk: Uint8Array): boolean {
  if (chunk[0] !== 0) return false
  const { buffer, byteOffset, length } = chunk
  // A loop over larger numbers reads as much in an eighth of the steps, which must lie at multiples of eight.
  const from = Math.min(length, (8 - (byteOffset % 8)) % 8)
  const words = new Float64Array(buffer, byteOffset + from, (length - from) >> 3)
  for (let i = 0; i < from; i++) if (chunk[i] !== 0) return false
  for (let i = 0; i < words.length; i++) if (words[i] !== 0 || Object.is(words[i], -0)) return false
  for (let i = from + 8 * words.length; i < length; i++) if (chunk[i] !== 0) return false
  return true
}

/** Where a record may begin; the end if there is none. */
function nextRecord(view: DataView, from: number, end: number): number {
  for (let at = from; at + HEAD <= end; at++) {
    if (view.getUint32(at, true) !== RECORD_MARK) continue
    const size = view.getUint32(at + 4, true)
    if (size >= HEAD + 4 && at + size <= end) return at
  }
  return end
}

export const isEvtx = (bytes: Uint8Array): boolean =>
  Array.from('ElfFile\0').every((c, i) => bytes[i] === c.charCodeAt(0))
