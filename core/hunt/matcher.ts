// The filters that an event passes, out of thousands. The index proposes, and each proposal is decided by the evaluator's predicate.
import { candidates, columnReader, type EventMeta, listedValues } from '../eval/bind.ts'
import { compileExpr, compilePred, type Scope } from '../eval/compile.ts'
import type { Event } from '../logs/format.ts'
import { jsonText } from '../plan/json-text.ts'
import type { Env, SourceColumn, SourceNode, Value } from '../plan/plan.ts'
import { findNeedles } from './grams.ts'
import type { RuleIndex } from './rule-index.ts'
import type { Slot } from './required.ts'

/** The names of the format, the fields that all its events have, and the interval. */
export interface MatchScope {
  readonly aliases: Readonly<Record<string, readonly string[]>>
  readonly tags: Readonly<Record<string, string>>
  readonly env: Env
}

/** Hears of the filters that are tried, to measure and to bound them. */
export interface MatchWatch {
  /** False: the filter is not tried. */
  begin(filter: number): boolean
  end(filter: number): void
}

/** Texts of a slot in the current event. */
type ReadSlot = () => Iterable<string>

/** The filters that events of one kind may pass. */
interface Kind {
  /** Events of the kind since the counts began. */
  events: number
  /** By filter: 1 if the kind's fields allow it. */
  readonly open: Uint8Array
  /** Open filters without needles. */
  readonly always: readonly number[]
  /** Slots of the open filters with needles. */
  readonly slots: readonly number[]
}

/** More kinds are no kinds; the table begins anew. */
const MOST_KINDS = 5000
const ABSENT = '\u0000'

interface Current {
  event: Event
  meta: EventMeta
  /** Counts events, so that values that were read for another one are known as such. */
  number: number
}

type Holds = (of: Current) => boolean

function addEvents(to: Float64Array, { open, events }: Kind): void {
  if (events === 0) return
  for (let filter = 0; filter < open.length; filter++)
    if (open[filter] === 1) to[filter] = (to[filter] as number) + events
}

