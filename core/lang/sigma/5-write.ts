// A portable detection as Sigma documents: a rule, and a correlation for a threshold.
import { stringify } from 'yaml'
import type {
  Condition,
  CorrelationDetection,
  EventDetection,
  Logsource,
  Loss,
  Measure,
  PortableDetection,
  Step,
  Written,
} from '../shared/portable.ts'
import type { Span } from '../../text/source.ts'
import { all, demands } from '../shared/condition.ts'
import { duration } from '../shared/duration.ts'
import { itemsOf, type Selection } from './write-items.ts'
import { knownEvents } from './write-names.ts'

export class NotSigma extends Error {}

export function write(d: PortableDetection): Written {
  try {
    const losses = new Map<string, Loss>()
    const lose: Lose = (kind, message, at) => void losses.set(kind, { kind, message, ...(at && { at }) })
    const documents = d.kind === 'correlation' ? correlated(d, lose) : eventDocuments(d, lose)
    const text = documents.map((o) => stringify(o, { lineWidth: 0, indent: 4 })).join('---\n')
    const vocabulary = d.kind === 'events' && !d.logsource ? knownEvents(d.where).vocabulary : undefined
    return { text, losses: [...losses.values()], ...(vocabulary !== undefined && { vocabulary }) }
  } catch (e) {
    if (!(e instanceof NotSigma)) throw e
    return { reason: e.message }
  }
}

type Lose = (kind: string, message: string, at?: Span) => void
type Document = Readonly<Record<string, unknown>>

const titled = (d: PortableDetection, title: string) => ({
  title: d.title ?? title,
  ...(d.id !== undefined && { id: d.id }),
  status: 'experimental',
  ...(d.description !== undefined && { description: d.description }),
  ...(d.tags && { tags: [...d.tags] }),
})

function ruleOf(d: EventDetection, lose: Lose, name?: string): Document {
  const known = knownEvents(d.where)
  const logsource = d.logsource ?? known.logsource
  if (!logsource) lose('logsource', 'the text does not say which logs it is about: name the log source')
  if (known.keepsEvent && !d.logsource)
    lose(
      'platform-field',
      'event_simpleName is a field of the Falcon sensor: the rule finds nothing in other telemetry',
    )
  const detection = new Detection(lose).of(d.logsource ? d.where : known.where)
  const fields = d.steps.flatMap((s) => (s.kind === 'columns' ? s.fields : []))
  return {
    ...titled(d, 'Translated detection'),
    ...(name !== undefined && { name }),
    logsource: { ...(logsource ?? UNKNOWN) },
    detection,
    ...(name === undefined && fields.length > 0 && { fields: [...fields] }),
    level: d.level ?? 'medium',
  }
}
const UNKNOWN: Logsource = { product: 'unknown' }

function eventDocuments(d: EventDetection, lose: Lose): Document[] {
  const aggregate = d.steps.findIndex((s) => s.kind === 'aggregate')
  for (const s of d.steps)
    if (s.kind === 'order' && s.limit !== undefined) lose('limit', 'a limit of rows is left out', s.limitAt ?? s.at)
  for (const s of d.steps)
    if (s.kind === 'aggregate' && s.limit !== undefined)
      lose('group-limit', `a limit of ${s.limit} groups is left out`, s.limitAt ?? s.at)
  if (aggregate < 0) return [ruleOf(d, lose)]
  const step = d.steps[aggregate] as Extract<Step, { kind: 'aggregate' }>
  const after = d.steps.slice(aggregate + 1)
  if (after.some((s) => s.kind === 'aggregate')) throw new NotSigma('counting of counts')
  const bounds = after.flatMap((s) => (s.kind === 'where' ? boundsIn(s.where) : []))
  const counted = [...new Set(bounds.map((b) => b.name))]
  if (counted.length > 1) throw new NotSigma(`a threshold on several numbers (${counted.join(', ')})`)
  const [one] = counted
  const measure = step.measures.find((m) => m.name === one)
  if (one !== undefined && !measure) throw new NotSigma(`a threshold on \`${one}\`, which is no count`)
  if (step.bucket === undefined)
    lose('window-interval', 'the text counts over the interval of its search; 24h is written', step.at)
  else lose('window-sliding', 'the text counts in slices of time, Sigma in a window that slides', step.at)
  if (step.nullKeys === 'keep') lose('null-keys', 'events without one of the group fields are not counted', step.at)
  const name = 'base'
  const of: Measure = measure ?? { name: 'count', of: 'count' }
  const type = TYPES[of.of]
  if (!type) throw new NotSigma(`a threshold on ${of.of}`)
  const correlation = {
    ...titled(d, 'Translated detection'),
    correlation: {
      type: of.field !== undefined && of.of === 'count' ? 'event_count' : type,
      rules: [name],
      ...(step.by.length > 0 && { 'group-by': step.by.map((f) => knownEvents(d.where).nameOf(f)) }),
      timespan: duration(step.bucket ?? 86_400_000_000n),
      condition: {
        ...(bounds.length > 0 ? Object.fromEntries(bounds.map((b) => [b.op, b.value])) : { gte: 1 }),
        ...(type !== 'event_count' && of.field !== undefined && { field: knownEvents(d.where).nameOf(of.field) }),
        ...(of.percentile !== undefined && { percentile: of.percentile }),
      },
    },
    level: d.level ?? 'medium',
  }
  const isThere: Condition[] =
    of.of === 'count' && of.field !== undefined && !demands(d.where, of.field)
      ? [{ kind: 'exists', field: of.field }]
      : []
  const where = all(d.where, ...isThere)
  return [
    ruleOf({ ...d, where, title: `${d.title ?? 'Translated detection'}: events`, steps: [] }, lose, name),
    correlation,
  ]
}

