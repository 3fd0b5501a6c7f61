// Comma-separated values: RFC 4180 and the variants of spreadsheets and exports.
import type { Bad, Event, FormatContext, Reader } from '../format.ts'

/** The separator is the first of these that gives the header more than one column. */
const SEPARATORS = [',', ';', '\t'] as const

/**
 * Values of one record; undefined while a quote is open (the record goes on in the next line).
 * A quote that does not begin a value is an ordinary character.
 */
export const splitCsv = (text: string, separator = ','): string[] | undefined => new CsvRecords(separator).line(text)

/** Records over one or several lines. Each line is looked at once. */
export class CsvRecords {
  readonly #separator: string
  #values: string[] = []
  /** The value so far whose quote is open. */
  #open: string | undefined
  #isTorn = false

  constructor(separator = ',') {
    this.#separator = separator
  }

  get isOpen(): boolean {
    return this.#open !== undefined
  }

  /** A quote of the last record closed in a later line, before more text of the value: a quote is missing, and records run together. */
  get isTorn(): boolean {
    return this.#isTorn
  }

  /** The values of the record that ends with this line. */
  line(text: string): string[] | undefined {
    const before = this.#open
    let at = 0
    if (before !== undefined) {
      const next = this.#quoted(text, 0, `${before}\n`)
      if (next === undefined) return undefined
      at = next
    } else this.#isTorn = false
    while (at <= text.length) {
      if (text[at] === '"') {
        const next = this.#quoted(text, at + 1, '')
        if (next === undefined) return undefined
        at = next
      } else {
        const end = text.indexOf(this.#separator, at)
        this.#values.push(text.slice(at, end < 0 ? text.length : end))
        at = end < 0 ? text.length + 1 : end + 1
      }
    }
    const values = this.#values
    this.#values = []
    return values
  }

  /** Forgets a record that has no end. */
  drop(): void {
    this.#values = []
    this.#open = undefined
  }

  /** Start of the next value; undefined: the quote is not closed in this line. `begin`: the value in the lines before. */
  #quoted(text: string, start: number, begin: string): number | undefined {
    let from = start
    let value = begin
    for (;;) {
      const end = text.indexOf('"', from)
      if (end < 0) {
        this.#open = value + text.slice(from)
        return undefined
      }
      value += text.slice(from, end)
      from = end + 2
      if (text[end + 1] === '"') {
        value += '"'
        continue
      }
      this.#open = undefined
      const next = text.indexOf(this.#separator, end + 1)
      // Text behind the closing quote is kept as part of the value.
      const behind = text.slice(end + 1, next < 0 ? text.length : next)
      this.#isTorn ||= value.includes('\n') && behind.trim() !== ''
      this.#values.push(value + behind)
      return next < 0 ? text.length + 1 : next + 1
    }
  }
}

/** The records that end within these lines, which may go on over several of them. */
export function csvRows(lines: readonly string[], separator: string): string[][] {
  const records = new CsvRecords(separator)
  return lines.flatMap((line) => {
    const values = records.line(clean(line))
    return values ? [values] : []
  })
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

/** A longer record has a quote that is never closed. It may not take the rest of the file. Characters. */
const MOST_RECORD = 1 << 20

type TimeOf = (fields: ReadonlyMap<string, string>, context: FormatContext) => bigint | undefined

/** An empty value is an absent field: CSV has no other form for it. */
export function csvReader(context: FormatContext, header: readonly string[], timeOf: TimeOf): Reader {
  const columns = csvHeader(header.find((l) => l.trim() !== ''))
  const headerText = header.find((l) => l.trim() !== '')
  const records = new CsvRecords(columns?.separator)
  let begun = false
  let held = 0
  const finish = (values: readonly string[]): Event | Bad => {
    if (!columns) return { bad: 'no header' }
    if (records.isTorn) return { bad: 'a quote is missing: one closes before more text of its value' }
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
      if (!records.isOpen && record.trim() === '') return { skip: 'blank' }
      if (record.includes('\0')) {
        records.drop()
        return { bad: 'has NUL bytes' }
      }
      const line = clean(record)
      held = records.isOpen ? held + line.length : line.length
      const values = records.line(line)
      if (values) return finish(values)
      if (held <= MOST_RECORD) return { skip: 'continues on the next line' }
      records.drop()
      return { bad: 'a quote is never closed' }
    },
    end: () => (records.isOpen ? { bad: 'cut off' } : undefined),
  }
}
