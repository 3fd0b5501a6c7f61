// The record of a near-miss, and the view of a text that its recogniser reads.
// A near-miss is recognised in the tokens and rewritten in the text; the rewritten text is parsed. So its meaning is that of
// the valid rewrite by construction, and the parser knows none of them. The road not taken: productions in the grammar that
// build the intended AST, which then must be shown to equal the AST of the rewrite.
import { byName } from '../../../text/by-name.ts'
import type { Edit } from '../../../diag/diagnostic.ts'
import type { Span } from '../../../text/source.ts'
import type { NearMiss } from '../../shared/builtin.ts'
import { closerOf, comparisons, isPunct, isWord, type Token } from '../1-lex/token.ts'

export interface CqlNearMiss extends NearMiss {
  /** One complete line. `found` is the construct, shortened. */
  readonly message: (found: string) => string
  readonly find: (view: View) => readonly Match[]
  /** It goes before the others: it decides where steps end, or others would read a part of it. */
  readonly early?: true
}
export interface Match {
  /** The construct. */
  readonly span: Span
  /** The valid rewrite. Keep the tokens that stay: places inside them are then exact. */
  readonly edits: readonly Edit[]
  /** Set where it is not certain what is meant: an error with this remedy, and the edits, if any, are a proposal. */
  readonly uncertain?: string
}

/** Tokens `first` to `last`, both included. */
export interface Run {
  readonly first: number
  readonly last: number
  /** Separators around a step: `|`, `;`, `=>`, or empty. */
  readonly before: string
  readonly after: string
}
export interface View {
  readonly text: string
  readonly tokens: readonly Token[]
  /** Index of the partner of a bracket, or -1. */
  readonly partner: readonly number[]
  /** Index of the bracket around a token, or -1. */
  readonly parent: readonly number[]
  readonly steps: readonly Run[]
  /** Indices of the tokens of each word (in lower case), punctuation mark, and other kind. Each record looks for a few of them. */
  readonly words: ReadonlyMap<string, readonly number[]>
  readonly marks: ReadonlyMap<string, readonly number[]>
  readonly kinds: ReadonlyMap<Token['kind'], readonly number[]>
  /** Steps after a pipe that begin with a word, by that word in lower case. */
  readonly commands: ReadonlyMap<string, readonly Run[]>
}

export function viewOf(text: string, tokens: readonly Token[]): View {
  const partner = tokens.map(() => -1)
  const parent = tokens.map(() => -1)
  const open: number[] = []
  tokens.forEach((t, i) => {
    const opener = t.kind === 'punct' && closerOf[t.text] !== undefined
    if (t.kind === 'punct' && /^[)}\]]$/.test(t.text)) {
      const found = open.findLastIndex((o) => closerOf[(tokens[o] as Token).text] === t.text)
      if (found >= 0) {
        partner[i] = open[found] as number
        partner[open[found] as number] = i
        open.length = found
      }
    }
    parent[i] = open[open.length - 1] ?? -1
    if (opener) open.push(i)
  })
  const steps = stepsOf(tokens, parent)
  const [words, marks, kinds] = [
    new Map<string, number[]>(),
    new Map<string, number[]>(),
    new Map<Token['kind'], number[]>(),
  ]
  tokens.forEach((t, i) => {
    if (t.kind === 'word') add(words, t.text.toLowerCase(), i)
    else if (t.kind === 'punct') add(marks, t.text, i)
    else add(kinds, t.kind, i)
  })
  const commands = new Map<string, Run[]>()
  for (const s of steps) {
    const t = tokens[s.first]
    if (s.before === '|' && s.after !== '=>' && t?.kind === 'word') add(commands, t.text.toLowerCase(), s)
  }
  return { text, tokens, partner, parent, steps, words, marks, kinds, commands }
}

function add<K, T>(into: Map<K, T[]>, key: K, value: T): void {
  const list = into.get(key)
  if (list) list.push(value)
  else into.set(key, [value])
}

const NONE: readonly never[] = []
export const hasWord = (v: View, word: string): boolean => v.words.has(word)
/** The matches of a record at the tokens that are this word, punctuation mark or kind. */
export const atWords = (v: View, word: string, find: (t: Token, i: number) => readonly Match[]): Match[] =>
  matches(v, v.words.get(word), find)
export const atMarks = (v: View, mark: string, find: (t: Token, i: number) => readonly Match[]): Match[] =>
  matches(v, v.marks.get(mark), find)
export const atKind = (
  v: View,
  kind: Exclude<Token['kind'], 'punct' | 'word'>,
  find: (t: Token, i: number) => readonly Match[],
): Match[] => matches(v, v.kinds.get(kind), find)

const matches = (
  v: View,
  at: readonly number[] | undefined,
  find: (t: Token, i: number) => readonly Match[],
): Match[] => (at ?? NONE).flatMap((i) => find(token(v, i), i))

function stepsOf(tokens: readonly Token[], parent: readonly number[]): Run[] {
  const steps: Run[] = []
  const state = new Map<number, { first: number; last: number; before: string }>()
  const flush = (frame: number, after: string): void => {
    const s = state.get(frame)
    if (s && s.first >= 0) steps.push({ first: s.first, last: s.last, before: s.before, after })
    state.set(frame, { first: -1, last: -1, before: after })
  }
  const holdsSteps = (frame: number): boolean => frame < 0 || (tokens[frame] as Token).text === '{'
  tokens.forEach((t, i) => {
    const frame = parent[i] as number
    if (t.kind === 'end') return
    if (!holdsSteps(frame)) return
    if (t.kind === 'punct' && /^(?:\||;|=>)$/.test(t.text)) flush(frame, t.text)
    else {
      const s = state.get(frame)
      state.set(frame, { first: s && s.first >= 0 ? s.first : i, last: i, before: s?.before ?? '' })
    }
  })
  for (const frame of state.keys()) flush(frame, '')
  return steps.sort((a, b) => a.first - b.first)
}

