// What a scan is to find: rows of a source, or a census of fields.
import { type Binder, binder, candidates, columnReader, type EventMeta } from '../../core/eval/bind.ts'
import { compilePred, type Scope } from '../../core/eval/compile.ts'
import type { Tuple } from '../../core/eval/sink.ts'
import type { Event, LogFormat } from '../../core/logs/format.ts'
import { and, conjuncts } from '../../core/plan/build.ts'
import { jsonText } from '../../core/plan/json-text.ts'
import type { Env, SourceNode, Value } from '../../core/plan/plan.ts'
import { columnsOfPred } from '../../core/plan/walk.ts'
import type { Tags } from '../inputs/types.ts'
import type { Bounds } from './bounds.ts'

export interface EventConsumer {
  take(event: Event, meta: EventMeta): 'no' | 'untimed' | 'yes'
}

/** Gives the rows of a source that pass its filter and, if it wants that, lie in the interval. Who only counts wants no rows: they are empty. */
export class RowCollector implements EventConsumer {
  readonly #passes: (event: Event, meta: EventMeta) => boolean
  readonly #binder: Binder | null
  readonly #bounds: Bounds
  readonly #isNeeded: ((event: Event) => boolean) | undefined
  readonly #give: (row: Tuple, event: Event) => void

  constructor(
    source: SourceNode,
    format: LogFormat,
    tags: Tags,
    env: Env,
    bounds: Bounds,
    give: (row: Tuple, event: Event) => void,
    rows = true,
    isNeeded?: (event: Event) => boolean,
  ) {
    this.#isNeeded = isNeeded
    this.#passes = passes(source, format, tags, env)
    this.#binder = rows ? binder(source, format.aliases, tags) : null
    this.#bounds = source.interval === 'query' ? bounds : null
    this.#give = give
  }

