// What a scan is to find: rows of a source, or a census of fields.
import { type Binder, binder, candidates, columnReader, type EventMeta } from '../core/eval/bind.ts'
import { compilePred, type Scope } from '../core/eval/compile.ts'
import type { Tuple } from '../core/eval/relation.ts'
import type { Event, LogFormat } from '../core/logs/format.ts'
import type { Env, SourceNode } from '../core/plan/plan.ts'
import type { Tags } from './types.ts'

export interface Want {
  take(event: Event, meta: EventMeta): 'no' | 'untimed' | 'yes'
}

/** Ends of the interval in microseconds, the second exclusive; null: none is asked for. */
export type Bounds = { readonly start: bigint; readonly end: bigint } | null

/** Gives the rows of a source that pass its filter and, if it wants that, lie in the interval. Who only counts wants no rows: they are empty. */
export class SourceWant implements Want {
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

/** The filter reads a column when it comes to it: most events fail an early comparison, and nothing more is read of them. */
function passes(
  source: SourceNode,
  format: LogFormat,
  tags: Tags,
  env: Env,
): (event: Event, meta: EventMeta) => boolean {
  if (source.where.kind === 'true') return () => true
  const scope: Scope<Seen> = (id) => {
    const read = columnReader(source, id, format.aliases, tags)
    return ({ event, meta }) => read(event, meta)
  }
  const where = compilePred(source.where, scope, env)
  return (event, meta) => where({ event, meta })
}

/** Fields of a name are seldom more than this in one feed; beyond it a census counts no new ones. */
const MOST_FIELDS = 5000

/** Counts in how many events each field stands. `names`: only these (as a query names them); null: all. */
export class Census {
  events = 0
  readonly fields = new Map<string, number>()
  readonly #names: readonly (readonly [string, readonly string[]])[] | null

  constructor(names: readonly string[] | null, format: LogFormat, tags: Tags) {
    this.#names =
      names?.map(
        (n) => [n, candidates(n, format.aliases).flatMap((c) => (Object.hasOwn(tags, c) ? [c, ''] : [c]))] as const,
      ) ?? null
  }

  add(event: Event): void {
    this.events++
    if (this.#names === null) {
      for (const name of event.fields.keys()) this.#count(name)
      return
    }
    // The empty name stands for a tag, which every event has.
    for (const [name, of] of this.#names) if (of.some((n) => n === '' || event.fields.has(n))) this.#count(name)
  }

  #count(name: string): void {
    const known = this.fields.get(name)
    if (known !== undefined || this.fields.size < MOST_FIELDS) this.fields.set(name, (known ?? 0) + 1)
  }
}