// ── reading a view ──

export const token = (v: View, i: number): Token => (v.tokens[i] ?? v.tokens[v.tokens.length - 1]) as Token
export const partnerOf = (v: View, i: number): number => v.partner[i] ?? -1
export const parentOf = (v: View, i: number): number => v.parent[i] ?? -1
export const spanOfRun = (v: View, r: { first: number; last: number }): Span => ({
  start: token(v, r.first).start,
  end: token(v, r.last).end,
})
export const textOf = (v: View, r: { first: number; last: number }): string => {
  const { start, end } = spanOfRun(v, r)
  return v.text.slice(start, end)
}
/** Indices of the tokens of a run at its own depth; brackets are there, what they enclose is not. */
export function shallow(v: View, r: { first: number; last: number }): number[] {
  const found: number[] = []
  for (let i = r.first; i <= r.last; i++) {
    found.push(i)
    const close = partnerOf(v, i)
    if (close > i) {
      if (close <= r.last) found.push(close)
      i = close
    }
  }
  return found
}
/** The runs that commas separate between a bracket and its partner. */
export function itemsOf(v: View, open: number): { first: number; last: number }[] {
  const close = partnerOf(v, open)
  return close > open + 1 ? splitAt(v, { first: open + 1, last: close - 1 }, (t) => isPunct(t, ',')) : []
}
export function splitAt(v: View, r: { first: number; last: number }, separates: (t: Token) => boolean) {
  const items: { first: number; last: number }[] = []
  let first = r.first
  for (const i of shallow(v, r)) {
    if (!separates(token(v, i))) continue
    if (i > first) items.push({ first, last: i - 1 })
    first = i + 1
  }
  if (first <= r.last) items.push({ first, last: r.last })
  return items
}
export const stepsWithin = (v: View, open: number): Run[] => v.steps.filter((s) => parentOf(v, s.first) === open)
export const isNamed = (v: View, r: { first: number; last: number }): boolean =>
  r.last > r.first && /^(?:word|string)$/.test(token(v, r.first).kind) && isPunct(token(v, r.first + 1), '=')
/** The name of the function whose arguments a bracket opens, in lower case. */
export const calledBy = (v: View, open: number): string =>
  open > 0 && token(v, open).call ? token(v, open - 1).text.toLowerCase() : ''

const argumentsOf: Readonly<Record<string, RegExp>> = byName({
  test: /^(?:expression|field)$/i,
  if: /^(?:condition|then|else|as|field)$/i,
})
/** `if(a=1, …)`: no argument of the function has this name, so it is a field. */
export function comparesInCall(fn: string, left: string): boolean {
  const own = argumentsOf[fn]
  return own !== undefined && !own.test(left)
}

const isNumber = (text: string): boolean => /^-?\d+(?:\.\d+)?$/.test(text)
export const isLiteral = (t: Token): boolean =>
  t.kind === 'string' || t.kind === 'param' || t.kind === 'regex' || (t.kind === 'word' && isNumber(t.text))
export const isField = (t: Token): boolean =>
  t.kind === 'string' || (t.kind === 'word' && !isWord(t, 'and') && !isWord(t, 'or') && !isWord(t, 'not'))

export const insert = (at: number, text: string): Edit => ({ span: { start: at, end: at }, text })
export const replace = (start: number, end: number, text: string): Edit => ({ span: { start, end }, text })
export const quote = (text: string): string =>
  `"${text
    .replace(/\\(?=["\\n]|$)/g, '\\\\')
    .replace(/"/g, '\\"')
    .replace(/\n/g, '\\n')}"`

/** Comparisons with `or` between them, or one comparison: no precedence decides what they mean. */
export const isAlternatives = (v: View, r: { first: number; last: number }): boolean =>
  splitAt(v, r, (t) => isWord(t, 'or')).every(
    ({ first, last }) =>
      last === first + 2 &&
      isField(token(v, first)) &&
      comparisons.has(token(v, first + 1).text) &&
      (isLiteral(token(v, last)) || token(v, last).kind === 'word'),
  )

/** A step that starts with one of these words of another language, written as a command: not a call, comparison or assignment. */
export function commands(v: View, words: readonly string[]): Run[] {
  const found = words.flatMap((w) => v.commands.get(w) ?? NONE)
  if (found.length === 0) return found
  return found
    .sort((a, b) => a.first - b.first)
    .filter((s) => {
      const after = token(v, s.first + 1)
      if (s.last === s.first) return true
      return after.kind !== 'punct' || /^[[(!-]$/.test(after.text)
        ? !(after.text === '(' && after.from === after.start)
        : false
    })
}

/** Words behind which an operand follows. */
export const joins = (t: { kind: string; text: string }): boolean =>
  t.kind === 'word' && /^(?:and|or|not|like)$/i.test(t.text)
/** Could this token be the last one of an operand? */
export function operandEnd(v: View, i: number): boolean {
  const t = token(v, i)
  if (t.kind === 'punct') return /^[)\]}]$/.test(t.text)
  return (
    t.kind === 'string' ||
    t.kind === 'param' ||
    t.kind === 'regex' ||
    (t.kind === 'word' && t.text !== '%' && !joins(t))
  )
}
