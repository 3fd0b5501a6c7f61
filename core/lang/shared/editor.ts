// The marked of a text that an editor shows. They come from tokens, not from the tree: a half-written text has them too.
import type { Span } from '../../text/source.ts'
import type { Builtin } from './builtin.ts'

export type MarkKind =
  | 'comment'
  | 'field'
  | 'function'
  | 'keyword'
  | 'number'
  | 'operator'
  | 'parameter'
  | 'regex'
  | 'text'
  | 'variable'

/** A word of the text and its part in it. */
export interface Mark {
  readonly kind: MarkKind
  readonly span: Span
  /** The name without quotes, for fields, functions, parameters and variables. */
  readonly name?: string
  /** The query gives this field or variable its value here. */
  readonly assigned?: true
  /** The function whose parameter it is. */
  readonly of?: string
}

/** A call, or an operator with its operands. */
export interface CallMark {
  readonly name: string
  readonly nameSpan: Span
  /** From behind the opening bracket to before the closing one; to the end of the text if nothing closes it. */
  readonly inner: Span
  readonly arguments: readonly { readonly span: Span; readonly name?: string }[]
}

export interface StepMark {
  readonly span: Span
  readonly label: string
  readonly kind: 'search' | 'step'
}

export interface Marked {
  /** In the order of the text, without overlap. */
  readonly marks: readonly Mark[]
  readonly calls: readonly CallMark[]
  /** Steps of the outermost pipeline; of a rule: its searches and its condition. */
  readonly steps: readonly StepMark[]
  /** Parts of several lines that can be shown as one. */
  readonly folds: readonly Span[]
}

/** A word that fits at a place. */
export interface Word {
  readonly text: string
  readonly doc?: string
  readonly kind?: 'field' | 'keyword' | 'value'
}

/** A kind of word that fits at a place. */
export type Want =
  | { readonly kind: 'aggregate' | 'function' | 'step' }
  | { readonly kind: 'field' }
  /** The names of the parameters of a function. `given`: those that it has already. */
  | { readonly kind: 'parameters'; readonly of: string; readonly given: readonly string[] }
  /** The values of a field. */
  | { readonly kind: 'values'; readonly of: string }
  | { readonly kind: 'words'; readonly words: readonly Word[] }

export interface Expected {
  /** The part of the text that a choice replaces. */
  readonly replace: Span
  readonly wants: readonly Want[]
  /** Text before the cursor that names all that precedes the step: a plan of it has the fields that are left. */
  readonly before?: string
}

/** The half of a language that editors use. No function throws, on any text. */
export interface EditorHalf {
  marked(text: string): Marked
  /** The words that fit at an offset; undefined: none, as in a comment. */
  expected(text: string, at: number): Expected | undefined
  /** Does the record fit where this is wanted? */
  fits(builtin: Builtin<unknown>, want: 'aggregate' | 'function' | 'step'): boolean
  /** The text that begins a call; `$0` is where the cursor goes. */
  callText(builtin: Builtin<unknown>): string
  /** A name as the language writes it, with quotes where it needs them. */
  nameText(name: string): string
}

/** The first line of a step, shortened, as its label. */
export function labelOf(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim()
  return flat.length > 60 ? `${flat.slice(0, 59)}…` : flat
}

/** Comments between two tokens. */
export function commentMarks(text: string, from: number, to: number): Mark[] {
  if (to - from < 2) return []
  return [...text.slice(from, to).matchAll(/\/\/[^\r\n]*|\/\*[\s\S]*?(?:\*\/|$)/g)].map((m) => ({
    kind: 'comment',
    span: { start: from + m.index, end: from + m.index + m[0].length },
  }))
}

/** Named groups of a regular expression are fields that the step assigns. `at`: where the pattern starts. */
export function groupMarks(pattern: string, at: number): Mark[] {
  return [...pattern.matchAll(/\(\?P?<([A-Za-z_@#][\w.[\]@#]*)>/g)].map((m) => {
    const start = at + m.index + m[0].indexOf('<') + 1
    const name = m[1] as string
    return { kind: 'field', span: { start, end: start + name.length }, name, assigned: true }
  })
}
