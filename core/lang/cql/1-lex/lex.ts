// Text to tokens, without loss: trivia and tokens concatenate to the source. One pass, linear.
// A slash, a star and a minus mean one thing in a filter and another in an expression, so the lexer follows brackets and
// `:=`. A parser could ask for tokens one by one instead, but then the formatter and the near-misses had no tokens to read.
import { forgottenQuote } from '../../../text/forgotten-quote.ts'
import { closerOf, comparisons, type Fault, type Mode, type Token } from './token.ts'

interface Frame {
  readonly open: string
  readonly base: Mode
  mode: Mode
}
interface State {
  readonly text: string
  at: number
  readonly tokens: Token[]
  readonly frames: Frame[]
}
interface Lexeme {
  readonly kind: Token['kind']
  readonly end: number
  readonly fault?: Fault
}

const puncts = ['<=>', ':=', '=~', '=>', '==', '!=', '<=', '>=', '<>']
const single = '!"$\'(),;<=>?[]`{|}*+-/:~'

export function lex(text: string): readonly Token[] {
  const s: State = { text, at: 0, tokens: [], frames: [{ open: '', base: 'filter', mode: 'filter' }] }
  for (;;) {
    const from = s.at
    const fault = skipTrivia(s)
    const mode = top(s).mode
    if (s.at >= text.length) {
      s.tokens.push({ kind: 'end', text: '', start: s.at, end: s.at, from, mode, call: false, ...(fault && { fault }) })
      return s.tokens
    }
    const start = s.at
    const lexeme = next(s, mode)
    const call = text[start] === '(' && opensCall(s, start)
    s.at = lexeme.end
    const { kind, end, fault: own } = lexeme
    const token: Token = {
      kind,
      text: text.slice(start, end),
      start,
      end,
      from,
      mode,
      call,
      ...(own && { fault: own }),
    }
    s.tokens.push(token)
    if (token.kind === 'punct') follow(s, token)
  }
}

const top = (s: State): Frame => s.frames[s.frames.length - 1] as Frame

/** Space is insignificant, newlines too. No-break space and a byte order mark come from copying; nothing else can be meant. */
const isSpace = (c: number): boolean =>
  c === 32 || (c >= 9 && c <= 13) || c === 0xa0 || c === 0xfeff || c === 0x2028 || c === 0x2029

function skipTrivia(s: State): Fault | undefined {
  const { text } = s
  while (s.at < text.length) {
    if (isSpace(text.charCodeAt(s.at))) s.at++
    else if (text.startsWith('//', s.at)) s.at = lineEnd(text, s.at)
    else if (text.startsWith('/*', s.at)) {
      const close = text.indexOf('*/', s.at + 2)
      s.at = close < 0 ? text.length : close + 2
      if (close < 0) return 'unterminated-comment'
    } else break
  }
  return undefined
}

function lineEnd(text: string, at: number): number {
  let i = at
  while (i < text.length && text[i] !== '\n' && text[i] !== '\r') i++
  return i
}

/** The brackets decide how the rest reads. */
function follow(s: State, token: Token): void {
  const frame = top(s)
  if (token.text === ':=') frame.mode = 'expression'
  else if (token.text === '|' || token.text === ';') frame.mode = frame.base
  else if (token.text === '(') push(s, '(', token.call ? 'expression' : frame.mode)
  else if (token.text === '[') push(s, '[', 'expression')
  else if (token.text === '{') push(s, '{', 'filter')
  else if (token.text === ')' || token.text === ']' || token.text === '}') pop(s, token.text)
}
function push(s: State, open: string, mode: Mode): void {
  s.frames.push({ open, base: mode, mode })
}
/** A closer that fits an outer bracket closes those within; one that fits none closes nothing. */
function pop(s: State, closer: string): void {
  for (let i = s.frames.length - 1; i > 0 && i > s.frames.length - 40; i--) {
    if (closerOf[(s.frames[i] as Frame).open] === closer) {
      s.frames.length = i
      return
    }
  }
}

