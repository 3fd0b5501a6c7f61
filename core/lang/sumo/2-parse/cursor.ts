// The position in the tokens (without space and comments), the diagnostics and the near-misses of one parse.
import * as codes from '../../../diag/catalogue/sumo.ts'
import { type Code, type Diagnostic, type Edit, type Fix, inText, diagnostic } from '../../../diag/diagnostic.ts'
import type { NearMiss } from '../../shared/builtin.ts'
import { assignColon, doubleEquals } from '../near-misses/expressions.ts'
import type { Source, Span } from '../../../text/source.ts'
import { patternText, type Token } from '../1-lex/lex.ts'
import type { Expr, Name, Place, Query, Stage } from './ast.ts'

/** A part of the text that the vendor refuses, read as its valid form. */
export interface FoundNearMiss {
  readonly id: string
  readonly span: Span
  /** A warning; an error to a strict caller. Its fix, if any, gives the valid text. */
  readonly diagnostic: Diagnostic
}

const codeOf = (record: NearMiss): Code<{ readonly id: string }> => ({
  id: record.id,
  slug: record.slug,
  severity: 'warning',
  title: record.title,
  message: () => record.title.replace(/^[A-Z](?=[a-z ])/, (c) => c.toLowerCase()),
  why: record.verdict,
  remedy: () => `\`${record.bad.replace(/^\| /, '')}\` is written \`${record.good.replace(/^\| /, '')}\``,
})

/** A part of a text with edits applied. Edits at one place keep their order. */
export function applyEdits(
  text: string,
  edits: readonly Edit[],
  within: Span = { start: 0, end: text.length },
): string {
  const order = edits
    .map((e, i) => ({ e, i }))
    .sort((a, b) => a.e.span.start - b.e.span.start || a.e.span.end - b.e.span.end || a.i - b.i)
  let out = ''
  let at = within.start
  for (const { e } of order) {
    out += text.slice(at, e.span.start) + e.text
    at = e.span.end
  }
  return out + text.slice(at, within.end)
}

/** Signs that no operator has. The sign before the place of the error may belong to them. */
const FOREIGN_SIGN = /:=|[=!]~|~=?/y

function foreignSign(text: string, at: number): Span | undefined {
  for (const start of [Math.max(0, at - 1), at]) {
    FOREIGN_SIGN.lastIndex = start
    if (FOREIGN_SIGN.test(text) && FOREIGN_SIGN.lastIndex > at) return { start, end: FOREIGN_SIGN.lastIndex }
  }
  return undefined
}

export const END: Token = { kind: 'unknown', text: '', span: { start: 0, end: 0 }, scope: false, open: false }

/** The grammar of one operator, after its word or words. */
export interface OperatorGrammar {
  /** Name of its record. */
  readonly name: string
  /** Punctuation that may follow the word: elsewhere it shows that the word is a field, as in `limit / 2`. */
  readonly operandBegins?: readonly string[]
  /** The node that its `lower` reads; undefined, with an error, where the text cannot be read. */
  parse(c: Cursor): unknown
}

/** Functions that call each other in a circle, and the words of the records in lower case. Passing them in avoids circles of imports. */
export interface Grammar {
  query(c: Cursor): Query
  /** `bare`: the first stage has no bar. */
  stages(c: Cursor, bare: boolean): Stage[]
  /** By one word or two: `parse regex`. */
  operator(words: string): OperatorGrammar | undefined
  /** `bare`: the role of a name without parentheses after the word, as in `count_distinct user` or `count user`. */
  aggregate(word: string): { readonly bare: 'argument' | 'group' } | undefined
  isFunction(word: string): boolean
  /** The reason why Assay reads an operator and does not run it. */
  notRun(word: string): string | undefined
  /** A condition as a stage of its own. */
  condition(condition: Expr, place: Place): Stage
  /** A stage of another language; undefined: the word begins none. */
  foreign(c: Cursor, head: Token): Stage[] | undefined
  /** Words that begin a stage. */
  readonly words: readonly string[]
}

/** So many brackets, subqueries and signs lie in one another at most. The stack holds several times as many. */
const MOST_NESTED = 200

