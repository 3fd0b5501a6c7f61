// JSON records as flat fields. A number is its lexeme: 1.10, 1e3, -0 and integers of any length stay what was written.
import type { Bad } from '../../format.ts'
import type { JsonRecord } from './json-record.ts'
import { withoutMark } from '../json-documents.ts'
import { flatJson } from './flat-reader.ts'
import { readSlowly } from './strict-reader.ts'

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
