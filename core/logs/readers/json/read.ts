// JSON records as flat fields. A number is its lexeme: 1.10, 1e3, -0 and integers of any length stay what was written.
import type { Bad } from '../../format.ts'
import { flatJson } from './flat-reader.ts'
import { readSlowly } from './strict-reader.ts'

export interface JsonRecord {
  readonly fields: ReadonlyMap<string, string>
  readonly notes?: readonly string[]
}

/**
 * Nested values become `a.b` and `a[0].c`; null, `{}` and `[]` give no field; of a repeated key the last counts and a note tells.
 * Names are case-sensitive. A record that is not exactly one object is bad.
 */
export function readJson(text: string): JsonRecord | Bad {
  const record = text.charCodeAt(text.length - 1) === 125 ? text : text.trim()
  const fields = flatJson(record)
  return fields ? { fields } : readSlowly(record)
}
