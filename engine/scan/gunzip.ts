// gzip (RFC 1952), member by member. Node's own stream loses what it had unpacked last when a checksum is wrong or bytes follow, silently; so the deflate data go to zlib, and header and trailer are read here.
import { crc32, createInflateRaw, type InflateRaw } from 'node:zlib'

/** A file of packed bytes that can be read again. */
export type OpenPacked = () => AsyncIterable<Buffer>

export const ENDS_EARLY = 'the gzip data ends early'
export const DAMAGED = 'the gzip data is damaged'

/** The text of all members. `cut` gets the reason if not all bytes of the file are whole members; zeros behind the last one are padding. */
export async function* gunzipped(open: OpenPacked, cut: (reason: string) => void): AsyncIterable<Buffer> {
  const packed = new Packed(open())
  try {
    for (let first = true; await packed.has(1); first = false) {
      const header = await headerOf(packed)
      if (header !== 'whole') {
        if (header === 'padding') continue
        cut(header === 'cut' ? ENDS_EARLY : first ? DAMAGED : 'other bytes follow the gzip data')
        return
      }
      const begin = packed.offset
      const sum = { crc: 0, size: 0 }
      const fault = yield* inflated(packed, sum)
      if (fault !== undefined) {
        if (fault.kind === 'damaged') yield* lastBytes(open, begin, fault.at)
        cut(fault.kind === 'damaged' ? DAMAGED : ENDS_EARLY)
        return
      }
      if (!(await packed.has(8))) return cut(ENDS_EARLY)
      const trailer = packed.take(8)
      if (trailer.readUInt32LE(0) !== sum.crc || trailer.readUInt32LE(4) !== sum.size)
        return cut('the checksum or length at the end of the gzip data is wrong')
    }
  } finally {
    await packed.close()
  }
}

/** Packed bytes that can be given back. */
class Packed {
  readonly #iterator: AsyncIterator<Buffer>
  #held: Buffer = Buffer.alloc(0)
  /** Of the next byte in the file. */
  offset = 0

  constructor(bytes: AsyncIterable<Buffer>) {
    this.#iterator = bytes[Symbol.asyncIterator]()
  }

  async has(size: number): Promise<boolean> {
    while (this.#held.length < size) {
      const next = await this.#iterator.next()
      if (next.done) return false
      this.#held = this.#held.length > 0 ? Buffer.concat([this.#held, next.value]) : next.value
    }
    return true
  }

  take(size: number): Buffer {
    const taken = this.#held.subarray(0, size)
    this.#held = this.#held.subarray(size)
    this.offset += taken.length
    return taken
  }

  /** The next bytes; undefined: the file ends here. */
  async some(): Promise<Buffer | undefined> {
    return (await this.has(1)) ? this.take(this.#held.length) : undefined
  }

  giveBack(bytes: Buffer): void {
    this.#held = Buffer.concat([bytes, this.#held])
    this.offset -= bytes.length
  }

  async close(): Promise<void> {
    await this.#iterator.return?.()
  }
}

async function headerOf(packed: Packed): Promise<'cut' | 'other' | 'padding' | 'whole'> {
  await packed.has(10)
  const head = packed.take(10)
  if (head[0] === 0) {
    for (let rest: Buffer | undefined = head; rest; rest = await packed.some())
      if (rest.some((b) => b !== 0)) return 'other'
    return 'padding'
  }
  if (head[0] !== 0x1f || (head.length > 1 && head[1] !== 0x8b) || (head.length > 2 && head[2] !== 8)) return 'other'
  if (head.length < 10) return 'cut'
  const flags = head[3] as number
  if (flags & 4) {
    if (!(await packed.has(2))) return 'cut'
    const length = packed.take(2).readUInt16LE(0)
    if (!(await packed.has(length))) return 'cut'
    packed.take(length)
  }
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue
    do if (!(await packed.has(1))) return 'cut'
    while (packed.take(1)[0] !== 0)
  }
  if (flags & 2) {
    if (!(await packed.has(2))) return 'cut'
    packed.take(2)
  }
  return 'whole'
}

type Fault = { readonly kind: 'cut' } | { readonly kind: 'damaged'; readonly at: number }

/** One member's text. The next piece is unpacked in zlib's thread while the last one is used. */
async function* inflated(
  packed: Packed,
  sum: { crc: number; size: number },
): AsyncGenerator<Buffer, Fault | undefined> {
  const inflate = new Inflate()
  try {
    let at = packed.offset
    let chunk = await packed.some()
    let writing = chunk && inflate.write(chunk)
    while (chunk && writing) {
      const { pieces, used } = await writing
      if (used === undefined) return { kind: 'damaged', at }
      const isLast = used < chunk.length
      if (isLast) packed.giveBack(chunk.subarray(used))
      at = packed.offset
      chunk = isLast ? undefined : await packed.some()
      writing = chunk && inflate.write(chunk)
      for (const piece of pieces) {
        sum.crc = crc32(piece, sum.crc)
        sum.size = (sum.size + piece.length) >>> 0
        yield piece
      }
      if (isLast) return undefined
    }
    return { kind: 'cut' }
  } finally {
    inflate.close()
  }
}

/** The text of the bytes from `damage` up to the damage itself, which the quick way loses: a member is unpacked again, at the end byte by byte. */
async function* lastBytes(open: OpenPacked, begin: number, damage: number): AsyncIterable<Buffer> {
  const packed = new Packed(open())
  const inflate = new Inflate()
  try {
    for (let left = begin; left > 0 && (await packed.has(1)); ) left -= packed.take(left).length
    while (await packed.has(1)) {
      const isBefore = packed.offset < damage
      const { pieces, used } = await inflate.write(packed.take(isBefore ? damage - packed.offset : 1))
      if (used === undefined) return
      if (!isBefore) yield* pieces
    }
  } finally {
    inflate.close()
    await packed.close()
  }
}

class Inflate {
  /** zlib stops when this is full until the thread has time for it, so it takes the text of a whole piece of packed bytes. */
  readonly #inflate: InflateRaw = createInflateRaw({ chunkSize: 8 << 20 })
  #pieces: Buffer[] = []
  #failed = false
  #done: () => void = () => {}

  constructor() {
    this.#inflate.on('data', (piece: Buffer) => this.#pieces.push(piece))
    this.#inflate.on('error', () => {
      this.#failed = true
      this.#done()
    })
  }

  /** `used`: bytes that belong to the member; undefined: the data is damaged. */
  async write(bytes: Buffer): Promise<{ pieces: readonly Buffer[]; used: number | undefined }> {
    const before = this.#inflate.bytesWritten
    await new Promise<void>((done) => {
      this.#done = done
      this.#inflate.write(bytes, () => done())
    })
    const pieces = this.#pieces
    this.#pieces = []
    return { pieces, used: this.#failed ? undefined : this.#inflate.bytesWritten - before }
  }

  close(): void {
    this.#inflate.destroy()
  }
}
