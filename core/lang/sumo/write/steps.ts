// Counting, thresholds, order and columns in Sumo Logic, and correlations in slices of time.
import type { Span } from '../../../text/source.ts'
import type { CorrelationDetection, EventDetection, Loss, Measure, Step } from '../../shared/portable.ts'
import { keepsNothing } from '../../shared/condition.ts'
import { duration } from '../../shared/duration.ts'
import {
  boundsOf,
  eventRules,
  isMetByNone,
  isMetForGood,
  isRenamed,
  measureOf,
  ruleLabel,
} from '../../shared/write-correlation.ts'
import { MOST_ROWS } from '../3-lower/limits.ts'
import { name, NotSumo, quoted, type SumoConditions } from './condition.ts'

/** One stage each, without the bar. */
export function stageTexts(steps: readonly Step[], conditions: SumoConditions): string[] {
  /** Numbers that a step before has computed. */
  let numbers: ReadonlySet<string> = new Set()
  const texts = (s: Step, i: number): string[] => {
    switch (s.kind) {
      case 'where':
        return conditions.filters(s.where).map((f) => `where ${f}`)
      case 'aggregate': {
        const slice = s.bucket === undefined ? [] : [`timeslice ${duration(s.bucket)}`]
        // A message without the field would be a group of its own.
        const there = s.nullKeys === 'keep' ? [] : s.by.map((f) => `where !isNull(${name(f)})`)
        const by = [...(s.bucket === undefined ? [] : ['_timeslice']), ...s.by.map(name)]
        if (by.length === 0 && keepsNothing(s.measures, steps.slice(i + 1)))
          conditions.lose('count-of-nothing', 'without a message there is no row, where the query has one with 0', s)
        if (s.limit !== undefined)
          conditions.lose(
            'group-limit',
            `at most ${s.limit} groups: Sumo Logic groups without a limit, so the query gives all`,
            { at: s.limitAt ?? s.at },
          )
        for (const m of s.measures)
          if (m.of === 'values' && m.most !== MOST_VALUES)
            conditions.lose('values-limit', `\`values\` keeps ${MOST_VALUES} values, not ${m.most ?? 'all'}`, m)
        numbers = new Set(s.measures.filter((m) => NUMBERS.has(m.of)).map((m) => m.name))
        return [...there, ...slice, ...s.measures.flatMap(counted), grouped(by, s.measures)]
      }
      case 'order': {
        const sort = s.by.map((k) => `${sortName(k.field)} ${k.descending ? 'desc' : 'asc'}`)
        for (const k of s.by)
          if (k.as === 'read-number')
            conditions.lose(
              'order-as-text',
              `\`sort\` orders the texts of ${k.field}, where the query orders their numbers`,
              k,
            )
          else if (k.as === 'text' && numbers.has(k.field))
            conditions.lose(
              'order-as-number',
              `\`sort\` orders the numbers of ${k.field}, where the query orders their texts`,
              k,
            )
        return [
          ...(sort.length === 0 ? [] : [`sort by ${sort.join(', ')}`]),
          ...(s.limit === undefined ? [] : limited(s.limit, conditions, s.limitAt)),
        ]
      }
      case 'columns':
        return [`fields ${s.fields.map(name).join(', ')}`]
    }
  }
  return steps.flatMap(texts)
}

const sortName = (field: string): string => (field === '@timestamp' ? '_messageTime' : name(field))

/** https://help.sumologic.com/docs/search/search-query-language/group-aggregate-operators/values/ */
const MOST_VALUES = 100

function limited(limit: number, conditions: SumoConditions, at: Span | undefined): string[] {
  if (limit <= MOST_ROWS) return [`limit ${limit}`]
  conditions.lose('limit', `the first ${limit}: \`limit\` takes at most ${MOST_ROWS} here, so the query has none`, {
    at,
  })
  return []
}

function grouped(by: readonly string[], measures: readonly Measure[]): string {
  const all = measures.length === 0 ? ['count'] : measures.map(measure)
  return `${all.join(', ')}${by.length === 0 ? '' : ` by ${by.join(', ')}`}`
}

const NUMBERS: ReadonlySet<Measure['of']> = new Set(['average', 'count', 'distinct', 'median', 'percentile', 'sum'])

const countedName = ({ name: of }: Measure): string => name(`${of}_counted`)

