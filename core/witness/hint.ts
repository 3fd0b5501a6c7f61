// Hints: what is known about the text of one variable. They guide; only the evaluator decides.
import type { Node } from '../regex/regex.ts'

export type Hint =
  | { readonly kind: 'texts'; readonly of: readonly string[] }
  /** The pattern is found in the text; `groups`: of its captures. `id` names the pattern. */
  | {
      readonly kind: 'shape'
      readonly id: string
      readonly root: Node
      readonly groups: ReadonlyMap<number, readonly Hint[]>
    }
  | Range
  | { readonly kind: 'address'; readonly nets: readonly string[]; readonly inside: boolean }
  | { readonly kind: 'json'; readonly path: readonly (string | number)[]; readonly of: readonly Hint[] }
  | { readonly kind: 'pair'; readonly key: string; readonly separator: string; readonly of: readonly Hint[] }
  | { readonly kind: 'cell'; readonly delimiter: string; readonly index: number; readonly of: readonly Hint[] }
  | { readonly kind: 'length'; readonly length: number }
  /** A time whose calendar parts matter. */
  | { readonly kind: 'clock' }
  /** Elements of a list. */
  | { readonly kind: 'elements'; readonly count: number; readonly of: readonly Hint[] }
  /** Not as in the events before: the n-th of several. */
  | { readonly kind: 'other'; readonly turn: number }
  | { readonly kind: 'present' }
  | { readonly kind: 'absent' }
  /** Anything that is not as it is; `text`: above all not this. */
  | { readonly kind: 'avoid'; readonly text?: string }

/** A number; left out: no bound. */
export interface Range {
  readonly kind: 'number'
  readonly low?: number
  readonly high?: number
  readonly lowOpen?: boolean
  readonly highOpen?: boolean
  /** Not this one. */
  readonly not?: number
}
