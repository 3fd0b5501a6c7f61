// Character classes and escapes of single characters.
import {
  classOfLetter,
  type CodeSet,
  foldSet,
  intersect,
  negate,
  posixClass,
  property,
  setOf,
  single,
  unionSets,
} from './sets.ts'

export interface PatternCursor {
  readonly src: string
  at: number
}
export const cursor = (src: string): PatternCursor => ({ src, at: 0 })

export class PatternError extends Error {
  readonly offset: number
  readonly reason: string
  constructor(offset: number, reason: string) {
    super(reason)
    this.offset = offset
    this.reason = reason
  }
}

const simple: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 }

/** At a backslash: the code point that the escape means. */
export function literalEscape(p: PatternCursor): number {
  const start = p.at
  const c = p.src.codePointAt(p.at + 1)
  if (c === undefined) throw new PatternError(start, 'the pattern ends in a lone backslash')
  const letter = String.fromCodePoint(c)
  const rest = p.src.slice(p.at)
  const known = simple[letter]
  if (known !== undefined) {
    p.at += 2
    return known
  }
  const hex = /^\\(?:x\{([0-9A-Fa-f]{1,6})\}|x([0-9A-Fa-f]{2})|u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4}))/.exec(rest)
  if (hex) return hexEscape(p, hex, rest)
  const octal = /^\\0[0-7]{0,3}/.exec(rest)
  if (octal) {
    p.at += octal[0].length
    return Number.parseInt(octal[0].slice(1), 8)
  }
  const control = /^\\c([A-Za-z@[\\\]^_?])/.exec(rest)
  if (control) {
    p.at += 3
    return (control[1] as string).toUpperCase().charCodeAt(0) ^ 64
  }
  if (/[A-Za-z0-9]/.test(letter)) throw new PatternError(start, `unknown escape \\${letter}`)
  p.at += 1 + letter.length
  return c
}

function hexEscape(p: PatternCursor, hex: RegExpExecArray, rest: string): number {
  const start = p.at
  let cp = Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? hex[4] ?? '', 16)
  let length = hex[0].length
  const low = hex[4] && cp >= 0xd800 && cp < 0xdc00 ? /^\\u([Dd][C-Fc-f][0-9A-Fa-f]{2})/.exec(rest.slice(length)) : null
  if (low) {
    cp = (cp - 0xd800) * 0x400 + (Number.parseInt(low[1] as string, 16) - 0xdc00) + 0x10000
    length += low[0].length
  }
  if (cp > 0x10ffff) throw new PatternError(start, 'the number is greater than the last code point')
  p.at += length
  return cp
}

function propertyClass(p: PatternCursor): CodeSet {
  const m = /^\\([pP])(?:\{(\^?)([\w =-]+)\}|([A-Z]))/.exec(p.src.slice(p.at))
  if (!m) throw new PatternError(p.at, 'a property needs a name: \\p{L}')
  const name = m[3] ?? m[4] ?? ''
  const found = (name.length > 2 ? posixClass(name) : undefined) ?? property(name)
  if (!found) throw new PatternError(p.at, `unknown property ${name}`)
  p.at += m[0].length
  return (m[1] === 'P') !== (m[2] === '^') ? negate(found) : found
}

/** At a backslash: the class that the escape means; undefined: it means one character. */
function classEscape(p: PatternCursor): CodeSet | undefined {
  const letter = p.src[p.at + 1] ?? ''
  if (letter === 'p' || letter === 'P') return propertyClass(p)
  const known = classOfLetter[letter]
  if (known) p.at += 2
  return known
}

/** At `[` or at the escape of a class. */
export function parseClass(p: PatternCursor, ignoreCase: boolean): CodeSet {
  const fold = (s: CodeSet): CodeSet => (ignoreCase ? foldSet(s) : s)
  if (p.src[p.at] === '\\') {
    const found = classEscape(p)
    if (!found) throw new PatternError(p.at, 'this escape is not a class')
    return fold(found)
  }
  return bracket(p, fold)
}

function bracket(p: PatternCursor, fold: (s: CodeSet) => CodeSet): CodeSet {
  const start = p.at
  p.at++
  const negated = p.src[p.at] === '^'
  if (negated) p.at++
  const parts: CodeSet[] = []
  let limit: CodeSet | undefined
  let first = true
  for (;;) {
    if (p.at >= p.src.length) throw new PatternError(start, 'the class is not closed')
    if (p.src[p.at] === ']' && !first) break
    first = false
    if (p.src.startsWith('&&[', p.at)) {
      p.at += 2
      const other = bracket(p, fold)
      limit = limit ? intersect(limit, other) : other
      continue
    }
    if (p.src.startsWith('\\Q', p.at)) quotedPart(p, parts)
    else if (p.src.startsWith('\\E', p.at)) p.at += 2
    else parts.push(item(p))
  }
  p.at++
  let all = fold(unionSets(...parts))
  if (limit) all = intersect(all, limit)
  return negated ? negate(all) : all
}

function quotedPart(p: PatternCursor, parts: CodeSet[]): void {
  const end = p.src.indexOf('\\E', p.at)
  const text = p.src.slice(p.at + 2, end < 0 ? undefined : end)
  parts.push(...[...text].map((c) => single(c.codePointAt(0) as number)))
  p.at = end < 0 ? p.src.length : end + 2
}

function item(p: PatternCursor): CodeSet {
  const posix = /^\[:(\^?)(\w+):\]/.exec(p.src.slice(p.at, p.at + 16))
  if (posix) {
    const found = posixClass(posix[2] as string)
    if (!found) throw new PatternError(p.at, `unknown class [:${posix[2]}:]`)
    p.at += posix[0].length
    return posix[1] ? negate(found) : found
  }
  const start = p.at
  const lo = one(p)
  if (typeof lo !== 'number') return lo
  if (p.src[p.at] !== '-' || p.src[p.at + 1] === ']' || p.at + 1 >= p.src.length) return single(lo)
  const dash = p.at
  p.at++
  const hi = one(p)
  // `[+-\d]`: the dash is itself.
  if (typeof hi !== 'number') {
    p.at = dash
    return single(lo)
  }
  if (hi < lo) throw new PatternError(start, 'the range is in the wrong order')
  return setOf([lo, hi])
}

function one(p: PatternCursor): number | CodeSet {
  if (p.src[p.at] === '\\') {
    if (p.src[p.at + 1] === 'b') {
      p.at += 2
      return 8
    }
    const octal = /^\\[1-7][0-7]{0,2}/.exec(p.src.slice(p.at, p.at + 4))
    if (octal) {
      p.at += octal[0].length
      return Number.parseInt(octal[0].slice(1), 8)
    }
    return classEscape(p) ?? literalEscape(p)
  }
  const cp = p.src.codePointAt(p.at) as number
  p.at += cp > 0xffff ? 2 : 1
  return cp
}
