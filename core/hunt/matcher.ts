// The filters that an event passes, out of thousands. The index proposes, and each proposal is decided by the evaluator's predicate.
import { allLists, candidates, type EventMeta } from '../eval/bind.ts'
import { compilePred } from '../eval/compile.ts'
import type { Event, EventShape } from '../logs/format.ts'
import { Found, findNeedles } from './grams.ts'
import { FilterTests, type Holds } from './filter-tests.ts'
import type { KnownText } from './known-texts.ts'
import { Current, FIXED, type MatchScope, type Origin, type Places, type Read, Readers } from './readers.ts'
import type { Filter, RuleIndex } from './rule-index.ts'
import type { Slot } from './required.ts'
import { type FilterTable, Tables } from './tables.ts'

/** Hears of the filters that are tried, to measure and to bound them. */
export interface MatchWatch {
  /** False: the filter is not tried. */
  begin(filter: number): boolean
  end(filter: number): void
}

/** The filters that events of one kind may pass. Kinds that pass the same tests are one. */
interface Kind {
  /** By filter: 1 if the kind's fields allow it. */
  readonly open: Uint8Array
  /** Open filters without needles. */
  readonly always: readonly number[]
  /** Slots of the open filters with needles: of one text, and by name of a list. */
  readonly texts: readonly number[]
  readonly lists: ReadonlyMap<string, readonly number[]>
  readonly anywhere: FilterTable | undefined
  /** By slots. */
  readonly tables: Map<string, FilterTable>
}

/** A kind as the events of one shape have it. */
interface ShapedKind {
  readonly kind: Kind
  /** Since the counts began. */
  events: number
  /** Texts of the record at these places, with the needles that they may have. */
  readonly places: readonly number[]
  readonly inPlaces: readonly FilterTable[]
  /** Texts that the event decides. */
  readonly texts: readonly { readonly slots: readonly [number]; readonly read: Read }[]
  /** By name of a list. */
  readonly lists: Kind['lists']
  /** Slots in which all its events have a text. */
  readonly filled: readonly number[]
}

type ByValue = Map<string, ByValue | ShapedKind>

interface Shape {
  readonly places: Places | undefined
  /** Of the columns that tell the kind: places in the record, and the others. */
  readonly keyPlaces: readonly number[]
  readonly keyReads: readonly Read[]
  /** By their values, one after the other. */
  readonly kinds: ByValue
  /** By filter. */
  readonly tests: Map<number, Holds>
}

/** More kinds are no kinds; the table begins anew. */
const MOST_KINDS = 5000
const NO_TEXT = '\u0000'
const NO_LISTS: ShapedKind['lists'] = new Map()

/** For the events of one format and one set of tags. */
export class Matcher {
  readonly #index: RuleIndex
  readonly #scope: MatchScope
  readonly #current = new Current()
  readonly #readers: Readers
  readonly #tables: Tables
  readonly #kinds = new Map<string, Kind>()
  /** All that have counts. */
  #shaped: ShapedKind[] = []
  #shapes = new WeakMap<EventShape, Shape>()
  /** For events of unknown shape. */
  readonly #anyShape: Shape
  /** Tables of needles anywhere, by the filters that have them. */
  readonly #anywhere = new Map<string, FilterTable>()
  readonly #kindOrigins: readonly Origin[]
  readonly #kindTests: readonly Holds[]
  readonly #slots: (Origin | undefined)[] = []
  readonly #tests: FilterTests
  /** By filter: the event for which it was proposed last. */
  readonly #seen: Int32Array
  readonly #proposed: number[] = []
  readonly #found = new Found()
  /** Events of kinds that the table forgot, by filter. */
  #forgotten: Float64Array
  /** By slot: 1 if an event had a text there. */
  readonly #filled: Uint8Array

