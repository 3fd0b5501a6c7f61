// Consumers of the events that a scan reads: rows of a source, counts by filters, profiles of fields.
import { type Binder, binder, candidates, columnReader, type EventMeta, hasList } from '../../core/eval/bind.ts'
import { compilePred, type Scope } from '../../core/eval/compile.ts'
import type { Tuple } from '../../core/eval/sink.ts'
import type { Event, LogFormat } from '../../core/logs/format.ts'
import { and, conjuncts } from '../../core/plan/build.ts'
import { jsonText } from '../../core/plan/json-text.ts'
import type { Env, SourceNode, Value } from '../../core/plan/plan.ts'
import { columnsOfPred } from '../../core/plan/walk.ts'
import type { Tags } from '../inputs/input.ts'
import type { Bounds } from './bounds.ts'

/** `untimed`: the event matches, but it has no time and the interval needs one. */
export type Answer = 'no' | 'untimed' | 'yes'

export interface EventConsumer {
  accept(event: Event, meta: EventMeta): Answer
  /** Takes records that could not be read, as events of their text alone. */
  readonly unparsed?: boolean
}

/** The events of one file: their format, the fields that all of them have, and what filters may read beside them. */
export interface FileScope {
  readonly format: LogFormat
  readonly tags: Tags
  readonly env: Env
  readonly bounds: Bounds
}

const shared = new WeakMap<FileScope, WeakMap<object, unknown>>()

/** Made once: the tasks of a file have the same scope, and to compile its filters costs as much as a hundred events. */
function once<T>(scope: FileScope, of: object, make: (scope: FileScope) => T): T {
  const known = shared.get(scope) ?? new WeakMap<object, unknown>()
  shared.set(scope, known)
  const before = known.get(of) as T | undefined
  if (before !== undefined) return before
  const made = make(scope)
  known.set(of, made as object)
  return made
}

/** Collects the rows of a source: events that match its filter and, if it obeys the interval of the query, lie within it. */
export class RowCollector implements EventConsumer {
  readonly #matches: Matcher
  readonly #binder: Binder
  readonly #bounds: Bounds
  readonly #isNeeded: ((event: Event) => boolean) | undefined
  readonly #add: (row: Tuple) => void

  /** `isNeeded`: false for an event whose row `add` would discard; it is then only counted. */
  constructor(source: SourceNode, scope: FileScope, add: (row: Tuple) => void, isNeeded?: (event: Event) => boolean) {
    const { matches, toRow } = once(scope, source, ({ format, tags, env }) => ({
      matches: matcherOf(source, format, tags, env),
      toRow: binder(source, format.aliases, tags),
    }))
    this.#isNeeded = isNeeded
    this.#matches = matches
    this.#binder = toRow
    this.#bounds = source.interval === 'query' ? scope.bounds : null
    this.#add = add
  }