export class Cursor {
  readonly source: Source
  readonly grammar: Grammar
  readonly tokens: readonly Token[]
  readonly diagnostics: Diagnostic[] = []
  readonly nearMisses: FoundNearMiss[] = []
  at = 0
  /** Index of the first token of the current stage. */
  stageAt = 0
  /** Open brackets around the current stages: a subquery, the tables of a join. */
  depth = 0
  #nested = 0
  /** Levels of the tallest tree of operators within the innermost expression that is being read. */
  height = 0
  #gaveUp = false
  /** The text is a rule expression of Cloud SIEM, whose habits are no near-misses. */
  rule = false
  readonly #end: Token

  constructor(source: Source, tokens: readonly Token[], grammar: Grammar) {
    this.source = source
    this.grammar = grammar
    this.tokens = tokens.filter((t) => t.kind !== 'space' && t.kind !== 'comment')
    this.#end = { ...END, span: { start: source.text.length, end: source.text.length } }
  }

  peek(ahead = 0): Token {
    return this.tokens[this.at + ahead] ?? this.#end
  }
  get done(): boolean {
    return this.at >= this.tokens.length
  }
  next(): Token {
    const t = this.peek()
    if (!this.done) this.at++
    return t
  }
  /** End of the last token taken. */
  get lastEnd(): number {
    return this.tokens[this.at - 1]?.span.end ?? 0
  }
  isPunct(text: string, ahead = 0): boolean {
    const t = this.peek(ahead)
    return t.kind === 'punct' && t.text === text
  }
  isWord(word: string, ahead = 0): boolean {
    const t = this.peek(ahead)
    return t.kind === 'word' && t.text.toLowerCase() === word
  }
  eat(text: string): boolean {
    if (!this.isPunct(text)) return false
    this.at++
    return true
  }
  eatWord(...words: readonly string[]): Token | undefined {
    const t = this.peek()
    if (t.kind !== 'word' || !words.includes(t.text.toLowerCase())) return undefined
    this.at++
    return t
  }
  expect(text: string): boolean {
    if (text === '=' && this.isPunct('==')) {
      const { span } = this.next()
      this.near(doubleEquals, span, [{ span, text: '=' }])
      return true
    }
    if (this.eat(text)) return true
    this.fail(`\`${text}\``)
    return false
  }
  /** The closing bracket. Where the stage ends without it, the error is at the opening one. */
  close(open: Token): boolean {
    if (!this.done && !this.isPunct('|')) return this.expect(')')
    if (!this.#gaveUp)
      this.add(diagnostic(codes.sumoUnclosed, inText(this.source, open.span), { found: this.describe() }))
    return false
  }
  expectWord(word: string): boolean {
    if (this.eatWord(word)) return true
    this.fail(`\`${word}\``)
    return false
  }
  describe(t: Token = this.peek()): string {
    return t.text === '' ? 'the end' : `\`${t.text.length > 40 ? `${t.text.slice(0, 40)}…` : t.text}\``
  }
  /** One error per place: recovery must not repeat it. */
  fail(expected: string, t: Token = this.peek()): void {
    if (this.#gaveUp) return
    if (this.diagnostics.some((d) => d.at.kind === 'text' && d.at.span.start === t.span.start)) return
    const foreign = foreignSign(this.source.text, t.span.start)
    if (foreign) {
      const at = inText(this.source, foreign)
      const sign = this.source.text.slice(foreign.start, foreign.end)
      this.diagnostics.push(
        sign === ':='
          ? { ...diagnostic(codeOf(assignColon), at, { id: assignColon.id }), severity: 'error' }
          : diagnostic(codes.sumoTilde, at, { sign }),
      )
      return
    }
    this.diagnostics.push(
      diagnostic(codes.sumoExpected, inText(this.source, t.span), { expected, found: this.describe(t) }),
    )
  }
  /** Every rule of the grammar that can contain itself is read through this. */
  nested<T>(read: () => T | undefined): T | undefined {
    if (this.#nested >= MOST_NESTED) return this.tooDeep(MOST_NESTED)
    this.#nested++
    const before = this.height
    this.height = 0
    const found = read()
    this.height = Math.max(before, this.height + 1)
    this.#nested--
    return found
  }
  /** Reported once; the rest of the text is given up. */
  tooDeep(most: number, t: Token = this.peek()): undefined {
    if (!this.#gaveUp) this.add(diagnostic(codes.sumoTooDeep, inText(this.source, t.span), { most }))
    this.#gaveUp = true
    this.at = this.tokens.length
  }
  add(d: Diagnostic): void {
    this.diagnostics.push(d)
  }
  near(record: NearMiss, span: Span, edits: readonly Edit[] = []): void {
    if (this.rule) return
    const fixes: Fix[] = edits.length > 0 ? [{ title: 'write it as the vendor takes it', edits, safety: 'safe' }] : []
    const warning = diagnostic(codeOf(record), inText(this.source, span), { id: record.id }, { fixes })
    this.nearMisses.push({ id: record.id, span, diagnostic: warning })
  }
  /**
   * The text of a span with the fixes of its near-misses applied. The caller puts it into a fix of its own, so the near-misses inside
   * lose theirs: fixes must not overlap.
   */
  takeText(span: Span): string {
    const inside = (e: Edit): boolean => e.span.start >= span.start && e.span.end <= span.end
    const edits: Edit[] = []
    this.nearMisses.forEach((n, i) => {
      const own = n.diagnostic.fixes.flatMap((f) => f.edits)
      if (own.length === 0 || !own.every(inside)) return
      edits.push(...own)
      this.nearMisses[i] = { ...n, diagnostic: { ...n.diagnostic, fixes: [] } }
    })
    return applyEdits(this.source.text, edits, span)
  }
  /** True at the end of a stage. */
  get stageOver(): boolean {
    const t = this.peek()
    if (t.kind === 'punct' && (t.text === '|' || t.text === ')' || t.text === ']')) return true
    return this.done || this.lostPipe
  }
  /** Another stage begins here, without a bar. */
  get lostPipe(): boolean {
    const t = this.peek()
    return (
      t.kind === 'word' &&
      this.at > this.stageAt &&
      !GOES_ON.test(this.tokens[this.at - 1]?.text ?? '') &&
      BEGINS_STAGE.test(this.source.text.slice(t.span.start, t.span.start + 60))
    )
  }
  /** Skips to the end of the stage, over balanced brackets. */
  skipStage(): Token[] {
    const skipped: Token[] = []
    let depth = 0
    while (!this.done) {
      const t = this.peek()
      if (t.kind === 'punct') {
        if (depth === 0 && (t.text === '|' || t.text === ')' || t.text === ']')) break
        if (t.text === '(' || t.text === '[') depth++
        if (t.text === ')' || t.text === ']') depth--
      }
      skipped.push(this.next())
    }
    return skipped
  }
}

/** Words that only the beginning of a stage has in this order. */
const BEGINS_STAGE =
  /^(?:where\s+[!(\w%"]|json\s+(?:auto\b|field\s*=|")|parse\s+(?:regex\b|field\s*=|")|csv\s+\w+\s+extract\b|count\s+(?:as\s+\w+\s+)?by\b|timeslice\s+(?:by\s+)?\d|(?:sort|order)\s+by\b|(?:limit|top)\s+\d|transpose\s+row\b|fields\s+-?\s*[\w%]|(?:sum|avg|min|max|count|count_distinct|first|last|pct)\s*\()/i

/** A text or name must follow. */
const GOES_ON =
  /^(?:[|,([=<>!+*/%-]|[<>!=]=|as|by|and|or|not|in|on|from|with|field|matches|contains|group|row|column)$/i

export const isName = (t: Token): boolean => t.kind === 'word' || t.kind === 'field'

export function nameOf(t: Token): Name {
  if (t.kind === 'field' && /^%[ \t]*"/.test(t.text)) return { name: patternText(t), quoted: true, span: t.span }
  if (t.kind === 'field') return { name: t.text.slice(1), quoted: false, span: t.span }
  return { name: t.text, quoted: false, span: t.span }
}

/** A field name; undefined and an error when there is none. */
export function name(c: Cursor, what = 'a field name'): Name | undefined {
  const t = c.peek()
  if (isName(t)) return nameOf(c.next())
  // A dashboard may have a template variable in the place of a name. Lowering reports one without a value.
  if (t.kind === 'hole') return { name: c.next().text, quoted: false, span: t.span }
  c.fail(what)
  return undefined
}

/** `a, b, c`, `(a, b)`, a trailing comma tolerated. */
export function names(c: Cursor, what?: string): Name[] {
  const out: Name[] = []
  const inParens = c.eat('(')
  while (!c.done) {
    if (out.length > 0 && !isName(c.peek()) && c.peek().kind !== 'hole') break
    const n = name(c, what)
    if (!n) break
    out.push(n)
    if (!c.eat(',')) break
  }
  if (inParens) c.expect(')')
  return out
}

export const from = (start: Span, c: Cursor): Span => ({ start: start.start, end: Math.max(start.end, c.lastEnd) })
