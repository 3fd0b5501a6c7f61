// The words of a platform for Sigma's fields and log sources, for a language that is written. Sigma's own vocabularies serve reading: each of
// their names is tried on every event. A name here is written once, into a text for one table, so it can be as common as `user`.
import type { Span } from '../../text/source.ts'
import { all, ALWAYS, any, conjuncts, type FieldTest, isNever, mapTests, NEVER, not, simplified } from './condition.ts'
import type { Condition, EventDetection, Logsource, Loss, SortKey, Step, Unread, Written } from './portable.ts'
import type { OtherEvents } from './windows-events.ts'

export type FieldType = 'address' | 'boolean' | 'number' | 'text'

/** A row of the platform's documentation. */
export interface Evidence {
  readonly url: string
  /** The fact, in our words. */
  readonly says: string
}

/** Ends writing: the language, or the platform's fields, cannot say this part. `written` catches it. */
export class Refused extends Error {
  readonly at: Span | undefined
  constructor(reason: string, at?: Span) {
    super(reason)
    this.at = at
  }
}

/** Collects what a text loses. */
export class Losses {
  readonly #found = new Map<string, Loss>()
  /** By the events. */
  readonly unread = new Map<string, Unread>()
  add(kind: string, message: string, at?: Span): void {
    const key = `${kind}:${message}`
    if (!this.#found.has(key)) this.#found.set(key, { kind, message, ...(at ? { at } : {}) })
  }
  list(): readonly Loss[] {
    return [...this.#found.values()]
  }
}

/** The key is a text that the query orders as a number. */
export const isReadAsNumber = ({ field, as }: SortKey, columns: Columns): boolean =>
  as === 'read-number' && columns.type(field) !== 'number'

/** The key is a number that the query orders as a text. */
export const isReadAsText = ({ field, as }: SortKey, columns: Columns): boolean =>
  as === 'text' && columns.type(columns.name(field)) === 'number'

/** The target has no limit on the number of groups. */
export function noteGroupLimit(step: Step & { kind: 'aggregate' }, target: string, losses: Losses): void {
  if (step.limit !== undefined)
    losses.add('group-limit', `at most ${step.limit} groups: the ${target} query gives all`, step.limitAt ?? step.at)
}

/** The loss of a platform whose groups have no absent keys. */
export const EMPTY_KEY = (keys: readonly string[]): string =>
  `events without ${keys.join(' or ')}, and those with an empty text there, are one group`

export function written(write: (losses: Losses) => string): Written {
  const losses = new Losses()
  try {
    const text = write(losses)
    return { text, losses: losses.list(), ...(losses.unread.size > 0 && { unread: [...losses.unread.values()] }) }
  } catch (e) {
    if (e instanceof Refused) return { reason: e.message, ...(e.at ? { at: e.at } : {}) }
    throw e
  }
}

/** A fact that the platform keeps in other fields or values. */
export interface Rewritten {
  /** Its name for grouping and display. Left out: there is none. */
  readonly name?: string
  /** The same test in the platform's fields. Throws `Refused` where there is none. */
  readonly test: (test: FieldTest) => Condition
  /** The platform's fields of an event with this value, for running a text. Undefined: no event is made of it. */
  readonly filled?: (value: string) => Readonly<Record<string, string>> | undefined
  /** A difference that comes with every use. */
  readonly loss?: Pick<Loss, 'kind' | 'message'>
}
export type Mapping = string | Rewritten

export interface TargetSource extends Logsource {
  /** A table, index pattern or the first search terms. */
  readonly from: string
  /** Column of the event's time, where the platform has several. */
  readonly time?: string
  /** The events of the source among those of `from`, in the platform's fields. */
  readonly where?: Condition
  readonly fields: Readonly<Record<string, Mapping>>
  /** The name of any other field; undefined: the source has no such field. */
  readonly other?: (field: string) => string | undefined
  /** Lines after `from` that compute a column. */
  readonly extend?: readonly string[]
  /** No event meets both of these conditions. A rule that requires one needs no test of the other. */
  readonly exclusive?: readonly [Condition, Condition]
  readonly loss?: Pick<Loss, 'kind' | 'message'>
  /** Another log of the same activity, whose events it does not read. */
  readonly unread?: OtherEvents | undefined
}

export interface TargetVocabulary {
  readonly id: string
  readonly title: string
  readonly evidence: readonly Evidence[]
  /** The first that fits and has the rule's fields is taken. Its parts must be those of the rule; a part that it lacks fits every rule. */
  readonly sources: readonly TargetSource[]
  /** Types of the platform's fields. Left out: text. */
  readonly types: Readonly<Record<string, FieldType>>
  /** A query can read several tables, with commas between. */
  readonly joins?: true
  /** Fields that can have several values at once. */
  readonly many?: ReadonlySet<string>
}

const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined

const fits = (part: string | undefined, wanted: string | undefined): boolean => part === undefined || part === wanted

/** A rule without a product is about all of them: their tables are read together where the platform can. */
function sourcesFor(vocabulary: TargetVocabulary, of: Logsource): readonly TargetSource[] {
  const found = vocabulary.sources.filter((s) => fits(s.category, of.category) && fits(s.service, of.service))
  const own = found.filter((s) => fits(s.product, of.product))
  if (own.length > 0 || of.product !== undefined || (of.category ?? of.service) === undefined) return own
  const named = found.filter((s) => (s.category ?? s.service) !== undefined)
  const ofEach = [...new Map(named.map((s) => [s.product, named.filter((x) => x.product === s.product)])).values()]
  const [first = [], ...others] = ofEach
  const [one] = first
  if (!one || others.length === 0) return first
  const each = [one, ...others.flatMap((o) => o.slice(0, 1))]
  const tables = [...new Set(each.flatMap((s) => (vocabulary.joins ? s.from.split(', ') : [s.from])))]
  if (tables.length > 1 && !vocabulary.joins) return first
  return [{ ...one, from: tables.join(', '), where: either(each.map((s) => s.where ?? ALWAYS)) }]
}

/** Any of the conditions. The parts that all of them require come first, once. */
function either(of: readonly Condition[]): Condition {
  const keys = of.map((c) => new Map(conjuncts(c).map((x) => [JSON.stringify(x), x])))
  const shared = [...(keys[0] ?? [])].filter(([k]) => keys.every((m) => m.has(k)))
  const rest = keys.map((m) => all(...[...m].filter(([k]) => !shared.some(([s]) => s === k)).map(([, x]) => x)))
  return all(...shared.map(([, x]) => x), any(...rest))
}

export const sourceName = ({ category, product, service }: Logsource): string =>
  [product, category, service].filter((s) => s !== undefined).join('/')

/** The fields of a detection in the platform's words. An aggregation replaces them by its own columns. */
export class Columns {
  readonly source: TargetSource
  readonly #vocabulary: TargetVocabulary
  readonly #losses: Losses
  /** After an aggregation: its columns, with their types. */
  #own: ReadonlyMap<string, { readonly name: string; readonly type: FieldType }> | undefined

  constructor(source: TargetSource, vocabulary: TargetVocabulary, losses: Losses) {
    this.source = source
    this.#vocabulary = vocabulary
    this.#losses = losses
    if (source.loss) losses.add(source.loss.kind, source.loss.message)
  }

  type(name: string): FieldType {
    if (this.#own) return [...this.#own.values()].find((c) => c.name === name)?.type ?? 'text'
    return own(this.#vocabulary.types, name) ?? 'text'
  }

  hasMany(name: string): boolean {
    return this.#own === undefined && (this.#vocabulary.many?.has(name) ?? false)
  }

  /** Its name on the platform. */
  name(field: string, at?: Span): string {
    if (this.#own) {
      const column = this.#own.get(field)
      if (column) return column.name
      throw new Refused(`no column ${field} after the aggregation`, at)
    }
    const to = own(this.source.fields, field)
    if (to === undefined) {
      const other = this.source.other?.(field)
      if (other === undefined) throw this.#missing(field, at)
      return other
    }
    if (typeof to === 'string') return to
    if (to.loss) this.#losses.add(to.loss.kind, to.loss.message, at)
    if (to.name === undefined)
      throw new Refused(`${this.source.from} has ${field} only as a condition, not as a value`, at)
    return to.name
  }

  /** The condition in the platform's fields. */
  condition(c: Condition): Condition {
    const mapped = withoutExcluded(this.#mapped(c), this.#own ? undefined : this.source.exclusive)
    // Some platforms have no word for it, and a detection that finds nothing is no translation.
    if (isNever(mapped) && !isNever(simplified(c)))
      throw new Refused(`${this.source.from}: in its fields the condition never holds`)
    return mapped
  }

  #mapped(c: Condition): Condition {
    return mapTests(simplified(c), (t): Condition => {
      if (t.kind === 'keyword' || t.kind === 'keyword-regex') return t
      if (t.kind === 'fields') return { ...t, left: this.name(t.left, t.at), right: this.name(t.right, t.at) }
      const to = this.#own ? undefined : own(this.source.fields, t.field)
      if (to === undefined || typeof to === 'string') return { ...t, field: this.name(t.field, t.at) }
      if (to.loss) this.#losses.add(to.loss.kind, to.loss.message, t.at)
      try {
        return simplified(to.test(t))
      } catch (e) {
        throw e instanceof Refused && e.at === undefined && t.at ? new Refused(e.message, t.at) : e
      }
    })
  }

  /** The condition of the source, unless the detection's own condition says more. */
  sourceWhere(where: Condition): Condition | undefined {
    const { exclusive = [], where: own } = this.source
    const keys = exclusive.map((e) => JSON.stringify(e))
    const isImplied = JSON.stringify(own) === JSON.stringify(any(...exclusive))
    return isImplied && conjuncts(where).some((c) => keys.includes(JSON.stringify(c))) ? undefined : own
  }

  /** `alias`: the name of a column that the text may have. */
  aggregated(step: Extract<Step, { kind: 'aggregate' }>, alias: (field: string) => string = (f) => f): void {
    if (step.by.length + step.measures.length === 0)
      throw new Refused('an aggregation without groups and measures', step.at)
    const columns = new Map<string, { readonly name: string; readonly type: FieldType }>()
    for (const f of step.by) columns.set(f, { name: alias(f), type: this.type(this.name(f)) })
    for (const m of step.measures) {
      const isText = ['first', 'last', 'max', 'min', 'values'].includes(m.of)
      columns.set(m.name, { name: alias(m.name), type: isText ? 'text' : 'number' })
    }
    this.#own = columns
  }

  #missing(field: string, at: Span | undefined): Refused {
    return new Refused(`${this.#vocabulary.title}, ${this.source.from}: no field for ${field}`, at)
  }
}

/**
 * The source of a detection: the first that has its fields, else the refusal of the first. `unknown`: the source of a detection that no row
 * of the vocabulary fits; it may refuse.
 */
export function columnsOf(
  d: EventDetection,
  vocabulary: TargetVocabulary,
  losses: Losses,
  unknown: (of: Logsource | undefined) => TargetSource,
): Columns {
  const sources = d.logsource ? sourcesFor(vocabulary, d.logsource) : []
  const [one, ...others] = sources
  if (!one) return new Columns(unknown(d.logsource), vocabulary, losses)
  let refused: Refused | undefined
  for (const source of [one, ...others])
    try {
      new Columns(source, vocabulary, new Losses()).condition(d.where)
      if (refused) losses.add('other-table', `${refused.message}; the text reads ${source.from} instead`)
      if (source.unread) {
        const unread = unreadOf(source.unread, d.where)
        losses.unread.set(unread.events, unread)
      }
      return new Columns(source, vocabulary, losses)
    } catch (e) {
      if (!(e instanceof Refused)) throw e
      refused ??= e
    }
  throw refused
}

function unreadOf({ channel, id, names }: OtherEvents, where: Condition): Unread {
  const lacking = (c: Condition): string | undefined =>
    'field' in c && !Object.hasOwn(names, c.field)
      ? c.field
      : c.kind === 'any' && c.of.every((o) => lacking(o) !== undefined)
        ? c.of.map(lacking)[0]
        : undefined
  const lacks = conjuncts(where).flatMap((c) => lacking(c) ?? [])[0]
  return { events: `${channel} ${id}`, ...(lacks !== undefined && { lacks }) }
}

/** Where one of two exclusive conditions is required, the other is false, and the first is true in the rest. */
function withoutExcluded(c: Condition, exclusive: readonly [Condition, Condition] | undefined): Condition {
  if (!exclusive) return c
  const keys = exclusive.map((e) => JSON.stringify(e))
  const required = conjuncts(c).find((x) => keys.includes(JSON.stringify(x)))
  if (!required) return c
  const own = JSON.stringify(required)
  const replaced = (x: Condition): Condition => {
    const key = JSON.stringify(x)
    if (keys.includes(key)) return key === own ? ALWAYS : NEVER
    if (x.kind === 'all') return all(...x.of.map(replaced))
    if (x.kind === 'any') return any(...x.of.map(replaced))
    return x.kind === 'not' ? not(replaced(x.of)) : x
  }
  return all(
    required,
    ...conjuncts(c)
      .filter((x) => JSON.stringify(x) !== own)
      .map(replaced),
  )
}

/** How often a window of this length is looked at, in microseconds: every five minutes, of long windows a 24th. */
export function hopOf(timespan: bigint): bigint {
  const minutes = timespan / 24n / 60_000_000n
  const hop = (minutes < 5n ? 5n : minutes) * 60_000_000n
  return timespan < hop ? timespan : hop
}

/** `10m`, `1h`, `2d`, `90s` from microseconds. */
export function spanText(micros: bigint): string {
  const seconds = micros / 1_000_000n
  for (const [unit, size] of [
    ['d', 86_400n],
    ['h', 3600n],
    ['m', 60n],
  ] as const)
    if (seconds >= size && seconds % size === 0n) return `${seconds / size}${unit}`
  return `${seconds}s`
}