  accept(event: Event, meta: EventMeta): Answer {
    if (!this.#matches(event, meta)) return 'no'
    if (this.#bounds) {
      const { time } = event
      if (time === undefined) return 'untimed'
      if (time < this.#bounds.start || time >= this.#bounds.end) return 'no'
    }
    if (this.#isNeeded?.(event) === false) return 'yes'
    const row = this.#binder.tuple(event, meta)
    // JSON can spell a lone surrogate, which no database accepts as text. So no executor gets one.
    this.#add(row.every(isWellFormed) ? row : row.map(wellFormed))
    return 'yes'
  }
}

interface PreparedLevel {
  /** The filter without the conjuncts of the level `after`. */
  readonly matches: (read: ReadEvent) => boolean
  /** The level that has to match first; -1: none. */
  readonly after: number
}

/**
 * Several filters over the same columns. If filter B extends filter A, B is evaluated only on events that matched A. Each field is read at
 * most once per event.
 */
export class FilterCascade implements EventConsumer {
  readonly #levels: readonly PreparedLevel[]
  readonly #adds: readonly ((event: Event) => void)[]
  readonly #matched: boolean[] = []
  readonly #bounds: Bounds
  readonly #forget: () => void

  /** `adds`: by source, what to do with the events that match its filter. */
  constructor(sources: readonly SourceNode[], adds: readonly ((event: Event) => void)[], scope: FileScope) {
    const { levels, forget } = once(scope, sources, (of) => levelsOf(sources, of))
    this.#levels = levels
    this.#forget = forget
    this.#adds = adds
    this.#bounds = sources[0]?.interval === 'query' ? scope.bounds : null
  }

  accept(event: Event, meta: EventMeta): Answer {
    this.#forget()
    const read = { event, meta }
    let answer: Answer = 'no'
    for (let i = 0; i < this.#levels.length; i++) {
      const { matches, after } = this.#levels[i] as PreparedLevel
      const isMatch = (after < 0 || (this.#matched[after] as boolean)) && matches(read)
      this.#matched[i] = isMatch
      if (!isMatch || answer === 'untimed') continue
      if (this.#bounds) {
        const { time } = event
        if (time === undefined) answer = 'untimed'
        if (time === undefined || time < this.#bounds.start || time >= this.#bounds.end) continue
      }
      answer = 'yes'
      this.#adds[i]?.(event)
    }
    return answer
  }
}

function levelsOf(
  sources: readonly SourceNode[],
  { format, tags, env }: FileScope,
): { readonly levels: readonly PreparedLevel[]; readonly forget: () => void } {
  const { scope, forget } = readOnce(sources[0] as SourceNode, format, tags)
  const texts = sources.map((s) => conjuncts(s.where).map(jsonText))
  const levels = sources.map(({ where }, i) => {
    const own = texts[i] as string[]
    // The longest earlier filter that this one extends.
    const after = texts.slice(0, i).reduce((best, other, k) => {
      const isLonger = best < 0 || other.length > (texts[best] as string[]).length
      return isLonger && other.every((t) => own.includes(t)) ? k : best
    }, -1)
    const checked = after < 0 ? [] : (texts[after] as string[])
    const rest = and(...conjuncts(where).filter((_, k) => !checked.includes(own[k] as string)))
    return { matches: compilePred(rest, scope, env), after }
  })
  return { levels, forget }
}

const isWellFormed = (value: Tuple[number]): boolean =>
  typeof value === 'string'
    ? value.isWellFormed()
    : !Array.isArray(value) || value.every((v: string) => v.isWellFormed())

const wellFormed = (value: Tuple[number]): Tuple[number] =>
  typeof value === 'string'
    ? value.toWellFormed()
    : Array.isArray(value)
      ? value.map((v: string) => v.toWellFormed())
      : value

interface ReadEvent {
  readonly event: Event
  readonly meta: EventMeta
}

function readingOnce(read: (event: Event, meta: EventMeta) => Value, forget: (() => void)[]): (of: ReadEvent) => Value {
  let value: Value | undefined
  forget.push(() => {
    value = undefined
  })
  return ({ event, meta }) => {
    if (value === undefined) value = read(event, meta)
    return value
  }
}

type Matcher = (event: Event, meta: EventMeta) => boolean

/** Reads a column when a filter needs it, and at most once per event: most events fail an early comparison. */
function readOnce(source: SourceNode, format: LogFormat, tags: Tags): { scope: Scope<ReadEvent>; forget: () => void } {
  const forget: (() => void)[] = []
  const readers = new Map<string, (of: ReadEvent) => Value>()
  return {
    scope: (id) => {
      const read = readers.get(id) ?? readingOnce(columnReader(source, id, format.aliases, tags), forget)
      readers.set(id, read)
      return read
    },
    forget: () => {
      for (let i = 0; i < forget.length; i++) (forget[i] as () => void)()
    },
  }
}

function matcherOf(source: SourceNode, format: LogFormat, tags: Tags, env: Env): Matcher {
  if (source.where.kind === 'true') return () => true
  const { scope, forget } = readOnce(source, format, tags)
  const where = compilePred(source.where, scope, env)
  return (event, meta) => {
    forget()
    return where({ event, meta })
  }
}

/**
 * The value of a filter that reads only tags of the vendor's metadata (`_sourceCategory`, `#repo`), for events that have no field of the
 * same name. Undefined: the filter reads other fields.
 */
export function filterByTags(
  source: SourceNode,
  { format, tags, env }: Omit<FileScope, 'bounds'>,
): boolean | undefined {
  const values = new Map<string, Value>()
  for (const id of columnsOfPred(source.where)) {
    const from = source.columns.find((c) => c.id === id)?.from
    const name =
      from?.kind === 'field' ? candidates(from.name, format.aliases).find((n) => Object.hasOwn(tags, n)) : undefined
    if (name === undefined || !/^[_#]/.test(name)) return undefined
    values.set(id, tags[name] ?? null)
  }
  return compilePred<null>(source.where, (id) => () => values.get(id) ?? null, env)(null)
}

/** A feed seldom has more fields; a profile counts no further ones. */
const MOST_FIELDS = 5000
/** The values of a field with more different values are not counted. */
export const MOST_COUNTED = 1000

interface ValuedField {
  readonly name: string
  readonly names: readonly string[]
  readonly tag: string | undefined
}

export interface ProfiledFields {
  /** Names as a query has them; null: all fields of the events, by their own names. */
  readonly fields: readonly string[] | null
  /** Names of fields whose values are counted too. */
  readonly values?: readonly string[] | undefined
  /** Enough to know which fields occur: a field that was found is not counted further. */
  readonly whether?: boolean | undefined
}

/** Counts the events that have a field, and the values of some fields. */
export class FieldProfiler {
  events = 0
  readonly fields = new Map<string, number>()
  readonly values = new Map<string, Map<string, number>>()
  readonly #valued: readonly ValuedField[]
  readonly #names: (readonly [string, readonly string[]])[] | null
  readonly #whether: boolean

  constructor({ fields, values = [], whether = false }: ProfiledFields, format: LogFormat, tags: Tags) {
    this.#whether = whether
    this.#valued = values.map((name) => {
      const names = candidates(name, format.aliases)
      return { name, names, tag: tags[names.find((n) => Object.hasOwn(tags, n)) ?? ''] }
    })
    for (const name of values) this.values.set(name, new Map())
    this.#names =
      fields?.map(
        (n) => [n, candidates(n, format.aliases).flatMap((c) => (Object.hasOwn(tags, c) ? [c, ''] : [c]))] as const,
      ) ?? null
  }

  add(event: Event): void {
    this.events++
    for (const field of this.#valued) this.#countValue(field, event)
    if (this.#names === null) {
      for (const name of event.fields.keys()) this.#count(name)
      return
    }
    const names = this.#names
    for (let i = names.length - 1; i >= 0; i--) {
      const [name, of] = names[i] as (typeof names)[number]
      // The empty name marks a tag, which every event has.
      const isThere = name.endsWith('[]')
        ? hasList(event.fields, name.slice(0, -2))
        : of.some((n) => n === '' || event.fields.has(n))
      if (!isThere) continue
      this.#count(name)
      if (this.#whether) names.splice(i, 1)
    }
  }

  /** Events that were counted together. `countOf`: how many of them have the field. */
  addCounted(events: number, countOf: (name: string) => number): void {
    this.events += events
    for (const [name] of this.#names ?? []) {
      const count = countOf(name)
      if (count > 0) this.fields.set(name, (this.fields.get(name) ?? 0) + count)
    }
  }

  #countValue({ name, names, tag }: ValuedField, { fields }: Event): void {
    const counts = this.values.get(name)
    if (!counts) return
    let value: string | undefined
    for (let i = 0; i < names.length && value === undefined; i++) value = fields.get(names[i] as string)
    value ??= tag
    if (value === undefined) return
    counts.set(value, (counts.get(value) ?? 0) + 1)
    if (counts.size > MOST_COUNTED) this.values.delete(name)
  }

  #count(name: string): void {
    const before = this.fields.get(name)
    if (before !== undefined || this.fields.size < MOST_FIELDS) this.fields.set(name, (before ?? 0) + 1)
  }
}
