// The parts of a CQL text for editors, by its tokens.
import { type CallMark, commentMarks, groupMarks, labelOf, type Mark, type Marked } from '../shared/editor.ts'
import { lex } from './1-lex/lex.ts'
import { comparisons, isPunct, type Token } from './1-lex/token.ts'
import { registry } from './registry.ts'

interface Frame {
  readonly open: Token | undefined
  /** Of a call. */
  readonly name?: Token
  /** Of the argument that is read. */
  parameter?: string
  start: number
  readonly arguments: { span: { start: number; end: number }; name?: string }[]
}

const WORDS = /^(?:and|or|not|case|match|in|like|true|false)$/i
const NUMBER = /^-?\d+(?:\.\d+)?(?:ms|s|m|h|d|w|mon|q|y)?$/i
const CLOSERS = new Set([')', ']', '}'])

/** A place between tokens and the brackets around it. */
export interface Walk {
  readonly tokens: readonly Token[]
  /** The frames that are open before the token at `index`, outermost first. */
  readonly frames: readonly Frame[]
}

const takes = (fn: string, parameter: string | undefined): string | undefined => {
  const params = registry.byName.get(fn.toLowerCase())?.params
  const p = parameter === undefined ? params?.find((x) => x.unnamed) : params?.find((x) => x.name === parameter)
  return p?.takes
}
/** The parameter that says where a result goes. */
const isTarget = (fn: string, parameter: string | undefined): boolean =>
  parameter === 'as' || (parameter !== undefined && /^as[A-Z]/.test(parameter) && takes(fn, parameter) === 'field')

/** The call around a place: brackets of a list belong to its argument. */
export function callAround(frames: readonly Frame[]): Frame | undefined {
  for (let i = frames.length - 1; i >= 0; i--) {
    const f = frames[i] as Frame
    if (f.name) return f
    if (f.open?.text !== '[' && f.open?.text !== '(') return undefined
  }
  return undefined
}

function mark(kind: Mark['kind'], t: Token, more: Partial<Mark> = {}): Mark {
  return { kind, span: { start: t.start, end: t.end }, ...more }
}

/** A text in quotes as a name: the marks are without them. */
function quotedField(t: Token, assigned: boolean): Mark {
  const closed = t.text.length > 1 && t.text.endsWith('"')
  const name = t.text.slice(1, closed ? -1 : undefined)
  const span = { start: t.start + 1, end: t.end - (closed ? 1 : 0) }
  return { kind: 'field', span, name, ...(assigned && { assigned: true as const }) }
}

class MarksReader {
  readonly marks: Mark[] = []
  readonly calls: CallMark[] = []
  readonly folds: { start: number; end: number }[] = []
  readonly frames: Frame[] = [{ open: undefined, start: 0, arguments: [] }]
  readonly steps: { span: { start: number; end: number }; label: string; kind: 'step' }[] = []
  readonly text: string
  readonly tokens: readonly Token[]
  #stepStart = -1

  constructor(text: string) {
    this.text = text
    this.tokens = lex(text)
  }

  /** Reads tokens up to the one at `stop`. */
  read(stop = this.tokens.length): this {
    for (let i = 0; i < stop; i++) this.#token(this.tokens[i] as Token, i)
    return this
  }

  #top = (): Frame => this.frames[this.frames.length - 1] as Frame

