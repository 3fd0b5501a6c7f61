// The conditions and steps of a query as lint rules read them: one shape for all languages. It is made from the tree, keeps the places of
// the text, and leaves out what no rule asks for. The plan is no substitute: it has neither brackets nor quotes.
import type { Span } from '../../text/source.ts'

export interface Outline {
  readonly traits: Traits
  /** The query first, then the pipelines inside it: branches, sub-queries. */
  readonly pipelines: readonly Pipeline[]
  /** Names without quotes in arguments and expressions: fields, but for a few words such as `desc`. Left out: not known. */
  readonly names?: readonly { readonly name: string; readonly at: Span }[]
}

export interface Traits {
  /** `or` binds before `and`. */
  readonly orFirst: boolean
  /** `f != v` is true for an event without `f`. */
  readonly absentDiffers: boolean
  /** Equality ignores case. */
  readonly foldsCase: boolean
  /** How a value is written as a regular expression: `f=/…/`. Left out: another rule than equality needs another step. */
  readonly regexValue?: (field: string, pattern: string, negated: boolean) => string
  /** How a test for a subnet is written. */
  readonly subnetTest: (field: string, subnets: readonly string[], negated: boolean) => string
  /** How a value with wildcards is compared, where equality does not. */
  readonly globTest?: (field: string, pattern: string, negated: boolean) => string
  /** Last step of a branching step, for events that no branch takes. */
  readonly defaultBranch?: string
}

export interface Pipeline {
  readonly steps: readonly Step[]
  readonly isMain: boolean
  /** The logs that it reads, where the text says them apart from its conditions. */
  readonly logs?: string
  /** The fields of its events, and how these are called. Left out: not known. */
  readonly fields?: { readonly names: readonly string[]; readonly of: string }
  /** Fields of its opaque conditions. Left out: not known. */
  readonly read?: readonly { readonly name: string; readonly at: Span }[]
}

export type Step = Branches | Filter | OtherStep | Set

export interface Filter {
  readonly kind: 'filter'
  readonly where: Condition
  readonly at: Span
}
/** One field gets a value. */
export interface Set {
  readonly kind: 'set'
  readonly field: string
  /** Undefined: an expression. */
  readonly value: Value | undefined
  readonly at: Span
}
export interface Branches {
  readonly kind: 'branches'
  /** Indices of their pipelines in the outline. */
  readonly of: readonly number[]
  /** Each branch has its condition before it: `match`. */
  readonly hasGuards?: true
  /** Takes the events that no other branch takes. */
  readonly hasDefault: boolean
  readonly at: Span
}
export interface OtherStep {
  readonly kind: 'other'
  /** Lower case. */
  readonly name: string
  /** Its rows are new ones. */
  readonly isAggregate: boolean
  readonly at: Span
}

export type Condition = And | Compare | Negation | Opaque | Text

/** `and` and `or`. */
export interface And {
  readonly kind: 'and' | 'or'
  readonly of: readonly Condition[]
  /** The text has the word, not only a space. */
  readonly isWritten: boolean
  /** Brackets are around it. */
  readonly inBrackets: boolean
  readonly at: Span
}
export interface Negation {
  readonly kind: 'not'
  readonly of: Condition
  readonly at: Span
}
/** A field and values. Several values: any of them. */
export interface Compare {
  readonly kind: 'compare'
  readonly field: string
  readonly fieldAt: Span
  readonly op: '!=' | '<' | '<=' | '=' | '>' | '>=' | 'contains' | 'ends' | 'in' | 'regex' | 'starts' | 'subnet'
  readonly values: readonly Value[]
  /** `*` in a value is a wildcard. */
  readonly hasWildcards: boolean
  /** Case is ignored, or matters, here, whatever the trait says. */
  readonly foldsCase?: true
  readonly isCased?: true
  readonly at: Span
}
/** Words that are searched in the whole event. */
export interface Text {
  readonly kind: 'text'
  readonly value: Value
  readonly at: Span
}
/** A condition of another kind: a function, a parameter. */
export interface Opaque {
  readonly kind: 'opaque'
  readonly at: Span
}

export interface Value {
  /** `field`: the value of another field. `hole`: a parameter. */
  readonly kind: 'bare' | 'field' | 'hole' | 'number' | 'regex' | 'text'
  /** Without quotes and slashes. */
  readonly text: string
  readonly at: Span
}
