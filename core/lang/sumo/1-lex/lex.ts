// Text → tokens. Lossless: the tokens' texts joined give the source. Never throws.
// A text has two sets of lexical rules: one for the scope (words contain punctuation), one for the stages after the first `|`.
// `[subquery …:` opens a new scope.
import { byName } from '../../../text/by-name.ts'
import { forgottenQuote } from '../../../text/forgotten-quote.ts'
import type { Span } from '../../../text/source.ts'
import { HOLE, holeEnd, holeName } from './template.ts'

export type TokenKind =
  | 'comment'
  | 'field' // %"a b", %a.b[0]
  | 'hole' // {{name}}, $$name
  | 'macro' // `name`
  | 'number'
  | 'path' // geo://location, shared/x/y after from
  | 'punct'
  | 'regex' // /…/ and flags
  | 'single' // 'x'
  | 'space'
  | 'string'
  | 'unknown'
  | 'word'

export interface Token {
  readonly kind: TokenKind
  readonly text: string
  readonly span: Span
  /** Lexed in a scope. */
  readonly scope: boolean
  /** A string, regex, comment or template that never ends. */
  readonly open: boolean
}

const QUOTES: Record<string, string> = byName({ '“': '”', '”': '”', '„': '“' })
const PUNCT2 = ['<=', '>=', '!=', '<>', '==', '&&', '||']

interface Frame {
  mode: 'header' | 'scope' | 'stages'
  /** parentheses open since the frame began */
  depth: number
}

/** `scopeless`: the text is stages from its first word on, as in a field extraction rule. */
export function lex(text: string, scopeless = false): Token[] {
  const tokens: Token[] = []
  const frames: Frame[] = [{ mode: scopeless ? 'stages' : startMode(text), depth: 0 }]
  let at = 0
  let last: Token | undefined
  let stageWord = ''
  let wantStage = scopeless || beginsWithTable(text)
  while (at < text.length) {
    const frame = frames[frames.length - 1] as Frame
    const scope = frame.mode === 'scope'
    const found = scope ? scanScope(text, at, frames.length > 1) : scanStage(text, at, last, stageWord)
    const end = Math.max(found.end, at + 1)
    const token: Token = {
      kind: found.kind,
      text: text.slice(at, end),
      span: { start: at, end },
      scope,
      open: found.open ?? false,
    }
    tokens.push(token)
    at = end
    if (token.kind === 'space' || token.kind === 'comment') continue
    if (wantStage && token.kind !== 'punct') {
      stageWord = token.text.toLowerCase()
      wantStage = false
    }
    last = token
    if (token.kind !== 'punct') continue
    if (token.text === '(') frame.depth++
    else if (token.text === ')') frame.depth = Math.max(0, frame.depth - 1)
    else if (token.text === '[' && /^\s*subquery\b/i.test(text.slice(at, at + 40)))
      frames.push({ mode: 'header', depth: 0 })
    else if (token.text === ']' && frames.length > 1) frames.pop()
    else if (token.text === ':' && frame.mode === 'header' && frame.depth === 0) frame.mode = 'scope'
    else if (token.text === '|') {
      frame.mode = 'stages'
      wantStage = true
    }
    if (token.text === '(' && stageWord === 'join') wantStage = false
  }
  return tokens
}

/** `cat` of a table is a search without messages, and so without a scope. */
export const beginsWithTable = (text: string): boolean => /^\s*cat\s+(?:\w+:\/\/|[\w.]+\/)/i.test(text)
const startMode = (text: string): Frame['mode'] => (/^\s*\|/.test(text) || beginsWithTable(text) ? 'stages' : 'scope')

interface Found {
  readonly kind: TokenKind
  readonly end: number
  readonly open?: boolean
}

/** Space, comments, strings, templates and macros follow the same rules in both. */
function scanCommon(text: string, at: number): Found | undefined {
  const c = text[at] as string
  const space = /[\s\u00a0\u200b\ufeff]+/y
  space.lastIndex = at
  if (space.test(text)) return { kind: 'space', end: space.lastIndex }
  if (text.startsWith('//', at)) return { kind: 'comment', end: lineEnd(text, at) }
  // `Labs/*` is a path: a comment begins only outside of a word, and only if it has an end.
  if (text.startsWith('/*', at)) {
    const close = text.indexOf('*/', at + 2)
    if (close >= 0) return { kind: 'comment', end: close + 2 }
  }
  if (c === '"') return scanString(text, at + 1, '"', 'string')
  if (QUOTES[c]) return scanString(text, at + 1, QUOTES[c] as string, 'string')
  if (text.startsWith('{{', at)) {
    const end = holeEnd(text, at)
    return end === undefined ? { kind: 'unknown', end: at + 2, open: true } : { kind: 'hole', end }
  }
  if (text.startsWith('%"', at)) return scanString(text, at + 2, '"', 'field')
  if (c === '`') {
    const close = text.indexOf('`', at + 1)
    return close < 0 ? { kind: 'unknown', end: at + 1, open: true } : { kind: 'macro', end: close + 1 }
  }
  return undefined
}