  #token(t: Token, i: number): void {
    const before = this.tokens[i - 1]
    const comments = commentMarks(this.text, t.from, t.start)
    this.marks.push(...comments)
    for (const c of comments) this.folds.push(c.span)
    if (this.frames.length === 1) this.#step(t, before)
    if (t.kind === 'end') return
    if (t.kind === 'punct') this.#punct(t, i)
    else if (t.kind === 'word') this.marks.push(this.#word(t, i))
    else if (t.kind === 'string') this.#string(t, i)
    else if (t.kind === 'regex') this.#regex(t)
    else if (t.kind === 'param')
      this.marks.push(mark('variable', t, { name: t.text.replace(/^\?\{?"?|[="}].*$/g, '') }))
    else if (t.kind === 'saved') this.marks.push(mark('variable', t, { name: t.text.slice(1) }))
  }

  #step(t: Token, before: Token | undefined): void {
    const ends = t.kind === 'end' || isPunct(t, '|')
    if (!ends && this.#stepStart < 0) this.#stepStart = t.start
    if (!ends || this.#stepStart < 0 || !before) return
    const span = { start: this.#stepStart, end: before.end }
    this.steps.push({ span, label: labelOf(this.text.slice(span.start, span.end)), kind: 'step' })
    this.#stepStart = -1
  }

  #punct(t: Token, i: number): void {
    const top = this.#top()
    if (t.text === '(' || t.text === '[' || t.text === '{') {
      const name = t.call ? this.tokens[i - 1] : undefined
      this.frames.push({ open: t, start: t.end, arguments: [], ...(name && { name }) })
    } else if (CLOSERS.has(t.text)) this.#close(t)
    else if (t.text === ',' && top.name) this.#argument(top, t.start, t.end)
    else if (t.text !== ',') this.marks.push(mark('operator', t))
  }

  #argument(frame: Frame, end: number, next: number): void {
    const span = { start: frame.start, end }
    frame.arguments.push({ span, ...(frame.parameter !== undefined && { name: frame.parameter }) })
    delete frame.parameter
    frame.start = next
  }

  #close(t: Token): void {
    const want = t.text === ')' ? '(' : t.text === ']' ? '[' : '{'
    const at = this.frames.findLastIndex((f) => f.open?.text === want)
    if (at < 1) return
    for (const f of this.frames.splice(at).reverse()) this.#closed(f, t.start)
  }

  #closed(f: Frame, end: number): void {
    if (!f.open) return
    this.folds.push({ start: f.open.start, end: end + 1 })
    if (!f.name) return
    if (this.text.slice(f.start, end).trim() !== '' || f.arguments.length > 0) this.#argument(f, end, end)
    this.calls.push({
      name: f.name.text,
      nameSpan: { start: f.name.start, end: f.name.end },
      inner: { start: f.open.end, end },
      arguments: f.arguments,
    })
  }

  finish(): Marked {
    for (const f of this.frames.splice(1).reverse()) this.#closed(f, this.text.length)
    const isTall = ({ start, end }: { start: number; end: number }) => /[\r\n]/.test(this.text.slice(start, end))
    return { marks: this.marks, calls: this.calls, steps: this.steps, folds: this.folds.filter(isTall) }
  }

  #word(t: Token, i: number): Mark {
    const before = this.tokens[i - 1]
    const next = this.tokens[i + 1]
    const call = callAround(this.frames)
    if (next && isPunct(next, '(') && next.call) return mark('function', t, { name: t.text })
    if (WORDS.test(t.text) && !(next && comparisons.has(next.text))) return mark('keyword', t)
    if (next && isPunct(next, ':=')) return mark('field', t, { name: t.text, assigned: true })
    const top = this.#top()
    if (call && top === call && next && isPunct(next, '=') && (isPunct(before, '(') || isPunct(before, ','))) {
      call.parameter = t.text
      const fn = (call.name as Token).text
      if (fn.toLowerCase() === 'eval') return mark('field', t, { name: t.text, assigned: true })
      return mark('parameter', t, { name: t.text, of: fn })
    }
    if (NUMBER.test(t.text)) return mark('number', t)
    if (call) return this.#argumentWord(t, call)
    if (next && next.kind === 'punct' && (comparisons.has(next.text) || next.text === '=~'))
      return mark('field', t, { name: t.text })
    if (before && before.kind === 'punct' && comparisons.has(before.text)) return mark('text', t)
    if (t.mode === 'expression' || isPunct(next, 'match')) return mark('field', t, { name: t.text })
    return mark('text', t)
  }

  #argumentWord(t: Token, call: Frame): Mark {
    const fn = (call.name as Token).text
    if (isTarget(fn, call.parameter)) return mark('field', t, { name: t.text, assigned: true })
    const kind = takes(fn, call.parameter)
    if (kind === undefined || /^(?:field|fields|expression|pipeline|aggregates)$/.test(kind))
      return mark('field', t, { name: t.text })
    return mark('text', t)
  }

  #string(t: Token, i: number): void {
    const call = callAround(this.frames)
    const next = this.tokens[i + 1]
    if (next && isPunct(next, ':=')) this.marks.push(quotedField(t, true))
    else if (call) {
      const fn = (call.name as Token).text
      const kind = takes(fn, call.parameter)
      if (isTarget(fn, call.parameter)) this.marks.push(quotedField(t, true))
      else if (kind === 'field' || kind === 'fields') this.marks.push(quotedField(t, false))
      else this.#withGroups(t, fn.toLowerCase() === 'regex' ? 1 : -1)
    } else if (next && next.kind === 'punct' && comparisons.has(next.text) && t.mode === 'filter')
      this.marks.push(quotedField(t, false))
    else this.marks.push(mark('text', t))
  }

  #regex(t: Token): void {
    this.#withGroups(t, 1, 'regex')
  }

  /** The text around the names of its groups. `from`: where the pattern starts in the token; -1: it has none. */
  #withGroups(t: Token, from: number, kind: Mark['kind'] = 'text'): void {
    let at = t.start
    for (const g of from < 0 ? [] : groupMarks(t.text.slice(from), t.start + from)) {
      this.marks.push({ kind, span: { start: at, end: g.span.start } }, g)
      at = g.span.end
    }
    if (at < t.end) this.marks.push({ kind, span: { start: at, end: t.end } })
  }
}

export const marked = (text: string): Marked => new MarksReader(text).read().finish()

/** The tokens of a text, and the brackets that are open before the token at `index`. */
export function walk(text: string, index: (tokens: readonly Token[]) => number): Walk {
  const reader = new MarksReader(text)
  const { tokens, frames } = reader.read(index(reader.tokens))
  return { tokens, frames }
}
