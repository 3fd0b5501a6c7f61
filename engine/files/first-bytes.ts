import { closeSync, openSync, readSync } from 'node:fs'

/** The first bytes of a file, zeros after its end. Undefined: it cannot be read. */
export function firstBytes(path: string, length: number): Buffer | undefined {
  const head = Buffer.alloc(length)
  try {
    const fd = openSync(path, 'r')
    try {
      readSync(fd, head, 0, length, 0)
    } finally {
      closeSync(fd)
    }
  } catch {
    return undefined
  }
  return head
}
