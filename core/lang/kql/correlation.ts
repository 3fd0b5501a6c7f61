// Correlations in KQL. A scheduled rule counts the rows of one run, so its windows end when a run begins: overlapping runs find what one
// fixed window would cut. https://learn.microsoft.com/azure/sentinel/scheduled-rules-overview
import type { CorrelationDetection, EventDetection } from '../shared/portable.ts'
import { type Columns, hopOf, type Losses, Refused, spanText, type TargetVocabulary } from '../shared/target.ts'
import { columnText, comment, nameText, textLiteral } from './text.ts'
import { numberText } from './tests.ts'
import { eventsOf, present, timeOf } from './events.ts'

const MINUTE = 60_000_000n
/** Sentinel runs a rule at most every five minutes. */
const LEAST = 5n * MINUTE

const OPS = { '!=': '!=', '<': '<', '<=': '<=', '=': '==', '>': '>', '>=': '>=' } as const

interface Run {
  readonly vocabulary: TargetVocabulary
  readonly losses: Losses
  /** Microseconds. */
  readonly lookback: bigint
}

export function correlationText(c: CorrelationDetection, vocabulary: TargetVocabulary, losses: Losses): string {
  const rules = c.of.map((d) => {
    if (d.kind === 'correlation') throw new Refused('KQL has no counterpart for a correlation of correlations')
    return d
  })
  const isOrdered = c.type === 'temporal_ordered'
  const lookback = isOrdered ? c.timespan + hopOf(c.timespan) : c.timespan
  const frequency = hopOf(c.timespan)
  const schedule = comment(
    `Schedule: every ${spanText(frequency < MINUTE ? MINUTE : frequency)} over the last ${spanText(lookback)}${c.timespan < LEAST ? ' (Sentinel: at least 5m)' : ''}`,
  )
  if (!isOrdered)
    losses.add(
      'window-runs',
      `KQL counts from run to run, so a window of ${spanText(c.timespan)} ends when a run begins; bursts can be reported twice`,
    )
  const group = c.groupBy.map((g) => columnText(g.name))
  const run = { vocabulary, losses, lookback }
  if (isOrdered) return `${schedule}${orderedText(c, rules, run)}`
  const counts = countText(c, losses)
  const bounds = c.bounds.map((b) => `n ${OPS[b.op]} ${numberText(b.value)}`)
  const where = bounds.length > 0 ? bounds.join(' and ') : `n >= ${c.type === 'temporal' ? c.of.length : 1}`
  const tail = (time: string): string =>
    `| summarize n = ${counts}, FirstSeen = min(${time}), LastSeen = max(${time})${group.length > 0 ? ` by ${group.join(', ')}` : ''}\n| where ${where}`
  const parts = rules.map((d, i) => ruleText(c, d, i, run))
  const [one] = parts
  if (parts.length === 1 && one) return `${schedule}${one}\n${tail('Time')}`
  return `${schedule}union\n${parts.map((p) => `    (${p.replaceAll('\n', '\n    ')})`).join(',\n')}\n${tail('Time')}`
}

/** One rule's events of the time in question, with all of its keys. */
function ruleLines(
  c: CorrelationDetection,
  d: EventDetection,
  i: number,
  { vocabulary, losses, lookback }: Run,
): { lines: readonly string[]; columns: Columns; keys: readonly string[] } {
  if (d.steps.length > 0) throw new Refused('KQL: a correlation of a rule that counts')
  const { lines, columns } = eventsOf(d, vocabulary, losses)
  const [table = '', ...filters] = lines
  const keys = c.groupBy.map((g) => ({ name: g.name, field: g.fields[i] ?? g.name }))
  const withKeys = keys.length === 0 ? [] : [`| where ${keys.map((k) => present(k.field, columns)).join(' and ')}`]
  return {
    lines: [table, `| where ${timeOf(columns)} > ago(${spanText(lookback)})`, ...filters, ...withKeys],
    columns,
    keys: keys.map((k) => projected(k.name, columns.name(k.field))),
  }
}

/** The rule's events with the columns of the correlation. */
function ruleText(c: CorrelationDetection, d: EventDetection, i: number, run: Run): string {
  const { lines, columns, keys } = ruleLines(c, d, i, run)
  const project = [
    `Time = ${timeOf(columns)}`,
    ...(c.type === 'temporal' ? [`Rule = ${textLiteral(d.title ?? d.id ?? String(i))}`] : []),
    ...keys,
    ...(c.fields.length > 0 ? [`Value = ${valueText(c, columns)}`] : []),
  ]
  return [...lines, `| project ${project.join(', ')}`].join('\n')
}

const projected = (name: string, column: string): string =>
  columnText(name) === nameText(column) ? nameText(column) : `${columnText(name)} = ${nameText(column)}`

/** Several fields count as one combined value. Absent: an empty text. */
function valueText(c: CorrelationDetection, columns: Columns): string {
  const names = c.fields.map((f) => nameText(columns.name(f)))
  const isNumber = ['value_avg', 'value_median', 'value_percentile', 'value_sum'].includes(c.type)
  if (names.length === 1) return isNumber ? `toreal(${names[0]})` : `tostring(${names[0]})`
  return `iff(${c.fields.map((f) => present(f, columns)).join(' and ')}, strcat_delim("\\u001f", ${names.join(', ')}), "")`
}

function countText(c: CorrelationDetection, losses: Losses): string {
  switch (c.type) {
    case 'event_count':
      return 'count()'
    case 'value_count':
      return 'count_distinctif(Value, isnotempty(Value))'
    case 'temporal':
      return 'count_distinct(Rule)'
    case 'value_sum':
      return 'sum(Value)'
    case 'value_avg':
      return 'avg(Value)'
    case 'value_median':
    case 'value_percentile':
      if (c.type === 'value_percentile' && c.percentile === undefined)
        throw new Refused('KQL has no counterpart for the share of a value')
      losses.add('percentile-estimate', 'percentile is an estimate in KQL')
      return `percentile(Value, ${c.percentile ?? 50})`
    case 'temporal_ordered':
      throw new Refused('an ordered correlation has no count')
  }
}

/** Each rule's events are joined to the next ones of the same group that follow within the timespan. */
function orderedText(c: CorrelationDetection, rules: readonly EventDetection[], run: Run): string {
  const group = c.groupBy.map((g) => columnText(g.name))
  const on = group.length > 0 ? group : ['All']
  const lets = rules.map((d, i) => {
    const { lines, columns, keys } = ruleLines(c, d, i, run)
    const project = [`t${i} = ${timeOf(columns)}`, ...(keys.length > 0 ? keys : ['All = 1'])]
    return `let rule${i} = ${[...lines, `| project ${project.join(', ')}`].join('\n')};`
  })
  const joins = rules.slice(1).map((_, n) => {
    const i = n + 1
    return `| join kind=inner rule${i} on ${on.join(', ')}\n| where t${i} between (t${i - 1} .. t0 + ${spanText(c.timespan)})`
  })
  const by = [...group, `LastSeen = t${rules.length - 1}`]
  return [...lets, 'rule0', ...joins, `| summarize FirstSeen = max(t0) by ${by.join(', ')}`].join('\n')
}
