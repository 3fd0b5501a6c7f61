// Runs a pattern in JavaScript: on V8 if it means the same there and cannot take exponential time, else on re2js, else not at all.
import { RE2JS } from 're2js'
import { isAmbiguous } from './ambiguity.ts'
import { groupIndex, type Regex } from './ast.ts'
import { withShortEdges } from './edges.ts'
import { type Captures, type Missing, missing, printRegex } from './print.ts'
import { settled } from './settle.ts'

export interface Match {
  readonly start: number
  readonly end: number
  /** The text of a group, by the pattern's own numbers. Null: the group took no part. 0 is the whole match. */
  readonly group: (index: number) => string | null
}
export interface Runner {
  readonly engine: 're2js' | 'v8'
  readonly test: (text: string) => boolean
  /** The first match at or after an offset. */
  readonly exec: (text: string, from: number) => Match | null
}

/** The reasons why an engine cannot run the pattern with its meaning. Empty list: it can. */
export interface Support {
  readonly re2: readonly Missing[]
  readonly v8: readonly Missing[]
  /** Can V8 or re2js run it? If not, a language must refuse it. */
  readonly runs: boolean
}
export function support(regex: Regex, captures = true): Support {
  const re2 = missing(regex, 're2', captures)
  const v8 = missing(regex, 'v8', captures)
  return { re2, v8, runs: re2.length === 0 || v8.length === 0 }
}

/** A cache: a run keeps nothing between two texts, and plans are compiled again and again. */
const known = new WeakMap<Regex, Map<string, Runner | undefined>>()

/** `captures`: the groups that the caller reads. 'none': the caller uses only `test`. */
export function runner(regex: Regex, captures: Captures = 'all'): Runner | undefined {
  const of = known.get(regex) ?? new Map<string, Runner | undefined>()
  known.set(regex, of)
  const key = String(captures)
  if (!of.has(key)) of.set(key, freshRunner(regex, captures))
  return of.get(key)
}

function freshRunner(given: Regex, captures: Captures): Runner | undefined {
  const where = support(given, captures !== 'none')
  const regex = captures === 'none' ? { ...given, root: withShortEdges(given.root) } : given
  if (where.re2.length === 0 && isAmbiguous(regex.root)) return onRe2(regex, captures) ?? onV8(regex, captures)
  if (where.v8.length === 0) return onV8(regex, captures)
  return where.re2.length === 0 ? onRe2(regex, captures) : undefined
}

const midPair = (text: string, at: number): boolean => {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit < 0xe000 && (text.codePointAt(at - 1) ?? 0) > 0xffff
}

/** Undefined if V8 refuses the printed text (too large). */
export function onV8(regex: Regex, captures: Captures): Runner | undefined {
  const printed = printRegex({ ...regex, root: settled(regex.root) }, 'v8', captures)
  let plain: RegExp
  try {
    plain = new RegExp(printed.pattern, 'u')
  } catch {
    return undefined
  }
  const global = new RegExp(printed.pattern, 'gu')
  return {
    engine: 'v8',
    test: (text) => plain.test(text),
    exec: (text, from) => {
      global.lastIndex = from
      let m = global.exec(text)
      // V8 finds empty matches between the halves of an astral character.
      while (m && midPair(text, m.index)) {
        global.lastIndex = m.index + 1
        m = global.exec(text)
      }
      if (!m) return null
      const group = (i: number): string | null => m[printed.group.get(i) ?? -1] ?? null
      return { start: m.index, end: m.index + m[0].length, group }
    },
  }
}

export function onRe2(regex: Regex, captures: Captures): Runner | undefined {
  const printed = printRegex(regex, 're2', captures)
  let compiled: RE2JS
  try {
    compiled = RE2JS.compile(printed.pattern)
  } catch {
    return undefined
  }
  return {
    engine: 're2js',
    test: (text) => compiled.matcher(text).find(),
    exec: (text, from) => {
      if (from > text.length) return null
      const m = compiled.matcher(text)
      if (!m.find(from)) return null
      const group = (i: number): string | null => {
        const at = printed.group.get(i)
        return at === undefined ? null : (m.group(at) ?? null)
      }
      return { start: m.start(), end: m.end(), group }
    },
  }
}

/**
 * All matches from left to right. An empty match right where the last one ended does not count (RE2's rule; JavaScript's own loop
 * would count it), and after an empty match the search goes on one code point later.
 */
export function* matches(run: Runner, text: string): Generator<Match> {
  let from = 0
  let lastEnd = -1
  while (from <= text.length) {
    const m = run.exec(text, from)
    if (!m) return
    if (m.end > m.start || m.start !== lastEnd) yield m
    lastEnd = m.end
    from = m.end > m.start ? m.end : m.end + ((text.codePointAt(m.end) ?? 0) > 0xffff ? 2 : 1)
  }
}

/** `$1`, `${1}`, `${name}`, `$name` of nothing known stay as they are; `$$` and `\$` are a dollar, `\\` a backslash. */
export type Piece = string | number
export function replacement(regex: Regex, template: string): readonly Piece[] {
  const out: Piece[] = []
  const token = /\$\$|\\([\\$])|\$(\d{1,2})|\$\{(\w+)\}/g
  let last = 0
  for (const m of template.matchAll(token)) {
    out.push(template.slice(last, m.index))
    last = m.index + m[0].length
    const name = m[2] ?? m[3]
    if (name === undefined) {
      out.push(m[1] ?? '$')
      continue
    }
    const index = groupIndex(regex, /^\d+$/.test(name) ? Number(name) : name)
    out.push(index ?? m[0])
  }
  out.push(template.slice(last))
  return out.filter((p) => p !== '')
}
