// Rows on their way to DuckDB: NDJSON parts with columns c0, c1, … in a private folder.
import { existsSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import type { Tuple } from '../../core/eval/sink.ts'
import type { Value } from '../../core/plan/plan.ts'
import { BlockWriter } from './block-writer.ts'

const partPath = (folder: string, source: number, part: string): string => join(folder, `s${source}-${part}.ndjson`)

/** Removes what a writer that was ended left behind its last task. `bytes`: by source. */
export function cutParts(folder: string, part: string, bytes: readonly number[]): void {
  for (const [source, size] of bytes.entries()) {
    const path = partPath(folder, source, part)
    if (existsSync(path)) truncateSync(path, size)
  }
}

export class SpoolPart {
  rows = 0
  /** At least the bytes of the longest row. */
  longest = 0
  readonly #file: BlockWriter

  /** `part`: name of the writer. A source has one part for each writer. */
  constructor(folder: string, source: number, part: string) {
    this.#file = new BlockWriter(partPath(folder, source, part))
  }

  /** Bytes of the file, after `close`. */
  get bytes(): number {
    return this.#file.written
  }

  add(row: Tuple): void {
    this.rows++
    let text = '{'
    for (let i = 0; i < row.length; i++) {
      const value = row[i] as Value
      if (value === null) continue
      if (text.length > 1) text += ','
      text += `"c${i}":${jsonOf(value)}`
    }
    // A UTF-16 unit is at most three bytes of UTF-8.
    this.longest = Math.max(this.longest, 3 * text.length + 8)
    this.#file.add(`${text}}\n`)
  }

  close(): void {
    this.#file.close()
  }
}

/** Numbers are written as strings: DuckDB's JSON reader would turn large integers into doubles, while casts of strings are exact. */
function jsonOf(value: Exclude<Value, null>): string {
  if (typeof value === 'string' || typeof value === 'object') return JSON.stringify(value)
  return `"${String(value)}"`
}
