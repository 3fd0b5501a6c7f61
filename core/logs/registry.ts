// Formats, found by their folder, and what follows from their records.
import type { Event, FormatRecord, InMessages, LogFormat, Recognition, SigmaSource } from './format.ts'
import { all } from './formats/_index.ts'
import { text } from './formats/text.ts'
import { fileHead } from './readers/recognise.ts'

const records: readonly FormatRecord[] = all

/** Formats whose records may lie inside other records, best score first. */
const inside: readonly InMessages[] = records
  .flatMap((f) => (f.inMessages ? [f.inMessages] : []))
  .sort((a, b) => b.score - a.score)

const complete = (record: FormatRecord): LogFormat => ({
  ...record,
  reader: (context, header) => record.reader(context, header, inside),
})

export const formats: readonly LogFormat[] = records.map(complete)

export const formatNamed = (name: string): LogFormat | undefined => formats.find((f) => f.name === name)

/** For a file that no format fits. */
export const plainText: LogFormat = complete(text)

export interface Recognised extends Recognition {
  readonly format: LogFormat
}

/** All formats that the first lines of a file may be, best first; ties by name. Empty: no format fits. */
export function recognise(lines: readonly string[]): Recognised[] {
  const head = fileHead(lines)
  return formats
    .flatMap((format) => {
      const found = format.recognise(head)
      return found && found.score > 0 ? [{ ...found, format }] : []
    })
    .sort((a, b) => b.score - a.score || (a.format.name < b.format.name ? -1 : 1))
}

export const isEvent = (record: object): record is Event => 'fields' in record

/** Does telemetry of the format take part in the view? */
export const takesPart = (format: string, view: string): boolean => formatNamed(format)?.views?.includes(view) === true

/** Sigma's log sources that the formats declare. */
export const sigmaSources: readonly SigmaSource[] = formats.flatMap((f) => f.sigma ?? [])
