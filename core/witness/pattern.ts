// A text that a pattern matches, by a walk over its tree. The caller checks the text: look-around and word boundaries are only guessed.
import { children, type Match, type Node, type Regex, runner } from '../regex/regex.ts'

export interface PatternChoices {
  /** Which branch of alternatives, or which repeat has another number of turns: see `variantsOf`. 0 is the plainest text. */
  readonly variant: number
  /** Texts that the first wide gap takes up, if its characters allow them. */
  readonly fill: readonly string[]
  /** Texts of captures. */
  readonly groups: ReadonlyMap<number, string>
  /** Gaps that may be empty are empty. */
  readonly emptyGaps: boolean
}

type SetNode = Extract<Node, { kind: 'set' }>
const WIDE = 60

/** A cache: searches ask for the same texts again and again. */
const texts = new WeakMap<Node, Map<string, string>>()
const MOST_KNOWN = 500

export function textOfPattern(root: Node, choices: PatternChoices): string {
  const { variant, fill, groups, emptyGaps } = choices
  const key = JSON.stringify([variant, emptyGaps, fill, ...groups])
  const known = texts.get(root) ?? new Map<string, string>()
  texts.set(root, known)
  const text = known.get(key) ?? madeText(root, choices)
  if (known.size < MOST_KNOWN) known.set(key, text)
  return text
}

/** A cache. */
const regexes = new WeakMap<Node, Regex>()

/** A pattern of this tree, the same one each time. */
function patternOf(root: Node): Regex {
  const regex = regexes.get(root) ?? { source: '', flags: '', root, groups: [] }
  regexes.set(root, regex)
  return regex
}

/** Is the pattern found in the text? `otherwise`: no engine can tell. */
export const isFound = (root: Node, text: string, otherwise = true): boolean =>
  runner(patternOf(root), 'none')?.test(text) ?? otherwise

export const matchIn = (root: Node, text: string): Match | undefined =>
  runner(patternOf(root), 'all')?.exec(text, 0) ?? undefined

function madeText(root: Node, choices: PatternChoices): string {
  const fill = [...choices.fill]
  const captured = new Map<number, string>()
  const other = turnsOf(root)[choices.variant - alternativesOf(root, MOST_ALTERNATIVES)]
  let turn = other ? 0 : choices.variant
  // A capture is read for its text, so it has some.
  let inGroup = 0
  const isEmpty = (): boolean => choices.emptyGaps && inGroup === 0
  const choose = (n: number): number => {
    if (n <= 1) return 0
    const at = turn % n
    turn = Math.floor(turn / n)
    return at
  }
  // Texts that look-aheads at the end ask for: they follow the match.
  let behind = ''
  const emit = (node: Node, isLast: boolean): string => {
    switch (node.kind) {
      case 'set':
        return character(node)
      case 'seq':
        return node.of.map((n, i) => emit(n, isLast && node.of.slice(i + 1).every(isEmptyWidth))).join('')
      case 'alt':
        return emit(node.of.find((n) => other?.way.has(n)) ?? (node.of[choose(node.of.length)] as Node), isLast)
      case 'group': {
        const given = choices.groups.get(node.index)
        inGroup++
        const text = given ?? emit(node.of, isLast)
        inGroup--
        if (given !== undefined && isLast) for (const look of looksAtEnd(node.of)) emit(look, true)
        captured.set(node.index, text)
        return text
      }
      case 'atomic':
        return emit(node.of, isLast)
      case 'look': {
        if (node.negated || !node.ahead) return ''
        if (isLast) behind += emit(node.of, false)
        else fill.push(emit(node.of, false))
        return ''
      }
      case 'ref':
        return captured.get(node.index) ?? ''
      case 'at':
        return ''
      case 'repeat':
        return repeated(node)
    }
  }
  const repeated = (node: RepeatNode): string => {
    const { of, min, max } = node
    if (node === other?.node) return Array.from({ length: other.turns }, () => emit(of, false)).join('')
    if (of.kind === 'set' && sizeOf(of) >= WIDE && (max === null || max > 8)) {
      const allowed = fill.filter((t) => t.length <= (max ?? Number.MAX_SAFE_INTEGER) && allows(of, t))
      for (const t of allowed) fill.splice(fill.indexOf(t), 1)
      const text = allowed.join(allows(of, ' ') ? ' ' : '')
      const least = isEmpty() ? min : Math.max(min, 1)
      return text.length >= least ? text : text + character(of).repeat(least - text.length)
    }
    const times = isEmpty() && !other?.way.has(node) ? min : Math.max(min, Math.min(1, max ?? 1))
    return Array.from({ length: Math.min(times, 200) }, () => emit(of, false)).join('')
  }
  return emit(root, true) + behind
}

type RepeatNode = Extract<Node, { kind: 'repeat' }>
const MOST_ALTERNATIVES = 48
const MOST_TURNS = 200
/** Of one character: as many as patterns may ask for, and one more. */
const MOST_CHARACTERS = 1001
const MOST_REPEATS = 16

