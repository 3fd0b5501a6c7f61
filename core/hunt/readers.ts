// Reads columns and shared values, each once per event, and by its place in the record where the event has a shape.
import { candidates, columnReader, type EventMeta, namesAbove } from '../eval/bind.ts'
import { compileExpr, type Scope } from '../eval/compile.ts'
import type { Event, EventShape, ValuesByPlace } from '../logs/format.ts'
import type { Env, Expr, Pred, SourceColumn, SourceNode, Value } from '../plan/plan.ts'
import { columnsOfPred } from '../plan/walk.ts'
import { type KnownText, KnownTexts } from './known-texts.ts'
import { originKey } from './required.ts'
import { type SharedValue, valueId } from './values.ts'

/** The names of the format, the fields that all its events have, and the interval. */
export interface MatchScope {
  readonly aliases: Readonly<Record<string, readonly string[]>>
  readonly tags: Readonly<Record<string, string>>
  readonly env: Env
  /** `respelled` of the format. */
  readonly respelled?: RegExp | undefined
}

export class Current {
  event: Event = { fields: new Map(), time: undefined }
  meta: EventMeta = { file: '', raw: '', seq: 0n }
  /** Counts events, so that values that were read for another one are known as such. */
  number = 0
  places: Places | undefined = undefined
  readonly #known = new KnownTexts()
  /** By place of the record: what was read there, and for which event. */
  readonly #texts: KnownText[] = []
  readonly #read: number[] = []

  next(event: Event, meta: EventMeta, places: Places | undefined): void {
    this.event = event
    this.meta = meta
    this.places = places
    this.number++
  }

  /** The value at a place of the record. */
  at(place: number): KnownText {
    if (this.#read[place] === this.number) return this.#texts[place] as KnownText
    const made = this.#known.at(this.event.record as ValuesByPlace, place, (this.places as Places).credits)
    while (this.#read.length <= place) this.#read.push(0)
    this.#read[place] = this.number
    this.#texts[place] = made
    return made
  }
}

export type Read = (of: Current) => Value

/** In place of a place: all events of the shape have the same value, most often none. */
export const FIXED = -1
/** In place of a place: the event decides. */
export const OPEN = -2

/** A column or a shared value. */
export interface Origin {
  readonly id: number
  readonly read: Read
}

/** A place, OPEN, or the value that all events of the shape have there. */
type Place = (places: Places) => number | { readonly always: Value }
const NEVER = { always: null }
const NOWHERE = { always: false }

export class Readers {
  readonly #values: readonly SharedValue[]
  readonly #scope: MatchScope
  readonly #columns = new Map<string, Origin>()
  readonly #shared: (Origin | undefined)[] = []
  /** By origin. */
  readonly #places: Place[] = []

  constructor(values: readonly SharedValue[], scope: MatchScope) {
    this.#values = values
    this.#scope = scope
  }

  places(shape: EventShape): Places {
    return new Places(shape, this.#places)
  }

  scopeOf(columns: readonly SourceColumn[]): Scope<Current> {
    return (id) => {
      const column = columns.find((c) => c.id === id)
      return column ? this.column(column).read : () => null
    }
  }

  /** The columns and shared values that a filter reads. */
  originsOf(where: Pred, columns: readonly SourceColumn[]): ReadonlyMap<string, Origin> {
    const byId = new Map(columns.map((c) => [c.id, c]))
    const found = new Map<string, Origin>()
    for (const id of columnsOfPred(where)) {
      const value = valueId(id)
      const column = byId.get(id)
      if (value !== undefined) found.set(id, this.value(value))
      else if (column) found.set(id, this.column(column))
    }
    return found
  }

  /** Filters that read the same part of the event share a reader. */
  column(column: SourceColumn): Origin {
    const key = originKey(column.from)
    const known = this.#columns.get(key)
    if (known) return known
    const { aliases, tags } = this.#scope
    const source: SourceNode = {
      kind: 'source',
      name: 'events',
      columns: [column],
      rest: false,
      interval: 'all',
      where: { kind: 'true' },
    }
    const made = this.#origin(
      () => {
        const read = columnReader(source, column.id, aliases, tags)
        return ({ event, meta }) => read(event, meta)
      },
      (places) => this.#placeOf(column, places),
    )
    this.#columns.set(key, made)
    return made
  }

  value(id: number): Origin {
    const known = this.#shared[id]
    if (known) return known
    const { expr, columns } = this.#values[id] as SharedValue
    const reader = (): Read => compileExpr(expr, this.scopeOf(columns), this.#scope.env)
    const made = this.#origin(reader, (places) => this.#placeOfExpr(expr, columns, places))
    this.#shared[id] = made
    return made
  }

  /** `reader`: called when an event has to decide. A text test is compiled there. */
  #origin(reader: () => Read, place: Place): Origin {
    const id = this.#places.push(place) - 1
    let value: Value = null
    let of = -1
    let read: Read | undefined
    return {
      id,
      read: (current) => {
        if (of === current.number) return value
        of = current.number
        const at = current.places?.of(id) ?? OPEN
        if (at >= 0) value = current.at(at).text
        else if (at === FIXED) value = (current.places as Places).always(id)
        else {
          read ??= reader()
          value = read(current)
        }
        return value
      },
    }
  }

  #placeOf({ from }: SourceColumn, places: Places): ReturnType<Place> {
    const { aliases, tags } = this.#scope
    if (from.kind === 'field') {
      for (const name of candidates(from.name, aliases)) {
        const place = places.shape.placeOf(name)
        if (typeof place === 'number') return place
        const text =
          places.shape.textOf?.(name) ?? (place === null && Object.hasOwn(tags, name) ? tags[name] : undefined)
        if (text !== undefined) return { always: text }
        if (place === undefined) return OPEN
      }
      return NEVER
    }
    if (from.kind !== 'search' || from.of === undefined) return OPEN
    return from.of.some((name) => candidates(name, aliases).some((list) => places.inList(list).length > 0))
      ? OPEN
      : NOWHERE
  }

  #placeOfExpr(e: Expr, columns: readonly SourceColumn[], places: Places): ReturnType<Place> {
    if (e.kind === 'col') {
      const column = columns.find((c) => c.id === e.id)
      return column ? this.#placeOf(column, places) : OPEN
    }
    if (e.kind !== 'if' || e.cond.kind !== 'present') return OPEN
    const cond = this.#placeOfExpr(e.cond.expr, columns, places)
    if (cond === OPEN) return OPEN
    const isAbsent = typeof cond === 'object' && cond.always === null
    return this.#placeOfExpr(isAbsent ? e.else : e.then, columns, places)
  }
}

