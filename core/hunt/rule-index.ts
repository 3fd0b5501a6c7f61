// Many filters as one index: which of them an event may pass. Made once; workers get it by structured clone, with shared tables.
import { conjuncts } from '../plan/build.ts'
import { jsonText } from '../plan/json-text.ts'
import type { Pred, SourceColumn, SourceNode } from '../plan/plan.ts'
import { columnsOfPred } from '../plan/walk.ts'
import { type GramCounts, isSearchable, type Needles, needlesOf, rarest } from './grams.ts'
import { type Clause, type Needle, originKey, requiredClause, type Slot } from './required.ts'
import { type SharedValue, SharedValues } from './values.ts'

/** Which filters an event may pass if a needle is in a slot. */
export interface Postings {
  readonly needles: Needles
  /** By needle: the place of its first posting; one more at the end. */
  readonly starts: Int32Array
  /** Slot and filter in turn. */
  readonly pairs: Int32Array
}

export interface RuleIndex {
  readonly values: readonly SharedValue[]
  readonly slots: readonly Slot[]
  readonly inFields: Postings
  /** Needles anywhere in the event. */
  readonly anywhere: readonly { readonly text: string; readonly slot: number; readonly filter: number }[]
  /** The needles of `anywhere` have no character that a record can spell in another way, such as `\\` in JSON. */
  readonly isPlain: boolean
  /** By filter: its slots, from one place to the next; one more at the end. */
  readonly slotStarts: Int32Array
  readonly slotsOf: Int32Array
  /** Columns whose values decide which filters an event of its kind can pass at all. */
  readonly kinds: readonly SourceColumn[]
  /** Conjuncts that read only those columns, each once. */
  readonly kindTests: readonly { readonly where: Pred; readonly columns: readonly SourceColumn[] }[]
  /** By filter: the place among `kindTests`, or -1; the filter has needles. */
  readonly filters: readonly { readonly kind: number; readonly isIndexed: boolean }[]
}

/** The rest of a filter: conjuncts that are not among `kindTests`, with the columns and shared values that they read. */
export interface Filter {
  readonly columns: readonly SourceColumn[]
  readonly where: Pred
}

/** Without a sample, a needle is about this rare. */
const UNSEEN = 0.002

/**
 * `kinds`: names of fields that tell the kind of an event and have few different values. `counts`: grams of the values of `events` sample
 * events.
 */
