// Text on its way into a file of ours in a private folder, written in blocks.
import { closeSync, openSync, writeSync } from 'node:fs'

/** Bytes. A hunt has thousands of files at once: the first block of each is small. */
const FIRST = 8 << 10
const BLOCK = 256 << 10

/** A UTF-16 unit is at most three bytes of UTF-8. */
const MOST_BYTES = 3

export class BlockWriter {
  readonly path: string
  /** Bytes that were written. */
  written = 0
  /** Text goes into bytes at once: V8 joins a long text of many pieces more slowly than it writes each piece. */
  #block = Buffer.alloc(0)
  #used = 0
  #fd: number | undefined

  constructor(path: string) {
    this.path = path
  }

  add(text: string): void {
    const most = MOST_BYTES * text.length
    if (most > BLOCK) {
      this.flush()
      this.#write(Buffer.from(text))
      return
    }
    if (this.#used + most > this.#block.length) this.#makeRoom(most)
    this.#used += this.#block.write(text, this.#used)
  }

  #makeRoom(most: number): void {
    const wanted = this.#used + most
    if (wanted > BLOCK) this.flush()
    if (this.#used + most <= this.#block.length) return
    const larger = Buffer.allocUnsafe(Math.min(BLOCK, Math.max(FIRST, 2 * wanted)))
    this.#block.copy(larger, 0, 0, this.#used)
    this.#block = larger
  }

  flush(): void {
    this.#write(this.#block.subarray(0, this.#used))
    this.#used = 0
  }

  #write(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#fd ??= openSync(this.path, 'a', 0o600)
    let done = 0
    while (done < bytes.length) done += writeSync(this.#fd, bytes, done)
    this.written += bytes.length
  }

  /** A text that is added later goes to the end of the file. */
  close(): void {
    this.flush()
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
  }
}