const TYPES: Readonly<Partial<Record<Measure['of'], string>>> = {
  count: 'event_count',
  distinct: 'value_count',
  sum: 'value_sum',
  average: 'value_avg',
  median: 'value_median',
  percentile: 'value_percentile',
}
const OPS = { '<': 'lt', '<=': 'lte', '=': 'eq', '>': 'gt', '>=': 'gte', '!=': 'neq' } as const

function boundsIn(c: Condition): { name: string; op: string; value: number }[] {
  if (c.kind === 'all') return c.of.flatMap(boundsIn)
  if (c.kind === 'number') return [{ name: c.field, op: OPS[c.op], value: c.value }]
  if (c.kind === 'not' && c.of.kind === 'number' && c.of.op === '=')
    return [{ name: c.of.field, op: 'neq', value: c.of.value }]
  throw new NotSigma('a threshold that is no comparison with a number')
}

function correlated(d: CorrelationDetection, lose: Lose): Document[] {
  const names = d.of.map((_, i) => `rule_${i + 1}`)
  const rules = d.of.map((r, i) => {
    if (r.kind === 'correlation') throw new NotSigma('a correlation of correlations')
    return ruleOf(r, lose, names[i])
  })
  const aliases = d.groupBy.filter((g) => g.fields.some((f) => f !== g.name))
  return [
    ...rules,
    {
      ...titled(d, 'Translated correlation'),
      correlation: {
        type: d.type,
        rules: names,
        ...(d.groupBy.length > 0 && { 'group-by': d.groupBy.map((g) => g.name) }),
        timespan: duration(d.timespan),
        ...(aliases.length > 0 && {
          aliases: Object.fromEntries(
            aliases.map((g) => [g.name, Object.fromEntries(names.map((n, i) => [n, g.fields[i]]))]),
          ),
        }),
        ...(d.bounds.length > 0 && {
          condition: {
            ...Object.fromEntries(d.bounds.map((b) => [OPS[b.op], b.value])),
            ...(d.fields.length > 0 && { field: d.fields.length === 1 ? d.fields[0] : [...d.fields] }),
            ...(d.percentile !== undefined && { percentile: d.percentile }),
          },
        }),
      },
      level: d.level ?? 'medium',
    },
  ]
}

/** Names selections, and the condition over them. */
class Detection {
  readonly #searches = new Map<string, Selection>()
  readonly #lose: Lose
  constructor(lose: Lose) {
    this.#lose = lose
  }

  of(where: Condition): Document {
    const condition = this.#expression(where, 'selection')
    return { ...Object.fromEntries(this.#searches), condition }
  }

  #named(search: Selection, prefix: string): string {
    for (let i = 1; ; i++) {
      const name = i === 1 ? prefix : `${prefix}_${i}`
      if (this.#searches.has(name)) continue
      this.#searches.set(name, search)
      return name
    }
  }

  /** `prefix`: `filter` under `not`. */
  #expression(c: Condition, prefix: string): string {
    if (c.kind === 'always') throw new NotSigma('a condition that every event meets')
    if (c.kind === 'not') {
      const absent = itemsOf(c, this.#lose)
      if (absent) return this.#named(absent, prefix)
      const inner = this.#expression(c.of, prefix === 'selection' ? 'filter' : 'selection')
      return `not ${/ /.test(inner) ? `(${inner})` : inner}`
    }
    const items = itemsOf(c, this.#lose)
    if (items) return this.#named(items, prefix)
    if (c.kind === 'all') {
      // Items of different fields are one selection.
      const own = new Map<string, Selection>()
      const rest: Condition[] = []
      for (const o of c.of) {
        const found = itemsOf(o, this.#lose)
        const keys = found && !Array.isArray(found) ? Object.keys(found) : []
        const [key] = keys
        if (found && key !== undefined && keys.length === 1 && !own.has(key)) own.set(key, found)
        else rest.push(o)
      }
      // Object.assign would make a field `__proto__` the prototype.
      const items = Object.fromEntries([...own.values()].flatMap((s) => Object.entries(s)))
      const merged = own.size > 0 ? [this.#named(items, prefix)] : []
      return [...merged, ...rest.map((o) => bracketed(this.#expression(o, prefix), 'or'))].join(' and ')
    }
    if (c.kind === 'any') return c.of.map((o) => bracketed(this.#expression(o, prefix), 'and')).join(' or ')
    throw new NotSigma(`a test of the kind ${c.kind}`)
  }
}

const bracketed = (text: string, word: string): string => (new RegExp(` ${word} `).test(text) ? `(${text})` : text)