  take(event: Event, meta: EventMeta): 'no' | 'untimed' | 'yes' {
    if (!this.#passes(event, meta)) return 'no'
    if (this.#bounds) {
      const { time } = event
      if (time === undefined) return 'untimed'
      if (time < this.#bounds.start || time >= this.#bounds.end) return 'no'
    }
    if (this.#isNeeded?.(event) === false) return 'yes'
    if (this.#binder === null) {
      this.#give([], event)
      return 'yes'
    }
    const row = this.#binder.tuple(event, meta)
    // A lone surrogate (JSON can spell one) is no text for any database, so no executor gets to see one.
    this.#give(meta.raw.includes('\\ud') || meta.raw.includes('\\uD') ? row.map(wellFormed) : row, event)
    return 'yes'
  }
}

/** A filter, and who is told of the events that pass it. */
export interface FilterLevel {
  readonly source: SourceNode
  readonly take: (event: Event) => void
}

interface Counted {
  readonly passes: Passes
  /** The rung whose filter comes first; -1: none. */
  readonly after: number
  readonly take: FilterLevel['take']
}

/**
 * Counts by several filters over the same columns at once. What one filter asks for and more is asked of no event that failed the shorter
 * one, and no field is read twice.
 */
export class FilterCascade implements EventConsumer {
  readonly #rungs: readonly Counted[]
  readonly #passed: boolean[] = []
  readonly #bounds: Bounds
  readonly #forget: () => void

  constructor(rungs: readonly FilterLevel[], format: LogFormat, tags: Tags, env: Env, bounds: Bounds) {
    const [first] = rungs as readonly [FilterLevel, ...FilterLevel[]]
    this.#bounds = first.source.interval === 'query' ? bounds : null
    const scope = readOnce(first.source, format, tags)
    this.#forget = scope.forget
    const asked = rungs.map((r) => conjuncts(r.source.where).map(jsonText))
    this.#rungs = rungs.map(({ source, take }, i) => {
      const own = asked[i] as string[]
      // The longest of the filters before that asks for nothing else.
      const after = asked.slice(0, i).reduce((best, other, k) => {
        const isLonger = best < 0 || other.length > (asked[best] as string[]).length
        return isLonger && other.every((t) => own.includes(t)) ? k : best
      }, -1)
      const known = after < 0 ? [] : (asked[after] as string[])
      const where = and(...conjuncts(source.where).filter((_, k) => !known.includes(own[k] as string)))
      return { passes: compilePred(where, scope.scope, env), after, take }
    })
  }

  take(event: Event, meta: EventMeta): 'no' | 'untimed' | 'yes' {
    this.#forget()
    const seen = { event, meta }
    let answer: 'no' | 'untimed' | 'yes' = 'no'
    for (let i = 0; i < this.#rungs.length; i++) {
      const { passes, after, take } = this.#rungs[i] as Counted
      const is = (after < 0 || (this.#passed[after] as boolean)) && passes(seen)
      this.#passed[i] = is
      if (!is || answer === 'untimed') continue
      if (this.#bounds) {
        const { time } = event
        if (time === undefined) answer = 'untimed'
        if (time === undefined || time < this.#bounds.start || time >= this.#bounds.end) continue
      }
      answer = 'yes'
      take(event)
    }
    return answer
  }
}

const wellFormed = (value: Tuple[number]): Tuple[number] =>
  typeof value === 'string'
    ? value.toWellFormed()
    : Array.isArray(value)
      ? value.map((v: string) => v.toWellFormed())
      : value

interface Seen {
  readonly event: Event
  readonly meta: EventMeta
}

function once(read: (event: Event, meta: EventMeta) => Value, forget: (() => void)[]): (seen: Seen) => Value {
  let value: Value | undefined
  forget.push(() => {
    value = undefined
  })
  return ({ event, meta }) => {
    if (value === undefined) value = read(event, meta)
    return value
  }
}

type Passes = (seen: Seen) => boolean

/** Columns are read when a filter comes to them, and once: most events fail an early comparison, and nothing more is read of them. */
function readOnce(source: SourceNode, format: LogFormat, tags: Tags): { scope: Scope<Seen>; forget: () => void } {
  const forget: (() => void)[] = []
  const known = new Map<string, (seen: Seen) => Value>()
  return {
    scope: (id) => {
      const read = known.get(id) ?? once(columnReader(source, id, format.aliases, tags), forget)
      known.set(id, read)
      return read
    },
    forget: () => {
      for (let i = 0; i < forget.length; i++) (forget[i] as () => void)()
    },
  }
}

function passes(
  source: SourceNode,
  format: LogFormat,
  tags: Tags,
  env: Env,
): (event: Event, meta: EventMeta) => boolean {
  if (source.where.kind === 'true') return () => true
  const { scope, forget } = readOnce(source, format, tags)
  const where = compilePred(source.where, scope, env)
  return (event, meta) => {
    forget()
    return where({ event, meta })
  }
}

/**
 * What a source's filter says where it reads nothing but tags that are the vendor's metadata (`_sourceCategory`, `#repo`), of an event that
 * has no field of such a name; undefined: it reads more.
 */
export function decidedByTags(source: SourceNode, format: LogFormat, tags: Tags, env: Env): boolean | undefined {
  const values = new Map<string, Value>()
  for (const id of columnsOfPred(source.where)) {
    const from = source.columns.find((c) => c.id === id)?.from
    const name =
      from?.kind === 'field' ? candidates(from.name, format.aliases).find((n) => Object.hasOwn(tags, n)) : undefined
    if (name === undefined || !/^[_#]/.test(name)) return undefined
    values.set(id, tags[name] ?? null)
  }
  return compilePred<null>(source.where, (id) => () => values.get(id) ?? null, env)(null)
}

/** Fields of a name are seldom more than this in one feed; beyond it a census counts no new ones. */
const MOST_FIELDS = 5000
/** Of a field with more values than this none is counted. */
export const MOST_COUNTED = 1000

interface Valued {
  readonly name: string
  readonly names: readonly string[]
  readonly tag: string | undefined
}

/** Counts in how many events each field stands, and values. `names`: only these (as a query names them); null: all. */
export class FieldProfiler {
  events = 0
  readonly fields = new Map<string, number>()
  readonly values = new Map<string, Map<string, number>>()
  readonly #valued: readonly Valued[]
  readonly #names: (readonly [string, readonly string[]])[] | null
  readonly #whether: boolean

  /** `whether`: a field that was seen is not looked for again. */
  constructor(
    names: readonly string[] | null,
    format: LogFormat,
    tags: Tags,
    valued: readonly string[] = [],
    whether = false,
  ) {
    this.#whether = whether
    this.#valued = valued.map((name) => {
      const names = candidates(name, format.aliases)
      return { name, names, tag: tags[names.find((n) => Object.hasOwn(tags, n)) ?? ''] }
    })
    for (const n of valued) this.values.set(n, new Map())
    this.#names =
      names?.map(
        (n) => [n, candidates(n, format.aliases).flatMap((c) => (Object.hasOwn(tags, c) ? [c, ''] : [c]))] as const,
      ) ?? null
  }

  add(event: Event): void {
    this.events++
    for (const of of this.#valued) this.#value(of, event)
    if (this.#names === null) {
      for (const name of event.fields.keys()) this.#count(name)
      return
    }
    const names = this.#names
    for (let i = names.length - 1; i >= 0; i--) {
      const [name, of] = names[i] as (typeof names)[number]
      // The empty name stands for a tag, which every event has.
      if (!of.some((n) => n === '' || event.fields.has(n))) continue
      this.#count(name)
      if (this.#whether) names.splice(i, 1)
    }
  }

  #value({ name, names, tag }: Valued, { fields }: Event): void {
    const counts = this.values.get(name)
    if (!counts) return
    let value: string | undefined
    for (let i = 0; i < names.length && value === undefined; i++) value = fields.get(names[i] as string)
    value ??= tag
    if (value === undefined) return
    counts.set(value, (counts.get(value) ?? 0) + 1)
    if (counts.size > MOST_COUNTED) this.values.delete(name)
  }

  #count(name: string): void {
    const known = this.fields.get(name)
    if (known !== undefined || this.fields.size < MOST_FIELDS) this.fields.set(name, (known ?? 0) + 1)
  }
}
