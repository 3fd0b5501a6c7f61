// The names of fields in the catalogues of events.
import { all as catalogues } from '../logs/catalogues/_index.ts'
import type { EventCatalogue } from '../logs/catalogue.ts'

const catalogued: ReadonlySet<string> = new Set(
  (catalogues as readonly EventCatalogue[]).flatMap((c) => [
    ...c.fieldNames,
    ...c.events.flatMap((e) => [...e.fields, ...e.sometimes]),
  ]),
)

export const isKnownField = (name: string): boolean => catalogued.has(name)
