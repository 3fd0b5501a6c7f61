// Standard input as a private file, so that it can be recognised, read twice and read in parallel with bounded memory.
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { makeTemp } from '../files/temp.ts'

let kept: Promise<{ path: string; size: number }> | undefined

/** Reads standard input to its end, once; later calls give the same file. */
export function keepStdin(): Promise<{ path: string; size: number }> {
  kept ??= keep()
  return kept
}

async function keep(): Promise<{ path: string; size: number }> {
  const path = join(makeTemp(), 'stdin')
  const out = createWriteStream(path, { mode: 0o600 })
  await pipeline(process.stdin, out)
  return { path, size: out.bytesWritten }
}
