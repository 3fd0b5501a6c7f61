// Tokens of CQL. Space and comments between two tokens are trivia.
import { byName } from '../../../text/by-name.ts'

export type Mode = 'expression' | 'filter'

export interface Token {
  /**
   * `word`: bare name, number, pattern or keyword · `saved`: `$name` · `bad`: a lexeme that no CQL text has
   * (single or triple quotes, a regex over several lines, a stray character) · `end`: after the last token, empty.
   */
  readonly kind: 'bad' | 'end' | 'param' | 'punct' | 'regex' | 'saved' | 'string' | 'word'
  readonly text: string
  readonly start: number
  readonly end: number
  /** Where the trivia before the token starts: the end of the token before. */
  readonly from: number
  /** Words and slashes read differently in a filter and in an expression. */
  readonly mode: Mode
  /** A `(` that opens the arguments of a call. */
  readonly call: boolean
  /** For `bad`, and for a string or regex that the text ends in. */
  readonly fault?: Fault
}

export type Fault =
  | 'character'
  | 'regex-over-lines'
  | 'single-quotes'
  | 'triple-quotes'
  | 'unterminated-comment'
  | 'unterminated-regex'
  | 'unterminated-string'

export const isWord = (t: Token | undefined, word: string): boolean =>
  t?.kind === 'word' && t.text.toLowerCase() === word
export const isPunct = (t: Token | undefined, text: string): boolean => t?.kind === 'punct' && t.text === text

/** Operators of a filter; `<=>` links sub-queries of correlate(). */
export const comparisons: ReadonlySet<string> = new Set(['!=', '<', '<=', '<=>', '=', '>', '>='])
export const closerOf: Readonly<Record<string, string>> = byName({ '(': ')', '[': ']', '{': '}' })
