// Text on its way into a file of ours in a private folder, written in blocks.
import { closeSync, openSync, writeSync } from 'node:fs'

const BLOCK = 1 << 20

export class BlockWriter {
  readonly path: string
  #text = ''
  #fd: number | undefined

  constructor(path: string) {
    this.path = path
  }

  add(text: string): void {
    this.#text += text
    if (this.#text.length > BLOCK) this.flush()
  }

  flush(): void {
    if (this.#text === '') return
    this.#fd ??= openSync(this.path, 'a', 0o600)
    const bytes = Buffer.from(this.#text)
    let done = 0
    while (done < bytes.length) done += writeSync(this.#fd, bytes, done)
    this.#text = ''
  }

  /** A text that is added later goes to the end of the file. */
  close(): void {
    this.flush()
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
  }
}