/** `count(field)` counts messages without the field too. */
const counted = (m: Measure): string[] =>
  m.of === 'count' && m.field !== undefined ? [`if(isNull(${name(m.field)}), 0, 1) as ${countedName(m)}`] : []

function measure(m: Measure): string {
  const field = m.field === undefined ? undefined : m.field === '@timestamp' ? '_messageTime' : name(m.field)
  const as = `as ${name(m.name)}`
  if (m.of === 'count') return field === undefined ? `count ${as}` : `sum(${countedName(m)}) ${as}`
  if (field === undefined) throw new NotSumo(`\`${m.name}\` has no field`)
  switch (m.of) {
    case 'distinct':
      return `count_distinct(${field}) ${as}`
    case 'average':
      return `avg(${field}) ${as}`
    case 'median':
      return `pct(${field}, 50) ${as}`
    case 'percentile':
      return `pct(${field}, ${m.percentile ?? 50}) ${as}`
    default:
      return `${m.of}(${field}) ${as}`
  }
}

export interface Lines {
  readonly lines: readonly string[]
  readonly losses: readonly Loss[]
}

/** The window is a slice of the clock, because no aggregate of Sumo Logic looks back from each message. */
export function correlationLines(d: CorrelationDetection, conditions: SumoConditions): Lines {
  if (d.type === 'temporal_ordered') throw new NotSumo('an order of events')
  const rules = eventRules(d)
  if (!rules) throw new NotSumo('a correlation of correlations')
  const lines: string[] = []
  const [only] = rules
  if (only && rules.length === 1) lines.push(...conditions.filters(only.where).map((f) => `where ${f}`))
  else lines.push(...labelled(d, rules, conditions))
  let [field] = d.fields
  if (d.fields.length > 1) {
    lines.push(...d.fields.map((f) => `where !isNull(${name(f)})`))
    lines.push(`concat(${d.fields.map(name).join(', "|", ')}) as counted_value`)
    field = 'counted_value'
  } else if (d.type === 'value_count' && field !== undefined && !isMetByNone(d))
    lines.push(`where !isNull(${name(field)})`)
  const m = measureOf(d, d.type === 'temporal' ? RULE : field)
  if (!m) throw new NotSumo('value_percentile without a percentile compares the share of each value')
  const by = d.groupBy.map((g) => (isRenamed(d) ? g.name : (g.fields[0] ?? g.name)))
  const steps: Step[] = [
    { kind: 'aggregate', by, measures: [m], bucket: d.timespan },
    { kind: 'where', where: boundsOf(d) },
  ]
  const losses: Loss[] = [
    {
      kind: 'window-fixed',
      message: `slices of ${duration(d.timespan)} by the clock: events on both sides of a border are not counted together`,
    },
  ]
  if (!isMetForGood(d))
    losses.push({
      kind: 'window-whole',
      message:
        'a slice is looked at once, when it is whole; the rule looks at its window on each event, also while it fills',
    })
  if (rules.length > 1)
    losses.push({
      kind: 'one-rule-an-event',
      message: 'an event that meets several of the rules counts for the first of them only',
    })
  return { lines: [...lines, ...stageTexts(steps, conditions)], losses }
}

const RULE = 'rule'

/** Each message with the rule that it meets, and the group's values under common names. */
function labelled(d: CorrelationDetection, rules: readonly EventDetection[], conditions: SumoConditions): string[] {
  const labels = rules.map((r, i) => quoted(ruleLabel(r, i)))
  const met = rules.map(
    (r) =>
      conditions
        .filters(r.where)
        .map((f) => `(${f})`)
        .join(' and ') || 'true',
  )
  const choice = labels.reduceRight((rest, label, i) => `if(${met[i]}, ${label}, ${rest})`, '""')
  const names = d.groupBy.flatMap(({ name: alias, fields }) => {
    if (fields.every((f) => f === alias)) return []
    const own = rules.map((_, i) => name(fields[i] ?? alias))
    const byRule = own.slice(0, -1).reduceRight((rest, f, i) => `if(${RULE} = ${labels[i]}, ${f}, ${rest})`, own.at(-1))
    return [`${byRule} as ${name(alias)}`]
  })
  return [`${choice} as ${RULE}`, `where ${RULE} != ""`, ...(isRenamed(d) ? names : [])]
}
