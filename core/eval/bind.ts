// Turns an event into a row of a source. No other file matches the field names of a query with those of a log.
import type { Event } from '../logs/format.ts'
import { isHidden, REST, type Row, type SourceColumn, type SourceNode, type Value } from '../plan/plan.ts'
import { compileTextTest } from './compile.ts'
import type { Tuple } from './sink.ts'

/** Facts of a record besides its fields. */
export interface EventMeta {
  readonly file: string
  /** The record's text. */
  readonly raw: string
  /** Position in the input: a total order over all files of a run. */
  readonly seq: bigint
}

/** `LogFormat.aliases`: name in a query → names of the event's fields, tried in order. */
type Aliases = Readonly<Record<string, readonly string[]>>

/** Fields that a source gives to its events, unless an event has its own. Free text does not find them. */
export type Tags = Readonly<Record<string, string>>

export interface Binder {
  /** Values of the source's columns in order, then REST if it has one. */
  tuple(event: Event, meta: EventMeta): Tuple
  row(event: Event, meta: EventMeta): Row
}

/** Binds one event. For many events, make one `binder`. */
export function bindEvent(event: Event, meta: EventMeta, source: SourceNode, aliases: Aliases): Row {
  return binder(source, aliases).row(event, meta)
}

type Read = (event: Event, meta: EventMeta) => Value

/** Names are case-sensitive. A source's `where` is not applied here. */
export function binder(source: SourceNode, aliases: Aliases, tags: Tags = {}): Binder {
  const reads = source.columns.map((c) => reader(c, aliases, tags))
  if (source.rest) reads.push(restReader(source.columns, aliases))
  const ids = [...source.columns.map((c) => c.id), ...(source.rest ? [REST] : [])]
  const tuple = (event: Event, meta: EventMeta): Tuple => {
    const out: Value[] = []
    for (const read of reads) out.push(read(event, meta))
    return out
  }
  return {
    tuple,
    row: (event, meta) => {
      const values = tuple(event, meta)
      return Object.fromEntries(ids.map((id, i) => [id, values[i] as Value]))
    },
  }
}

/** A reader for one column of a source. Filters need it, because they read few columns of most events. */
export function columnReader(source: SourceNode, id: string, aliases: Aliases, tags: Tags = {}): Read {
  const column = source.columns.find((c) => c.id === id)
  if (column) return reader(column, aliases, tags)
  return id === REST && source.rest ? restReader(source.columns, aliases) : () => null
}

/** Fields that can answer a name: first the name itself, unless it is among the aliases, then the aliases in order. */
export function candidates(name: string, aliases: Aliases): readonly string[] {
  const others = Object.hasOwn(aliases, name) ? (aliases[name] as readonly string[]) : []
  return others.includes(name) ? others : [name, ...others]
}

function reader(column: SourceColumn, aliases: Aliases, tags: Tags): Read {
  const { from } = column
  switch (from.kind) {
    case 'field': {
      const names = candidates(from.name, aliases)
      const [only] = names
      // A tag always has a value, so the names after it are never tried.
      const tagged = names.findIndex((n) => Object.hasOwn(tags, n))
      const tag = tagged < 0 ? null : (tags[names[tagged] as string] ?? null)
      if (names.length === 1 && only !== undefined) return (event) => event.fields.get(only) ?? tag
      const asked = tagged < 0 ? names : names.slice(0, tagged + 1)
      return ({ fields }) => {
        for (const name of asked) {
          const value = fields.get(name)
          if (value !== undefined) return value
        }
        return tag
      }
    }
    case 'meta':
      return META[from.name]
    case 'array': {
      const names = candidates(from.name, aliases)
      return ({ fields }) => {
        const family = names.find((n) => fields.has(elementName(n, 0)))
        return family === undefined ? [] : elements(fields, family)
      }
    }
    case 'elements': {
      const names = candidates(from.name, aliases)
      return ({ fields }) => {
        for (const name of names) {
          const found = objects(fields, name)
          if (found.length > 0) return found.map((o) => JSON.stringify(Object.fromEntries(o)))
        }
        return []
      }
    }
    case 'search': {
      const test = compileTextTest(from.test.prim, from.test.consts)
      if (from.of !== undefined) {
        const names = [...new Set(from.of.flatMap((n) => candidates(n, aliases)))]
        return ({ fields }) => {
          const lists = allLists(fields)
          return lists.size > 0 && names.some((n) => (lists.get(n) ?? NONE).some(test))
        }
      }
      const except = new Set(from.except.flatMap((name) => candidates(name, aliases)))
      const prefixes = from.exceptPrefixes ?? []
      const searched = (name: string): boolean => !except.has(name) && !prefixes.some((p) => name.startsWith(p))
      return (event, meta) => {
        if (test(event.raw ?? meta.raw)) return true
        for (const [name, value] of event.fields) if (searched(name) && test(value)) return true
        return false
      }
    }
  }
}

const META: Readonly<Record<'file' | 'raw' | 'seq' | 'time', Read>> = {
  file: (_, meta) => meta.file,
  raw: (event, meta) => event.raw ?? meta.raw,
  seq: (_, meta) => meta.seq,
  time: (event) => event.time ?? null,
}

type Lists = ReadonlyMap<string, readonly string[]>
const NO_LISTS: Lists = new Map()
/** A cache: many columns read the lists of one event. */
const listsOf = new WeakMap<ReadonlyMap<string, string>, Lists>()

