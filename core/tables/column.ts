// The columns of a table, and the fields of the events that its rows are.

/**
 * - `text`   text as it is · `whole` integers · `exact` decimals · `double` IEEE doubles · `bool` · `stamp` an instant or a day
 * - `other`  anything else with a text form of the engine
 */
export type ColumnType =
  | { readonly kind: 'bool' | 'double' | 'exact' | 'other' | 'stamp' | 'whole' }
  /**
   * `isEmptyAbsent`: the column cannot be null, so an empty text is an absent field. `isPlain`: the engine compares the column as the text of
   * the field.
   */
  | { readonly kind: 'text'; readonly isEmptyAbsent?: true; readonly isPlain?: true }
  | { readonly kind: 'list'; readonly of: ColumnType }
  | { readonly kind: 'map'; readonly of: ColumnType }
  | { readonly kind: 'struct'; readonly members: readonly TableColumn[] }

export interface TableColumn {
  readonly name: string
  readonly type: ColumnType
  /** The engine's name of the column. Left out: the name itself. */
  readonly physical?: string
  /** Not a field of events: the mapping alone reads it. */
  readonly isOwn?: true
  /** Events answer to this name by the column, but have no such field: nothing lists it, and free text does not find it. */
  readonly answers?: string
}

/** One value of a row: a column, or a member inside of it. */
export interface ScalarPlace {
  readonly kind: 'scalar'
  /** Of the event's field. */
  readonly name: string
  readonly column: string
  readonly members: readonly string[]
  readonly type: ColumnType
}
/** A list. Its elements are the fields `name[0]`, `name[1]`, …; with `inner`, a member of each: `name[0].inner`. */
export interface ListPlace {
  readonly kind: 'list'
  readonly name: string
  readonly column: string
  readonly members: readonly string[]
  readonly inner: readonly string[]
  /** Of the elements, or of their member. */
  readonly type: ColumnType
}
/** A map from names to texts. Its entries are the fields `name.key`; those of the rest are `key` itself, and `name` is empty. */
export interface MapPlace {
  readonly kind: 'map'
  readonly name: string
  readonly column: string
  readonly members: readonly string[]
  readonly type: ColumnType
}
/** The text of a JSON object, whose members are fields: `a.b`, `a[0]`. */
export interface JsonPlace {
  readonly kind: 'json'
  readonly column: string
}

/** Columns that only answer to a name. */
export const hiddenPlaces = (columns: readonly TableColumn[]): readonly ScalarPlace[] =>
  columns.flatMap(({ name, type, answers }) =>
    answers === undefined ? [] : [{ kind: 'scalar', name: answers, column: name, members: [], type }],
  )
export type Place = JsonPlace | ListPlace | MapPlace | ScalarPlace

/** Deeper members are the text of the column. */
const DEEPEST = 12

/** The places of the fields, in the order of the columns. Each name once: the first place that has it. */
export function placesOf(columns: readonly TableColumn[], rest: string | undefined): readonly Place[] {
  const places: Place[] = []
  const names = new Set<string>()
  const add = (place: Place): void => {
    const key = place.kind === 'json' ? '' : `${place.kind} ${elementName(place)}`
    if (!names.has(key)) places.push(place)
    names.add(key)
  }
  const visit = (name: string, column: string, members: readonly string[], type: ColumnType): void => {
    const at = { name, column, members }
    if (type.kind === 'struct' && members.length < DEEPEST) {
      for (const m of type.members) visit(`${name}.${m.name}`, column, [...members, m.name], m.type)
    } else if (type.kind === 'list' && isScalar(type.of)) add({ ...at, kind: 'list', inner: [], type: type.of })
    else if (type.kind === 'list' && type.of.kind === 'struct') {
      for (const [inner, of] of scalarsIn(type.of.members, [])) add({ ...at, kind: 'list', inner, type: of })
    } else if (type.kind === 'map') add({ ...at, kind: 'map', type: type.of })
    else add({ ...at, kind: 'scalar', type: isScalar(type) ? type : { kind: 'other' } })
  }
  for (const { name, type, isOwn } of columns) {
    if (isOwn) continue
    if (name !== rest) visit(name, name, [], type)
    else if (type.kind === 'map') add({ kind: 'map', name: '', column: name, members: [], type: type.of })
    else if (type.kind === 'struct') for (const m of type.members) visit(m.name, name, [m.name], m.type)
    else add({ kind: 'json', column: name })
  }
  return places
}

const isScalar = ({ kind }: ColumnType): boolean => kind !== 'list' && kind !== 'map' && kind !== 'struct'

function scalarsIn(members: readonly TableColumn[], above: readonly string[]): [readonly string[], ColumnType][] {
  return members.flatMap(({ name, type }): [readonly string[], ColumnType][] => {
    const path = [...above, name]
    if (type.kind === 'struct' && path.length < DEEPEST) return scalarsIn(type.members, path)
    return [[path, isScalar(type) ? type : { kind: 'other' }]]
  })
}

/** `a`; `a[]`; `a[].b`; of a map its own name. */
export const elementName = (p: ListPlace | MapPlace | ScalarPlace): string =>
  p.kind === 'list' ? [`${p.name}[]`, ...p.inner].join('.') : p.name

/** Are all values of the place among those of `name`, as bind.ts lists them? */
export function isListedUnder(place: ListPlace | MapPlace | ScalarPlace, name: string): boolean {
  const own = elementName(place)
  const bare = (place.kind === 'list' ? own.replace('[]', '') : own).replace(/\[\d+\]/g, '')
  if (bare.startsWith(`${name}.`)) return true
  return bare === name && (place.kind !== 'scalar' || bare !== own)
}

export const isElement = (place: ListPlace, name: string): boolean =>
  name.replace(/\[\d+\]/, '[]') === elementName(place)

/** May some entries of the map, but not all, be among those of `name`? */
export const mayHold = (map: MapPlace, name: string): boolean => map.name === '' || name.startsWith(`${map.name}.`)
