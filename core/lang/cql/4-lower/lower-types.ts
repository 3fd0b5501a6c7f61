// Types of lowering that need no flow.
import type { OpenedText } from '../../shared/lowered-parser.ts'
import type { Expr, Let } from '../../../plan/plan.ts'

/** A shared relation whose source still grows columns: it is built when everything is lowered. */
export interface OpenLet {
  readonly name: string
  readonly build: () => Let
}

export interface GroupKey {
  readonly name: string
  readonly expr: Expr
}

export interface GroupOptions {
  readonly limit: number | null
  /** Rows that lack a key form a group under the absent value. */
  readonly keepAbsent?: boolean
}

/** An interval in milliseconds before the end of the query's interval. */
export interface IntervalBeforeEnd {
  readonly start: number | undefined
  readonly end: number | undefined
}

/** A text that a function took apart: its fields that no later step has named yet. */
export interface OpenText extends OpenedText {
  readonly text: Expr
}
