// The filters that an event passes, out of thousands. The index proposes, and each proposal is decided by the evaluator's predicate.
import { allLists, candidates, columnReader, type EventMeta } from '../eval/bind.ts'
import { compileExpr, compilePred, type Scope } from '../eval/compile.ts'
import type { Event } from '../logs/format.ts'
import type { Env, SourceColumn, SourceNode, Value } from '../plan/plan.ts'
import { findNeedles, Found } from './grams.ts'
import { PostingLists, type Postings, type RuleIndex } from './rule-index.ts'
import { originKey, type Slot } from './required.ts'
import { type SharedValue, valueId } from './values.ts'

/** The names of the format, the fields that all its events have, and the interval. */
export interface MatchScope {
  readonly aliases: Readonly<Record<string, readonly string[]>>
  readonly tags: Readonly<Record<string, string>>
  readonly env: Env
  /** `respelled` of the format. */
  readonly respelled?: RegExp | undefined
}

/** Hears of the filters that are tried, to measure and to bound them. */
export interface MatchWatch {
  /** False: the filter is not tried. */
  begin(filter: number): boolean
  end(filter: number): void
}

/** The filters that events of one kind may pass. */
interface Kind {
  /** Events of the kind since the counts began. */
  events: number
  /** By filter: 1 if the kind's fields allow it. */
  readonly open: Uint8Array
  /** Open filters without needles. */
  readonly always: readonly number[]
  /** Slots of the open filters with needles: of one text, by name of a list, and anywhere. */
  readonly texts: readonly number[]
  readonly lists: ReadonlyMap<string, readonly number[]>
  readonly anywhere: Postings | undefined
}

/** A kind as the events of one shape have it: without slots under names that they do not have. */
interface ShapedKind {
  readonly kind: Kind
  readonly texts: readonly number[]
  readonly hasLists: boolean
}

interface Shape {
  /** Of the columns that tell the kind. */
  readonly readers: readonly Read[]
  /** By their values. */
  readonly kinds: Map<string, ShapedKind>
}

/** More kinds are no kinds; the table begins anew. */
const MOST_KINDS = 5000
const MOST_TABLES = 500
/** Longer texts seldom come again. */
const LONG = 256
const MOST_KNOWN = 8192
const ABSENT = '\u0000'

interface Current {
  event: Event
  meta: EventMeta
  /** Counts events, so that values that were read for another one are known as such. */
  number: number
}

