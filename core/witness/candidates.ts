// Texts for one variable from its hints, the likeliest first.
import { BETWEEN } from './assignment.ts'
import { addressesFor } from './addresses.ts'
import { type Hint, mergeShapes, type OfKind, pick, type Range, type Wish } from './hint.ts'
import { isAnchored, isFound, textOfPattern, variantsOf } from './pattern.ts'
import { groupNode, type Node } from '../regex/regex.ts'
import { structuredTexts, type Texts } from './structured.ts'

const MOST = 48
/** Each is made when it is asked for: most searches end with the first. */
export function* candidatesOf(hints: readonly Hint[], wish: Wish): Generator<string | null> {
  const seen = new Set<string | null>()
  for (const text of anyTexts(hints, wish)) {
    if (seen.has(text)) continue
    yield text
    seen.add(text)
    if (seen.size >= MOST) return
  }
}

function* anyTexts(hints: readonly Hint[], wish: Wish): Generator<string | null> {
  const absent = hints.some((h) => h.kind === 'absent')
  if (absent) yield null
  const turn = pick(hints, 'other')[0]?.turn
  if (turn !== undefined) yield* otherTexts(hints, turn, wish)
  yield* filledTexts(hints, wish)
  if (wish.isTime) yield* times(hints, wish)
  if (hints.some((h) => h.kind === 'avoid' || h.kind === 'absent')) yield* awayFrom(wish)
  if (wish.current !== undefined) yield wish.current
  yield wish.sample
  yield ''
  if (!absent) yield null
}

export function firstOf<T>(texts: Iterable<T>, most: number): T[] {
  const out: T[] = []
  for (const text of texts) if (out.push(text) >= most) break
  return out
}

/** Of a variable that must not be as it is. */
const awayFrom = ({ sample, variant }: Wish): (string | null)[] => [
  sample,
  null,
  `other${variant === 0 ? '' : variant}`,
  'zz',
  '0',
  '999999',
  '203.0.113.9',
  '2001:db8::9',
  '',
]

/** Texts that differ from turn to turn. */
function otherTexts(hints: readonly Hint[], turn: number, wish: Wish): string[] {
  if (wish.isTime)
    return [60n, 300n, 900n, 3600n, 86_400n].map((s) =>
      (BigInt(wish.sample) - BigInt(turn) * s * 1_000_000n).toString(),
    )
  const rest = hints.filter((h) => h.kind !== 'other')
  const own = firstOf(filledTexts(rest, { ...wish, variant: wish.variant + turn }), MOST)
  const numbered = rest.some((h) => h.kind === 'address')
    ? [`198.51.100.${(turn % 200) + 8}`, `10.0.${(turn >> 8) % 250}.${(turn % 250) + 2}`]
    : [String(turn + 2), `${wish.sample.replace(/\d+$/, '')}${turn + 2}`, `198.51.100.${(turn % 200) + 8}`]
  return rest.every((h) => h.kind === 'present') ? numbered : [...own, ...numbered]
}

/** The texts that follow from hints, without those that any variable may have. */
export function* filledTexts(hints: readonly Hint[], wish: Wish): Generator<string> {
  let isStructured = false
  for (const text of structuredTexts(hints, wish, PARTS)) {
    isStructured = true
    yield text
  }
  if (isStructured) return
  const lists = pick(hints, 'elements')
  if (lists.length > 0) yield elements(lists, wish)
  const exact = pick(hints, 'texts').map((h) => h.of)
  if (exact.length > 0) yield* common(exact, wish.variant)
  yield* numbers(pick(hints, 'number'), wish)
  yield* addressesFor(pick(hints, 'address'), wish.variant)
  for (const { length } of pick(hints, 'length')) if (length >= 0 && length <= 5000) yield 'a'.repeat(length)
  const unlike = pick(hints, 'avoid').flatMap((h) => h.unlike ?? [])
  yield* shapedTexts(pick(hints, 'shape'), wish, exact[0]?.slice(0, 2) ?? [], unlike)
}
const PARTS: Texts = {
  filled: (hints, wish, most) => firstOf(filledTexts(hints, wish), most),
  nested: (hints, wish) => nestedText(hints, wish),
}

