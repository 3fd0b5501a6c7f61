// A vendor's pattern (Java, PCRE and RE2 spellings) → tree. Never throws.
import type { Node, Parsed, Assertion, Repeat } from './ast.ts'
import { type PatternCursor, PatternError, cursor, literalEscape, parseClass } from './parse-class.ts'
import { any, classOfLetter, foldedChar, negate, newline, single, vertical, type CodeSet } from './sets.ts'

interface Flags {
  readonly i: boolean
  readonly m: boolean
  readonly s: boolean
  readonly x: boolean
}
interface State extends PatternCursor {
  flags: Flags
  groups: (string | null)[]
  depth: number
}

const cache = new Map<string, Parsed>()
/** `flags`: any of i, m, s, x. Results are shared. */
export function parseRegex(source: string, flags = ''): Parsed {
  const key = `${flags}/${source}`
  const known = cache.get(key)
  if (known) return known
  const parsed = parseFresh(source, flags)
  if (cache.size > 2000) cache.clear()
  cache.set(key, parsed)
  return parsed
}

function parseFresh(source: string, flags: string): Parsed {
  const on = (f: string): boolean => flags.includes(f)
  const p: State = {
    ...cursor(source),
    flags: { i: on('i'), m: on('m'), s: on('s'), x: on('x') },
    groups: [],
    depth: 0,
  }
  try {
    const root = alternatives(p)
    if (p.at < source.length) throw new PatternError(p.at, '`)` closes no group')
    checkRefs(root, p)
    return { ok: true, regex: { source, flags, root, groups: p.groups } }
  } catch (e) {
    if (e instanceof PatternError) return { ok: false, error: { offset: e.offset, reason: e.reason } }
    throw e
  }
}

function checkRefs(node: Node, p: State): void {
  if (node.kind === 'ref' && node.index > p.groups.length)
    throw new PatternError(0, `the pattern has no group ${node.index}`)
  if (node.kind === 'seq' || node.kind === 'alt') for (const n of node.of) checkRefs(n, p)
  else if ('of' in node) checkRefs(node.of, p)
}

/** Flags set inside a group end with it. */
function alternatives(p: State): Node {
  if (++p.depth > 200) throw new PatternError(p.at, 'groups are nested too deeply')
  const saved = p.flags
  const out: Node[] = [sequence(p)]
  while (p.src[p.at] === '|') {
    p.at++
    out.push(sequence(p))
  }
  p.flags = saved
  p.depth--
  return out.length === 1 ? (out[0] as Node) : { kind: 'alt', of: out }
}

function sequence(p: State): Node {
  const out: Node[] = []
  while (p.at < p.src.length && p.src[p.at] !== '|' && p.src[p.at] !== ')') {
    if (p.flags.x && skipBlank(p)) continue
    if (p.src.startsWith('\\Q', p.at)) {
      parseQuoted(p, out)
      continue
    }
    const start = p.at
    const node = atom(p)
    if (node) out.push(parseQuantifier(p, node))
    else if (isQuantifier(p)) throw new PatternError(start, 'a quantifier needs something to repeat')
  }
  return out.length === 1 ? (out[0] as Node) : { kind: 'seq', of: out }
}

function skipBlank(p: State): boolean {
  const c = p.src[p.at] as string
  if (c === '#') {
    const end = p.src.indexOf('\n', p.at)
    p.at = end < 0 ? p.src.length : end + 1
    return true
  }
  if (!/\s/.test(c)) return false
  p.at++
  return true
}

function parseQuoted(p: State, out: Node[]): void {
  const end = p.src.indexOf('\\E', p.at + 2)
  const text = p.src.slice(p.at + 2, end < 0 ? undefined : end)
  const chars = [...text].map((c) => char(p, c.codePointAt(0) as number))
  p.at = end < 0 ? p.src.length : end + 2
  const last = chars.pop()
  out.push(...chars)
  if (last) out.push(parseQuantifier(p, last))
}

const set = (s: CodeSet): Node => ({ kind: 'set', set: s })
const char = (p: State, cp: number): Node => set(p.flags.i ? foldedChar(cp) : single(cp))
const at = (where: Assertion): Node => ({ kind: 'at', where })

/** One item without its quantifier; undefined for things that match nothing, such as a comment or `(?i)`. */
function atom(p: State): Node | undefined {
  const c = p.src[p.at] as string
  switch (c) {
    case '(':
      return group(p)
    case '[': {
      const found = parseClass(p, p.flags.i)
      return set(found)
    }
    case '.':
      p.at++
      return set(p.flags.s ? any : negate(newline))
    case '^':
      p.at++
      return at(p.flags.m ? 'lineBegin' : 'begin')
    case '$':
      p.at++
      return at(p.flags.m ? 'lineEnd' : 'end')
    case '\\':
      return parseEscape(p)
    case '*':
    case '+':
    case '?':
      throw new PatternError(p.at, 'a quantifier needs something to repeat')
  }
  if (c === '{' && isQuantifier(p)) throw new PatternError(p.at, 'a quantifier needs something to repeat')
  const cp = p.src.codePointAt(p.at) as number
  p.at += cp > 0xffff ? 2 : 1
  return char(p, cp)
}

const places: Readonly<Record<string, Assertion>> = { b: 'word', B: 'notWord', A: 'begin', z: 'end', Z: 'lastLine' }

function parseEscape(p: State): Node | undefined {
  const start = p.at
  const c = p.src[p.at + 1]
  if (c === undefined) throw new PatternError(start, 'the pattern ends in a lone backslash')
  const place = places[c]
  if (place) {
    p.at += 2
    return at(place)
  }
  if (c === 'E') {
    p.at += 2
    return undefined
  }
  if (c === 'R') {
    p.at += 2
    const crlf: Node = { kind: 'seq', of: [set(single(13)), set(single(10))] }
    return { kind: 'alt', of: [crlf, set(vertical)] }
  }
  if (/[1-9]/.test(c) || c === 'k' || c === 'g') return reference(p)
  if (classOfLetter[c] || c === 'p' || c === 'P') return set(parseClass(p, p.flags.i))
  return char(p, literalEscape(p))
}

