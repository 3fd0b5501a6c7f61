// The predicates of filters, compiled for the shapes of events that meet them. A test of one field has one answer for each text.
import { compilePred, type Scope } from '../eval/compile.ts'
import { col } from '../plan/build.ts'
import { jsonText } from '../plan/json-text.ts'
import type { Env, Pred } from '../plan/plan.ts'
import { columnsOfPred, mapPred } from '../plan/walk.ts'
import type { KnownText } from './known-texts.ts'
import { type Fate, narrowed } from './narrow.ts'
import { type Current, FIXED, OPEN, type Origin, type Places, type Readers } from './readers.ts'
import type { Filter } from './rule-index.ts'

export type Holds = (of: Current) => boolean

/** A filter that was proposed. */
interface Tried {
  readonly where: Pred
  readonly origins: ReadonlyMap<string, Origin>
  /** For each combination of the fates of its origins. */
  readonly tests: Map<string, Holds>
}

type Origins = ReadonlyMap<string, Origin>

export class FilterTests {
  readonly #filter: (filter: number) => Filter
  readonly #readers: Readers
  readonly #env: Env
  readonly #textTests: TextTests
  /** By filter. */
  readonly #withLists: (Tried | undefined)[] = []
  readonly #withoutLists: (Tried | undefined)[] = []

  constructor(filter: (filter: number) => Filter, readers: Readers, env: Env) {
    this.#filter = filter
    this.#readers = readers
    this.#env = env
    this.#textTests = new TextTests(env)
  }

  /** `places`: of the event's shape. */
  of(filter: number, places: Places | undefined): Holds {
    const { where, origins, tests } = this.#tried(filter, places?.hasLists ?? true)
    const fates = new Map([...origins].map(([id, origin]) => [id, fateOf(origin, places)]))
    const key = [...fates.values()].map((f) => (typeof f === 'object' ? `=${f.none}` : f)).join('\u0001')
    const made = tests.get(key) ?? this.#compiled(where, origins, fates)
    tests.set(key, made)
    return made
  }

  #compiled(where: Pred, origins: Origins, fates: ReadonlyMap<string, Fate>): Holds {
    const scope: Scope<Current> = (id) => origins.get(id)?.read ?? (() => null)
    const isText = (id: string): boolean => fates.get(id) === 'present'
    const pred = (p: Pred): Holds => {
      const only = onlyColumn(p)
      if (only !== undefined && isText(only)) return this.#textTests.of(p, only, origins.get(only) as Origin)
      if (p.kind === 'not') {
        const of = pred(p.of)
        return (current) => !of(current)
      }
      if (p.kind !== 'and' && p.kind !== 'or') return compilePred(p, scope, this.#env)
      const parts = byColumn(p.of, isText).map((of) => pred(of.length === 1 ? (of[0] as Pred) : { kind: p.kind, of }))
      return p.kind === 'and' ? every(parts) : some(parts)
    }
    return pred(narrowed(where, (id) => fates.get(id) ?? 'open'))
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

function fateOf({ id }: Origin, places: Places | undefined): Fate {
  const place = places?.of(id) ?? OPEN
  return place >= 0 ? 'present' : place === FIXED ? { none: places?.always(id) ?? null } : 'open'
}

function onlyColumn(p: Pred): string | undefined {
  const ids = columnsOfPred(p)
  return ids.size === 1 ? [...ids][0] : undefined
}

/** Parts that read the same text alone are together, in place of the first of them. */
function byColumn(parts: readonly Pred[], isText: (id: string) => boolean): readonly (readonly Pred[])[] {
  const groups = new Map<number | string, Pred[]>()
  for (const [i, p] of parts.entries()) {
    const only = onlyColumn(p)
    const key = only !== undefined && isText(only) ? only : i
    const own = groups.get(key)
    if (own) own.push(p)
    else groups.set(key, [p])
  }
  return [...groups.values()]
}

function every(of: readonly Holds[]): Holds {
  return (current) => {
    for (let i = 0; i < of.length; i++) if (!(of[i] as Holds)(current)) return false
    return true
  }
}

function some(of: readonly Holds[]): Holds {
  return (current) => {
    for (let i = 0; i < of.length; i++) if ((of[i] as Holds)(current)) return true
    return false
  }
}

const TEXT = 'text'

/** Predicates of one text, whatever field has it. Equal ones of several filters are one. */
class TextTests {
  readonly #env: Env
  readonly #numbers = new Map<string, number>()
  readonly #tests: ((of: KnownText) => boolean)[] = []

  constructor(env: Env) {
    this.#env = env
  }

  /** `column`: the only one that the predicate reads, from a place in the record. */
  of(p: Pred, column: string, { id }: Origin): Holds {
    const where = mapPred(p, { expr: (e) => (e.kind === 'col' && e.id === column ? col(TEXT, e.ty) : e) })
    const key = jsonText(where)
    const number = this.#numbers.get(key) ?? this.#tests.length
    if (number === this.#tests.length) {
      this.#numbers.set(key, number)
      this.#tests.push(compilePred<KnownText>(where, () => (of) => of.text, this.#env))
    }
    const test = this.#tests[number] as (of: KnownText) => boolean
    return (current) => {
      const known = current.at((current.places as Places).of(id))
      if (!known.isKept) return test(known)
      known.tests ??= new Map()
      const before = known.tests.get(number)
      if (before !== undefined) return before
      const holds = test(known)
      known.tests.set(number, holds)
      return holds
    }
  }
}
