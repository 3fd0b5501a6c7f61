// A detection in the terms that every platform has: conditions over fields, then counting. Translation goes through it: a language reads its own
// text into it, and a language writes it as its own text.
import type { Span } from '../../text/source.ts'
import type { Diagnostic } from '../../diag/diagnostic.ts'

/** Text with wildcards: literal texts, `*` any run of characters (also none), `?` one character. A value without wildcards is one text. */
export type Part = { readonly wild: '*' | '?' } | { readonly text: string }

/** The whole value of the field is meant. A test of an absent field is false, and so its negation is true. */
export type Condition =
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  /** Every event. Negated: none. */
  | { readonly kind: 'always' }
  | Test

/** `at`: where the text says it. */
export type Test = { readonly at?: Span } & AnyTest
type AnyTest =
  | { readonly kind: 'text'; readonly field: string; readonly parts: readonly Part[]; readonly cased: boolean }
  /** Matches a part of the value. `flags`: of `i`, `m`, `s`. */
  | { readonly kind: 'regex'; readonly field: string; readonly pattern: string; readonly flags: string }
  | {
      readonly kind: 'number'
      readonly field: string
      readonly op: '<' | '<=' | '=' | '>' | '>='
      readonly value: number
    }
  /** `network`: an address with a prefix length, version 4 or 6. */
  | { readonly kind: 'network'; readonly field: string; readonly network: string }
  /** The event has the field. */
  | { readonly kind: 'exists'; readonly field: string }
  | {
      readonly kind: 'fields'
      readonly left: string
      readonly right: string
      readonly how: 'contains' | 'ends' | 'equals' | 'starts'
      readonly cased: boolean
    }
  /** A value anywhere in the record, as a whole: parts that begin and end with a star are looked for within it. */
  | { readonly kind: 'keyword'; readonly parts: readonly Part[]; readonly cased: boolean }
  | { readonly kind: 'keyword-regex'; readonly pattern: string; readonly flags: string }

export interface Logsource {
  readonly category?: string
  readonly product?: string
  readonly service?: string
}

export interface Measure {
  readonly name: string
  readonly of:
    | 'average'
    | 'count'
    | 'distinct'
    | 'first'
    | 'last'
    | 'max'
    | 'median'
    | 'min'
    | 'percentile'
    | 'sum'
    | 'values'
  /** Undefined for a count of events. */
  readonly field?: string
  /** 0 to 100, for `percentile`. */
  readonly percentile?: number
  /** The most values, for `values`. */
  readonly most?: number
  readonly at?: Span
}

/** A value that orders rows: a text, a number, or a text that is read as a number. */
export interface SortKey {
  readonly field: string
  readonly descending: boolean
  readonly as: 'number' | 'read-number' | 'text'
  readonly at?: Span
}

/** A step after the conditions on single events. */
export type Step =
  | { readonly kind: 'where'; readonly where: Condition; readonly at?: Span }
  | {
      readonly kind: 'aggregate'
      readonly by: readonly string[]
      readonly measures: readonly Measure[]
      /** Microseconds: groups of one bucket of time each, aligned to the epoch. Undefined: one group over the whole interval. */
      readonly bucket?: bigint
      /** Events without one of the fields form a group too. Left out: they are not counted. */
      readonly nullKeys?: 'keep'
      /** The most groups that the text asks for. Which ones are left is not said. */
      readonly limit?: number
      /** Where the text says the limit. */
      readonly limitAt?: Span
      readonly at?: Span
    }
  | {
      readonly kind: 'order'
      /** None: the order that the rows have. Time has the name `@timestamp`. */
      readonly by: readonly SortKey[]
      readonly limit?: number
      readonly limitAt?: Span
      readonly at?: Span
    }
  | { readonly kind: 'columns'; readonly fields: readonly string[]; readonly at?: Span }

interface Titled {
  readonly title?: string
  readonly id?: string
  readonly level?: string
  readonly description?: string
  /** As Sigma writes them: `attack.t1071.002`. */
  readonly tags?: readonly string[]
}

/** Events that meet a condition; with steps, what is counted of them. */
export interface EventDetection extends Titled {
  readonly kind: 'events'
  /** Which logs it is about. Absent: the conditions say so themselves. */
  readonly logsource?: Logsource
  readonly where: Condition
  readonly steps: readonly Step[]
  /** Fields that the author wants to see. */
  readonly show?: readonly string[]
}

/** A count over the events of several detections within a span of time that slides from event to event. */
export interface CorrelationDetection extends Titled {
  readonly kind: 'correlation'
  readonly type:
    | 'event_count'
    | 'temporal'
    | 'temporal_ordered'
    | 'value_avg'
    | 'value_count'
    | 'value_median'
    | 'value_percentile'
    | 'value_sum'
  readonly of: readonly PortableDetection[]
  /** `fields[i]`: the name of the group's value in `of[i]`. */
  readonly groupBy: readonly { readonly name: string; readonly fields: readonly string[] }[]
  /** Microseconds. */
  readonly timespan: bigint
  readonly bounds: readonly { readonly op: '!=' | '<' | '<=' | '=' | '>' | '>='; readonly value: number }[]
  readonly fields: readonly string[]
  readonly percentile?: number
}

export type PortableDetection = CorrelationDetection | EventDetection

/** Reading: the detection, or the part of the text that has no counterpart elsewhere. */
export type Portable =
  | { readonly detections: readonly PortableDetection[]; readonly diagnostics: readonly Diagnostic[] }
  | { readonly reason: string; readonly at?: Span }

/** The telemetry whose names a portable rule can have. */
export interface VocabularyInfo {
  /** The word of `--fields`. */
  readonly id: string
  readonly title: string
  /** False: no product of this vocabulary writes such an event, so it proves nothing. */
  isReal(fields: ReadonlyMap<string, string>): boolean
}

/** A difference between the text that was written and the detection. */
export interface Loss {
  /** One line each in docs/reference/conversions.md: a short, stable key such as `case`, `null-or-empty`, `window-fixed`. */
  readonly kind: string
  readonly message: string
  readonly at?: Span
}

/** Events of the log source that a text does not read. */
export interface Unread {
  /** As `Security 4688`. */
  readonly events: string
  /** A field that the detection needs and none of them has: none of them can be a finding. */
  readonly lacks?: string
}

/** `reason`: no text says it on this platform; lower case, no full stop. */
export type Written =
  | {
      readonly text: string
      readonly losses: readonly Loss[]
      readonly unread?: readonly Unread[]
      /** A portable rule: the telemetry from whose names its own were taken. */
      readonly vocabulary?: string
    }
  | { readonly reason: string; readonly at?: Span }
