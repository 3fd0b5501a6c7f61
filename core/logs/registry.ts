// Formats, catalogues and views, found by their folders.
import type { Event, LogFormat, Recognition } from './format.ts'
import { all } from './formats/_index.ts'
import { text } from './formats/text.ts'

export const formats: readonly LogFormat[] = all

export const formatNamed = (name: string): LogFormat | undefined => formats.find((f) => f.name === name)

/** For a file that no format fits. */
export const plainText: LogFormat = text

export interface Recognised extends Recognition {
  readonly format: LogFormat
}

/** All formats that the first lines of a file may be, best first; ties by name. Empty: nothing we know. */
export function recognise(head: readonly string[]): Recognised[] {
  return formats
    .flatMap((format) => {
      const found = format.recognise(head)
      return found && found.score > 0 ? [{ ...found, format }] : []
    })
    .sort((a, b) => b.score - a.score || (a.format.name < b.format.name ? -1 : 1))
}

export const isEvent = (record: object): record is Event => 'fields' in record