function reference(p: State): Node {
  const start = p.at
  const rest = p.src.slice(p.at)
  const named = /^\\(?:k<(\w+)>|k'(\w+)'|k\{(\w+)\}|g\{([A-Za-z_]\w*)\})/.exec(rest)
  if (named) {
    const name = named[1] ?? named[2] ?? named[3] ?? named[4] ?? ''
    const index = p.groups.indexOf(name) + 1
    if (index === 0) throw new PatternError(start, `no group before this is named ${name}`)
    p.at += named[0].length
    return { kind: 'ref', index, ignoreCase: p.flags.i }
  }
  const byNumber = /^\\(?:g\{(\d+)\}|g(\d+)|(\d+))/.exec(rest)
  if (!byNumber) throw new PatternError(start, 'a reference to a group needs its name or number')
  let digits = byNumber[1] ?? byNumber[2] ?? byNumber[3] ?? ''
  let length = byNumber[0].length
  // As in Java: digits belong to the reference as long as such a group was opened.
  while (byNumber[3] !== undefined && digits.length > 1 && Number(digits) > p.groups.length) {
    digits = digits.slice(0, -1)
    length--
  }
  p.at += length
  return { kind: 'ref', index: Number(digits), ignoreCase: p.flags.i }
}

const NAME = /^\(\?(?:P?<([A-Za-z_@#][\w.\-[\]#@:]*)>|'([A-Za-z_]\w*)')/

function group(p: State): Node | undefined {
  const start = p.at
  const rest = p.src.slice(p.at, p.at + 200)
  if (rest.startsWith('(?#')) {
    const end = p.src.indexOf(')', p.at)
    if (end < 0) throw new PatternError(start, 'the comment is not closed')
    p.at = end + 1
    return undefined
  }
  const looks = [
    ['(?=', true, false],
    ['(?!', true, true],
    ['(?<=', false, false],
    ['(?<!', false, true],
  ] as const
  for (const [open, ahead, negated] of looks) {
    if (rest.startsWith(open)) return { kind: 'look', ahead, negated, of: inside(p, open.length, start) }
  }
  if (rest.startsWith('(?>')) return { kind: 'atomic', of: inside(p, 3, start) }
  if (!rest.startsWith('(?')) return capture(p, null, 1, start)
  const named = NAME.exec(rest)
  if (named) return capture(p, named[1] ?? named[2] ?? '', named[0].length, start)
  return flagGroup(p, rest, start)
}

function capture(p: State, name: string | null, open: number, start: number): Node {
  if (name !== null && p.groups.includes(name)) throw new PatternError(start, `two groups are named ${name}`)
  p.groups.push(name)
  const index = p.groups.length
  return { kind: 'group', index, name, of: inside(p, open, start) }
}

function inside(p: State, open: number, start: number): Node {
  p.at += open
  const node = alternatives(p)
  if (p.src[p.at] !== ')') throw new PatternError(start, 'the group is not closed')
  p.at++
  return node
}

function flagGroup(p: State, rest: string, start: number): Node | undefined {
  const m = /^\(\?([a-zA-Z]*)(?:-([a-zA-Z]+))?([:)])/.exec(rest)
  if (!m) throw new PatternError(start, 'unknown kind of group')
  const next = { ...p.flags }
  const known = (f: string): f is keyof Flags => f === 'i' || f === 'm' || f === 's' || f === 'x'
  const apply = (letters: string, value: boolean): void => {
    for (const f of letters) {
      if (known(f)) next[f] = value
      // u: Unicode-aware case, which is what case is here; d: Unix lines, likewise.
      else if (f !== 'u' && f !== 'd') throw new PatternError(start, `unknown inline flag ${f}`)
    }
  }
  apply(m[1] ?? '', true)
  apply(m[2] ?? '', false)
  if (m[3] === ')') {
    p.flags = next
    p.at += m[0].length
    return undefined
  }
  const saved = p.flags
  p.flags = next
  const node = inside(p, m[0].length, start)
  p.flags = saved
  return node
}

const COUNT = /^\{(\d+)(?:(,)(\d*))?\}/
function isQuantifier(p: State): boolean {
  const c = p.src[p.at]
  return c === '*' || c === '+' || c === '?' || (c === '{' && COUNT.test(p.src.slice(p.at, p.at + 24)))
}

function parseQuantifier(p: State, of: Node): Node {
  if (p.flags.x) while (p.at < p.src.length && skipBlank(p)) {}
  if (!isQuantifier(p)) return of
  const start = p.at
  const c = p.src[p.at] as string
  let min = c === '+' ? 1 : 0
  let max: number | null = c === '?' ? 1 : null
  let length = 1
  if (c === '{') {
    const m = COUNT.exec(p.src.slice(p.at, p.at + 24)) as RegExpExecArray
    min = Number(m[1])
    max = m[2] === undefined ? min : m[3] ? Number(m[3]) : null
    length = m[0].length
    if (max !== null && max < min) throw new PatternError(start, 'the counts are in the wrong order')
  }
  p.at += length
  const more = p.src[p.at]
  const mode: Repeat['mode'] = more === '?' ? 'lazy' : more === '+' ? 'possessive' : 'greedy'
  if (mode !== 'greedy') p.at++
  if (isQuantifier(p)) throw new PatternError(p.at, 'a quantifier cannot be repeated')
  return { kind: 'repeat', of, min, max, mode }
}
