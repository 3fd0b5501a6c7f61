// The parts of a Sumo search for editors, by its tokens.
import { type CallMark, groupMarks, labelOf, type Mark, type Marked, type StepMark } from '../shared/editor.ts'
import { lex, type Token } from './1-lex/lex.ts'
import { registry } from './registry.ts'

/** Words inside of stages. Names of fields may be the same: only their place decides. */
const WORDS = new Set(
  'and or not in as by from on field nodrop matches contains asc desc where auto multi compose keywords with window threshold null true false'.split(
    ' ',
  ),
)
/** After these a name of the query begins. */
const NAMING = new Set(['as'])
const SIMPLE_NUMBER = /^-?\d/

export interface SumoFrame {
  /** Of a call. */
  readonly name: Token | undefined
  readonly open: Token
  start: number
  readonly arguments: { span: { start: number; end: number } }[]
}

/** A stage while it is read. */
export interface StageState {
  /** The word or words that begin it, in lower case; empty: none yet, or the stage is an expression. */
  head: string
  headTokens: Token[]
  /** The last word of WORDS outside of brackets. */
  word: string
  /** Number of tokens so far. */
  count: number
  scope: boolean
}

const punct = (t: Token | undefined, ...texts: readonly string[]): boolean =>
  t !== undefined && t.kind === 'punct' && texts.includes(t.text)
const mark = (kind: Mark['kind'], t: Token, more: Partial<Mark> = {}): Mark => ({ kind, span: t.span, ...more })

export class SumoMarksReader {
  readonly marks: Mark[] = []
  readonly calls: CallMark[] = []
  readonly steps: StepMark[] = []
  readonly folds: { start: number; end: number }[] = []
  readonly frames: SumoFrame[] = []
  readonly text: string
  /** Without space. */
  readonly tokens: readonly Token[]
  stage: StageState = { head: '', headTokens: [], word: '', count: 0, scope: true }
  #start = -1

  constructor(text: string) {
    this.text = text
    this.tokens = lex(text).filter((t) => t.kind !== 'space')
    if (this.tokens[0] && !this.tokens[0].scope) this.stage.scope = false
  }

  read(stop = this.tokens.length): this {
    for (let i = 0; i < stop; i++) this.#token(this.tokens[i] as Token, i)
    return this
  }

