// The needles of some filters in some slots, as a table. Few filters are open to events of one kind, so their tables are small, and what
// they find is a filter that the event may pass.
import { type GramTable, NO_COUNTS, needlesOf, sparseTableOf, tableOf } from './grams.ts'
import type { RuleIndex } from './rule-index.ts'

export interface FilterTable {
  readonly grams: GramTable
  /** By needle: its filters from one place to the next; one more at the end. */
  readonly starts: Int32Array
  readonly filters: Int32Array
}

export class Tables {
  readonly #index: RuleIndex
  /** By slot: needle and filter in turn. */
  readonly #bySlot: number[][]

  constructor(index: RuleIndex) {
    this.#index = index
    this.#bySlot = index.slots.map(() => [])
    const { starts, pairs } = index.inFields
    for (let needle = 0; needle + 1 < starts.length; needle++)
      for (let i = starts[needle] as number; i < (starts[needle + 1] as number); i += 2)
        this.#bySlot[pairs[i] as number]?.push(needle, pairs[i + 1] as number)
  }

  /** The needles of the open filters in the slots. */
  inSlots(slots: readonly number[], open: Uint8Array): FilterTable {
    const filters = new Map<number, Set<number>>()
    for (const slot of slots) {
      const pairs = this.#bySlot[slot] as number[]
      for (let i = 0; i < pairs.length; i += 2) {
        const [needle, filter] = [pairs[i] as number, pairs[i + 1] as number]
        if (open[filter] === 0) continue
        const own = filters.get(needle)
        if (own) own.add(filter)
        else filters.set(needle, new Set([filter]))
      }
    }
    const needles = [...filters.keys()]
    return { grams: tableOf(this.#index.inFields.needles, needles), ...listed([...filters.values()]) }
  }

  /** The needles of the filters anywhere in the event. A record is long. */
  anywhere(filters: ReadonlySet<number>): FilterTable {
    const lists = new Map<string, Set<number>>()
    for (const { text, filter } of this.#index.anywhere)
      if (filters.has(filter)) lists.set(text, (lists.get(text) ?? new Set()).add(filter))
    return { grams: sparseTableOf(needlesOf([...lists.keys()], NO_COUNTS)), ...listed([...lists.values()]) }
  }
}

function listed(lists: readonly ReadonlySet<number>[]): { readonly starts: Int32Array; readonly filters: Int32Array } {
  const starts = new Int32Array(lists.length + 1)
  lists.forEach((list, i) => {
    starts[i + 1] = (starts[i] as number) + list.size
  })
  return { starts, filters: Int32Array.from(lists.flatMap((list) => [...list])) }
}