function elements(lists: readonly OfKind<'elements'>[], wish: Wish): string {
  const count = Math.max(1, ...lists.map((l) => l.count))
  const of = lists.flatMap((l) => l.of)
  const [first = wish.sample] = firstOf(filledTexts(of, wish), 1)
  return [first, ...Array.from({ length: count - 1 }, (_, i) => `${wish.sample}${i + 2}`)].join(BETWEEN)
}

/** Texts that all lists have, else all of them. */
function common(lists: readonly (readonly string[])[], variant: number): string[] {
  const [first = [], ...rest] = lists
  const shared = first.filter((t) => rest.every((l) => l.includes(t)))
  const all = shared.length > 0 ? shared : lists.flat()
  const at = variant % Math.max(1, all.length)
  return [...all.slice(at), ...all.slice(0, at)].slice(0, 24)
}

function numbers(ranges: readonly Range[], { variant }: Wish): string[] {
  if (ranges.length === 0) return []
  const low = ranges.reduce<number | undefined>(
    (m, r) => (r.low === undefined ? m : m === undefined ? r.low : Math.max(m, r.low)),
    undefined,
  )
  const high = ranges.reduce<number | undefined>(
    (m, r) => (r.high === undefined ? m : m === undefined ? r.high : Math.min(m, r.high)),
    undefined,
  )
  const open = (edge: number, which: 'lowOpen' | 'highOpen'): boolean =>
    ranges.some((r) => r[which] === true && (which === 'lowOpen' ? r.low : r.high) === edge)
  const out: number[] = []
  const whole = (x: number, up: boolean): number => (up ? Math.floor(x) + 1 : Math.ceil(x) - 1)
  if (low !== undefined) out.push(open(low, 'lowOpen') ? whole(low, true) : Math.ceil(low), low, low + 1, low + 2)
  if (high !== undefined)
    out.push(open(high, 'highOpen') ? whole(high, false) : Math.floor(high), high, high - 1, high - 2)
  if (low !== undefined && high !== undefined) out.push((low + high) / 2, Math.round((low + high) / 2))
  if (low !== undefined && high === undefined) out.push(low + 10, low * 2 + 1, low + 0.5)
  for (const r of ranges) if (r.not !== undefined) out.push(r.not + 1, r.not - 1)
  // A half, and many digits, show how a result is rounded.
  out.push(1, 0, 2, 7, 100, 500, 123_456_789)
  const texts = out.filter((x) => Number.isFinite(x)).map(plainNumber)
  return variant === 0 ? texts : [...texts.slice(variant % texts.length), ...texts]
}

/** Without an exponent, which some parsers of numbers refuse. */
export const plainNumber = (x: number): string =>
  Number.isInteger(x) && Math.abs(x) < 1e21 ? BigInt(x).toString() : String(x)

const HOUR = 3_600_000_000n
function times(hints: readonly Hint[], { sample, variant }: Wish): string[] {
  if (hints.length === 0) return []
  const base = BigInt(sample)
  const steps = Array.from({ length: 24 }, (_, i) => (base + BigInt(i + variant) * HOUR).toString())
  const days = Array.from({ length: 7 }, (_, i) => (base + BigInt(i) * 24n * HOUR).toString())
  return [...days, ...steps]
}

const TURNS = 5
/** The text of a part: the likeliest, and others by turns. Null only where it may be absent. */
function nestedText(hints: readonly Hint[], wish: Wish): string | null {
  const own = { ...wish, isTime: false, current: undefined, sample: 'x1' }
  const mayLack = hints.some((h) => h.kind === 'absent' || h.kind === 'avoid')
  const asked = mayLack ? [] : firstOf(filledTexts(hints, own), TURNS)
  const all =
    asked.length > 0 ? asked : firstOf(candidatesOf(hints, own), TURNS + 1).filter((t) => t !== null || mayLack)
  // Lists, numbers and addresses are turned already: of a list of two the second would never be the first twice turned.
  const isTurned = hints.some((h) => h.kind === 'texts' || h.kind === 'number' || h.kind === 'address')
  return all[isTurned ? 0 : wish.variant % Math.min(all.length, TURNS)] ?? null
}

// ── texts in which patterns are found ──

