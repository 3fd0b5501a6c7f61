// Small packed files are unpacked at once, so that the program's own thread reads them: a thread costs more than they do.
import { readFileSync } from 'node:fs'
import { type Gunzip, gunzipSync } from 'node:zlib'
import type { Recognised } from '../inputs/input.ts'

/** Bytes of the packed files of a scan, and of their texts. */
const MOST_PACKED = 1 << 20
const MOST_TEXT = 8 << 20

type Files = readonly Pick<Recognised, 'path' | 'size'>[]

/** Null: it is no text of ours to read. */
const texts = new WeakMap<object, Buffer | null>()

export const areSmall = (packed: Files): boolean => packed.reduce((n, f) => n + f.size, 0) <= MOST_PACKED

/** Unpacks the files, each once. False: they are large, or one is not whole members of gzip alone; `gunzip.ts` tells what is wrong. */
export function unpackSmall(packed: Files): boolean {
  if (!areSmall(packed)) return false
  let left = MOST_TEXT
  for (const file of packed) {
    const before = texts.get(file)
    const text = before === undefined ? unpacked(file.path, left) : before
    texts.set(file, text)
    if (!text) return false
    left -= text.length
  }
  return true
}

/** The text of a file that was unpacked in this thread. */
export const smallText = (file: Recognised): Buffer | undefined => texts.get(file) ?? undefined

function unpacked(path: string, most: number): Buffer | null {
  try {
    const packed = readFileSync(path)
    const options = { maxOutputLength: Math.max(1, most), info: true }
    const { buffer, engine } = gunzipSync(packed, options) as unknown as { buffer: Buffer; engine: Gunzip }
    // Node ignores what follows the last member.
    return engine.bytesWritten === packed.length ? buffer : null
  } catch {
    return null
  }
}
