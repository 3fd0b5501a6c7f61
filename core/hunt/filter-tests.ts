// The predicates of filters, compiled for the shapes of events that meet them.
import { compilePred } from '../eval/compile.ts'
import type { Env, Pred } from '../plan/plan.ts'
import { type Fate, narrowed } from './narrow.ts'
import { ABSENT, type Current, OPEN, type Origin, type Places, type Readers } from './readers.ts'
import type { Filter } from './rule-index.ts'

export type Holds = (of: Current) => boolean

/** A filter that was proposed. */
interface Tried {
  readonly where: Pred
  readonly origins: ReadonlyMap<string, Origin>
  /** For each combination of the fates of its origins. */
  readonly tests: Map<string, Holds>
}

export class FilterTests {
  readonly #filter: (filter: number) => Filter
  readonly #readers: Readers
  readonly #env: Env
  /** By filter. */
  readonly #withLists: (Tried | undefined)[] = []
  readonly #withoutLists: (Tried | undefined)[] = []

  constructor(filter: (filter: number) => Filter, readers: Readers, env: Env) {
    this.#filter = filter
    this.#readers = readers
    this.#env = env
  }

  /** `places`: of the event's shape. */
  of(filter: number, places: Places | undefined): Holds {
    const { where, origins, tests } = this.#tried(filter, places?.hasLists ?? true)
    const fates = new Map([...origins].map(([id, origin]) => [id, fateOf(origin, places)]))
    const key = [...fates.values()].map((f) => (typeof f === 'object' ? '-' : f)).join()
    const made =
      tests.get(key) ??
      compilePred(
        narrowed(where, (id) => fates.get(id) ?? 'open'),
        (id) => origins.get(id)?.read ?? (() => null),
        this.#env,
      )
    tests.set(key, made)
    return made
  }

  /** Most events have no lists. Most of a rule is about them. */
  #tried(filter: number, hasLists: boolean): Tried {
    const known = (hasLists ? this.#withLists : this.#withoutLists)[filter]
    if (known) return known
    const { columns, where: all } = this.#filter(filter)
    const lists = new Set(
      hasLists ? [] : columns.filter(({ from }) => from.kind === 'search' && from.of !== undefined).map((c) => c.id),
    )
    const where = lists.size > 0 ? narrowed(all, (id) => (lists.has(id) ? { none: false } : 'open')) : all
    const made: Tried = { where, origins: this.#readers.originsOf(where, columns), tests: new Map() }
    ;(hasLists ? this.#withLists : this.#withoutLists)[filter] = made
    return made
  }
}

function fateOf({ id, none }: Origin, places: Places | undefined): Fate {
  const place = places?.of(id) ?? OPEN
  return place >= 0 ? 'present' : place === ABSENT ? { none } : 'open'
}