interface Piece {
  readonly text: string
  readonly begins: boolean
  readonly ends: boolean
  readonly root: OfKind<'shape'>['root']
  readonly groups: ReadonlyMap<number, string>
}

function* shapedTexts(
  all: readonly OfKind<'shape'>[],
  wish: Wish,
  exact: readonly string[],
  unlike: readonly Node[],
): Generator<string> {
  if (all.length === 0) return
  const merged = mergeShapes(all)
  const styles = [
    { emptyGaps: true, variant: wish.variant },
    { emptyGaps: false, variant: wish.variant },
    { emptyGaps: true, variant: wish.variant + 1 },
  ]
  for (const style of styles) {
    const pieces = merged.map((s) => pieceOf(s, unlike.length === 0 ? style : styleUnlike(s.root, style, unlike), wish))
    const fillers = (i: number): string[] => pieces.flatMap((p, k) => (k === i ? [] : [p.text])).concat(exact)
    const whole = rows(pieces)
    yield* whole.slice(0, 2)
    if (pieces.length > 1 || exact.length > 0)
      for (const [i, p] of pieces.entries()) {
        yield textOfPattern(p.root, { ...style, fill: fillers(i), groups: p.groups })
        yield textOfPattern(p.root, { ...style, fill: fillers(i).reverse(), groups: p.groups })
      }
    yield* whole.slice(2)
  }
}

/** Could the capture be this text? Surroundings that it looks at are not known here. */
function isWhole(capture: Node, text: string): boolean {
  const root = wholes.get(capture) ?? wholeOf(capture)
  wholes.set(capture, root)
  return isFound(root, text)
}
/** A cache. */
const wholes = new WeakMap<Node, Node>()

function wholeOf(capture: Node): Node {
  const at = (where: 'begin' | 'end'): Node => ({ kind: 'at', where })
  return { kind: 'seq', of: [at('begin'), capture, at('end')] }
}

interface Style {
  readonly emptyGaps: boolean
  readonly variant: number
}

/** Of two patterns that differ in one alternative, the text of that alternative. */
function styleUnlike(root: Node, style: Style, unlike: readonly Node[]): Style {
  const variants = [style.variant, ...variantsOf(root, MOST_STYLES)]
  for (const emptyGaps of [style.emptyGaps, !style.emptyGaps])
    for (const variant of variants) {
      const other = { emptyGaps, variant }
      const text = textOfPattern(root, { ...other, fill: [], groups: new Map() })
      if (!unlike.some((u) => isFound(u, text))) return other
    }
  return style
}
const MOST_STYLES = 48

function pieceOf(shape: OfKind<'shape'>, style: Style, wish: Wish): Piece {
  const groups = new Map<number, string>()
  for (const [index, hints] of shape.groups) {
    if (hints.every((h) => h.kind === 'present' || h.kind === 'avoid')) continue
    const text = nestedText(hints, wish)
    const capture = groupNode(shape.root, index)
    if (typeof text !== 'string') continue
    if (!capture || isWhole(capture, text)) groups.set(index, text)
    else {
      // The query may ask for a part of the capture only.
      const around = textOfPattern(capture, { ...style, fill: [text], groups: new Map() })
      if (around.includes(text)) groups.set(index, around)
    }
  }
  return {
    text: textOfPattern(shape.root, { ...style, fill: [], groups }),
    begins: isAnchored(shape.root, 'begin'),
    ends: isAnchored(shape.root, 'end'),
    root: shape.root,
    groups,
  }
}

/** The pieces one after the other, those that begin the text first and those that end it last. */
function rows(pieces: readonly Piece[]): string[] {
  const order = [...pieces].sort((a, b) => Number(b.begins) - Number(a.begins) || Number(a.ends) - Number(b.ends))
  const texts = order.map((p) => p.text)
  if (texts.length === 1) return [texts[0] as string, ` ${texts[0]} `, `x ${texts[0]}`, `${texts[0]} x`]
  const free = [...texts].reverse()
  return [
    texts.join(' '),
    ` ${free.join(' ')} `,
    texts.join(''),
    ` ${texts.join(' ')} `,
    texts.join('\n'),
    texts.join(', '),
  ]
}
