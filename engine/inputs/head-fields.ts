// Field names at the head of files. Languages whose names ignore case read a field under the spelling of the log.
import type { Event, LogFormat } from '../../core/logs/format.ts'
import { formatOf } from './format-of.ts'
import { placesOf } from '../../core/tables/column.ts'
import type { Recognised } from './input.ts'

/** Names of the fields in the heads of the files, and the aliases and tags of their formats. Never throws. */
export function availableFields(files: readonly Recognised[]): string[] {
  const names = new Set<string>()
  for (const file of files) {
    const format = formatOf(file)
    if (!format) continue
    for (const name of [...Object.keys(format.aliases), ...Object.keys(format.tags)]) names.add(name)
    for (const place of file.table ? placesOf(file.table.table.columns, file.table.table.mapping.rest) : [])
      if (place.kind !== 'json') names.add(place.name)
    for (const name of fieldsOfHead(format, file.head)) names.add(name)
  }
  return [...names]
}

/** Different values of a field that are kept, and their longest. */
const MOST_VALUES = 30
const MOST_LETTERS = 80

/** Fields in the heads of the files, each with some of its values. Never throws. */
export function headProfile(files: readonly Recognised[]): Map<string, string[]> {
  const profile = new Map<string, string[]>()
  for (const file of files) {
    const format = formatOf(file)
    if (!format) continue
    for (const name of [...Object.keys(format.aliases), ...Object.keys(format.tags)])
      profile.set(name, profile.get(name) ?? [])
    for (const event of eventsOfHead(format, file.head))
      for (const [name, value] of event.fields) {
        const values = profile.get(name) ?? []
        profile.set(name, values)
        if (values.length < MOST_VALUES && value.length <= MOST_LETTERS && !values.includes(value)) values.push(value)
      }
  }
  return profile
}

function fieldsOfHead(format: LogFormat, head: readonly string[]): Set<string> {
  return new Set([...eventsOfHead(format, head)].flatMap((e) => [...e.fields.keys()]))
}

function* eventsOfHead(format: LogFormat, head: readonly string[]): Generator<Event> {
  const reader = format.reader({ zone: 'UTC', year: 1970 }, head)
  const records = format.split ? [...format.split(head.join('\n'))].map((r) => r.record) : head
  for (const record of records) {
    const event = reader.read(record)
    if ('fields' in event) yield event
  }
}
