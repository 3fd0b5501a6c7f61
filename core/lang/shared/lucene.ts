// Regular expressions of Lucene, which RLIKE takes: always the whole value, no anchors, no look-around, no classes of letters, no flags.
// https://www.elastic.co/docs/reference/query-languages/query-dsl/regexp-syntax
import { type Node, parseRegex } from '../../regex/regex.ts'
import { Refused } from './target.ts'

export interface LucenePattern {
  readonly pattern: string
  /** The pattern has small letters only: the value is to be lower-cased. */
  readonly folded: boolean
}

type Place = { readonly start: number; readonly end: number } | undefined

export function lucenePattern(pattern: string, flags: string, at?: Place): LucenePattern {
  const parsed = parseRegex(pattern, flags)
  if (!parsed.ok) throw new Refused(`the pattern does not parse: ${parsed.error.reason}`, at)
  const sets = setsOf(parsed.regex.root)
  const folded = sets.some(hasBothCases) && sets.every(isClosed)
  return { pattern: new Writer(folded, at).whole(parsed.regex.root), folded }
}

const setsOf = (n: Node): (readonly number[])[] =>
  n.kind === 'set'
    ? [n.set]
    : n.kind === 'seq' || n.kind === 'alt'
      ? n.of.flatMap(setsOf)
      : 'of' in n
        ? setsOf(n.of)
        : []

const has = (set: readonly number[], cp: number): boolean => {
  for (let i = 0; i < set.length; i += 2) if (cp >= (set[i] as number) && cp <= (set[i + 1] as number)) return true
  return false
}
const LETTERS = Array.from({ length: 26 }, (_, i) => [65 + i, 97 + i] as const)
/** ASCII letters decide: a set of both cases comes from the flag `i`, or from a class such as `\w`. */
const isClosed = (set: readonly number[]): boolean => LETTERS.every(([up, low]) => has(set, up) === has(set, low))
const hasBothCases = (set: readonly number[]): boolean =>
  LETTERS.some(([up, low]) => has(set, up) && has(set, low)) && !LETTERS.every(([up]) => has(set, up))

const MAX = 0x10ffff
const RESERVED = /[.?+*|{}[\]()"\\#@&<>~^$-]/

class Writer {
  readonly #folded: boolean
  readonly #at: Place
  constructor(folded: boolean, at: Place) {
    this.#folded = folded
    this.#at = at
  }

  /** With `.*` where the pattern does not hold to an end of the value. */
  whole(root: Node): string {
    if (root.kind === 'alt') return root.of.map((n) => this.whole(n)).join('|')
    if (root.kind === 'group' && root.of.kind === 'alt' && this.#hasAnchors(root)) return this.whole(root.of)
    const nodes = root.kind === 'seq' ? root.of : [root]
    const open = nodes[0]?.kind === 'at' && nodes[0].where === 'begin'
    const close = nodes.length > 0 && this.#isEnd(nodes.at(-1) as Node)
    const inner = nodes
      .slice(open ? 1 : 0, close ? -1 : undefined)
      .map((n) => this.#inSequence(n))
      .join('')
    const any = ANY
    return `${open || inner.startsWith(any) ? '' : any}${inner}${close || (inner.endsWith(any) && inner.length >= any.length) ? '' : any}`
  }

  #isEnd(n: Node): boolean {
    return n.kind === 'at' && n.where === 'end'
  }

  #hasAnchors(n: Node): boolean {
    return (
      n.kind === 'at' ||
      (n.kind === 'seq' || n.kind === 'alt'
        ? n.of.some((k) => this.#hasAnchors(k))
        : 'of' in n && this.#hasAnchors(n.of))
    )
  }

  #inSequence(n: Node): string {
    return n.kind === 'alt' ? `(${this.#node(n)})` : this.#node(n)
  }

  #node(n: Node): string {
    switch (n.kind) {
      case 'set':
        return this.#set(n.set)
      case 'seq':
        return n.of.map((k) => this.#inSequence(k)).join('')
      case 'alt':
        return n.of.map((k) => this.#node(k)).join('|')
      case 'group':
        return `(${this.#node(n.of)})`
      case 'repeat': {
        if (n.mode === 'possessive') throw this.#lacks('possessive quantifiers')
        const count =
          n.max === null
            ? n.min === 0
              ? '*'
              : n.min === 1
                ? '+'
                : `{${n.min},}`
            : n.min === 0 && n.max === 1
              ? '?'
              : n.min === n.max
                ? `{${n.min}}`
                : `{${n.min},${n.max}}`
        const body = this.#node(n.of)
        return (n.of.kind === 'set' || n.of.kind === 'group' ? body : `(${body})`) + count
      }
      case 'atomic':
        throw this.#lacks('atomic groups')
      case 'look':
        throw this.#lacks('look-around')
      case 'ref':
        throw this.#lacks('references to groups')
      case 'at':
        throw this.#lacks(n.where === 'word' || n.where === 'notWord' ? 'word boundaries' : 'anchors inside a pattern')
    }
  }

  #lacks(feature: string): Refused {
    return new Refused(`the pattern has ${feature}, which Lucene's regular expressions lack`, this.#at)
  }

  #set(set: readonly number[]): string {
    if (set.length === 0) throw this.#lacks('an empty class')
    if (set.length === 2 && set[0] === 0 && set[1] === MAX) return '.'
    const negated = set[0] === 0 && set.at(-1) === MAX
    const ranges = this.#ranges(negated ? complement(set) : set)
    const [one] = ranges
    if (!negated && ranges.length === 1 && one && one[0] === one[1]) return character(one[0])
    return `[${negated ? '^' : ''}${ranges.map(([lo, hi]) => (lo === hi ? character(lo) : `${character(lo)}${hi > lo + 1 ? '-' : ''}${character(hi)}`)).join('')}]`
  }

  /** A folded value has no capitals. */
  #ranges(set: readonly number[]): [number, number][] {
    const out: [number, number][] = []
    for (let i = 0; i < set.length; i += 2) out.push([set[i] as number, set[i + 1] as number])
    return this.#folded ? out.flatMap(([lo, hi]) => withoutCapitals(lo, hi)) : out
  }
}

const ANY = '.*'

function withoutCapitals(lo: number, hi: number): [number, number][] {
  const small = (cp: number): boolean => String.fromCodePoint(cp).toLowerCase() === String.fromCodePoint(cp)
  if (hi - lo < 64) {
    const kept = Array.from({ length: hi - lo + 1 }, (_, i) => lo + i).filter(small)
    const out: [number, number][] = []
    for (const cp of kept) {
      const last = out.at(-1)
      if (last && last[1] === cp - 1) last[1] = cp
      else out.push([cp, cp])
    }
    return out
  }
  return [[lo, Math.min(hi, 64)] as [number, number], [Math.max(lo, 91), hi] as [number, number]].filter(
    ([a, b]) => a <= b,
  )
}

function complement(set: readonly number[]): number[] {
  const out: number[] = []
  let next = 0
  for (let i = 0; i < set.length; i += 2) {
    if ((set[i] as number) > next) out.push(next, (set[i] as number) - 1)
    next = (set[i + 1] as number) + 1
  }
  if (next <= MAX) out.push(next, MAX)
  return out
}

const character = (cp: number): string => {
  const c = String.fromCodePoint(cp)
  return RESERVED.test(c) ? `\\${c}` : c
}