function scanString(text: string, from: number, quote: string, kind: TokenKind): Found {
  for (let i = from; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === quote || (quote !== '"' && text[i] === '"')) {
      // The name of a field has no bar between spaces.
      const bar = kind === 'field' ? text.slice(from, i).search(/\s\|\s/) : -1
      if (bar >= 0) return { kind: 'unknown', end: from + bar, open: true }
      const early = kind === 'string' ? forgottenQuote(text, from, i, /[\w\\(.{[^$?*/]/, STEP) : undefined
      return early === undefined ? { kind, end: i + 1 } : { kind, end: early, open: true }
    }
  }
  // The rest of the stage, so that one forgotten quote does not hide all that follows.
  const end = text.slice(from).search(STEP)
  return { kind, end: end <= 0 ? text.length : from + end, open: true }
}

/** The end of a text in a stage. */
const STEP = /(?<!\s)\s*(?:\n|\s\|\s?|\s(?:as\s+[\w%]|nodrop\b|and\s|or\s))/i

const lineEnd = (text: string, at: number): number => {
  const end = text.slice(at).search(/\r?\n|\r/)
  return end < 0 ? text.length : at + end
}

/** Behind `||`, these words are a stage after a lost one rather than a keyword. */
const BEGINS_STAGE =
  /^\s*(?:$|\||(?:avg|count|fields|if|json|kv|limit|lookup|max|min|num|parse|sort|sum|timeslice|top|where)\b)/i

function scanScope(text: string, at: number, inSubquery: boolean): Found {
  const common = scanCommon(text, at)
  if (common) return common
  const c = text[at] as string
  if (c === '|' && text[at + 1] === '|' && !BEGINS_STAGE.test(text.slice(at + 2, at + 40)))
    return { kind: 'punct', end: at + 2 }
  if (c === '|' || c === '(' || c === ')' || c === '=') return { kind: 'punct', end: at + 1 }
  if (c === '!') return { kind: 'punct', end: text[at + 1] === '=' ? at + 2 : at + 1 }
  if (c === '[' && /^\[\s*subquery\b/i.test(text.slice(at, at + 40))) return { kind: 'punct', end: at + 1 }
  if (c === ']' && inSubquery) return { kind: 'punct', end: at + 1 }
  let i = at
  while (i < text.length) {
    if (text.startsWith('{{', i)) {
      const end = holeEnd(text, i)
      if (end === undefined) break
      i = end
      continue
    }
    const d = text[i] as string
    if (/[\s|()"=\u201c\u201d\u00a0]/.test(d) || (d === ']' && inSubquery) || (d === '!' && text[i + 1] === '=')) break
    i++
  }
  const word = text.slice(at, i)
  return { kind: /^\$\$\w+$/.test(word) ? 'hole' : 'word', end: Math.max(i, at + 1) }
}

const WORD = /[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}\p{N}_]+)*/uy
const NUMBER = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?[A-Za-z]*/y
const BARE_FIELD = /%[\p{L}_][\p{L}\p{N}_.[\]]*/uy

function match(re: RegExp, text: string, at: number): number | undefined {
  re.lastIndex = at
  return re.test(text) ? re.lastIndex : undefined
}

function scanStage(text: string, at: number, last: Token | undefined, stageWord: string): Found {
  const c = text[at] as string
  const previous = last?.text.toLowerCase() ?? ''
  const isPath =
    (previous === 'from' && (stageWord === 'lookup' || stageWord === 'cat')) ||
    (previous === 'cat' && stageWord === 'cat') ||
    (stageWord === 'save' && /^(save|append)$/.test(previous))
  if (isPath && !/[\s"{]/.test(c)) return scanPath(text, at)
  if (c === '/' && regexMayStart(last)) {
    const end = regexEnd(text, at)
    if (end !== undefined) return { kind: 'regex', end }
  }
  const common = scanCommon(text, at)
  if (common) return common
  const word = match(WORD, text, at)
  if (word !== undefined) return text.startsWith('://', word) ? scanPath(text, at) : { kind: 'word', end: word }
  const number = match(NUMBER, text, at)
  if (number !== undefined) return { kind: 'number', end: number }
  const bare = match(BARE_FIELD, text, at)
  // `a %b` with spaces only on the left is a name; `a%b` is a remainder.
  if (bare !== undefined && !(last && isOperand(last) && last.span.end === at)) return { kind: 'field', end: bare }
  if (c === '$' && /^\$\$?\w+/.test(text.slice(at)))
    return { kind: 'hole', end: at + (/^\$\$?\w+/.exec(text.slice(at))?.[0].length ?? 1) }
  // `as % "x y"`: white space after the sign, where no number is before it.
  if (c === '%' && last && /^(?:as|by|,|\(|fields|column|row)$/i.test(last.text)) {
    const quote = /^%[ \t]+"/.exec(text.slice(at))
    if (quote) return scanString(text, at + quote[0].length, '"', 'field')
  }
  if (c === "'") {
    // One character, which may be the backslash or the quote itself.
    const one = /^'(?:'|\\)'(?=\s*(?:,|\s|$))/.exec(text.slice(at))
    if (one) return { kind: 'single', end: at + one[0].length }
    const close = /^'(?:\\.|[^'\n\\])*'/.exec(text.slice(at)) ?? /^'.'/.exec(text.slice(at))
    return close ? { kind: 'single', end: at + close[0].length } : { kind: 'unknown', end: at + 1 }
  }
  if (PUNCT2.includes(text.slice(at, at + 2))) return { kind: 'punct', end: at + 2 }
  if ('|()[],=<>!+-*/%?:^;'.includes(c)) return { kind: 'punct', end: at + 1 }
  return { kind: 'unknown', end: at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) }
}

function scanPath(text: string, at: number): Found {
  let i = at
  while (i < text.length && !/[\s|,)]/.test(text[i] as string)) {
    if (text[i] === '"') i = scanString(text, i + 1, '"', 'string').end
    else i++
  }
  return { kind: 'path', end: i }
}

const isOperand = (t: Token): boolean =>
  ['field', 'hole', 'number', 'string'].includes(t.kind) ||
  t.text === ')' ||
  (t.kind === 'word' && !/^matches$/i.test(t.text))

const regexMayStart = (last: Token | undefined): boolean =>
  last !== undefined && (/^matches$/i.test(last.text) || last.text === ',' || last.text === '(')

function regexEnd(text: string, at: number): number | undefined {
  if (text[at + 1] === '/' || text[at + 1] === '*') return undefined
  let inClass = false
  for (let i = at + 1; i < text.length; i++) {
    const c = text[i]
    if (c === '\n') return undefined
    if (c === '\\') i++
    else if (c === '[') inClass = true
    else if (c === ']') inClass = false
    else if (
      c === '/' &&
      !(inClass && text.slice(i).search(/\]/) >= 0 && !/\/\s*[),|&]|\/i?\s/.test(text.slice(i, i + 4)))
    ) {
      return i + 1 + (/^[a-z]*/.exec(text.slice(i + 1))?.[0].length ?? 0)
    }
  }
  return undefined
}

