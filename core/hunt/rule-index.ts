// Many filters as one index: which of them an event may pass. Made once; workers get it by structured clone, with shared tables.
import { conjuncts } from '../plan/build.ts'
import { jsonText } from '../plan/json-text.ts'
import type { Pred, SourceColumn, SourceNode } from '../plan/plan.ts'
import { columnsOfPred } from '../plan/walk.ts'
import { buildGrams, type GramCounts, type GramTables, rarest } from './grams.ts'
import { type Clause, type Needle, requiredClause, type Slot } from './required.ts'
import { type SharedValue, SharedValues } from './values.ts'

export interface RuleIndex {
  readonly values: readonly SharedValue[]
  readonly slots: readonly Slot[]
  readonly grams: GramTables
  /** By needle: the place of its first posting; one more at the end. */
  readonly postings: Int32Array
  /** Slot and filter in turn: a filter that an event may pass if the needle is in the slot. */
  readonly pairs: Int32Array
  /** By filter: its slots, from one place to the next; one more at the end. */
  readonly slotStarts: Int32Array
  readonly slotsOf: Int32Array
  /** Columns whose values decide which filters an event of its kind can pass at all. */
  readonly kinds: readonly SourceColumn[]
  /** Conjuncts that read only those columns, each once. */
  readonly kindTests: readonly { readonly where: Pred; readonly columns: readonly SourceColumn[] }[]
  /** By filter: the place among `kindTests`, or -1; the conjuncts that remain; the filter has needles. */
  readonly filters: readonly { readonly kind: number; readonly where: Pred; readonly isIndexed: boolean }[]
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
): RuleIndex {
  const values = new SharedValues()
  const slots = new Map<string, { readonly slot: Slot; readonly id: number }>()
  const needles = new Map<string, number>()
  const pairs: number[][] = []
  const slotsOf: number[] = []
  const slotStarts = [0]
  const kindColumns = new Map<string, SourceColumn>()
  const kindTests = new Map<string, { id: number; where: Pred; columns: readonly SourceColumn[] }>()
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

  const filters = sources.map((source, filter) => {
    const columns = new Map(source.columns.map((c) => [c.id, c]))
    const isOfKind = (p: Pred): boolean => {
      const ids = [...columnsOfPred(p)]
      return ids.every((id) => {
        const from = columns.get(id)?.from
        return from?.kind === 'field' && kinds.has(from.name)
      })
    }
    const all = conjuncts(source.where)
    const ofKind = all.filter(isOfKind)
    const rest = values.replace({ kind: 'and', of: all.filter((p) => !ofKind.includes(p)) }, columns)
    const clause = requiredClause(rest, columns, cost)
    const own = new Set<number>()
    if (clause) addPostings(clause, filter, own)
    slotsOf.push(...own)
    slotStarts.push(slotsOf.length)
    return { kind: kindOf(ofKind, columns), where: rest, isIndexed: clause !== undefined }
  })

  function addPostings(clause: Clause, filter: number, own: Set<number>): void {
    for (const { slot, text } of clause) {
      const known = slots.get(slot.key) ?? { slot, id: slots.size }
      slots.set(slot.key, known)
      const needle = needles.get(text) ?? needles.size
      needles.set(text, needle)
      const list = pairs[needle] ?? []
      pairs[needle] = list
      list.push(known.id, filter)
      own.add(known.id)
    }
  }

  function kindOf(ofKind: readonly Pred[], columns: ReadonlyMap<string, SourceColumn>): number {
    if (ofKind.length === 0) return -1
    const where: Pred = { kind: 'and', of: ofKind }
    const read = [...columnsOfPred(where)].flatMap((id) => columns.get(id) ?? [])
    for (const c of read) kindColumns.set(jsonText(c.from), c)
    const key = jsonText([where, read])
    const known = kindTests.get(key) ?? { id: kindTests.size, where, columns: read }
    kindTests.set(key, known)
    return known.id
  }

  const postings = shared(pairs.length + 1)
  let at = 0
  pairs.forEach((list, needle) => {
    postings[needle] = at
    at += list.length
  })
  postings[pairs.length] = at
  return {
    values: values.all,
    slots: [...slots.values()].map((s) => s.slot),
    grams: buildGrams([...needles.keys()], counts),
    postings,
    pairs: shared(pairs.flat()),
    slotStarts: shared(slotStarts),
    slotsOf: shared(slotsOf),
    kinds: [...kindColumns.values()],
    kindTests: [...kindTests.values()].map(({ where, columns }) => ({ where, columns })),
    filters,
  }
}

function shared(of: number | readonly number[]): Int32Array {
  const made = new Int32Array(new SharedArrayBuffer(4 * (typeof of === 'number' ? of : of.length)))
  if (typeof of !== 'number') made.set(of)
  return made
}
