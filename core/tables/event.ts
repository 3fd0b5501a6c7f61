// The event that a row of a table is. This defines what the SQL of core/sql/tables/ computes.
import type { Event } from '../logs/format.ts'
import { flatJson } from '../prims/flat-json.ts'
import { elementName, type Place, placesOf } from './column.ts'
import type { Table } from './mapping.ts'
import type { Read } from './read.ts'

/** The values of a whole row, in order: time, record, and one for each place. */
export const wholeRow = (table: Table): readonly Read[] => [
  { kind: 'time' },
  { kind: 'raw' },
  ...placesOf(table.columns, table.mapping.rest).map(
    (of): Read => (of.kind === 'scalar' ? { kind: 'scalar', of } : { kind: 'json', of }),
  ),
]

/** Its reads as `wholeRow` has them, some left out (null), which no binding asks for. */
export type RowValues = readonly [time: string | null, raw: string | null, ...values: (string | null)[]]

export function rowReader(table: Table): (row: RowValues) => Event {
  const places = placesOf(table.columns, table.mapping.rest)
  const own = new Set(places.flatMap((p) => (p.kind === 'scalar' ? [p.name] : [])))
  const mapped = new Set(Object.keys(table.mapping.fields))
  return ([time, raw, ...values]) => {
    const fields = new Map<string, string>()
    values.forEach((value, i) => {
      if (value === null) return
      for (const [name, text] of fieldsOf(places[i] as Place, value, own, mapped))
        if (!fields.has(name)) fields.set(name, text)
    })
    return { fields, time: time === null ? undefined : BigInt(time), raw: raw ?? '' }
  }
}

function* fieldsOf(
  place: Place,
  value: string,
  own: ReadonlySet<string>,
  mapped: ReadonlySet<string>,
): Iterable<readonly [string, string]> {
  if (place.kind === 'scalar') yield [place.name, value]
  else if (place.kind === 'list') {
    const [before = '', after = ''] = elementName(place).split('[]')
    for (const [i, text] of (JSON.parse(value) as (string | null)[]).entries())
      if (text !== null) yield [`${before}[${i}]${after}`, text]
  } else if (place.kind === 'map') {
    const above = place.name === '' ? '' : `${place.name}.`
    for (const [key, text] of JSON.parse(value) as [string, string | null][]) {
      const name = above + key
      if (text !== null && !own.has(name) && !(above === '' && mapped.has(name))) yield [name, text]
    }
  } else {
    const flat = flatJson(value, { handleNull: 'discard', excludeEmpty: false, include: [], exclude: [] })
    for (const [name, text] of flat ?? []) if (!own.has(name) && !mapped.has(name)) yield [name, text]
  }
}
