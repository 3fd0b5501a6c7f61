// Checks over the bytes of a line of JSON. JSON can hide a printable ASCII text only behind `\u00XX` (and a slash behind `\/`), so a line
// with such an escape always passes.
import { compilePred, tupleScope } from '../../../core/eval/compile.ts'
import type { Env, Pred } from '../../../core/plan/plan.ts'
import { Finder, type LineCheck, PRINTABLE } from './prefilter.ts'

/**
 * A text and the part of it to search for, which begins with the rarest character of the text. V8 finds a short text by its first
 * character, many at a time; for a longer text it prepares tables at each call.
 */
export interface Needle {
  readonly text: string
  /** At most SHORT characters, from the one at `before` on. */
  readonly part: string
  readonly before: number
}
const SHORT = 6

/** How often each ASCII character occurs in a sample of the feed. */
export class CharacterCounts {
  readonly #counts = new Uint32Array(128)

  constructor(sample: readonly string[]) {
    for (const line of sample) {
      for (let i = 0; i < line.length; i++) {
        const code = line.charCodeAt(i)
        if (code < 128) this.#counts[code] = (this.#counts[code] as number) + 1
      }
    }
  }

  /** `text`: ASCII. */
  needle(text: string): Needle {
    let before = 0
    for (let i = 1; i < text.length; i++) if (this.#count(text, i) < this.#count(text, before)) before = i
    return { text, before, part: text.slice(before, before + SHORT) }
  }

  #count(text: string, i: number): number {
    return this.#counts[text.charCodeAt(i)] ?? 0
  }
}

/** One finder for each needle of a block, whatever the number of checks that look for it. */
export class BlockFinders {
  readonly text: string
  readonly #finders = new Map<string, Finder>()

  constructor(text: string) {
    this.text = text
  }

  of(needle: Needle): Finder {
    const before = this.#finders.get(needle.text)
    if (before) return before
    const finder = new Finder((from) => indexOfNeedle(this.text, needle, from))
    this.#finders.set(needle.text, finder)
    return finder
  }
}

function indexOfNeedle(block: string, { text, part, before }: Needle, from: number): number {
  for (let at = from + before; ; ) {
    const found = block.indexOf(part, at)
    if (found < 0) return -1
    if (block.startsWith(text, found - before)) return found - before
    at = found + 1
  }
}

/** One of the needles is in the line. */
export function anyOf(needles: readonly Needle[], finders: BlockFinders): LineCheck {
  const all = needles.map((n) => finders.of(n))
  return (from, to) => {
    for (const f of all) if (f.at(from) < to) return true
    return false
  }
}

export const ESCAPE = '\\u00'

/** True if the backslash at `at` begins an escape of a printable character or a slash. `\\u0041` is none: a backslash and text. */
export function isHiding(text: string, at: number): boolean {
  if (text.charCodeAt(at + 1) === 0x75) {
    const digit = text.charCodeAt(at + 4)
    if (digit < 0x32 || digit > 0x37) return false
  }
  let slashes = 0
  while (text.charCodeAt(at - 1 - slashes) === 0x5c) slashes++
  return slashes % 2 === 0
}

/** True if one of some values follows the key that ends at `from`. */
export type ValueAt = (text: string, from: number, to: number) => boolean

export function valueAt(values: readonly string[]): ValueAt {
  const searched = values.map((text) => ({ text, first: text.charCodeAt(0), length: text.length }))
  return (text, from, to) => {
    let at = skipBlanks(text, from)
    if (text.charCodeAt(at) !== 0x3a) return false
    at = skipBlanks(text, at + 1)
    const isQuoted = text.charCodeAt(at) === 0x22
    if (isQuoted) at++
    const first = text.charCodeAt(at)
    for (const v of searched) {
      const end = at + v.length
      if (v.first !== first || end >= to || !text.startsWith(v.text, at)) continue
      const after = text.charCodeAt(end)
      if (isQuoted ? after === 0x22 : endsValue(after)) return true
    }
    return false
  }
}

function skipBlanks(text: string, from: number): number {
  let at = from
  while (isBlank(text.charCodeAt(at))) at++
  return at
}
const isBlank = (code: number): boolean => code === 0x20 || code === 0x09 || code === 0x0d
const endsValue = (code: number): boolean => code === 0x2c || code === 0x7d || isBlank(code)

/** True if the line begins with `{` and ends with `}`, apart from blanks at its end. */
export function isObject(text: string, from: number, to: number): boolean {
  let last = to - 1
  while (isBlank(text.charCodeAt(last))) last--
  return text.charCodeAt(from) === 0x7b && text.charCodeAt(last) === 0x7d
}

/** One of the quoted names is a key with one of the values. */
export function equalCheck(names: readonly Needle[], isValue: ValueAt, finders: BlockFinders): LineCheck {
  const { text } = finders
  const keys = names.map((n) => ({ key: finders.of(n), length: n.text.length }))
  return (from, to) => {
    for (const { key, length } of keys) {
      for (let at = key.at(from); at < to; at = key.at(at + 1)) if (isValue(text, at + length, to)) return true
    }
    return false
  }
}

/**
 * False only if the line certainly has the name as a top-level key with a string for its value. `,"name":"` cannot occur inside a JSON
 * string, whose quotes would be escaped. Without a second `{` the key is top-level. If the name occurs once, no later duplicate overrides
 * it.
 */
export function lackCheck(quotedName: Needle, finders: BlockFinders): LineCheck {
  const { text } = finders
  const key = `${quotedName.text}:"`
  const names = finders.of(quotedName)
  const braces = finders.of(BRACE)
  return (from, to) => {
    const at = names.at(from)
    if (at >= to || !text.startsWith(key, at)) return true
    const before = text.charCodeAt(at - 1)
    if (before !== 0x2c && !(before === 0x7b && at - 1 === from)) return true
    return braces.at(from + 1) < to || names.at(at + 1) < to
  }
}
const BRACE: Needle = { text: '{', part: '{', before: 0 }

/** A predicate over the value of one field. */
export interface ValueCondition {
  readonly name: string
  readonly where: Pred
  /** The id of the only column that `where` reads. */
  readonly column: string
}

/** False only if the line certainly shows a plain value of the field for which the predicate is false; see `lackCheck`. */
export function valueCheck({ name, where, column }: ValueCondition, env: Env): ValueAt {
  const holds = compilePred(where, tupleScope(new Map([[column, 0]])), env)
  const key = `"${name}":"`
  const quoted = `"${name}"`
  return (text, from, to) => {
    const line = text.slice(from, to)
    const at = line.indexOf(key)
    if (at < 1 || (line.charCodeAt(at - 1) !== 0x2c && at !== 1)) return true
    const start = at + key.length
    const value = line.slice(start, line.indexOf('"', start))
    if (!PRINTABLE.test(value) || holds([value])) return true
    return line.includes(quoted, at + 1) || line.includes('{', 1)
  }
}