/** `name(`; and `name (` unless the name is the value of a comparison or a keyword. It is not documented whether space is allowed there. */
function opensCall(s: State, at: number): boolean {
  const name = s.tokens[s.tokens.length - 1]
  if (!name || (name.kind !== 'word' && name.kind !== 'saved')) return false
  if (name.kind === 'word' && /^(?:and|or|not|like|case|[^A-Za-z].*|.*[^\w:].*)$/is.test(name.text)) return false
  if (name.end === at) return true
  const before = s.tokens[s.tokens.length - 2]
  return !(name.mode === 'filter' && before?.kind === 'punct' && comparisons.has(before.text))
}

function next(s: State, mode: Mode): Lexeme {
  const { text, at } = s
  const c = text[at] as string
  if (c === '"') return text.startsWith('"""', at) ? tripleQuoted(text, at) : string(text, at)
  if (c === "'") return singleQuoted(text, at)
  if (c === '$') return saved(text, at)
  if (c === '?') return param(text, at)
  if (c === '/' && (mode === 'filter' || !afterOperand(s))) return regex(text, at)
  const end = mode === 'filter' ? patternEnd(text, at) : nameEnd(text, at)
  if (end > at) return { kind: 'word', end }
  const punct = puncts.find((p) => text.startsWith(p, at))
  if (punct) return { kind: 'punct', end: at + punct.length }
  if (single.includes(c)) return { kind: 'punct', end: at + 1 }
  const size = (text.codePointAt(at) as number) > 0xffff ? 2 : 1
  return { kind: 'bad', end: at + size, fault: 'character' }
}

function afterOperand(s: State): boolean {
  const last = s.tokens[s.tokens.length - 1]
  if (!last || last.kind === 'end') return false
  if (last.kind === 'punct') return last.text === ')' || last.text === ']' || last.text === '}'
  return !(last.kind === 'word' && last.text === '%')
}

function string(text: string, at: number): Lexeme {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '"') {
      const early = forgottenQuote(text, at, i, /[A-Za-z0-9]/, STEP)
      if (early === undefined) return { kind: 'string', end: i + 1 }
      return { kind: 'string', end: early, fault: 'unterminated-string' }
    }
  }
  // The rest of the line, so that one forgotten quote does not hide all that follows.
  return { kind: 'string', end: lineEnd(text, at), fault: 'unterminated-string' }
}
/** The end of a step or a condition. */
const STEP = /(?<!\s)\s*(?:\n|\s[|;]\s|\s(?:and|or)\s)/i
function tripleQuoted(text: string, at: number): Lexeme {
  const close = text.indexOf('"""', at + 3)
  if (close < 0) return { kind: 'string', end: at + 2 }
  return { kind: 'bad', end: close + 3, fault: 'triple-quotes' }
}
function singleQuoted(text: string, at: number): Lexeme {
  const eol = lineEnd(text, at)
  for (let i = at + 1; i < eol; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === "'") return { kind: 'bad', end: i + 1, fault: 'single-quotes' }
  }
  return { kind: 'bad', end: at + 1, fault: 'character' }
}

/** A slash inside a class does not end the regex: published queries rely on it. */
function regex(text: string, at: number): Lexeme {
  const eol = lineEnd(text, at)
  const close = regexClose(text, at + 1, eol)
  if (close >= 0) return { kind: 'regex', end: flagsEnd(text, close + 1) }
  const far = regexClose(text, at + 1, Math.min(text.length, at + 4000))
  const blank = text.slice(at, far < 0 ? at : far).search(/\n[ \t\r]*(?:\n|\||\/\/)/)
  if (far >= 0 && blank < 0) return { kind: 'bad', end: flagsEnd(text, far + 1), fault: 'regex-over-lines' }
  return { kind: 'regex', end: eol, fault: 'unterminated-regex' }
}
/** An unescaped `[` that nothing closes on the line is a literal for this purpose: then the first plain slash ends the regex. */
function regexClose(text: string, from: number, to: number): number {
  let inClass = false
  let firstPlain = -1
  for (let i = from; i < to; i++) {
    const c = text[i]
    if (c === '\\') i++
    else if (c === '[' && !inClass) inClass = true
    else if (c === ']') inClass = false
    else if (c === '/' && !inClass) return i
    else if (c === '/' && firstPlain < 0) firstPlain = i
  }
  return firstPlain
}
function flagsEnd(text: string, at: number): number {
  let i = at
  while (i < text.length && /[A-Za-z]/.test(text[i] as string)) i++
  return i
}

