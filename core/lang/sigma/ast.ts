// The tree of a Sigma file: rules over single events, correlations that count their findings, and filters.
import type { Span } from '../../text/source.ts'

export interface SigmaFile {
  readonly documents: readonly Document[]
}

export type Document = Correlation | Filter | Rule

interface Common {
  readonly title: string
  /** The names by which correlations refer to it: `name`, `id`. */
  readonly names: readonly string[]
  readonly level: Level | undefined
  readonly description?: string
  readonly status: string | undefined
  readonly id: string | undefined
  readonly tags: readonly string[]
  readonly span: Span
}

export type Level = 'critical' | 'high' | 'informational' | 'low' | 'medium'

export interface Rule extends Common {
  readonly kind: 'rule'
  readonly logsource: Logsource
  readonly searches: ReadonlyMap<string, Named>
  readonly condition: Condition
  readonly conditionSpan: Span
  /** Fields that the findings show, by the author's choice. */
  readonly fields: readonly string[]
  /** A pipeline maps it to telemetry, and selects its events. */
  readonly isMapped?: boolean
}

/** A tuning of several rules: events that meet its condition are not findings of theirs. */
export interface Filter extends Common {
  readonly kind: 'filter'
  readonly logsource: Logsource
  /** Names and ids of rules; undefined: every rule of the log source. */
  readonly rules: readonly { readonly name: string; readonly span: Span }[] | undefined
  readonly searches: ReadonlyMap<string, Named>
  readonly condition: Condition
  readonly conditionSpan: Span
}

export interface Logsource {
  readonly category: string | undefined
  readonly product: string | undefined
  readonly service: string | undefined
  readonly span: Span
}

export interface Named {
  readonly search: Search
  readonly span: Span
}

export type Search =
  | { readonly kind: 'all'; readonly of: readonly Search[] }
  | { readonly kind: 'any'; readonly of: readonly Search[] }
  | Item

/** `field|modifiers: values`. Without a field, the values are searched in the whole record. */
export interface Item {
  readonly kind: 'item'
  readonly field: string | undefined
  readonly modifiers: readonly string[]
  readonly values: readonly SigmaValue[]
  readonly span: Span
}

export interface SigmaValue {
  /** Undefined: the field must be missing (null). */
  readonly text: string | undefined
  readonly isText: boolean
  readonly span: Span
}

export type Condition =
  | { readonly kind: 'and'; readonly of: readonly Condition[] }
  | { readonly kind: 'name'; readonly name: string; readonly span: Span }
  | { readonly kind: 'not'; readonly of: Condition }
  /** `1 of selection_*`, `all of them`; `all`: every one of them. */
  | { readonly kind: 'of'; readonly all: boolean; readonly pattern: string; readonly span: Span }
  | { readonly kind: 'or'; readonly of: readonly Condition[] }

export interface Correlation extends Common {
  readonly kind: 'correlation'
  readonly type: CorrelationType
  readonly typeSpan: Span
  readonly rules: readonly { readonly name: string; readonly span: Span }[]
  readonly groupBy: readonly string[]
  /** Alias → rule → field. */
  readonly aliases: ReadonlyMap<string, ReadonlyMap<string, string>>
  /** Microseconds. */
  readonly timespan: bigint
  readonly bounds: readonly Bound[]
  /** Fields whose values are counted. Several fields count as one combined value. */
  readonly fields: readonly string[]
  /** 0 to 100. */
  readonly percentile: number | undefined
  /** The rules that it counts report their own findings too. */
  readonly generate: boolean
  readonly sectionSpan: Span
}

export const CORRELATION_TYPES = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_percentile',
  'value_median',
] as const
export type CorrelationType = (typeof CORRELATION_TYPES)[number]

export interface Bound {
  readonly op: 'eq' | 'gt' | 'gte' | 'lt' | 'lte' | 'neq'
  readonly value: number
}
