// Parses the condition of a rule: names of selections, `and`, `or`, `not`, brackets, `1 of`, `all of`. `not` binds tightest, then `and`.
import type { Span } from '../../text/source.ts'
import type { Condition } from './ast.ts'

export interface Word {
  readonly text: string
  /** Offsets in the condition. */
  readonly start: number
  readonly end: number
}

export type ParsedCondition =
  | { readonly ok: true; readonly condition: Condition }
  | { readonly ok: false; readonly problem: string; readonly remedy: string; readonly at: Span }
  | { readonly ok: false; readonly aggregation: true; readonly at: Span }

export function words(text: string): Word[] {
  return [...text.matchAll(/[()|]|[^\s()|]+/g)].map((m) => ({
    text: m[0],
    start: m.index,
    end: m.index + m[0].length,
  }))
}

class Failure extends Error {
  readonly problem: string
  readonly remedy: string
  readonly at: Span
  constructor(problem: string, remedy: string, at: Span) {
    super(problem)
    this.problem = problem
    this.remedy = remedy
    this.at = at
  }
}

/** `place` maps offsets in the condition to a place in the file. */
export function parseCondition(text: string, place: (start: number, end: number) => Span): ParsedCondition {
  const all = words(text)
  const bar = all.find((w) => w.text === '|')
  if (bar) return { ok: false, aggregation: true, at: place(bar.start, all.at(-1)?.end ?? bar.end) }
  try {
    const parser = new Parser(all, text.length, place)
    return { ok: true, condition: parser.whole() }
  } catch (e) {
    if (e instanceof Failure) return { ok: false, problem: e.problem, remedy: e.remedy, at: e.at }
    throw e
  }
}

/** Deeper brackets would overflow the stack. */
const MAX_DEPTH = 200

class Parser {
  readonly #words: readonly Word[]
  readonly #length: number
  readonly #place: (start: number, end: number) => Span
  #at = 0
  #depth = 0

  constructor(all: readonly Word[], length: number, place: (start: number, end: number) => Span) {
    this.#words = all
    this.#length = length
    this.#place = place
  }

  whole(): Condition {
    const condition = this.#or()
    const left = this.#words[this.#at]
    if (left) {
      this.#fail(
        `\`${left.text}\` is not expected here`,
        left.text === ')' ? 'remove the bracket, or open it' : 'put `and` or `or` before it',
        left,
      )
    }
    return condition
  }

  #or(): Condition {
    return this.#chain('or', () => this.#chain('and', () => this.#not()))
  }

  #chain(kind: 'and' | 'or', next: () => Condition): Condition {
    const of = [next()]
    while (this.#take(kind)) of.push(next())
    return of.length === 1 ? (of[0] as Condition) : { kind, of }
  }

  #not(): Condition {
    if (this.#depth++ > MAX_DEPTH)
      this.#fail('the condition is nested too deeply', 'split the rule, or use `1 of` and `all of`')
    const negated = this.#take('not')
    const of = negated ? this.#not() : this.#primary()
    this.#depth--
    return negated ? { kind: 'not', of } : of
  }

  #primary(): Condition {
    const word = this.#words[this.#at]
    if (!word) return this.#fail('the condition ends without a selection', 'add the name of a selection')
    if (/^(?:and|or|\))$/i.test(word.text))
      return this.#fail(`\`${word.text}\` follows no selection`, 'add the name of a selection before it', word)
    this.#at++
    if (word.text === '(') {
      const inner = this.#or()
      if (!this.#take(')')) this.#fail('a bracket is not closed', 'add `)`', word)
      return inner
    }
    const of = this.#words[this.#at]
    if (!/^of$/i.test(of?.text ?? '')) return { kind: 'name', name: word.text, span: this.#place(word.start, word.end) }
    return this.#quantified(word)
  }

  #quantified(count: Word): Condition {
    const all = /^all$/i.test(count.text)
    if (!all && !/^(?:1|any)$/i.test(count.text))
      this.#fail(`Sigma has no \`${count.text} of\``, 'write `1 of` or `all of`', count)
    this.#at++
    const pattern = this.#words[this.#at]
    if (!pattern || /^(?:and|or|not|[()])$/i.test(pattern.text))
      return this.#fail(
        `\`${count.text} of\` names nothing`,
        'name selections, such as `selection_*` or `them`',
        pattern,
      )
    this.#at++
    return { kind: 'of', all, pattern: pattern.text, span: this.#place(count.start, pattern.end) }
  }

  #take(text: string): boolean {
    if (this.#words[this.#at]?.text.toLowerCase() !== text) return false
    this.#at++
    return true
  }

  #fail(problem: string, remedy: string, word?: Word): never {
    const at = word ? this.#place(word.start, word.end) : this.#place(0, this.#length)
    throw new Failure(problem, remedy, at)
  }
}