const UNKNOWN = -3
const NONE: readonly number[] = []

/** Where the events of a shape have the origins. */
export class Places {
  readonly shape: EventShape
  readonly #placeOf: readonly Place[]
  readonly #known: number[] = []
  readonly #always: Value[] = []
  readonly credits: number[] = []
  #lists: ReadonlyMap<string, readonly number[]> | undefined

  constructor(shape: EventShape, placeOf: readonly Place[]) {
    this.shape = shape
    this.#placeOf = placeOf
  }

  /** A place, `FIXED` or `OPEN`. */
  of(id: number): number {
    while (this.#known.length <= id) this.#known.push(UNKNOWN)
    const known = this.#known[id] as number
    if (known !== UNKNOWN) return known
    const made = (this.#placeOf[id] as Place)(this)
    this.#known[id] = typeof made === 'number' ? made : FIXED
    if (typeof made !== 'number') this.#always[id] = made.always
    return this.#known[id] as number
  }

  /** Of an origin that is `FIXED`. */
  always(id: number): Value {
    return this.#always[id] ?? null
  }

  get hasLists(): boolean {
    this.#lists ??= listsIn(this.shape)
    return this.#lists.size > 0
  }

  /** The places of the values in a list: `a[0].b` and `a[1].b` are values of `a.b`, and of `a`. */
  inList(list: string): readonly number[] {
    this.#lists ??= listsIn(this.shape)
    return this.#lists.get(list) ?? NONE
  }
}

function listsIn(shape: EventShape): Map<string, number[]> {
  const found = new Map<string, number[]>()
  for (const name of shape.names()) {
    const place = shape.placeOf(name)
    if (typeof place !== 'number') continue
    for (const list of namesAbove(name)) found.set(list, [...(found.get(list) ?? []), place])
  }
  return found
}