const ESCAPES: Readonly<Record<string, string>> = byName({ n: '\n', r: '\r', t: '\t' })

/**
 * The text of a string token. `\\` is a backslash, `\"` a quote, `\n`, `\r` and `\t` are characters; a backslash before another character
 * is kept. (Pages of `replace` and of `parse`; published searches write `"\\\"status\\\""` for JSON inside JSON.)
 */
export const stringText = (token: Token): string =>
  inQuotes(token).replace(/\\([\\"nrt])/g, (_, c: string) => ESCAPES[c] ?? c)

/** The same of a regular expression or a field name: only `\"` is read, other backslashes belong to the expression. */
export const patternText = (token: Token): string => inQuotes(token).replace(/\\"/g, '"')

function inQuotes(token: Token): string {
  const from = token.text.startsWith('%') ? token.text.indexOf('"') + 1 : 1
  return token.open ? token.text.slice(from) : token.text.slice(from, -1)
}

/** A string of the text has a backslash that `stringText` reads. */
export const hasEscapes = (text: string): boolean =>
  text.includes('\\') && lex(text).some((t) => t.kind === 'string' && /\\[\\nrt]/.test(t.text))

export interface Hole {
  readonly name: string
  readonly span: Span
}

/** The template variables of a text without its comments, wherever they are: as a value, as a name, inside a string. */
export function holesIn(text: string): readonly Hole[] {
  const out: Hole[] = []
  if (!/\{\{|\$\$/.test(text)) return out
  for (const t of lex(text)) {
    if (t.kind === 'comment' || t.kind === 'space') continue
    if (t.kind === 'hole') out.push({ name: holeName(t.text), span: t.span })
    else
      for (const m of t.text.matchAll(HOLE)) {
        const start = t.span.start + m.index
        out.push({ name: holeName(m[0]), span: { start, end: start + m[0].length } })
      }
  }
  return out
}

const SCALE: Record<string, number> = byName({
  k: 1e3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  B: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  s: 1e3,
  m: 6e4,
  h: 3.6e6,
  d: 8.64e7,
  w: 6.048e8,
})

/** Value of a number token, scaled by its suffix; undefined when the suffix is none or the value is too large. Times are milliseconds. */
export function numberValue(text: string): number | undefined {
  const parts = /^((?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)([A-Za-z]*)$/.exec(text)
  if (!parts) return undefined
  const factor = parts[2] === '' ? 1 : SCALE[parts[2] as string]
  const value = factor === undefined ? Number.NaN : Number(parts[1]) * factor
  return Number.isFinite(value) ? value : undefined
}
