// Files that are read whole: queries, pages, rules, lists, settings. A name of the command line may be a pipe of the shell (`<(…)`), which
// has no size, and a pull request may bring a file of any size. So bytes are counted while they are read.
import { closeSync, openSync, readSync } from 'node:fs'

/** Bytes. All 4,000 rules of the public Sigma collection in one file have 7 MB. */
export const MOST_SMALL = 32 * 1024 * 1024
const STEP = 64 * 1024

/** `from`: a path, or an open file. Throws what the system says, and for a file that is too large. */
export function readSmall(from: number | string, most = MOST_SMALL): Buffer {
  const fd = typeof from === 'number' ? from : openSync(from, 'r')
  try {
    const parts: Buffer[] = []
    for (let size = 0; ; ) {
      const part = Buffer.allocUnsafe(STEP)
      const n = readSome(fd, part)
      if (n === 0) return Buffer.concat(parts, size)
      size += n
      if (size > most) throw new Error(`it has more than ${most} bytes, and a file of its kind is read whole`)
      parts.push(part.subarray(0, n))
    }
  } finally {
    if (fd !== from) closeSync(fd)
  }
}

/** A terminal or pipe that does not wait has nothing yet (EAGAIN), and on Windows its end is an error (EOF). */
function readSome(fd: number, into: Buffer): number {
  for (;;) {
    try {
      return readSync(fd, into, 0, into.length, null)
    } catch (e) {
      const { code } = e as NodeJS.ErrnoException
      if (code === 'EOF') return 0
      if (code !== 'EAGAIN') throw e
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
  }
}

export const readSmallText = (from: string): string => readSmall(from).toString('utf8')