type Read = (of: Current) => Value
type Holds = (of: Current) => boolean

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
  readonly #readers = new Map<string, Read>()
  readonly #values: (Read | undefined)[] = []
  readonly #kinds = new Map<string, Kind>()
  #shapes = new WeakMap<object, Shape>()
  /** For events of unknown shape. */
  readonly #anyShape: Shape
  /** Tables of needles anywhere, by the filters that have them. */
  readonly #anywhere = new Map<string, Postings>()
  readonly #kindReaders: readonly Read[]
  readonly #kindTests: readonly Holds[]
  readonly #slots: (Read | undefined)[] = []
  readonly #tests: (Holds | undefined)[] = []
  /** By filter: the event for which it was proposed last. */
  readonly #seen: Int32Array
  readonly #proposed: number[] = []
  /** Needles of the short texts of late events: programs, users and hosts come again and again. */
  readonly #known = new Map<string, Int32Array>()
  /** The long texts of the event, and the needles of each. */
  readonly #texts: string[] = []
  readonly #inTexts: Int32Array[] = []
  readonly #found = new Found()
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
    this.#anyShape = { readers: this.#kindReaders, kinds: new Map() }
    this.#kindTests = index.kindTests.map(({ where, columns }) => compilePred(where, this.#columns(columns), scope.env))
  }

  /** Calls with each filter that the event passes, in no order. Intervals are not checked. */
  match(event: Event, meta: EventMeta, watch: MatchWatch, passed: (filter: number) => void): void {
    const current = this.#current
    current.event = event
    current.meta = meta
    current.number++
    const shaped = this.#kindOf(current)
    const { kind } = shaped
    kind.events++
    const proposed = this.#proposed
    proposed.length = 0
    for (const filter of kind.always) proposed.push(filter)
    this.#propose(shaped, current)
    for (let i = 0; i < proposed.length; i++) {
      const filter = proposed[i] as number
      if (!watch.begin(filter)) continue
      const holds = (this.#tests[filter] ?? this.#test(filter))(current)
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

  #propose({ kind, texts: slots, hasLists }: ShapedKind, current: Current): void {
    this.#texts.length = 0
    this.#inTexts.length = 0
    for (const slot of slots) {
      const text = (this.#slots[slot] ?? this.#slotReader(slot))(current)
      if (typeof text === 'string') this.#search(text, slot, kind)
    }
    const { event, meta } = current
    if (hasLists) {
      const lists = allLists(event.fields)
      for (const [name, texts] of lists)
        for (const slot of kind.lists.get(name) ?? []) for (const text of texts) this.#search(text, slot, kind)
    }
    if (kind.anywhere) this.#searchRecord(event.raw ?? meta.raw, event, kind.anywhere, kind)
  }

  #search(text: string, slot: number, kind: Kind): void {
    this.#filled[slot] = 1
    const needles = this.#needlesIn(text)
    for (let n = 0; n < needles.length; n++) this.#open(needles[n] as number, this.#index.inFields, slot, kind)
  }

  /** The record has the texts of all fields. Where it spells letters in another way, the fields are searched, too. */
  #searchRecord(raw: string, { fields }: Event, anywhere: Postings, kind: Kind): void {
    const { respelled } = this.#scope
    const slot = anywhere.pairs[0] as number
    this.#filled[slot] = 1
    const found = this.#found
    found.length = 0
    findNeedles(raw, anywhere.grams, found)
    if (!this.#index.isPlain || !respelled || respelled.test(raw))
      for (const text of fields.values()) findNeedles(text, anywhere.grams, found)
    for (let n = 0; n < found.length; n++) this.#open(found.needles[n] as number, anywhere, slot, kind)
  }

  #open(needle: number, { starts, pairs }: Postings, slot: number, kind: Kind): void {
    const last = starts[needle + 1] as number
    for (let i = starts[needle] as number; i < last; i += 2) {
      if (pairs[i] !== slot) continue
      const filter = pairs[i + 1] as number
      if (kind.open[filter] === 0 || this.#seen[filter] === this.#current.number) continue
      this.#seen[filter] = this.#current.number
      this.#proposed.push(filter)
    }
  }

  #needlesIn(text: string): Int32Array {
    if (text.length > LONG) {
      // Several slots can have the same text.
      const at = this.#texts.indexOf(text)
      if (at >= 0) return this.#inTexts[at] as Int32Array
      const found = this.#found.of(text, this.#index.inFields.grams)
      this.#texts.push(text)
      this.#inTexts.push(found)
      return found
    }
    const known = this.#known.get(text)
    if (known) return known
    const found = this.#found.of(text, this.#index.inFields.grams)
    if (this.#known.size >= MOST_KNOWN) this.#known.clear()
    // A part of a text keeps the whole of it in memory, here a block of a log. A new text does not.
    this.#known.set(` ${text}`.slice(1), found)
    return found
  }

  #kindOf(current: Current): ShapedKind {
    const { shape: id } = current.event
    const shape = id === undefined ? this.#anyShape : (this.#shapes.get(id) ?? this.#newShape(id, current.event))
    const key = keyOf(shape.readers, current)
    const known = shape.kinds.get(key)
    if (known) return known
    if (this.#kinds.size >= MOST_KINDS || shape.kinds.size >= MOST_KINDS) {
      for (const kind of this.#kinds.values()) addEvents(this.#forgotten, kind)
      this.#kinds.clear()
      this.#anyShape.kinds.clear()
      this.#shapes = new WeakMap()
    }
    const whole = keyOf(this.#kindReaders, current)
    const kind = this.#kinds.get(whole) ?? this.#newKind(current)
    this.#kinds.set(whole, kind)
    const made =
      id === undefined ? { kind, texts: kind.texts, hasLists: kind.lists.size > 0 } : this.#shaped(kind, current)
    shape.kinds.set(key, made)
    return made
  }

  #newShape(id: object, { fields }: Event): Shape {
    const { kinds } = this.#index
    const made = {
      readers: this.#kindReaders.filter((_, i) => this.#isPossible([kinds[i] as SourceColumn], fields)),
      kinds: new Map(),
    }
    this.#shapes.set(id, made)
    return made
  }

  /** Events with other names have no value there, or all the same one. */
  #shaped(kind: Kind, current: Current): ShapedKind {
    const { fields } = current.event
    const texts = kind.texts.filter((slot) => {
      const { of } = this.#index.slots[slot] as Slot
      const columns = of.kind === 'field' ? [of.column] : of.kind === 'value' ? this.#index.values[of.id]?.columns : []
      return this.#isPossible(columns ?? [], fields) || typeof this.#slotReader(slot)(current) === 'string'
    })
    return { kind, texts, hasLists: [...kind.lists.keys()].some((name) => allLists(fields).has(name)) }
  }

  #isPossible(columns: readonly SourceColumn[], fields: Event['fields']): boolean {
    const { aliases, tags } = this.#scope
    return columns.some(
      ({ from }) =>
        from.kind !== 'field' ||
        candidates(from.name, aliases).some((n) => fields.has(n) || Object.hasOwn(tags, n) || n.startsWith('network:')),
    )
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
    const texts: number[] = []
    const lists = new Map<string, number[]>()
    for (const slot of slots) {
      const { of } = this.#index.slots[slot] as Slot
      if (of.kind === 'anywhere') continue
      if (of.kind !== 'list') texts.push(slot)
      else for (const n of candidates(of.name, this.#scope.aliases)) lists.set(n, [...(lists.get(n) ?? []), slot])
    }
    return { events: 0, open, always, texts, lists, anywhere: this.#anywhereOf(open) }
  }

  #anywhereOf(open: Uint8Array): Postings | undefined {
    const own = this.#index.anywhere.filter(({ filter }) => open[filter] === 1)
    if (own.length === 0) return undefined
    const key = [...new Set(own.map((o) => o.filter))].join()
    const known = this.#anywhere.get(key)
    if (known) return known
    if (this.#anywhere.size >= MOST_TABLES) this.#anywhere.clear()
    const lists = new PostingLists()
    for (const { text, slot, filter } of own) lists.add(text, slot, filter)
    const made = lists.tables(undefined)
    this.#anywhere.set(key, made)
    return made
  }

  #test(filter: number): Holds {
    const { where } = this.#index.filters[filter] as RuleIndex['filters'][number]
    const { columns } = this.#sources[filter] as SourceNode
    const made = compilePred(where, this.#columns(columns), this.#scope.env)
    this.#tests[filter] = made
    return made
  }

  #columns(columns: readonly SourceColumn[]): Scope<Current> {
    return (id) => {
      const value = valueId(id)
      if (value !== undefined) return this.#value(value)
      const column = columns.find((c) => c.id === id)
      return column ? this.#reader(column) : () => null
    }
  }

  #value(id: number): Read {
    const known = this.#values[id]
    if (known) return known
    const { expr, columns } = this.#index.values[id] as SharedValue
    const made = oncePerEvent(compileExpr(expr, this.#columns(columns), this.#scope.env))
    this.#values[id] = made
    return made
  }

  /** Filters that read the same part of the event share a reader. */
  #reader(column: SourceColumn): Read {
    const key = originKey(column.from)
    const known = this.#readers.get(key)
    if (known) return known
    const source: SourceNode = {
      kind: 'source',
      name: 'events',
      columns: [column],
      rest: false,
      interval: 'all',
      where: { kind: 'true' },
    }
    const read = columnReader(source, column.id, this.#scope.aliases, this.#scope.tags)
    const made = oncePerEvent(({ event, meta }) => read(event, meta))
    this.#readers.set(key, made)
    return made
  }

  #slotReader(slot: number): Read {
    const { of } = this.#index.slots[slot] as Slot
    const made = of.kind === 'value' ? this.#value(of.id) : of.kind === 'field' ? this.#reader(of.column) : () => null
    this.#slots[slot] = made
    return made
  }
}

function keyOf(readers: readonly Read[], current: Current): string {
  let key = ''
  for (const read of readers) key += `${read(current) ?? ABSENT}\u0001`
  return key
}

function oncePerEvent(read: Read): Read {
  let value: Value = null
  let of = -1
  return (current) => {
    if (of !== current.number) {
      value = read(current)
      of = current.number
    }
    return value
  }
}

function addEvents(to: Float64Array, { open, events }: Kind): void {
  if (events === 0) return
  for (let filter = 0; filter < open.length; filter++)
    if (open[filter] === 1) to[filter] = (to[filter] as number) + events
}