/** `?name`, `?"name"`, `?{name=default}`. */
function param(text: string, at: number): Lexeme {
  const match = /^\?(?:\{[^{}\n]*\}|"(?:[^"\\\n]|\\.)*")/.exec(text.slice(at, at + 500))
  if (match) return { kind: 'param', end: at + match[0].length }
  let end = nameEnd(text, at + 1)
  // Published queries have `regex=?msg-regex`: a parameter has its whole name in an expression too.
  while (end > at + 1 && /^-[A-Za-z]/.test(text.slice(end, end + 2))) end = nameEnd(text, end + 1)
  return end > at + 1 ? { kind: 'param', end } : { kind: 'punct', end: at + 1 }
}

/** `$name`, `$package/path:name`, `$"package/path:name"`; a quote without its partner is in a published query. */
function saved(text: string, at: number): Lexeme {
  const match = /^\$(?:"[^"\n]*"|[\w./:@#-]+"?)/.exec(text.slice(at, at + 500))
  return match ? { kind: 'saved', end: at + match[0].length } : { kind: 'punct', end: at + 1 }
}

/** By code of the character: an editor lexes the whole text at each key. */
const nameAscii: readonly boolean[] = Array.from({ length: 128 }, (_, c) =>
  /[#%&.0-9@A-Z\\^_a-z]/.test(String.fromCharCode(c)),
)
const beyondAscii = /[\p{L}\p{N}\p{M}]/u
const isName = (text: string, i: number): boolean => {
  const c = text.charCodeAt(i)
  if (c < 128) return nameAscii[c] === true
  return i < text.length && beyondAscii.test(String.fromCodePoint(text.codePointAt(i) as number))
}
const width = (text: string, i: number): number => ((text.codePointAt(i) as number) > 0xffff ? 2 : 1)

/** `[12]`, `[]` right after a name belongs to it. */
function memberEnd(text: string, at: number): number {
  if (text[at] !== '[') return at
  let i = at + 1
  while (i < at + 12 && text[i] !== undefined && /[0-9]/.test(text[i] as string)) i++
  return text[i] === ']' ? i + 1 : at
}
function tickEnd(text: string, at: number): number {
  if (text[at] !== '`') return at
  const close = text.slice(at + 1, at + 300).search(/[`\n]/)
  return close >= 0 && text[at + 1 + close] === '`' ? at + close + 2 : at
}

function nameEnd(text: string, at: number): number {
  let i = at
  for (;;) {
    const c = text[i]
    const exponent = (c === 'e' || c === 'E') && /^[+-][0-9]/.test(text.slice(i + 1, i + 3))
    const namespace = c === ':' && i > at && /[A-Za-z]/.test(text[i + 1] ?? '')
    if (exponent && /^\d+(?:\.\d+)?$/.test(text.slice(at, i).slice(0, 40))) i += 2
    else if (namespace) i++
    else if (isName(text, i)) i += width(text, i)
    else {
      const after = i > at ? Math.max(memberEnd(text, i), tickEnd(text, i)) : tickEnd(text, i)
      if (after === i) return i
      i = after
    }
  }
}
function patternEnd(text: string, at: number): number {
  let i = at
  for (;;) {
    const c = text[i]
    if (c === undefined) return i
    if (c === ':' && text[i + 1] === '=') return i
    if (isName(text, i)) i += width(text, i)
    else if ('*+-:~'.includes(c) || (c === '/' && i > at)) i++
    else {
      const after = i > at ? Math.max(memberEnd(text, i), tickEnd(text, i)) : tickEnd(text, i)
      if (after === i) return i
      i = after
    }
  }
}
