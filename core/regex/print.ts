// Tree → the text of a pattern for RE2 or for V8 (flag `u` and no other) that means the same on both.
// V8's i, m, s and inline flags are never used: Node 20 has no inline flags, and V8's m counts \r and U+2028 as line ends.
import { alwaysSets, children, type Node, nullable, type Regex, walk } from './ast.ts'
import { type CodeSet, MAX, negate, pairs } from './sets.ts'

export type Flavour = 're2' | 'v8'
/** Which captures the printed pattern keeps. */
export type Captures = 'all' | 'none' | readonly number[]

export interface Printed {
  readonly pattern: string
  /** Group of the source → group of the printed pattern. */
  readonly group: ReadonlyMap<number, number>
}
export interface Missing {
  readonly feature:
    | 'atomic'
    | 'backreference'
    | 'big-repeat'
    | 'empty-loop'
    | 'last-line'
    | 'not-word-boundary'
    | 'look-around'
    | 'loop-capture'
  readonly reason: string
}

const SYNTAX = '\\^$.*+?()[]{}|/-'
function codeText(cp: number, flavour: Flavour): string {
  const hex = cp.toString(16)
  if (cp < 32 || cp > 126) return flavour === 're2' ? `\\x{${hex}}` : `\\u{${hex}}`
  const c = String.fromCodePoint(cp)
  // A slash needs no escape, and RE2 takes any escaped punctuation; V8 under `u` only its syntax characters and, in classes, the dash.
  return SYNTAX.includes(c) && c !== '/' ? (c === '-' ? (flavour === 're2' ? '\\-' : '-') : `\\${c}`) : c
}
const inClass = (cp: number, flavour: Flavour): string => (cp === 45 ? '\\-' : codeText(cp, flavour))

function ranges(set: CodeSet, flavour: Flavour): string {
  return pairs(set)
    .map(([lo, hi]) => {
      if (lo === hi) return inClass(lo, flavour)
      return `${inClass(lo, flavour)}${hi > lo + 1 ? '-' : ''}${inClass(hi, flavour)}`
    })
    .join('')
}
function setText(set: CodeSet, flavour: Flavour): string {
  if (set.length === 2 && set[0] === set[1]) return codeText(set[0] as number, flavour)
  if (set.length === 2 && set[0] === 0 && set[1] === MAX) return flavour === 're2' ? '(?s:.)' : '[^]'
  if (set.length === 0) return flavour === 're2' ? '[^\\x{0}-\\x{10ffff}]' : '[]'
  return set[0] === 0 && set.at(-1) === MAX ? `[^${ranges(negate(set), flavour)}]` : `[${ranges(set, flavour)}]`
}

const places: Readonly<Record<Flavour, Readonly<Record<string, string>>>> = {
  re2: {
    begin: '\\A',
    end: '\\z',
    lineBegin: '(?m:^)',
    lineEnd: '(?m:$)',
    word: '\\b',
    notWord: '\\B',
    lastLine: '\\z',
  },
  v8: {
    begin: '^',
    end: '$',
    lineBegin: '(?<=^|\\n)',
    lineEnd: '(?=\\n|$)',
    word: '\\b',
    notWord: '\\B',
    lastLine: '(?=\\n?$)',
  },
}

interface Writer {
  readonly flavour: Flavour
  readonly keep: (index: number) => boolean
  readonly group: Map<number, number>
  next: number
}

const loose = (node: Node): boolean => node.kind === 'alt' || (node.kind === 'seq' && node.of.length !== 1)

function write(node: Node, w: Writer): string {
  switch (node.kind) {
    case 'set':
      return setText(node.set, w.flavour)
    case 'seq':
      return node.of.map((n) => (n.kind === 'alt' ? `(?:${write(n, w)})` : write(n, w))).join('')
    case 'alt':
      return node.of.map((n) => write(n, w)).join('|')
    case 'repeat':
      return repeatText(node, w)
    case 'group': {
      if (!w.keep(node.index)) return `(?:${write(node.of, w)})`
      w.group.set(node.index, w.next++)
      return `(${write(node.of, w)})`
    }
    case 'atomic':
      return atomicText(() => write(node.of, w), w)
    case 'look':
      return `(?${node.ahead ? '' : '<'}${node.negated ? '!' : '='}${write(node.of, w)})`
    case 'ref':
      return `(?:\\${w.group.get(node.index) ?? 0})`
    case 'at':
      return places[w.flavour][node.where] as string
  }
}

/** V8 has no atomic groups. A look-ahead is atomic, and a back-reference then consumes its match. */
function atomicText(body: () => string, w: Writer): string {
  const own = w.next++
  return `(?:(?=(${body()}))\\${own})`
}

