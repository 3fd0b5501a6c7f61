// Sets of code points as sorted, disjoint, non-adjacent ranges: [lo0, hi0, lo1, hi1, …]. Every class becomes such a set when parsed,
// so that an engine's own meaning of \w, \s, \p or case never matters.
import { orbitOf, orbits } from './fold.ts'

export type CodeSet = readonly number[]
export const MAX = 0x10ffff

/** Sorts and merges. */
export function setOf(...pairs: readonly (readonly [number, number])[]): CodeSet {
  const sorted = pairs.filter(([lo, hi]) => lo <= hi).toSorted((a, b) => a[0] - b[0])
  const out: number[] = []
  for (const [lo, hi] of sorted) {
    const last = out.length - 1
    if (last > 0 && lo <= (out[last] as number) + 1) out[last] = Math.max(out[last] as number, hi)
    else out.push(lo, hi)
  }
  return out
}

export const pairs = (set: CodeSet): [number, number][] =>
  Array.from({ length: set.length / 2 }, (_, i) => [set[2 * i] as number, set[2 * i + 1] as number])
export const unionSets = (...sets: readonly CodeSet[]): CodeSet => setOf(...sets.flatMap(pairs))
export const single = (cp: number): CodeSet => [cp, cp]

export function negate(set: CodeSet): CodeSet {
  const out: number[] = []
  let next = 0
  for (const [lo, hi] of pairs(set)) {
    if (lo > next) out.push(next, lo - 1)
    next = hi + 1
  }
  if (next <= MAX) out.push(next, MAX)
  return out
}
export const intersect = (a: CodeSet, b: CodeSet): CodeSet => negate(unionSets(negate(a), negate(b)))
export function sizeOf(set: CodeSet): number {
  let size = 0
  for (let i = 0; i < set.length; i += 2) size += (set[i + 1] as number) - (set[i] as number) + 1
  return size
}

/** The set with every other case of its members. */
export function foldSet(set: CodeSet): CodeSet {
  if (sizeOf(set) <= 8) {
    const all = pairs(set).flatMap(([lo, hi]) => Array.from({ length: hi - lo + 1 }, (_, i) => orbitOf(lo + i)))
    return setOf(...all.flat().map((c) => [c, c] as const))
  }
  if (set.length === 2 && set[0] === 0 && set[1] === MAX) return set
  const ranges = pairs(set)
  const inSet = (cp: number): boolean => {
    let lo = 0
    let hi = ranges.length - 1
    while (lo <= hi) {
      const mid = (lo + hi) >> 1
      const [a, b] = ranges[mid] as [number, number]
      if (cp < a) hi = mid - 1
      else if (cp > b) lo = mid + 1
      else return true
    }
    return false
  }
  const extra = orbits()
    .filter((orbit) => orbit.some(inSet))
    .flat()
  return setOf(...ranges, ...extra.map((c) => [c, c] as const))
}

/** A cache: most characters of patterns are ASCII. */
const foldedAscii: CodeSet[] = []

export function foldedChar(cp: number): CodeSet {
  const known = foldedAscii[cp]
  if (known) return known
  const made = foldSet(single(cp))
  if (cp < 128) foldedAscii[cp] = made
  return made
}

const ascii = (text: string): CodeSet => setOf(...[...text].map((c) => [c.charCodeAt(0), c.charCodeAt(0)] as const))
const upper = setOf([65, 90])
const lower = setOf([97, 122])
const digit = setOf([48, 57])
const word = setOf([48, 57], [65, 90], [95, 95], [97, 122])
/** Java, Perl and PCRE count the vertical tab as white space; RE2 does not. */
const space = setOf([9, 13], [32, 32])
const horizontal = unionSets(ascii(' \t'), setOf([0xa0, 0xa0], [0x1680, 0x1680], [0x180e, 0x180e], [0x2000, 0x200a]))
const horizontalSpace = unionSets(horizontal, setOf([0x202f, 0x202f], [0x205f, 0x205f], [0x3000, 0x3000]))
export const vertical = setOf([10, 13], [0x85, 0x85], [0x2028, 0x2029])
export const newline = single(10)
export const any = setOf([0, MAX])

/** `\d`, `\w`, `\s` and others, by letter. */
export const classOfLetter: Readonly<Record<string, CodeSet>> = {
  d: digit,
  D: negate(digit),
  w: word,
  W: negate(word),
  s: space,
  S: negate(space),
  h: horizontalSpace,
  H: negate(horizontalSpace),
  v: vertical,
  V: negate(vertical),
  N: negate(newline),
}

const posix: Readonly<Record<string, CodeSet>> = {
  alnum: unionSets(upper, lower, digit),
  alpha: unionSets(upper, lower),
  ascii: setOf([0, 127]),
  blank: ascii(' \t'),
  cntrl: setOf([0, 31], [127, 127]),
  digit,
  graph: setOf([33, 126]),
  lower,
  print: setOf([32, 126]),
  punct: setOf([33, 47], [58, 64], [91, 96], [123, 126]),
  space,
  upper,
  word,
  xdigit: setOf([48, 57], [65, 70], [97, 102]),
}
/** `[:alpha:]` and Java's `\p{Alpha}`. */
export const posixClass = (name: string): CodeSet | undefined => posix[name.toLowerCase()]

const cache = new Map<string, CodeSet | null>()
/** A Unicode property as the host's tables have it, written out in ranges so that every engine gets the same ones. */
export function property(name: string): CodeSet | undefined {
  const known = cache.get(name)
  if (known !== undefined) return known ?? undefined
  const found = compute(name)
  cache.set(name, found ?? null)
  return found
}
function compute(name: string): CodeSet | undefined {
  const plain = name.replace(/^(?:Is|In)(?=[A-Z])/, '')
  const tries = [name, plain, `Script=${name}`, `Script=${plain}`]
  for (const attempt of tries) {
    try {
      const re = new RegExp(`^\\p{${attempt}}$`, 'u')
      const out: [number, number][] = []
      for (let cp = 0; cp <= MAX; cp++) {
        if (!re.test(String.fromCodePoint(cp))) continue
        const last = out.at(-1)
        if (last && last[1] === cp - 1) last[1] = cp
        else out.push([cp, cp])
      }
      return setOf(...out)
    } catch {}
  }
  return undefined
}