/** For the events of one format and one set of tags. */
export class Matcher {
  readonly #sources: readonly SourceNode[]
  readonly #index: RuleIndex
  readonly #scope: MatchScope
  readonly #current: Current = {
    event: { fields: new Map(), time: undefined },
    meta: { file: '', raw: '', seq: 0n },
    number: 0,
  }
  readonly #readers = new Map<string, (of: Current) => Value>()
  readonly #kinds = new Map<string, Kind>()
  readonly #kindReaders: readonly ((of: Current) => Value)[]
  readonly #kindTests: readonly Holds[]
  readonly #slots: (ReadSlot | undefined)[] = []
  readonly #tests: (Holds | undefined)[] = []
  /** By filter: the event for which it was proposed last. */
  readonly #seen: Int32Array
  #proposed: number[] = []
  /** Events of kinds that the table forgot, by filter. */
  #forgotten: Float64Array
  /** By slot: 1 if an event had a text there. */
  readonly #filled: Uint8Array

  constructor(sources: readonly SourceNode[], index: RuleIndex, scope: MatchScope) {
    this.#sources = sources
    this.#index = index
    this.#scope = scope
    this.#seen = new Int32Array(sources.length)
    this.#forgotten = new Float64Array(sources.length)
    this.#filled = new Uint8Array(index.slots.length)
    this.#kindReaders = index.kinds.map((c) => this.#reader(c))
    this.#kindTests = index.kindTests.map(({ where, columns }) => compilePred(where, this.#columns(columns), scope.env))
  }

  /** Calls with each filter that the event passes, in no order. Intervals are not checked. */
  match(event: Event, meta: EventMeta, watch: MatchWatch, passed: (filter: number) => void): void {
    const current = this.#current
    current.event = event
    current.meta = meta
    current.number++
    const kind = this.#kindOf(current)
    kind.events++
    this.#proposed = [...kind.always]
    const propose = (filter: number): void => {
      if (kind.open[filter] === 0 || this.#seen[filter] === current.number) return
      this.#seen[filter] = current.number
      this.#proposed.push(filter)
    }
    for (const slot of kind.slots) this.#search(slot, propose)
    for (const filter of this.#proposed) {
      if (!watch.begin(filter)) continue
      const holds = this.#test(filter)(current)
      watch.end(filter)
      if (holds) passed(filter)
    }
  }

  resetCounts(): void {
    this.#forgotten = new Float64Array(this.#sources.length)
    this.#filled.fill(0)
    for (const kind of this.#kinds.values()) kind.events = 0
  }

  /** `events`: of a kind that the filter may pass, by filter. `filled`: slots in which an event had a text. */
  counts(): { readonly events: Float64Array; readonly filled: Uint8Array } {
    const events = this.#forgotten.slice()
    for (const kind of this.#kinds.values()) addEvents(events, kind)
    return { events, filled: this.#filled.slice() }
  }

  #search(slot: number, propose: (filter: number) => void): void {
    const { grams, postings, pairs } = this.#index
    this.#slots[slot] ??= this.#slotReader((this.#index.slots[slot] as Slot).of)
    for (const text of (this.#slots[slot] as ReadSlot)()) {
      this.#filled[slot] = 1
      findNeedles(text, grams, (needle) => {
        const end = postings[needle + 1] as number
        for (let i = postings[needle] as number; i < end; i += 2) if (pairs[i] === slot) propose(pairs[i + 1] as number)
      })
    }
  }

  #kindOf(current: Current): Kind {
    let key = ''
    for (const read of this.#kindReaders) key += `${read(current) ?? ABSENT}\u0001`
    const known = this.#kinds.get(key)
    if (known) return known
    if (this.#kinds.size >= MOST_KINDS) {
      for (const kind of this.#kinds.values()) addEvents(this.#forgotten, kind)
      this.#kinds.clear()
    }
    const made = this.#newKind(current)
    this.#kinds.set(key, made)
    return made
  }

  #newKind(current: Current): Kind {
    const { filters, slotStarts, slotsOf } = this.#index
    const holds = this.#kindTests.map((test) => test(current))
    const open = new Uint8Array(filters.length)
    const always: number[] = []
    const slots = new Set<number>()
    filters.forEach(({ kind, isIndexed }, filter) => {
      if (kind >= 0 && !holds[kind]) return
      open[filter] = 1
      if (!isIndexed) always.push(filter)
      const end = slotStarts[filter + 1] as number
      for (let i = slotStarts[filter] as number; i < end; i++) slots.add(slotsOf[i] as number)
    })
    return { events: 0, open, always, slots: [...slots] }
  }

  #test(filter: number): Holds {
    const known = this.#tests[filter]
    if (known) return known
    const { where } = this.#index.filters[filter] as RuleIndex['filters'][number]
    const { columns } = this.#sources[filter] as SourceNode
    const made = compilePred(where, this.#columns(columns), this.#scope.env)
    this.#tests[filter] = made
    return made
  }

  #columns(columns: readonly SourceColumn[]): Scope<Current> {
    return (id) => {
      const column = columns.find((c) => c.id === id)
      return column ? this.#reader(column) : () => null
    }
  }

  /** Filters that read the same part of the event share a reader, and it reads once per event. */
  #reader(column: SourceColumn): (of: Current) => Value {
    const key = jsonText(column.from)
    const known = this.#readers.get(key)
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
    const read = columnReader(source, column.id, aliases, tags)
    let value: Value = null
    let of = -1
    const made = ({ event, meta, number }: Current): Value => {
      if (of !== number) {
        value = read(event, meta)
        of = number
      }
      return value
    }
    this.#readers.set(key, made)
    return made
  }

  #slotReader(of: Slot['of']): ReadSlot {
    const current = this.#current
    switch (of.kind) {
      case 'value': {
        const read = compileExpr(of.expr, this.#columns(of.columns), this.#scope.env)
        return () => {
          const value = read(current)
          return typeof value === 'string' ? [value] : []
        }
      }
      case 'list': {
        const names = candidates(of.name, this.#scope.aliases)
        return () => names.flatMap((n) => listedValues(current.event.fields, n))
      }
      case 'anywhere':
        return () => [current.event.raw ?? current.meta.raw, ...current.event.fields.values()]
    }
  }
}
