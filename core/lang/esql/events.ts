// A detection over single events as ES|QL, and the steps that count them.
import { demands } from '../shared/condition.ts'
import type { EventDetection, Logsource, Measure, SortKey, Step } from '../shared/portable.ts'
import {
  type Columns,
  columnsOf,
  isReadAsNumber,
  isReadAsText,
  type Losses,
  noteGroupLimit,
  Refused,
  sourceName,
  type TargetSource,
  type TargetVocabulary,
} from '../shared/target.ts'
import { conditionText } from './conditions.ts'
import { nameText } from './text.ts'

/** Logs of an unknown source: every index of the log data streams, fields by their own names. */
const anySource = (of: Logsource | undefined): TargetSource => ({
  from: 'logs-*',
  fields: {},
  other: (field) => field,
  loss: {
    kind: 'source',
    message:
      of === undefined
        ? 'the detection names no log source: the query reads logs-*, with the fields of the original'
        : `no index is known for the log source ${sourceName(of)}: the query reads logs-*, with the fields of the original`,
  },
})

export function eventsText(d: EventDetection, vocabulary: TargetVocabulary, losses: Losses): string {
  const { lines, columns } = eventsOf(d, vocabulary, losses)
  return [...lines, ...d.steps.map((s) => stepText(s, columns, losses, (f) => demands(d.where, f)))].join('\n')
}

export const scopeOf = (columns: Columns, losses: Losses) => ({
  type: (n: string) => columns.type(n),
  hasMany: (n: string) => columns.hasMany(n),
  losses,
})

export function eventsOf(
  d: EventDetection,
  vocabulary: TargetVocabulary,
  losses: Losses,
): { lines: readonly string[]; columns: Columns } {
  const columns = columnsOf(d, vocabulary, losses, anySource)
  const scope = scopeOf(columns, losses)
  const source = columns.source.where
  const where = columns.condition(d.where)
  // Searches of the index come first: https://www.elastic.co/docs/reference/query-languages/esql/limitations
  const lines = [source && sourceText(source), where.kind === 'always' ? undefined : conditionText(where, scope)]
  return {
    lines: [`FROM ${columns.source.from}`, ...lines.filter((l) => l !== undefined).map((l) => `| WHERE ${l}`)],
    columns,
  }
}

/**
 * The fields that tell sources apart are arrays (`event.category`, `event.type`); the match operator is true if any value fits.
 * https://www.elastic.co/docs/reference/query-languages/esql/functions-operators/operators
 */
export function sourceText(c: NonNullable<TargetSource['where']>): string {
  if (c.kind === 'all' || c.kind === 'any')
    return c.of
      .map((x) => (x.kind === 'all' || x.kind === 'any' ? `(${sourceText(x)})` : sourceText(x)))
      .join(c.kind === 'all' ? ' AND ' : ' OR ')
  if (c.kind !== 'text') throw new Error(`a log source with a test of kind ${c.kind}`)
  return `${nameText(c.field)} : "${c.parts.map((p) => ('text' in p ? p.text : p.wild)).join('')}"`
}

/** `isThere`: every event has the field. */
function stepText(step: Step, columns: Columns, losses: Losses, isThere: (field: string) => boolean): string {
  const name = (f: string): string => nameText(columns.name(f, step.at))
  switch (step.kind) {
    case 'where':
      return `| WHERE ${conditionText(columns.condition(step.where), scopeOf(columns, losses))}`
    case 'aggregate': {
      noteGroupLimit(step, 'ES|QL', losses)
      const measures = step.measures.map((m) => measureText(m, columns, losses, m.at ?? step.at))
      const keys = step.by.map((f) => (name(f) === nameText(f) ? name(f) : `${nameText(f)} = ${name(f)}`))
      const by = [...(step.bucket === undefined ? [] : [`bucket = ${bucketText(step.bucket)}`]), ...keys]
      // A value that is absent would be a group of its own.
      const there =
        step.nullKeys === 'keep' ? [] : step.by.filter((f) => !isThere(f)).map((f) => `${name(f)} IS NOT NULL`)
      const filter = there.length > 0 ? `| WHERE ${there.join(' AND ')}\n` : ''
      columns.aggregated(step)
      return `${filter}| STATS ${measures.join(', ')}${by.length > 0 ? `${measures.length > 0 ? ' ' : ''}BY ${by.join(', ')}` : ''}`
    }
    case 'order': {
      const key = (k: SortKey): string =>
        isReadAsText(k, columns)
          ? `TO_STRING(${name(k.field)})`
          : isReadAsNumber(k, columns)
            ? `TO_DOUBLE(${name(k.field)})`
            : name(k.field)
      const sort = step.by.map((b) => `${key(b)} ${b.descending ? 'DESC' : 'ASC'}`).join(', ')
      return (
        [
          ...(sort === '' ? [] : [`| SORT ${sort}`]),
          ...(step.limit === undefined ? [] : [`| LIMIT ${step.limit}`]),
        ].join('\n') || '| WHERE TRUE'
      )
    }
    case 'columns':
      return `| KEEP ${step.fields.map(name).join(', ')}`
  }
}

const UNITS = [
  ['day', 86_400n],
  ['hour', 3600n],
  ['minute', 60n],
  ['second', 1n],
] as const

/** `10 minutes` from microseconds. */
export function spanWords(micros: bigint): string {
  const seconds = micros / 1_000_000n
  for (const [unit, size] of UNITS)
    if (seconds >= size && seconds % size === 0n) return `${seconds / size} ${unit}${seconds === size ? '' : 's'}`
  return `${micros / 1000n} milliseconds`
}
const bucketText = (micros: bigint): string => `BUCKET(@timestamp, ${spanWords(micros)})`

/** https://www.elastic.co/docs/reference/query-languages/esql/functions-operators/aggregation-functions */
export function measureText(m: Measure, columns: Columns, losses: Losses, at?: { start: number; end: number }): string {
  const to = nameText(m.name)
  if (m.of === 'count') return `${to} = COUNT(${m.field === undefined ? '*' : nameText(columns.name(m.field, at))})`
  if (m.field === undefined) throw new Refused(`${m.of} needs a field`, at)
  const own = columns.name(m.field, at)
  const field = nameText(own)
  const number = columns.type(own) === 'number' ? field : `TO_DOUBLE(${field})`
  switch (m.of) {
    case 'distinct':
      losses.add('distinct-estimate', 'COUNT_DISTINCT is exact to about 3,000 values only', at)
      return `${to} = COUNT_DISTINCT(${field})`
    case 'average':
      return `${to} = AVG(${number})`
    case 'sum':
      return `${to} = SUM(${number})`
    case 'median':
    case 'percentile':
      losses.add('percentile-estimate', 'PERCENTILE is an estimate', at)
      return `${to} = PERCENTILE(${number}, ${m.of === 'median' ? 50 : (m.percentile ?? 50)})`
    case 'max':
    case 'min':
      return `${to} = ${m.of.toUpperCase()}(${field})`
    case 'values':
      return `${to} = VALUES(${field})`
    case 'first':
    case 'last':
      return `${to} = TOP(${field}, 1, "${m.of === 'first' ? 'asc' : 'desc'}")`
  }
}
