// The reads of a table that may have the value of a name: its column, and what the events answer besides their fields.
import { hiddenPlaces, type ListPlace, type MapPlace, type Place, placesOf, type ScalarPlace } from './column.ts'
import type { Table } from './mapping.ts'
import type { Read } from './read.ts'

/** The reads that may have the value of a name. */
interface Found {
  readonly reads: readonly Read[]
  /** A JSON column may have it. */
  readonly isOpen: boolean
}

/** Other names whose value a name has where the event has no field of that name: the first one that the event has. */
export type Copies = (name: string) => readonly string[]

export class TableFields {
  /** Of the fields, and of the names that only answer. */
  readonly places: readonly Place[]
  readonly hidden: readonly ScalarPlace[]
  readonly #table: Table
  readonly #copies: Copies
  readonly #scalars: ReadonlyMap<string, ScalarPlace>
  readonly #answers: ReadonlyMap<string, ScalarPlace>
  readonly #lists: readonly ListPlace[]
  readonly #maps: readonly MapPlace[]
  readonly #hasJson: boolean

  constructor(table: Table, copies: Copies = () => []) {
    const places = placesOf(table.columns, table.mapping.rest)
    this.#table = table
    this.#copies = copies
    this.#scalars = new Map(places.flatMap((p) => (p.kind === 'scalar' ? [[p.name, p]] : [])))
    this.places = places
    this.hidden = hiddenPlaces(table.columns)
    this.#answers = new Map(this.hidden.map((p) => [p.name, p]))
    this.#lists = places.filter((p) => p.kind === 'list')
    this.#maps = places.filter((p) => p.kind === 'map')
    this.#hasJson = places.some((p) => p.kind === 'json')
  }

  /** As `core/tables/event.ts` answers. */
  find(name: string): Found {
    const found = [name, ...this.#copies(name)].map((n) => this.#answer(n))
    return { reads: found.flatMap((f) => f.reads), isOpen: found.some((f) => f.isOpen) }
  }

  /** The columns that may have the name. */
  columns(name: string): readonly ScalarPlace[] {
    return [name, ...this.#copies(name)].flatMap((n) =>
      [this.#scalars.get(n), this.#answers.get(n)].flatMap((p) => p ?? []),
    )
  }

  #answer(name: string): Found {
    const field = this.#field(name)
    const hidden = this.#answers.get(name)
    return hidden ? { ...field, reads: [...field.reads, { kind: 'scalar', of: hidden }] } : field
  }

  #field(name: string): Found {
    const scalar = this.#scalars.get(name)
    if (scalar) return { reads: [{ kind: 'scalar', of: scalar }], isOpen: false }
    const reads: Read[] = []
    const at = /^(.*?)\[(\d{1,6})\](?:\.(.+))?$/s.exec(name)
    if (at) {
      const element = this.#lists.find((l) => l.name === at[1] && l.inner.join('.') === (at[3] ?? ''))
      if (element) reads.push({ kind: 'element', of: element, index: Number(at[2]) })
    }
    for (const map of this.#maps) {
      if (map.name === '') {
        if (!Object.hasOwn(this.#table.mapping.fields, name)) reads.push({ kind: 'key', of: map, key: name })
      } else if (name.startsWith(`${map.name}.`))
        reads.push({ kind: 'key', of: map, key: name.slice(map.name.length + 1) })
    }
    return { reads, isOpen: this.#hasJson && !Object.hasOwn(this.#table.mapping.fields, name) }
  }
}