/** The values of all fields below each name, without indexes: `a[0].b` and `a[1].b` are values of `a.b`, and of `a`. */
export function allLists(fields: ReadonlyMap<string, string>): Lists {
  let lists = listsOf.get(fields)
  if (!lists) {
    lists = gatherLists(fields)
    listsOf.set(fields, lists)
  }
  return lists
}

const listedValues = (fields: ReadonlyMap<string, string>, name: string): readonly string[] =>
  allLists(fields).get(name) ?? NONE

/** Does an event have several values, or members of objects, under this name? */
export const hasList = (fields: ReadonlyMap<string, string>, name: string): boolean =>
  listedValues(fields, name).length > 0

/** No reader gives names of more parts, except for keys that have the dots themselves. */
const DEEPEST = 200

function gatherLists(fields: ReadonlyMap<string, string>): Lists {
  let lists: Map<string, string[]> | undefined
  for (const name of fields.keys()) {
    const above = namesAbove(name)
    if (above === NONE) continue
    const value = fields.get(name)
    if (value === undefined) continue
    lists ??= new Map()
    for (const list of above) {
      const values = lists.get(list)
      if (values) values.push(value)
      else lists.set(list, [value])
    }
  }
  return lists ?? NO_LISTS
}

const NONE: readonly string[] = []
/** A cache: events of one kind have the same names. */
const above = new Map<string, readonly string[]>()
const MOST_NAMES = 10_000

/** Lists that have the value of a field among theirs. */
export function namesAbove(name: string): readonly string[] {
  const known = above.get(name)
  if (known) return known
  if (above.size >= MOST_NAMES) above.clear()
  const found = gatherNames(name)
  above.set(name, found)
  return found
}

function gatherNames(name: string): readonly string[] {
  if (!name.includes('[') && !name.includes('.')) return NONE
  const bare = name.includes('[') ? name.replace(/\[\d+\]/g, '') : name
  const found: string[] = []
  for (
    let end = bare === name ? bare.lastIndexOf('.') : bare.length;
    end > 0 && found.length < DEEPEST;
    end = bare.lastIndexOf('.', end - 1)
  )
    found.push(bare.slice(0, end))
  return found
}

/** `a` → `a[0]`; `a[].b` → `a[0].b`. */
export function elementName(family: string, index: number): string {
  return family.includes('[]') ? family.replace('[]', `[${index}]`) : `${family}[${index}]`
}

function elements(fields: ReadonlyMap<string, string>, family: string): string[] {
  const out: string[] = []
  for (;;) {
    const value = fields.get(elementName(family, out.length))
    if (value === undefined) return out
    out.push(value)
  }
}

/** Members of the elements of an array. An element without fields ends the array. */
function objects(fields: ReadonlyMap<string, string>, family: string): Map<string, string>[] {
  const start = `${family}[`
  const found = new Map<number, Map<string, string>>()
  for (const [name, value] of fields) {
    if (!name.startsWith(start)) continue
    const m = MEMBER.exec(name.slice(start.length))
    if (!m) continue
    const index = Number(m[1])
    const members = found.get(index) ?? new Map<string, string>()
    members.set(m[2] ?? '', value)
    found.set(index, members)
  }
  const out: Map<string, string>[] = []
  for (let next = found.get(0); next; next = found.get(out.length)) out.push(next)
  return out
}
const MEMBER = /^([0-9]{1,9})\](?:\.?(.+))?$/s

/** JSON object text of the fields that no column has taken, in the order of the record. */
function restReader(columns: readonly SourceColumn[], aliases: Aliases): Read {
  // Hidden columns are not shown, so REST keeps their fields.
  const fields = columns.flatMap((c) =>
    c.from.kind === 'field' && !isHidden(c.id) ? [candidates(c.from.name, aliases)] : [],
  )
  const single = new Set(fields.flatMap((names) => (names.length === 1 ? names : [])))
  const several = fields.filter((names) => names.length > 1)
  // A list of members, `a[].b`, is never shown, so REST keeps its fields too.
  const arrays = columns.flatMap((c) =>
    c.from.kind === 'array' && !c.from.name.includes('[]') ? [candidates(c.from.name, aliases)] : [],
  )
  const split = columns.flatMap((c) =>
    c.from.kind === 'elements' && !c.from.kept ? [candidates(c.from.name, aliases)] : [],
  )
  return (event) => {
    const taken = new Set<string>()
    for (const names of split) {
      const family = names.find((n) => objects(event.fields, n).length > 0)
      const elementOf = `${family}[`
      if (family !== undefined) for (const name of event.fields.keys()) if (name.startsWith(elementOf)) taken.add(name)
    }
    for (const names of several) {
      const name = names.find((n) => event.fields.has(n))
      if (name !== undefined) taken.add(name)
    }
    for (const names of arrays) {
      const family = names.find((n) => event.fields.has(elementName(n, 0)))
      if (family === undefined) continue
      const { length } = elements(event.fields, family)
      for (let i = 0; i < length; i++) taken.add(elementName(family, i))
    }
    const parts: string[] = []
    for (const [name, value] of event.fields) {
      if (!single.has(name) && !taken.has(name)) parts.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`)
    }
    return `{${parts.join(',')}}`
  }
}
