// Short patterns of bytes such that each match of a regular expression contains one of them. A line without them cannot match.
import { type CodeSet, intersect, negate, setOf, single, sizeOf, unionSets } from '../../../core/regex/sets.ts'
import type { Node } from '../../../core/regex/ast.ts'
import { parseRegex } from '../../../core/regex/regex.ts'

/** Bytes in a row, each of a set: at least two, at most `LONGEST`. The first two are no line feeds. */
export type BytePattern = readonly CodeSet[]

export const LONGEST = 16
/** More alternatives cost more than they save. */
const MOST = 96
/** The search compares so many bytes at once. */
const FIRST = 3
/** A line that has a pattern costs as much as so many places where one only begins. Few of these in a line cost next to nothing. */
const FOUND = 50
const FEW = 2
/** Characters of the sample: enough to tell what is frequent. */
const SAMPLE = 4000

/** V8 counts the no-break space as white space. */
const NO_BREAK = single(0xa0)
const bytesOf = (set: CodeSet): CodeSet =>
  intersect(has(set, 9) && has(set, 32) ? unionSets(set, NO_BREAK) : set, BYTES)
const BYTES = setOf([0, 255])

/** `peek`: the byte that follows, which is not part of the match. `null`: any text. */
type Item = CodeSet | { readonly peek: CodeSet } | null
type Items = readonly Item[]

const isPeek = (item: Item | undefined): item is { readonly peek: CodeSet } =>
  item !== undefined && item !== null && 'peek' in item

const joined = (a: Items, b: Items): Items =>
  b.length === 0 ? a : isPeek(a.at(-1)) ? [...a.slice(0, -1), ...b] : [...a, ...b]

function product(parts: readonly (readonly Items[])[]): readonly Items[] {
  let all: readonly Items[] = [[]]
  for (const part of parts) {
    const next = part.length * all.length > MOST ? [[null]] : part
    all = all.flatMap((a) => next.map((b) => joined(a, b)))
  }
  return all
}

/** All that the node may match. */
function matchesOf(node: Node): readonly Items[] {
  switch (node.kind) {
    case 'set':
      return [[bytesOf(node.set)]]
    case 'seq':
      return product(node.of.map(matchesOf))
    case 'alt':
      return node.of.flatMap(matchesOf)
    case 'group':
    case 'atomic':
      return matchesOf(node.of)
    case 'repeat': {
      const inner = matchesOf(node.of)
      if (node.min === 0 && node.max === 1) return [...inner, []]
      const least = Array.from({ length: Math.min(node.min, LONGEST) }, () => inner)
      return product(node.min === node.max && node.min <= LONGEST ? least : [...least, [[null]]])
    }
    case 'ref':
      return [[null]]
    case 'look':
      // Another byte follows, at least the line feed.
      return node.ahead && node.negated && node.of.kind === 'set' ? [[{ peek: bytesOf(negate(node.of.set)) }]] : [[]]
    case 'at':
      return [[]]
  }
}

/** Parts of the match without a gap, of all lengths that a pattern may have. */
function* windows(items: Items): Iterable<BytePattern> {
  for (let from = 0; from + 1 < items.length; from++) {
    const sets: CodeSet[] = []
    for (let i = from; i < items.length && sets.length < LONGEST; i++) {
      const item = items[i] as Item
      if (item === null) break
      sets.push(isPeek(item) ? item.peek : item)
    }
    const [first, second] = sets
    if (first && second && !has(first, 10) && !has(second, 10)) yield sets
  }
}

const has = (set: CodeSet, code: number): boolean => {
  for (let i = 0; i < set.length; i += 2) if (code >= (set[i] as number) && code <= (set[i + 1] as number)) return true
  return false
}
const keyOf = (pattern: BytePattern): string => pattern.map((s) => s.join()).join(';')

/** Counts where patterns begin in a sample of the lines. */
class Sample {
  readonly #text: string
  readonly #lines: number
  readonly #counts = new Map<string, number>()

  constructor(lines: readonly string[]) {
    this.#text = lines.join('\n').slice(0, SAMPLE)
    this.#lines = this.#text.split('\n').length
  }

  cost(pattern: BytePattern): number {
    const begun = this.#count(pattern.slice(0, FIRST))
    return begun === 0 ? 0 : FOUND * this.#count(pattern) + Math.max(0, begun - FEW * this.#lines)
  }

  #count(pattern: BytePattern): number {
    const key = keyOf(pattern)
    const known = this.#counts.get(key)
    if (known !== undefined) return known
    const text = this.#text
    let count = 0
    for (let at = 0; at + pattern.length <= text.length; at++) {
      let i = 0
      while (i < pattern.length && has(pattern[i] as CodeSet, text.charCodeAt(at + i))) i++
      if (i === pattern.length) count++
    }
    this.#counts.set(key, count)
    return count
  }
}

/**
 * The patterns, the rarest in the sample of each alternative. Undefined: a match need not have any, or there are too many. `source`: an
 * expression of V8 over the bytes as Latin-1, in which lines match alone.
 */
export function bytePatterns(
  source: string,
  sample: readonly string[],
  most: number,
): readonly BytePattern[] | undefined {
  const parsed = parseRegex(source, 'm')
  if (!parsed.ok) return undefined
  const counts = new Sample(sample)
  const chosen = new Map<string, BytePattern>()
  for (const items of matchesOf(parsed.regex.root)) {
    const [best] = [...windows(items)]
      .map((w) => ({ w, cost: counts.cost(w), bits: bitsOf(w) }))
      .sort((a, b) => a.cost - b.cost || b.bits - a.bits)
    if (!best) return undefined
    chosen.set(keyOf(best.w), best.w)
    if (chosen.size > most) return undefined
  }
  return [...chosen.values()]
}

/** The bits that the pattern tells: eight for a byte that must be a certain one. */
const bitsOf = (pattern: BytePattern): number => pattern.reduce((sum, s) => sum + 8 - Math.log2(sizeOf(s)), 0)
