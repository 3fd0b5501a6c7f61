// The answers that several services give.
import type { Span } from '../text/source.ts'

export interface Hover {
  readonly span: Span
  /** Markdown. Names and values from outside are harmless in it. */
  readonly text: string
}

export type CompletionKind = 'event' | 'field' | 'function' | 'keyword' | 'parameter' | 'value'

export interface Completion {
  readonly label: string
  readonly kind: CompletionKind
  /** One line beside the label. */
  readonly detail?: string
  /** Markdown. */
  readonly doc?: string
  /** The text in place of `replace`. `$0` is where the cursor goes, once at most. */
  readonly insert: string
  readonly replace: Span
}
