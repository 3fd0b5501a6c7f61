// Parts of a correlation that every platform writes in its own words.
import type { Condition, CorrelationDetection, EventDetection, Measure } from './portable.ts'

const OF: ReadonlyMap<CorrelationDetection['type'], Measure['of']> = new Map([
  ['event_count', 'count'],
  ['temporal', 'distinct'],
  ['value_count', 'distinct'],
  ['value_sum', 'sum'],
  ['value_avg', 'average'],
  ['value_median', 'median'],
  ['value_percentile', 'percentile'],
])

/** The number of the window. It has the name of the type. `field`: the field whose values count. Undefined: no aggregate of events. */
export function measureOf(d: CorrelationDetection, field: string | undefined): Measure | undefined {
  const of = OF.get(d.type)
  // Without a percentile, the share of each value is compared.
  if (!of || (d.type === 'value_percentile' && d.percentile === undefined)) return undefined
  return {
    name: d.type,
    of,
    ...(field !== undefined && { field }),
    ...(d.percentile !== undefined && { percentile: d.percentile }),
  }
}

/** The number of a window is a count: it is always there, and it only grows while the window fills. */
export const isCount = ({ type }: CorrelationDetection): boolean =>
  type === 'event_count' || type === 'temporal' || type === 'value_count'

/** Once a window meets the bounds, it does so with every further event. */
export const isMetForGood = (d: CorrelationDetection): boolean =>
  isCount(d) && d.bounds.every(({ op }) => op === '>' || op === '>=')

/** A count of zero meets the bounds: events without the field make windows too. */
export const isMetByNone = ({ bounds }: CorrelationDetection): boolean =>
  bounds.length > 0 &&
  bounds.every(({ op, value }) => {
    if (op === '=') return value === 0
    if (op === '!=') return value !== 0
    return op === '<' ? 0 < value : op === '<=' ? 0 <= value : op === '>' ? 0 > value : 0 >= value
  })

/** Without bounds, all rules must be met. */
export function boundsOf(d: CorrelationDetection): Condition {
  const bounds = d.bounds.length > 0 ? d.bounds : [{ op: '>=' as const, value: d.of.length }]
  return {
    kind: 'all',
    of: bounds.map(({ op, value }): Condition => {
      if (op !== '!=') return { kind: 'number', field: d.type, op, value }
      const other: Condition = { kind: 'not', of: { kind: 'number', field: d.type, op: '=', value } }
      // A window without a number in the field has no average, sum or percentile, and so none that differs.
      return isCount(d) ? other : { kind: 'all', of: [{ kind: 'exists', field: d.type }, other] }
    }),
  }
}

/** The rules over events; undefined: one of them is a correlation. */
export function eventRules(d: CorrelationDetection): readonly EventDetection[] | undefined {
  const rules = d.of.flatMap((r) => (r.kind === 'events' ? [r] : []))
  return rules.length === d.of.length ? rules : undefined
}

/** Names of rules in findings. */
export const ruleLabel = (r: EventDetection, place: number): string => r.title ?? `rule ${place + 1}`

/** A group has other fields in other rules, so its values need a common name. */
export const isRenamed = (d: CorrelationDetection): boolean =>
  d.groupBy.some((g) => g.fields.some((f) => f !== g.fields[0]))
