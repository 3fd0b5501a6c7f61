// A detection over single events as KQL, and the steps that count them.
import { demands } from '../shared/condition.ts'
import type { EventDetection, Logsource, Measure, SortKey, Step } from '../shared/portable.ts'
import {
  type Columns,
  columnsOf,
  EMPTY_KEY,
  isReadAsNumber,
  isReadAsText,
  type Losses,
  noteGroupLimit,
  Refused,
  sourceName,
  spanText,
  type TargetSource,
  type TargetVocabulary,
} from '../shared/target.ts'
import { conditionText } from './conditions.ts'
import { alias, columnText, nameText } from './text.ts'

export function eventsText(d: EventDetection, vocabulary: TargetVocabulary, losses: Losses): string {
  const { lines, columns } = eventsOf(d, vocabulary, losses)
  return [...lines, ...d.steps.map((s) => stepText(s, columns, losses, (f) => demands(d.where, f)))].join('\n')
}

const noTable = (of: Logsource | undefined): TargetSource => {
  throw new Refused(
    of === undefined
      ? 'a KQL query begins with a table, and the detection names no log source'
      : `no table for the log source ${sourceName(of)}`,
  )
}

/** The table and its filters. */
export function eventsOf(
  d: EventDetection,
  vocabulary: TargetVocabulary,
  losses: Losses,
): { lines: readonly string[]; columns: Columns } {
  const columns = columnsOf(d, vocabulary, losses, noTable)
  const scope = { type: (n: string) => columns.type(n), losses }
  const where = columns.condition(d.where)
  const filters = [columns.sourceWhere(where), where].filter((c) => c !== undefined && c.kind !== 'always')
  const lines = filters.map((c) => `| where ${conditionText(c as NonNullable<typeof c>, scope)}`)
  return { lines: [columns.source.from, ...(columns.source.extend ?? []), ...lines], columns }
}

export const timeOf = (columns: Columns): string => columns.source.time ?? 'TimeGenerated'

/** `isThere`: every event has the field. */
function stepText(step: Step, columns: Columns, losses: Losses, isThere: (field: string) => boolean): string {
  const name = (f: string): string => nameText(columns.name(f, step.at))
  const renamed = (f: string): string => (name(f) === columnText(f) ? name(f) : `${columnText(f)} = ${name(f)}`)
  switch (step.kind) {
    case 'where': {
      const c = columns.condition(step.where)
      return `| where ${conditionText(c, { type: (n) => columns.type(n), losses })}`
    }
    case 'aggregate': {
      noteGroupLimit(step, 'KQL', losses)
      const measures = step.measures.map((m) => measureText(m, columns, losses, m.at ?? step.at))
      if (step.nullKeys === 'keep' && step.by.length > 0) losses.add('empty-key', EMPTY_KEY(step.by), step.at)
      const by = [
        ...(step.bucket === undefined ? [] : [`bin(${timeOf(columns)}, ${spanText(step.bucket)})`]),
        ...step.by.map(renamed),
      ]
      // A value that is absent would be a group of its own.
      const there = step.nullKeys === 'keep' ? [] : step.by.filter((f) => !isThere(f)).map((f) => present(f, columns))
      const filter = there.length > 0 ? `| where ${there.join(' and ')}\n` : ''
      columns.aggregated(step, alias)
      return `${filter}| summarize ${measures.join(', ')}${by.length > 0 ? ` by ${by.join(', ')}` : ''}`
    }
    case 'order': {
      const key = (k: SortKey): string =>
        isReadAsText(k, columns)
          ? `tostring(${name(k.field)})`
          : isReadAsNumber(k, columns)
            ? `toreal(${name(k.field)})`
            : name(k.field)
      const by = step.by.map((b) => `${key(b)} ${b.descending ? 'desc' : 'asc'}`).join(', ')
      if (step.by.length === 0) return step.limit === undefined ? '| where true' : `| take ${step.limit}`
      return step.limit === undefined ? `| sort by ${by}` : `| top ${step.limit} by ${by}`
    }
    case 'columns':
      return `| project ${step.fields.map(renamed).join(', ')}`
  }
}

/** https://learn.microsoft.com/kusto/query/aggregation-functions. A text column is never null: an empty text is no value. */
export function measureText(m: Measure, columns: Columns, losses: Losses, at?: { start: number; end: number }): string {
  const to = columnText(m.name)
  if (m.of === 'count') return `${to} = ${m.field === undefined ? 'count()' : `countif(${present(m.field, columns)})`}`
  if (m.field === undefined) throw new Refused(`${m.of} needs a field`, at)
  const field = nameText(columns.name(m.field, at))
  const number = columns.type(columns.name(m.field)) === 'number' ? field : `toreal(${field})`
  switch (m.of) {
    case 'distinct':
      return `${to} = count_distinctif(${field}, ${present(m.field, columns)})`
    case 'average':
      return `${to} = avg(${number})`
    case 'sum':
      return `${to} = sum(${number})`
    case 'median':
    case 'percentile':
      losses.add('percentile-estimate', 'percentile is an estimate in KQL', at)
      return `${to} = percentile(${number}, ${m.of === 'median' ? 50 : (m.percentile ?? 50)})`
    case 'max':
    case 'min':
      return `${to} = ${m.of}(${field})`
    case 'values':
      return `${to} = make_set(${field})`
    case 'first':
    case 'last':
      return `(${columnText(`${m.name}_time`)}, ${to}) = ${m.of === 'first' ? 'arg_min' : 'arg_max'}(${timeOf(columns)}, ${field})`
  }
}

export function present(field: string, columns: Columns): string {
  const name = columns.name(field)
  const isText = ['address', 'text'].includes(columns.type(name))
  return `${isText ? 'isnotempty' : 'isnotnull'}(${nameText(name)})`
}