interface OtherTurns {
  readonly node: RepeatNode
  readonly turns: number
  /** The repeat and all that it is a part of. */
  readonly way: ReadonlySet<Node>
}

/** A cache. */
const otherTurns = new WeakMap<Node, readonly OtherTurns[]>()

/** Numbers of turns at the bounds of a repeat and just outside, which the plainest text does not have. The last ones of a bound do not match. */
function turnsOf(root: Node): readonly OtherTurns[] {
  const known = otherTurns.get(root)
  if (known) return known
  const each: OtherTurns[][] = []
  const look = (node: Node, around: readonly Node[]): void => {
    const way = [...around, node]
    if (node.kind === 'repeat') each.push(boundsOf(node).map((turns) => ({ node, turns, way: new Set(way) })))
    for (const kid of children(node)) look(kid, way)
  }
  look(root, [])
  // The first bound of every repeat, then the second, so that a limit leaves no repeat out.
  const longest = Math.max(0, ...each.map((of) => of.length))
  const made = Array.from({ length: longest }, (_, i) => each.flatMap((of) => of.slice(i, i + 1)))
    .flat()
    .slice(0, MOST_REPEATS)
  otherTurns.set(root, made)
  return made
}

function boundsOf({ of, min, max }: RepeatNode): number[] {
  const usual = Math.max(min, Math.min(1, max ?? 1))
  const most = of.kind === 'set' ? MOST_CHARACTERS : MOST_TURNS
  const all = new Set([max ?? usual + 1, min, (max ?? usual + 1) + 1, Math.max(0, min - 1)])
  return [...all].filter((turns) => turns !== usual && turns <= most)
}

/** Variants that give different texts: a branch of alternatives each, at most `most`, then each other number of turns. */
export function variantsOf(root: Node, most = 24): number[] {
  const alternatives = alternativesOf(root, MOST_ALTERNATIVES)
  return [
    ...Array.from({ length: Math.min(most, alternatives) }, (_, i) => i),
    ...turnsOf(root).map((_, i) => alternatives + i),
  ]
}

const isEmptyWidth = (node: Node): boolean => node.kind === 'at' || node.kind === 'look'

function looksAtEnd(node: Node): Node[] {
  if (node.kind === 'group' || node.kind === 'atomic') return looksAtEnd(node.of)
  if (node.kind !== 'seq') return node.kind === 'look' ? [node] : []
  return node.of.filter((n, i) => n.kind === 'look' && node.of.slice(i + 1).every(isEmptyWidth))
}

const PREFERRED = [...'a1xA0_- ./:'].map((c) => c.codePointAt(0) as number)

function character({ set }: SetNode): string {
  const has = (cp: number): boolean => inSet(set, cp)
  const found = PREFERRED.find(has)
  if (found !== undefined) return String.fromCodePoint(found)
  for (let cp = 97; cp < 123; cp++) if (has(cp)) return String.fromCodePoint(cp)
  // A printable one before any other.
  for (let cp = 33; cp < 127; cp++) if (has(cp)) return String.fromCodePoint(cp)
  return set.length === 0 ? '' : String.fromCodePoint(set[0] as number)
}

function inSet(set: readonly number[], cp: number): boolean {
  for (let i = 0; i < set.length; i += 2) if (cp >= (set[i] as number) && cp <= (set[i + 1] as number)) return true
  return false
}
const sizeOf = ({ set }: SetNode): number => {
  let size = 0
  for (let i = 0; i < set.length; i += 2) size += (set[i + 1] as number) - (set[i] as number) + 1
  return size
}
const allows = ({ set }: SetNode, text: string): boolean =>
  [...text].every((c) => inSet(set, c.codePointAt(0) as number))

/** Does every match begin, or end, where the text does? */
export function isAnchored(node: Node, at: 'begin' | 'end'): boolean {
  switch (node.kind) {
    case 'at':
      return at === 'begin' ? node.where === 'begin' : node.where === 'end' || node.where === 'lastLine'
    case 'seq': {
      const parts = at === 'begin' ? node.of : [...node.of].reverse()
      for (const part of parts) {
        if (isAnchored(part, at)) return true
        if (part.kind !== 'at' && part.kind !== 'look') return false
      }
      return false
    }
    case 'alt':
      return node.of.some((n) => isAnchored(n, at))
    case 'group':
    case 'atomic':
      return isAnchored(node.of, at)
    default:
      return false
  }
}
/** Number of texts that the alternatives of a pattern give, at most `most`. */
function alternativesOf(node: Node, most: number): number {
  switch (node.kind) {
    case 'alt':
      return Math.min(
        most,
        node.of.reduce((n, o) => n + alternativesOf(o, most), 0),
      )
    case 'seq':
      return node.of.reduce((n, o) => Math.min(most, n * alternativesOf(o, most)), 1)
    case 'group':
    case 'atomic':
    case 'repeat':
      return alternativesOf(node.of, most)
    default:
      return 1
  }
}
