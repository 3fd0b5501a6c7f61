// Comma-separated values: RFC 4180 and the variants of spreadsheets and exports.
import type { Bad, Event, FormatContext, Reader } from '../format.ts'

/** The separator is the first of these that gives the header more than one column. */
const SEPARATORS = [',', ';', '\t'] as const

/**
 * Values of one record; undefined while a quote is open (the record goes on in the next line).
 * A quote that does not begin a value is an ordinary character.
 */
export function splitCsv(text: string, separator = ','): string[] | undefined {
  const out: string[] = []
  let at = 0
  for (;;) {
    if (text[at] === '"') {
      const quoted = readQuoted(text, at)
      if (!quoted) return undefined
      const end = text.indexOf(separator, quoted.end)
      // Text after the closing quote is kept as part of the value.
      out.push(quoted.value + text.slice(quoted.end, end < 0 ? text.length : end))
      if (end < 0) return out
      at = end + 1
    } else {
      const end = text.indexOf(separator, at)
      out.push(text.slice(at, end < 0 ? text.length : end))
      if (end < 0) return out
      at = end + 1
    }
  }
}

function readQuoted(text: string, quote: number): { value: string; end: number } | undefined {
  let from = quote + 1
  let value = ''
  for (;;) {
    const end = text.indexOf('"', from)
    if (end < 0) return undefined
    value += text.slice(from, end)
    if (text[end + 1] !== '"') return { value, end: end + 1 }
    value += '"'
    from = end + 2
  }
}

interface CsvHeader {
  readonly names: readonly string[]
  readonly separator: string
}

/** The line as a header: at least two columns with different names that are not empty. Undefined for any other line. */
export function csvHeader(line: string | undefined): CsvHeader | undefined {
  if (line === undefined) return undefined
  const text = clean(line).replace(/^\uFEFF/, '')
  for (const separator of SEPARATORS) {
    const cells = splitCsv(text, separator)
    const names = cells?.map((n) => n.trim())
    if (!cells || !names || names.length < 2) continue
    // `error, try again`: two parts of a sentence.
    if (names.length === 2 && cells[1]?.startsWith(' ')) continue
    if (names.every(isName) && new Set(names).size === names.length) return { names, separator }
  }
  return undefined
}

/** At most so many words make a name (`Bytes Sent (total)`). More are prose. */
const MOST_WORDS = 5

/** A name of a column, not a value or a part of a sentence: `code 5`, `EventPriority: Low`, `2026-03-02 10:00:00`, `a=b` are none. */
function isName(name: string): boolean {
  const words = name.split(/\s+/)
  const plain = name.replace(/\[(?:\d+|[A-Za-z]+)\]/g, '')
  return (
    name !== '' &&
    words.length <= MOST_WORDS &&
    !/[{}[\]=]|: |"\w/.test(plain) &&
    !words.some((w, i) => /^[\d.:/-]+$/.test(w) && (words.length > 1 || i === 0)) &&
    !/\d:\d\d|^https?:/.test(name)
  )
}

/** A header is another text than its rows: prose with commas begins alike, line after line. */
export const isHeaderOf = (names: readonly string[], rows: readonly (readonly string[])[]): boolean =>
  !rows.some((row) => row.length === names.length && names.some((n, i) => n === row[i]?.trim()))

const clean = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line)

type TimeOf = (fields: ReadonlyMap<string, string>, context: FormatContext) => bigint | undefined

/** An empty value is an absent field: CSV has no other form for it. */
export function csvReader(context: FormatContext, header: readonly string[], timeOf: TimeOf): Reader {
  const columns = csvHeader(header.find((l) => l.trim() !== ''))
  const headerText = header.find((l) => l.trim() !== '')
  let begun = false
  let held: string | undefined
  const finish = (values: readonly string[]): Event | Bad => {
    if (!columns) return { bad: 'no header' }
    if (values.length !== columns.names.length)
      return { bad: `${values.length} values for ${columns.names.length} columns` }
    const fields = new Map<string, string>()
    columns.names.forEach((name, i) => {
      const value = values[i] as string
      if (value !== '') fields.set(name, value)
    })
    return { fields, time: timeOf(fields, context) }
  }
  return {
    read: (record) => {
      if (!begun && record === headerText) {
        begun = true
        return { skip: 'header' }
      }
      begun = true
      if (held === undefined && record.trim() === '') return { skip: 'blank' }
      const text = held === undefined ? clean(record) : `${held}\n${clean(record)}`
      if (text.includes('\0')) return { bad: 'has NUL bytes' }
      const values = splitCsv(text, columns?.separator)
      if (values === undefined) {
        held = text
        return { skip: 'continues on the next line' }
      }
      held = undefined
      return finish(values)
    },
    end: () => (held === undefined ? undefined : { bad: 'cut off' }),
  }
}
