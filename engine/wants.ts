// What a scan is to find: rows of a source, or a census of fields.
import { type Binder, binder, candidates, type EventMeta } from '../core/eval/bind.ts'
import { compilePred, tupleScope } from '../core/eval/compile.ts'
import type { Tuple } from '../core/eval/relation.ts'
import type { Event, LogFormat } from '../core/logs/format.ts'
import type { Env, SourceNode } from '../core/plan/plan.ts'
import { columnsOfPred } from '../core/plan/walk.ts'
import type { Tags } from './types.ts'

export interface Want {
  take(event: Event, meta: EventMeta): 'no' | 'untimed' | 'yes'
}

/** Ends of the interval in microseconds, the second exclusive; null: none is asked for. */
export type Bounds = { readonly start: bigint; readonly end: bigint } | null

/** Gives the rows of a source that pass its filter and, if it wants that, lie in the interval. */
export class SourceWant implements Want {
  readonly #passes: (event: Event, meta: EventMeta) => boolean
  readonly #binder: Binder
  readonly #bounds: Bounds
  readonly #tags: Tags | undefined
  readonly #give: (row: Tuple, event: Event) => void

  constructor(
    source: SourceNode,
    format: LogFormat,
    tags: Tags,
    env: Env,
    bounds: Bounds,
    give: (row: Tuple, event: Event) => void,
  ) {
    this.#passes = passes(source, format, env)
    this.#binder = binder(source, format.aliases)
    this.#bounds = source.interval === 'query' ? bounds : null
    const names = source.columns.flatMap((c) =>
      c.from.kind === 'field' ? candidates(c.from.name, format.aliases) : [],
    )
    this.#tags = names.some((n) => Object.hasOwn(tags, n)) ? tags : undefined
    this.#give = give
  }

  take(plain: Event, meta: EventMeta): 'no' | 'untimed' | 'yes' {
    const event = this.#tags ? tagged(plain, this.#tags) : plain
    if (!this.#passes(event, meta)) return 'no'
    if (this.#bounds) {
      const { time } = event
      if (time === undefined) return 'untimed'
      if (time < this.#bounds.start || time >= this.#bounds.end) return 'no'
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

/** The filter over just the columns that it reads: most events fail it, and the others are not bound for them. */
function passes(source: SourceNode, format: LogFormat, env: Env): (event: Event, meta: EventMeta) => boolean {
  if (source.where.kind === 'true') return () => true
  const read = columnsOfPred(source.where)
  const columns = source.columns.filter((c) => read.has(c.id))
  const rest = source.rest && [...read].some((id) => !columns.some((c) => c.id === id))
  const some = rest ? source : { ...source, columns, rest: false }
  const bind = binder(some, format.aliases)
  const where = compilePred(
    source.where,
    tupleScope(new Map([...some.columns.map((c) => c.id), ...(rest ? ['$:rest'] : [])].map((id, i) => [id, i]))),
    env,
  )
  return (event, meta) => where(bind.tuple(event, meta))
}

/** The event with the tags of its source as fields, behind its own. Tags are not found by free text. */
function tagged(event: Event, tags: Tags): Event {
  const { fields } = event
  const get = (name: string): string | undefined =>
    fields.get(name) ?? (Object.hasOwn(tags, name) ? tags[name] : undefined)
  const view = new Proxy(fields, {
    get: (target, key) => {
      if (key === 'get') return get
      if (key === 'has') return (name: string) => get(name) !== undefined
      const value = Reflect.get(target, key, target) as unknown
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return {
    fields: view,
    get time() {
      return event.time
    },
  }
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