  #token(t: Token, i: number): void {
    if (t.kind === 'comment') {
      this.marks.push(mark('comment', t))
      this.folds.push(t.span)
      return
    }
    if (punct(t, '|') && this.frames.length === 0) {
      this.#endStep(t.span.start)
      this.stage = { head: '', headTokens: [], word: '', count: 0, scope: false }
      this.marks.push(mark('operator', t))
      return
    }
    if (this.#start < 0) this.#start = t.span.start
    if (t.kind === 'punct') this.#punct(t, i)
    else if (t.kind === 'word') this.marks.push(this.#word(t, i))
    else if (t.kind === 'string') this.#string(t)
    else if (t.kind === 'field') {
      const name = t.text.replace(/^%"?|"$/g, '')
      this.marks.push(mark('field', t, { name, ...(this.#isNamed(i) && { assigned: true as const }) }))
    } else if (t.kind === 'number') this.marks.push(mark('number', t))
    else if (t.kind === 'regex') this.#groups(t, 1, 'regex')
    else if (t.kind === 'hole' || t.kind === 'macro')
      this.marks.push(mark('variable', t, { name: t.text.replace(/^[{$`]+|[}`]+$/g, '') }))
    else this.marks.push(mark('text', t))
    this.stage.count++
  }

  #endStep(end: number): void {
    if (this.#start < 0) return
    const raw = this.text.slice(this.#start, end)
    const span = { start: this.#start, end: this.#start + raw.trimEnd().length }
    this.steps.push({ span, label: labelOf(raw), kind: this.stage.scope ? 'search' : 'step' })
    const { head, headTokens } = this.stage
    const last = headTokens.at(-1)
    if (last && registry.operator(head))
      this.calls.push({
        name: head,
        nameSpan: { start: (headTokens[0] as Token).span.start, end: last.span.end },
        inner: { start: last.span.end, end },
        arguments: [],
      })
    this.#start = -1
  }

  #punct(t: Token, i: number): void {
    if (punct(t, '(', '[')) {
      const before = this.tokens[i - 1]
      const isCall = t.text === '(' && before?.kind === 'word' && !t.scope && this.#isFunction(before.text)
      this.frames.push({ name: isCall ? before : undefined, open: t, start: t.span.end, arguments: [] })
    } else if (punct(t, ')', ']')) {
      const want = t.text === ')' ? '(' : '['
      const at = this.frames.findLastIndex((f) => f.open.text === want)
      if (at >= 0) for (const f of this.frames.splice(at).reverse()) this.#closed(f, t.span.start)
    } else if (punct(t, ',')) {
      const top = this.frames.at(-1)
      if (top?.name) {
        top.arguments.push({ span: { start: top.start, end: t.span.start } })
        top.start = t.span.end
      }
    } else this.marks.push(mark('operator', t))
  }

  #closed(f: SumoFrame, end: number): void {
    this.folds.push({ start: f.open.span.start, end: end + 1 })
    if (!f.name) return
    if (this.text.slice(f.start, end).trim() !== '') f.arguments.push({ span: { start: f.start, end } })
    this.calls.push({
      name: f.name.text,
      nameSpan: f.name.span,
      inner: { start: f.open.span.end, end },
      arguments: f.arguments,
    })
  }

  finish(): Marked {
    for (const f of this.frames.splice(0).reverse()) this.#closed(f, this.text.length)
    this.#endStep(this.text.length)
    const isTall = ({ start, end }: { start: number; end: number }) => /[\r\n]/.test(this.text.slice(start, end))
    return { marks: this.marks, calls: this.calls, steps: this.steps, folds: this.folds.filter(isTall) }
  }

  #isFunction = (word: string): boolean =>
    registry.function(word) !== undefined || registry.aggregate(word) !== undefined || /^if$/i.test(word)

  #word(t: Token, i: number): Mark {
    const low = t.text.toLowerCase()
    const next = this.tokens[i + 1]
    if (t.scope) {
      if (/^(?:and|or|not)$/.test(low)) return mark('keyword', t)
      if (punct(next, '=', '!=', '<', '<=', '>', '>=')) return mark('field', t, { name: t.text })
      return mark('text', t)
    }
    if (this.stage.count === 0 || this.#continuesHead(low)) return this.#head(t, low, next)
    if (WORDS.has(low)) {
      if (this.frames.length === 0) this.stage.word = low
      return mark('keyword', t)
    }
    if (punct(next, '(') && this.#isFunction(t.text)) return mark('function', t, { name: t.text })
    if (this.#isNamed(i)) return mark('field', t, { name: t.text, assigned: true })
    const isUnit = /^[smhdw]$/.test(low) && this.tokens[i - 1]?.span.end === t.span.start
    if (SIMPLE_NUMBER.test(t.text) || isUnit) return mark('number', t)
    return mark('field', t, { name: t.text })
  }

  /** `json auto`, `parse regex`: the second word of an operator's name. */
  #continuesHead(low: string): boolean {
    return this.stage.count === 1 && registry.operator(`${this.stage.head} ${low}`) !== undefined
  }

  #head(t: Token, low: string, next: Token | undefined): Mark {
    const head = this.stage.count === 0 ? low : `${this.stage.head} ${low}`
    const known = registry.operator(head) !== undefined || registry.aggregate(low) !== undefined
    const isCall = punct(next, '(') && this.#isFunction(t.text)
    if (this.stage.count > 0 || known || isCall || /^if$/i.test(low)) {
      this.stage.head = head
      this.stage.headTokens.push(t)
      return mark('function', t, { name: head })
    }
    return mark('field', t, { name: t.text })
  }

  /** Directly after `as`, or in the list of names that it begins. */
  #isNamed(i: number): boolean {
    const before = this.tokens[i - 1]
    if (before?.kind === 'word' && NAMING.has(before.text.toLowerCase())) return true
    return (
      this.frames.length === 0 &&
      this.stage.word === 'as' &&
      punct(before, ',') &&
      /^parse|^csv|^split|^kv/.test(this.stage.head)
    )
  }

  #string(t: Token): void {
    if (/^(?:parse regex|extract)$/.test(this.stage.head)) this.#groups(t, 1, 'text')
    else this.marks.push(mark('text', t))
  }

  #groups(t: Token, from: number, kind: Mark['kind']): void {
    let at = t.span.start
    for (const g of groupMarks(t.text.slice(from), t.span.start + from)) {
      this.marks.push({ kind, span: { start: at, end: g.span.start } }, g)
      at = g.span.end
    }
    if (at < t.span.end) this.marks.push({ kind, span: { start: at, end: t.span.end } })
  }
}

export const marked = (text: string): Marked => new SumoMarksReader(text).read().finish()