export function indexFilters(
  sources: readonly SourceNode[],
  kinds: ReadonlySet<string>,
  counts: GramCounts,
  events: number,
): { readonly index: RuleIndex; readonly filters: readonly Filter[] } {
  const values = new SharedValues()
  const slots = new Map<string, { readonly slot: Slot; readonly id: number }>()
  const inFields = new PostingLists()
  const anywhere: { text: string; slot: number; filter: number }[] = []
  let isPlain = true
  const slotsOf: number[] = []
  const slotStarts = [0]
  const kindColumns = new Map<string, SourceColumn>()
  const kindTests = new Map<string, { id: number; where: Pred; columns: readonly SourceColumn[] }>()
  /** Ids of columns, by conjunct. */
  const idsKnown = new Map<Pred, readonly string[]>()
  /** By conjunct that is alone: most rules share the condition of their log source. */
  const kindsKnown = new Map<Pred, { readonly id: number; readonly columns: readonly SourceColumn[] }>()
  const numbers = new Map<Pred, number>()
  const numbersByText = new Map<string, number>()
  const costs = new Map<string, number>()
  const cost = ({ slot, text }: Needle): number => {
    if (slot.of.kind === 'anywhere') return 1
    const known = costs.get(text)
    if (known !== undefined) return known
    // A short needle is in more values than the sample shows.
    const found = rarest(text, counts).count / Math.max(1, events) + UNSEEN + (text.length < 5 ? 0.02 : 0)
    costs.set(text, found)
    return found
  }

  const rests: Filter[] = []
  const filters = sources.map((source, filter) => {
    const columns = new Map(source.columns.map((c) => [c.id, c]))
    const isOfKind = (p: Pred): boolean =>
      idsOf(p).every((id) => {
        const from = columns.get(id)?.from
        return from?.kind === 'field' && kinds.has(from.name)
      })
    const all = conjuncts(source.where)
    const ofKind = all.filter(isOfKind)
    const rest = values.replace({ kind: 'and', of: all.filter((p) => !ofKind.includes(p)) }, columns)
    const clause = requiredClause(rest, columns, cost)
    const own = new Set<number>()
    if (clause) addPostings(clause, filter, own)
    slotsOf.push(...own)
    slotStarts.push(slotsOf.length)
    const read = columnsOfPred(rest)
    rests.push({ columns: source.columns.filter((c) => read.has(c.id)), where: rest })
    return { kind: kindOf(ofKind, columns), isIndexed: clause !== undefined }
  })

  function addPostings(clause: Clause, filter: number, own: Set<number>): void {
    for (const { slot, text } of clause) {
      const known = slots.get(slot.key) ?? { slot, id: slots.size }
      slots.set(slot.key, known)
      own.add(known.id)
      if (slot.of.kind !== 'anywhere') inFields.add(text, known.id, filter)
      else {
        const plain = plainPart(text)
        if (plain === undefined) isPlain = false
        anywhere.push({ text: plain ?? text, slot: known.id, filter })
      }
    }
  }

  function kindOf(ofKind: readonly Pred[], columns: ReadonlyMap<string, SourceColumn>): number {
    if (ofKind.length === 0) return -1
    const [only] = ofKind
    const before = ofKind.length === 1 ? kindsKnown.get(only as Pred) : undefined
    if (before?.columns.every((c) => columns.get(c.id) === c)) return before.id
    const where: Pred = { kind: 'and', of: ofKind }
    const ids = ofKind.length === 1 ? idsOf(ofKind[0] as Pred) : [...columnsOfPred(where)]
    const read = ids.flatMap((id) => columns.get(id) ?? [])
    const origins = read.map((c) => originKey(c.from))
    for (const [i, c] of read.entries()) kindColumns.set(origins[i] as string, c)
    const key = JSON.stringify([ofKind.map(numberOf), ids, origins])
    const known = kindTests.get(key) ?? { id: kindTests.size, where, columns: read }
    kindTests.set(key, known)
    if (ofKind.length === 1) kindsKnown.set(only as Pred, { id: known.id, columns: read })
    return known.id
  }

  function idsOf(p: Pred): readonly string[] {
    const known = idsKnown.get(p)
    if (known) return known
    const ids = [...columnsOfPred(p)]
    idsKnown.set(p, ids)
    return ids
  }

  /** Equal conjuncts have equal numbers. Rules of one log source share the node. */
  function numberOf(p: Pred): number {
    const known = numbers.get(p)
    if (known !== undefined) return known
    const text = jsonText(p)
    const number = numbersByText.get(text) ?? numbersByText.size
    numbersByText.set(text, number)
    numbers.set(p, number)
    return number
  }

  const index: RuleIndex = {
    values: values.all,
    slots: [...slots.values()].map((s) => s.slot),
    inFields: inFields.made(counts),
    anywhere,
    isPlain,
    slotStarts: shared(slotStarts),
    slotsOf: shared(slotsOf),
    kinds: [...kindColumns.values()],
    kindTests: [...kindTests.values()].map(({ where, columns }) => ({ where, columns })),
    filters,
  }
  return { index, filters: rests }
}

class PostingLists {
  readonly #lists = new Map<string, number[]>()

  add(text: string, slot: number, filter: number): void {
    const list = this.#lists.get(text) ?? []
    this.#lists.set(text, list)
    list.push(slot, filter)
  }

  made(counts: GramCounts): Postings {
    const lists = [...this.#lists.values()]
    const starts = [0]
    for (const list of lists) starts.push((starts.at(-1) as number) + list.length)
    return {
      needles: needlesOf([...this.#lists.keys()], counts),
      starts: shared(starts),
      pairs: shared(lists.flat()),
    }
  }
}

/** The longest part of a text that JSON and XML spell as it is; undefined: none is long enough. */
function plainPart(text: string): string | undefined {
  const parts = text.match(/[\w !#$%()*+,.:;=?@[\]^`{|}~-]+/g) ?? []
  return parts.filter(isSearchable).reduce<string | undefined>((a, b) => (a && a.length >= b.length ? a : b), undefined)
}

function shared(of: readonly number[]): Int32Array {
  const made = new Int32Array(new SharedArrayBuffer(4 * of.length))
  made.set(of)
  return made
}
