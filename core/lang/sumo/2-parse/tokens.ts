// Strings, numbers, times and lists of names, shared by the grammars of the operators.
import { byName } from '../../../text/by-name.ts'
import * as codes from '../../../diag/catalogue/sumo.ts'
import { diagnostic, type Fix, inText } from '../../../diag/diagnostic.ts'
import { numberValue, patternText, stringText, type Token } from '../1-lex/lex.ts'
import * as near from '../near-misses/expressions.ts'
import type { Name, SortKey } from './ast.ts'
import { type Cursor, isName, name } from './cursor.ts'

const ESCAPED: Readonly<Record<string, string>> = byName({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })
export const quote = (text: string): string => `"${text.replace(/["\\\n\r\t]/g, (c) => ESCAPED[c] ?? `\\${c}`)}"`

/** The text of a string in any quotes. Quotes that the vendor refuses are near-misses. */
export function stringOf(c: Cursor, t: Token): string {
  return checked(c, t, stringText(t), quote)
}
/** The same of a regular expression. */
export const patternOf = (c: Cursor, t: Token): string =>
  checked(c, t, patternText(t), (text) => `"${text.replace(/"/g, '\\"')}"`)

function checked(c: Cursor, t: Token, text: string, quote: (text: string) => string): string {
  if (t.open) c.add(diagnostic(codes.sumoOpen, inText(c.source, t.span), { what: 'a string' }))
  else if (t.kind === 'single') c.near(near.singleQuotes, t.span, [{ span: t.span, text: quote(text) }])
  else if (t.text[0] !== '"') c.near(near.smartQuotes, t.span, [{ span: t.span, text: quote(text) }])
  return text
}

export const isString = (c: Cursor): boolean => ['single', 'string'].includes(c.peek().kind)
export const nextString = (c: Cursor): string => stringOf(c, c.next())

const WORD_OF_TIME = /^(\d+)(s|m|h|d|w)(?:ecs?|econds?|ins?|inutes?|rs?|ours?|ays?|ks?|eeks?)$/i
const BYTES = /^(\d+(?:\.\d+)?)([kmgtp])i?b$/i

export function numberOf(c: Cursor, t: Token): number | undefined {
  const value = numberValue(t.text)
  if (value !== undefined) return value
  const [, count = '', unit = ''] = WORD_OF_TIME.exec(t.text) ?? []
  const [, size = '', scale = ''] = BYTES.exec(t.text) ?? []
  const meant = unit
    ? [`${count}${unit.toLowerCase()}`]
    : scale
      ? [`${size}${scale.toUpperCase().replace('K', 'k')}`, `${size}${scale.toUpperCase()}i`]
      : []
  const fixes: Fix[] = unit
    ? meant.map((text) => ({ title: `write ${text}`, edits: [{ span: t.span, text }], safety: 'safe' }))
    : []
  c.add(diagnostic(codes.sumoNumber, inText(c.source, t.span), { text: t.text, meant }, { fixes }))
  return undefined
}

/** A number; a template variable without a value counts as 0. Lowering reports it. */
export function number(c: Cursor): number | undefined {
  const t = c.peek()
  if (t.kind === 'number') {
    c.next()
    return numberOf(c, t)
  }
  if (t.kind === 'hole') {
    c.next()
    return 0
  }
  c.fail('a number')
  return undefined
}

/** A number of things. */
export function wholeNumber(c: Cursor): number | undefined {
  const t = c.peek()
  const value = number(c)
  return value === undefined ? undefined : wholeValue(c, t, value)
}

export function wholeValue(c: Cursor, t: Token, value: number): number | undefined {
  if (Number.isSafeInteger(value)) return value
  c.add(diagnostic(codes.sumoWhole, inText(c.source, t.span), { text: t.text }))
  return undefined
}

/** `1h`, in milliseconds. A template variable without a value counts as an hour. */
export function duration(c: Cursor): number | undefined {
  const t = c.peek()
  if (t.kind === 'hole') {
    c.next()
    return 3_600_000
  }
  if (t.kind === 'number' && /[a-z]$/.test(t.text)) return number(c)
  c.fail('a time such as `5m`')
  return undefined
}

/** Names with commas, up to one of the words of the operator. */
export function namesUntil(c: Cursor, stop: readonly string[]): Name[] {
  const out: Name[] = []
  while (isName(c.peek()) && !stop.some((w) => c.isWord(w))) {
    const n = name(c)
    if (!n) break
    out.push(n)
    if (!c.isPunct(',') || stop.some((w) => c.isWord(w, 1))) break
    c.next()
  }
  return out
}

/** `name=value` options, with or without commas between them. `read` takes the value of one. */
export function options(c: Cursor, allowed: readonly string[], read: (option: string) => void): void {
  while (!c.stageOver) {
    const w = c.eatWord(...allowed)
    if (!w) {
      if (c.eat(',')) continue
      c.fail(allowed.map((k) => `\`${k}\``).join(', '))
      return
    }
    if (w.text.toLowerCase() !== 'by') c.eat('=')
    read(w.text.toLowerCase())
  }
}

/** `a asc, -b, +c`: descending by default. */
export function sortKeys(c: Cursor): SortKey[] {
  const keys: SortKey[] = []
  while (!c.stageOver) {
    const plus = c.eat('+')
    const minus = !plus && c.eat('-')
    const inParens = c.eat('(')
    const field = name(c)
    if (!field) break
    if (inParens) c.expect(')')
    const word = c.eatWord('asc', 'desc', 'ascending', 'descending')
    const asc = word ? word.text.toLowerCase().startsWith('asc') : plus
    keys.push({ field, dir: asc && !minus ? 'asc' : 'desc' })
    if (!c.eat(',')) break
  }
  return keys
}

/** The path of a lookup table, without its quotes. */
export function tablePath(c: Cursor, kinds: readonly Token['kind'][]): string | undefined {
  const t = c.peek()
  if (!kinds.includes(t.kind)) {
    c.fail('a lookup table, such as path://"/Library/…"')
    return undefined
  }
  return c.next().text.replace(/"/g, '')
}
