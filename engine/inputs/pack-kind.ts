// Archives and zstd files by their first bytes. Code that unpacks is loaded for them alone.
import { closeSync, openSync, readSync } from 'node:fs'

export type PackKind = 'zip' | 'zstd'

/** Undefined: the file is neither, or cannot be read. */
export function packKind(path: string): PackKind | undefined {
  const head = Buffer.alloc(4)
  try {
    const fd = openSync(path, 'r')
    try {
      readSync(fd, head, 0, 4, 0)
    } finally {
      closeSync(fd)
    }
  } catch {
    return undefined
  }
  const magic = head.readUInt32BE()
  return magic === 0x504b0304 || magic === 0x504b0506 ? 'zip' : magic === 0x28b52ffd ? 'zstd' : undefined
}
