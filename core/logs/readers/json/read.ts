// JSON records as flat fields. A number is its lexeme: 1.10, 1e3, -0 and integers of any length stay what was written.
import type { Bad } from '../../format.ts'
import type { JsonRecord } from './json-record.ts'
import { flatJson } from './flat-reader.ts'
import { readSlowly } from './strict-reader.ts'

/** RFC 7464 (`application/json-seq`, `journalctl -o json-seq`): the record separator stands before each text. */
export const withoutMark = (text: string): string => (text.charCodeAt(0) === 0x1e ? text.slice(1) : text)

/**
 * Nested values become `a.b` and `a[0].c`; null, `{}` and `[]` give no field. The last of repeated keys counts, with a note.
 * Names are case-sensitive. A record that is not exactly one object is bad.
 */
export function readJson(text: string): JsonRecord | Bad {
  const sent = withoutMark(text)
  const record = sent.charCodeAt(sent.length - 1) === 125 ? sent : sent.trim()
  const fields = flatJson(record)
  return fields ? { fields } : readSlowly(record)
}
