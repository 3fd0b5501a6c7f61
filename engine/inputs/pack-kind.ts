// Archives and zstd files by their first bytes. Code that unpacks is loaded for them alone.
import { firstBytes } from '../files/first-bytes.ts'

export type PackKind = 'zip' | 'zstd'

/** Undefined: the file is neither, or cannot be read. */
export function packKind(path: string): PackKind | undefined {
  const magic = firstBytes(path, 4)?.readUInt32BE()
  return magic === 0x504b0304 || magic === 0x504b0506 ? 'zip' : magic === 0x28b52ffd ? 'zstd' : undefined
}
