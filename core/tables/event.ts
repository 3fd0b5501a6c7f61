// The event that a row of a table is. This defines what the SQL of core/sql/tables/ computes.
import type { Event } from '../logs/format.ts'
import { LazyEvent, LazyFields } from '../logs/readers/fields.ts'
import { flatJson } from '../prims/flat-json.ts'
import { elementName, hiddenPlaces, type Place, placesOf, type ScalarPlace } from './column.ts'
import type { Copies } from './find-field.ts'
import type { Table } from './mapping.ts'
import type { Read } from './read.ts'

/** The values of a whole row, in order: time, record, one for each place, and one for each name that only answers. */
export const wholeRow = (table: Table): readonly Read[] => [
  { kind: 'time' },
  { kind: 'raw' },
  ...placesOf(table.columns, table.mapping.rest).map(
    (of): Read => (of.kind === 'scalar' ? { kind: 'scalar', of } : { kind: 'json', of }),
  ),
  ...hiddenPlaces(table.columns).map((of): Read => ({ kind: 'scalar', of })),
]

/** Its reads as `wholeRow` has them, some left out (null), which no binding asks for. */
export type RowValues = readonly [time: string | null, raw: string | null, ...values: (string | null)[]]

export function rowReader(table: Table, copies: Copies = () => []): (row: RowValues) => Event {
  const places = placesOf(table.columns, table.mapping.rest)
  const hidden = hiddenPlaces(table.columns)
  const own = new Set(places.flatMap((p) => (p.kind === 'scalar' ? [p.name] : [])))
  const mapped = new Set(Object.keys(table.mapping.fields))
  const names = places.map((p) => (p.kind === 'scalar' ? p.name : undefined))
  return ([time, raw, ...values]) => {
    const fields = new Map<string, string>()
    const answers = new Map<string, string>()
    values.forEach((value, i) => {
      if (value === null) return
      const one = names[i]
      if (one !== undefined) {
        if (!fields.has(one)) fields.set(one, value)
        return
      }
      const answered = hidden[i - places.length]
      if (answered) {
        answers.set(answered.name, value)
        return
      }
      for (const [name, text] of fieldsOf(places[i] as Exclude<Place, ScalarPlace>, value, own, mapped))
        if (!fields.has(name)) fields.set(name, text)
    })
    const at = time === null ? undefined : BigInt(time)
    return new LazyEvent(new RowFields(fields, answers, copies, at), [], raw ?? '')
  }
}

/** The fields of a row, and what it answers besides them. */
class RowFields extends LazyFields {
  readonly #fields: ReadonlyMap<string, string>
  readonly #answers: ReadonlyMap<string, string>
  readonly #copies: Copies
  readonly #time: bigint | undefined

  constructor(
    fields: ReadonlyMap<string, string>,
    answers: ReadonlyMap<string, string>,
    copies: Copies,
    time: bigint | undefined,
  ) {
    super()
    this.#fields = fields
    this.#answers = answers
    this.#copies = copies
    this.#time = time
  }

  get(name: string): string | undefined {
    const own = this.#answer(name)
    if (own !== undefined) return own
    for (const copied of this.#copies(name)) {
      const value = this.#answer(copied)
      if (value !== undefined) return value
    }
    return undefined
  }

  #answer(name: string): string | undefined {
    return this.#fields.get(name) ?? this.#answers.get(name)
  }

  names(): Iterable<string> {
    return this.#fields.keys()
  }

  when(): bigint | undefined {
    return this.#time
  }
}

function* fieldsOf(
  place: Exclude<Place, ScalarPlace>,
  value: string,
  own: ReadonlySet<string>,
  mapped: ReadonlySet<string>,
): Iterable<readonly [string, string]> {
  if (place.kind === 'list') {
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
