// zstd frames (RFC 8878), with their check sums: fzstd unpacks and does not compare them, so damaged data would pass for events.
import { closeSync, openSync, readSync } from 'node:fs'
import { Decompress } from 'fzstd'
import xxhash from 'xxhash-wasm'

const FRAME = 0xfd2fb528
/** Frames of other programs, which hold no data: 0x184d2a50 to 0x184d2a5f. */
const SKIPPED = 0x184d2a5
const RUN = 1
const RESERVED = 3

/** The unpacked bytes in pieces. Throws where the file ends early or is damaged. */
export async function* unzstd(path: string): AsyncIterable<Buffer> {
  const { create64 } = await xxhash()
  const file = openSync(path, 'r')
  try {
    for (let magic = bytes(file, 4, true); magic; magic = bytes(file, 4, true)) {
      const number = magic.readUInt32LE()
      if (number >>> 4 === SKIPPED) skip(file, whole(file, 4).readUInt32LE())
      else if (number === FRAME) yield* frame(file, magic, create64())
      else throw new Error('it is damaged: no frame begins behind the last one')
    }
  } finally {
    closeSync(file)
  }
}

interface Sum {
  update(piece: Uint8Array): unknown
  digest(): bigint
}

function* frame(file: number, magic: Buffer, sum: Sum): Iterable<Buffer> {
  const pieces: Buffer[] = []
  const stream = new Decompress((piece) => {
    if (piece.length === 0) return
    sum.update(piece)
    pieces.push(Buffer.from(piece))
  })
  const descriptor = whole(file, 1)
  const flags = descriptor[0] as number
  const isSingle = (flags & 0x20) !== 0
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][flags >> 6] as number
  const idBytes = [0, 1, 2, 4][flags & 3] as number
  const header = whole(file, (isSingle ? 0 : 1) + idBytes + sizeBytes)
  stream.push(Buffer.concat([magic, descriptor, header]))
  for (let isLast = false; !isLast; ) {
    const head = whole(file, 3)
    const value = head.readUIntLE(0, 3)
    const type = (value >> 1) & 3
    if (type === RESERVED) throw new Error('it is damaged: a block of a reserved type')
    isLast = (value & 1) === 1
    stream.push(Buffer.concat([head, whole(file, type === RUN ? 1 : value >> 3)]))
    yield* pieces.splice(0)
  }
  const wanted = (flags & 4) === 0 ? undefined : whole(file, 4)
  if (wanted) stream.push(wanted)
  stream.push(new Uint8Array(0), true)
  yield* pieces.splice(0)
  if (wanted && Number(sum.digest() & 0xffffffffn) !== wanted.readUInt32LE())
    throw new Error('it is damaged: its check sum is another one')
}

function whole(file: number, size: number): Buffer {
  return bytes(file, size, false) as Buffer
}

/** The next bytes of the file; undefined at its end, where it may end. */
function bytes(file: number, size: number, mayEnd: boolean): Buffer | undefined {
  const buffer = Buffer.alloc(size)
  let length = 0
  while (length < size) {
    const n = readSync(file, buffer, length, size - length, null)
    if (n === 0) break
    length += n
  }
  if (length === 0 && size > 0 && mayEnd) return undefined
  if (length < size) throw new Error('it ends early')
  return buffer
}

/** The size is the file's own word, so nothing of that size is kept. */
function skip(file: number, size: number): void {
  for (let left = size; left > 0; left -= 1 << 16) whole(file, Math.min(left, 1 << 16))
}