  /** `filter`: called once, when an event may pass it. */
  constructor(filter: (filter: number) => Filter, index: RuleIndex, scope: MatchScope) {
    this.#index = index
    this.#scope = scope
    this.#readers = new Readers(index.values, scope)
    this.#tables = new Tables(index)
    this.#tests = new FilterTests(filter, this.#readers, scope.env)
    this.#seen = new Int32Array(index.filters.length)
    this.#forgotten = new Float64Array(index.filters.length)
    this.#filled = new Uint8Array(index.slots.length)
    this.#kindOrigins = index.kinds.map((c) => this.#readers.column(c))
    this.#anyShape = {
      places: undefined,
      keyPlaces: [],
      keyReads: this.#kindOrigins.map((o) => o.read),
      kinds: new Map(),
      tests: new Map(),
    }
    this.#kindTests = index.kindTests.map(({ where, columns }) =>
      compilePred(where, this.#readers.scopeOf(columns), scope.env),
    )
  }

  /** Calls with each filter that the event passes, in no order. Intervals are not checked. */
  match(event: Event, meta: EventMeta, watch: MatchWatch, passed: (filter: number) => void): void {
    const current = this.#current
    const shape = this.#shapeOf(event)
    current.next(event, meta, shape.places)
    const shaped = this.#kindOf(shape, current)
    shaped.events++
    const proposed = this.#proposed
    proposed.length = 0
    for (const filter of shaped.kind.always) proposed.push(filter)
    this.#propose(shaped, current)
    for (let i = 0; i < proposed.length; i++) {
      const filter = proposed[i] as number
      if (!watch.begin(filter)) continue
      const holds = (shape.tests.get(filter) ?? this.#test(filter, shape))(current)
      watch.end(filter)
      if (holds) passed(filter)
    }
  }

  resetCounts(): void {
    this.#forgotten = new Float64Array(this.#seen.length)
    this.#filled.fill(0)
    for (const shaped of this.#shaped) shaped.events = 0
  }

  /** `events`: of a kind that the filter may pass, by filter. `filled`: slots in which an event had a text. */
  counts(): { readonly events: Float64Array; readonly filled: Uint8Array } {
    const [events, filled] = [this.#forgotten.slice(), this.#filled.slice()]
    for (const shaped of this.#shaped) addCounts(shaped, events, filled)
    return { events, filled }
  }

  #propose({ kind, places, inPlaces, texts, lists }: ShapedKind, current: Current): void {
    const { event, meta } = current
    for (let i = 0; i < places.length; i++)
      this.#searchKnown(current.at(places[i] as number), inPlaces[i] as FilterTable)
    for (const { slots, read } of texts) {
      const text = read(current)
      if (typeof text === 'string') this.#searchSlots([text], kind, slots)
    }
    if (lists.size > 0)
      for (const [name, values] of allLists(event.fields)) {
        const slots = lists.get(name)
        if (slots) this.#searchSlots(values, kind, slots)
      }
    if (kind.anywhere) this.#searchRecord(event.raw ?? meta.raw, event, kind.anywhere)
  }

  #searchSlots(texts: Iterable<string>, kind: Kind, slots: readonly number[]): void {
    for (const slot of slots) this.#filled[slot] = 1
    const table = this.#table(kind, slots)
    for (const text of texts) this.#search(text, table)
  }

  #searchKnown(known: KnownText, table: FilterTable): void {
    if (!known.isKept) {
      this.#search(known.text, table)
      return
    }
    known.proposed ??= new Map()
    let filters = known.proposed.get(table)
    if (!filters) {
      filters = filtersIn(known.text, table, this.#found)
      known.proposed.set(table, filters)
    }
    for (let i = 0; i < filters.length; i++) this.#proposeOne(filters[i] as number)
  }

  #search(text: string, table: FilterTable): void {
    const found = this.#found
    found.length = 0
    findNeedles(text, table.grams, found)
    if (found.length > 0) this.#open(table)
  }

  /** The record has the texts of all fields. Where it spells letters in another way, the fields are searched, too. */
  #searchRecord(raw: string, { fields }: Event, table: FilterTable): void {
    const { respelled } = this.#scope
    this.#search(raw, table)
    if (!this.#index.isPlain || !respelled || respelled.test(raw))
      for (const text of fields.values()) this.#search(text, table)
  }

  /** Proposes the filters of the needles that were found. */
  #open({ starts, filters }: FilterTable): void {
    const { needles, length } = this.#found
    for (let n = 0; n < length; n++) {
      const needle = needles[n] as number
      const end = starts[needle + 1] as number
      for (let i = starts[needle] as number; i < end; i++) this.#proposeOne(filters[i] as number)
    }
  }

  #proposeOne(filter: number): void {
    const { number } = this.#current
    if (this.#seen[filter] === number) return
    this.#seen[filter] = number
    this.#proposed.push(filter)
  }

  #shapeOf({ shape }: Event): Shape {
    return shape === undefined ? this.#anyShape : (this.#shapes.get(shape) ?? this.#newShape(shape))
  }

  #kindOf(shape: Shape, current: Current): ShapedKind {
    const { keyPlaces, keyReads } = shape
    const last = keyPlaces.length + keyReads.length - 1
    let { kinds } = shape
    let key = ''
    for (let i = 0; i <= last; i++) {
      key = keyAt(i, shape, current)
      if (i === last) break
      let next = kinds.get(key) as ByValue | undefined
      if (!next) {
        next = new Map()
        kinds.set(key, next)
      }
      kinds = next
    }
    const known = kinds.get(key) as ShapedKind | undefined
    if (known) return known
    if (this.#kinds.size >= MOST_KINDS || this.#shaped.length >= MOST_KINDS) this.#forget()
    const holds = this.#kindTests.map((test) => test(current))
    const whole = holds.map(Number).join('')
    const kind = this.#kinds.get(whole) ?? this.#newKind(holds)
    this.#kinds.set(whole, kind)
    const made = shape.places ? this.#shapedKind(kind, shape.places) : this.#unshaped(kind)
    kinds.set(key, made)
    this.#shaped.push(made)
    return made
  }

  #forget(): void {
    for (const shaped of this.#shaped) addCounts(shaped, this.#forgotten, this.#filled)
    this.#shaped = []
    this.#kinds.clear()
    this.#anywhere.clear()
    this.#anyShape.kinds.clear()
    this.#shapes = new WeakMap()
  }

  #newShape(of: EventShape): Shape {
    const places = this.#readers.places(of)
    const at = this.#kindOrigins.map((o) => places.of(o.id))
    const made: Shape = {
      places,
      keyPlaces: [...new Set(at.filter((p) => p >= 0))],
      keyReads: this.#kindOrigins.flatMap((o, i) => ((at[i] as number) < FIXED ? [o.read] : [])),
      kinds: new Map(),
      tests: new Map(),
    }
    this.#shapes.set(of, made)
    return made
  }

  #unshaped(kind: Kind): ShapedKind {
    return {
      kind,
      events: 0,
      places: [],
      inPlaces: [],
      texts: kind.texts.map((slot) => ({ slots: [slot], read: this.#originOf(slot).read })),
      lists: kind.lists,
      filled: anywhereSlots(kind, this.#index),
    }
  }

  /** Slots with the same place are searched once. */
  #shapedKind(kind: Kind, places: Places): ShapedKind {
    const texts: ShapedKind['texts'][number][] = []
    const at = new Map<number, Set<number>>()
    const add = (place: number, slot: number): void => void at.set(place, (at.get(place) ?? new Set()).add(slot))
    for (const slot of kind.texts) {
      const { id, read } = this.#originOf(slot)
      const place = places.of(id)
      if (place >= 0) add(place, slot)
      else if (place < FIXED || typeof places.always(id) === 'string') texts.push({ slots: [slot], read })
    }
    for (const [name, slots] of kind.lists)
      for (const place of places.inList(name)) for (const slot of slots) add(place, slot)
    return {
      kind,
      events: 0,
      places: [...at.keys()],
      inPlaces: [...at.values()].map((slots) => this.#table(kind, [...slots])),
      texts,
      lists: NO_LISTS,
      filled: [...anywhereSlots(kind, this.#index), ...new Set([...at.values()].flatMap((s) => [...s]))],
    }
  }

  #table({ tables, open }: Kind, slots: readonly number[]): FilterTable {
    const key = slots.join()
    const made = tables.get(key) ?? this.#tables.inSlots(slots, open)
    tables.set(key, made)
    return made
  }

  #newKind(holds: readonly boolean[]): Kind {
    const { filters, slotStarts, slotsOf } = this.#index
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
      if (of.kind !== 'lists') texts.push(slot)
      else for (const n of this.#listNames(of.names)) lists.set(n, [...(lists.get(n) ?? []), slot])
    }
    return { open, always, texts, lists, anywhere: this.#anywhereOf(open), tables: new Map() }
  }

  #listNames(names: readonly string[]): ReadonlySet<string> {
    return new Set(names.flatMap((n) => candidates(n, this.#scope.aliases)))
  }

  #anywhereOf(open: Uint8Array): FilterTable | undefined {
    const own = new Set(this.#index.anywhere.flatMap(({ filter }) => (open[filter] === 1 ? [filter] : [])))
    if (own.size === 0) return undefined
    const key = [...own].join()
    const made = this.#anywhere.get(key) ?? this.#tables.anywhere(own)
    this.#anywhere.set(key, made)
    return made
  }

  #test(filter: number, { places, tests }: Shape): Holds {
    const made = this.#tests.of(filter, places)
    tests.set(filter, made)
    return made
  }

  #originOf(slot: number): Origin {
    const { of } = this.#index.slots[slot] as Slot
    if (of.kind !== 'value' && of.kind !== 'field') throw new Error(`internal: a slot of ${of.kind}`)
    const made =
      this.#slots[slot] ?? (of.kind === 'value' ? this.#readers.value(of.id) : this.#readers.column(of.column))
    this.#slots[slot] = made
    return made
  }
}

const anywhereSlots = ({ anywhere }: Kind, { slots }: RuleIndex): number[] =>
  anywhere ? slots.flatMap(({ of }, slot) => (of.kind === 'anywhere' ? [slot] : [])) : []

/** The value of a column that tells the kind. */
function keyAt(i: number, { keyPlaces, keyReads }: Shape, current: Current): string {
  const { length } = keyPlaces
  if (i < length) return current.at(keyPlaces[i] as number).text
  const value = (keyReads[i - length] as Read)(current)
  return value === null ? NO_TEXT : String(value)
}

/** The filters of the needles in a text, each once. */
function filtersIn(text: string, table: FilterTable, found: Found): readonly number[] {
  found.length = 0
  findNeedles(text, table.grams, found)
  const filters = new Set<number>()
  for (let n = 0; n < found.length; n++) {
    const needle = found.needles[n] as number
    const end = table.starts[needle + 1] as number
    for (let i = table.starts[needle] as number; i < end; i++) filters.add(table.filters[i] as number)
  }
  return [...filters]
}

function addCounts({ kind, events, filled }: ShapedKind, to: Float64Array, slots: Uint8Array): void {
  if (events === 0) return
  const { open } = kind
  for (let filter = 0; filter < open.length; filter++)
    if (open[filter] === 1) to[filter] = (to[filter] as number) + events
  for (const slot of filled) slots[slot] = 1
}
