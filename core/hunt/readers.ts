// Reads columns and shared values, each once per event, and by its place in the record where the event has a shape.
import { candidates, columnReader, type EventMeta, namesAbove } from '../eval/bind.ts'
import { compileExpr, type Scope } from '../eval/compile.ts'
import type { Event, EventShape, ValuesByPlace } from '../logs/format.ts'
import type { Env, Expr, Pred, SourceColumn, SourceNode, Value } from '../plan/plan.ts'
import { columnsOfPred } from '../plan/walk.ts'
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

export interface Current {
  event: Event
  meta: EventMeta
  /** Counts events, so that values that were read for another one are known as such. */
  number: number
  places: Places | undefined
}

export type Read = (of: Current) => Value

/** In place of a place: no event of the shape has the value. */
export const ABSENT = -1
/** In place of a place: the event decides. */
export const OPEN = -2

/** A column or a shared value. */
export interface Origin {
  readonly id: number
  readonly read: Read
  /** Its value where it is absent. */
  readonly none: Value
}

type Place = (places: Places) => number

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
    const none = column.from.kind === 'search' ? false : null
    const made = this.#origin(
      () => {
        const read = columnReader(source, column.id, aliases, tags)
        return ({ event, meta }) => read(event, meta)
      },
      (places) => this.#placeOf(column, places),
      none,
    )
    this.#columns.set(key, made)
    return made
  }

  value(id: number): Origin {
    const known = this.#shared[id]
    if (known) return known
    const { expr, columns } = this.#values[id] as SharedValue
    const reader = (): Read => compileExpr(expr, this.scopeOf(columns), this.#scope.env)
    const made = this.#origin(reader, (places) => this.#placeOfExpr(expr, columns, places), null)
    this.#shared[id] = made
    return made
  }

  /** `reader`: called when an event has to decide. A text test is compiled there. */
  #origin(reader: () => Read, place: Place, none: Value): Origin {
    const id = this.#places.push(place) - 1
    let value: Value = null
    let of = -1
    let read: Read | undefined
    return {
      id,
      none,
      read: (current) => {
        if (of === current.number) return value
        of = current.number
        const at = current.places?.of(id) ?? OPEN
        if (at >= 0) value = (current.event.record as ValuesByPlace).value(at)
        else if (at === ABSENT) value = none
        else {
          read ??= reader()
          value = read(current)
        }
        return value
      },
    }
  }

  #placeOf({ from }: SourceColumn, places: Places): number {
    const { aliases, tags } = this.#scope
    if (from.kind === 'field') {
      for (const name of candidates(from.name, aliases)) {
        const place = places.shape.placeOf(name)
        if (place === undefined) return OPEN
        if (place !== null) return place
        if (Object.hasOwn(tags, name)) return OPEN
      }
      return ABSENT
    }
    if (from.kind !== 'search' || from.of === undefined) return OPEN
    return candidates(from.of, aliases).some((list) => places.inList(list).length > 0) ? OPEN : ABSENT
  }

  #placeOfExpr(e: Expr, columns: readonly SourceColumn[], places: Places): number {
    if (e.kind === 'col') {
      const column = columns.find((c) => c.id === e.id)
      return column ? this.#placeOf(column, places) : OPEN
    }
    if (e.kind !== 'if' || e.cond.kind !== 'present') return OPEN
    const cond = this.#placeOfExpr(e.cond.expr, columns, places)
    return cond === OPEN ? OPEN : this.#placeOfExpr(cond === ABSENT ? e.else : e.then, columns, places)
  }
}

const UNKNOWN = -3
const NONE: readonly number[] = []

/** Where the events of a shape have the origins. */
export class Places {
  readonly shape: EventShape
  readonly #placeOf: readonly Place[]
  readonly #known: number[] = []
  #lists: ReadonlyMap<string, readonly number[]> | undefined

  constructor(shape: EventShape, placeOf: readonly Place[]) {
    this.shape = shape
    this.#placeOf = placeOf
  }

  /** A place, `ABSENT` or another number below 0. */
  of(id: number): number {
    while (this.#known.length <= id) this.#known.push(UNKNOWN)
    const known = this.#known[id] as number
    if (known !== UNKNOWN) return known
    const made = (this.#placeOf[id] as Place)(this)
    this.#known[id] = made
    return made
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