function repeatText(node: Node & { kind: 'repeat' }, w: Writer): string {
  const count =
    node.max === null
      ? node.min === 0
        ? '*'
        : node.min === 1
          ? '+'
          : `{${node.min},}`
      : node.min === 0 && node.max === 1
        ? '?'
        : node.min === node.max
          ? `{${node.min}}`
          : `{${node.min},${node.max}}`
  const body = (): string => {
    const text = write(node.of, w)
    const bare = node.of.kind === 'set' || (node.of.kind === 'group' && text.startsWith('('))
    return (bare ? text : `(?:${text})`) + count
  }
  if (node.mode === 'possessive') return atomicText(body, w)
  return body() + (node.mode === 'lazy' ? '?' : '')
}

/** Call only if `missing` reports nothing for the flavour. */
export function printRegex(regex: Regex, flavour: Flavour, captures: Captures = 'all'): Printed {
  const wanted = new Set<number>(Array.isArray(captures) ? captures : [])
  walk(regex.root, (n) => {
    if (n.kind === 'ref') wanted.add(n.index)
  })
  const keep = captures === 'all' ? () => true : (i: number) => wanted.has(i)
  const w: Writer = { flavour, keep, group: new Map([[0, 0]]), next: 1 }
  const text = write(regex.root, w)
  return { pattern: loose(regex.root) && regex.root.kind === 'alt' ? `(?:${text})` : text, group: w.group }
}

const MAX_REPEAT = 1000
function repeats(node: Node): number {
  const inner = Math.max(1, ...children(node).map(repeats))
  return node.kind === 'repeat' ? inner * Math.max(1, node.max ?? node.min) : inner
}

/** Reasons why the pattern cannot run on an engine with the same meaning. `captures`: the caller needs groups or extents of matches. */
export function missing(regex: Regex, flavour: Flavour, captures: boolean): readonly Missing[] {
  return flavour === 're2' ? missingInRe2(regex) : missingInV8(regex, captures)
}

function missingInRe2(regex: Regex): readonly Missing[] {
  const out: Missing[] = []
  walk(regex.root, (n) => {
    if (n.kind === 'look') out.push({ feature: 'look-around', reason: 'RE2 has no look-ahead and no look-behind' })
    if (n.kind === 'ref') out.push({ feature: 'backreference', reason: 'RE2 has no references to groups' })
    if (n.kind === 'atomic' || (n.kind === 'repeat' && n.mode === 'possessive'))
      out.push({ feature: 'atomic', reason: 'RE2 has no atomic groups and no possessive quantifiers' })
    if (n.kind === 'at' && n.where === 'lastLine')
      out.push({ feature: 'last-line', reason: 'RE2 has no \\Z; \\z is the end of the text' })
    if (n.kind === 'at' && n.where === 'notWord')
      out.push({ feature: 'not-word-boundary', reason: 're2js finds \\B between the halves of an astral character' })
  })
  if (repeats(regex.root) > MAX_REPEAT)
    out.push({ feature: 'big-repeat', reason: `RE2 repeats at most ${MAX_REPEAT} times` })
  return out
}

function missingInV8(regex: Regex, captures: boolean): readonly Missing[] {
  const out: Missing[] = []
  const visit = (n: Node, behind: boolean): void => {
    if (n.kind === 'ref' && n.ignoreCase)
      out.push({
        feature: 'backreference',
        reason: 'a reference that ignores case needs a flag that Assay does not set',
      })
    if (n.kind === 'ref' && !alwaysSets(regex.root, n.index))
      out.push({ feature: 'backreference', reason: 'JavaScript lets a reference to an unset group match' })
    if (behind && (n.kind === 'atomic' || (n.kind === 'repeat' && n.mode === 'possessive')))
      out.push({
        feature: 'atomic',
        reason: 'JavaScript runs look-behind backwards, where an atomic group cannot be built',
      })
    if (n.kind === 'repeat') out.push(...loopTrouble(n, captures, regex))
    for (const kid of children(n)) visit(kid, behind || (n.kind === 'look' && !n.ahead))
  }
  visit(regex.root, false)
  return out
}

function loopTrouble(n: Node & { kind: 'repeat' }, captures: boolean, regex: Regex): Missing[] {
  if (n.max === 1 && n.min === 1) return []
  let refs = false
  walk(regex.root, (x) => {
    if (x.kind === 'ref' || x.kind === 'atomic' || (x.kind === 'repeat' && x.mode === 'possessive')) refs = true
  })
  if (!captures && !refs) return []
  const out: Missing[] = []
  if (nullable(n.of))
    out.push({
      feature: 'empty-loop',
      reason: 'JavaScript drops an empty iteration of a loop, so the match can differ',
    })
  if (n.max === 1) return out
  walk(n.of, (x) => {
    if (x.kind === 'group' && !alwaysSets(n.of, x.index))
      out.push({ feature: 'loop-capture', reason: 'JavaScript forgets a capture in the next iteration of a loop' })
  })
  return out
}
