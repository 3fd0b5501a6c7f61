// Texts for one variable from its hints, the likeliest first.
import { BETWEEN } from './assignment.ts'
import { addressesFor } from './addresses.ts'
import type { Hint, Range } from './hint.ts'
import { runner } from '../regex/regex.ts'
import { isAnchored, textOfPattern } from './pattern.ts'

export interface Wish {
  /** The text that the variable has without wishes. */
  readonly sample: string
  readonly current: string | null | undefined
  readonly variant: number
  /** Times are searched through hours and days. */
  readonly isTime: boolean
}

const MOST = 48
type Kind = Hint['kind']
type OfKind<K extends Kind> = Extract<Hint, { kind: K }>
const pick = <K extends Kind>(hints: readonly Hint[], kind: K): OfKind<K>[] =>
  hints.filter((h): h is OfKind<K> => h.kind === kind)

export function candidatesOf(hints: readonly Hint[], wish: Wish): (string | null)[] {
  const out: (string | null)[] = []
  const absent = hints.some((h) => h.kind === 'absent')
  if (absent) out.push(null)
  const turn = pick(hints, 'other')[0]?.turn
  if (turn !== undefined) out.push(...otherTexts(hints, turn, wish))
  out.push(...filledTexts(hints, wish))
  if (wish.isTime) out.push(...times(hints, wish))
  if (hints.some((h) => h.kind === 'avoid' || h.kind === 'absent')) {
    const away = awayFrom(wish)
    out.push(...away)
  }
  if (wish.current !== undefined) out.push(wish.current)
  out.push(wish.sample, '')
  if (!absent) out.push(null)
  return [...new Set(out)].slice(0, MOST)
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
  const own = filledTexts(rest, { ...wish, variant: wish.variant + turn })
  const numbered = rest.some((h) => h.kind === 'address')
    ? [`198.51.100.${(turn % 200) + 8}`, `10.0.${(turn >> 8) % 250}.${(turn % 250) + 2}`]
    : [String(turn + 2), `${wish.sample.replace(/\d+$/, '')}${turn + 2}`, `198.51.100.${(turn % 200) + 8}`]
  return rest.every((h) => h.kind === 'present') ? numbered : [...own, ...numbered]
}

/** The texts that follow from hints, without those that any variable may have. */
export function filledTexts(hints: readonly Hint[], wish: Wish): string[] {
  const structured = structuredTexts(hints, wish)
  if (structured.length > 0) return structured
  const out: string[] = []
  const lists = pick(hints, 'elements')
  if (lists.length > 0) out.push(elements(lists, wish))
  const exact = pick(hints, 'texts').map((h) => h.of)
  if (exact.length > 0) out.push(...common(exact, wish.variant))
  out.push(...numbers(pick(hints, 'number'), wish))
  out.push(...addressesFor(pick(hints, 'address'), wish.variant))
  for (const { length } of pick(hints, 'length')) if (length >= 0 && length <= 5000) out.push('a'.repeat(length))
  out.push(...shapedTexts(pick(hints, 'shape'), wish, exact[0]?.slice(0, 2) ?? []))
  return out.slice(0, MOST)
}

function elements(lists: readonly OfKind<'elements'>[], wish: Wish): string {
  const count = Math.max(1, ...lists.map((l) => l.count))
  const of = lists.flatMap((l) => l.of)
  const first = filledTexts(of, wish)[0] ?? wish.sample
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
  out.push(1, 0, 2, 7, 100)
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

// ── texts that hold others: JSON, pairs, delimited ──

function structuredTexts(hints: readonly Hint[], wish: Wish): string[] {
  const jsons = pick(hints, 'json')
  const pairs = pick(hints, 'pair')
  const cells = pick(hints, 'cell')
  if (jsons.length + pairs.length + cells.length === 0) return []
  const bare = jsons.length > 0 ? runnerTarget(document(jsons, undefined, wish)) : () => false
  const rest = hints.filter((h) => h.kind === 'texts' || (h.kind === 'shape' && !bare(h)))
  const others = filledTexts(rest, wish).slice(0, 4)
  const row = cells.length > 0 ? delimited(cells, wish) : undefined
  const words = pairText(pairs, wish)
  if (jsons.length === 0) {
    const own = [row, words].filter((t): t is string => t !== undefined && t !== '').join(' ')
    return others.length === 0 ? [own] : [...others.flatMap((o) => [`${o} ${own}`, `${own} ${o}`, `${own}${o}`]), own]
  }
  const inside = (extra: string | undefined): string => document(jsons, extra, wish)
  if (words !== '' || row !== undefined) others.push([row, words].filter((t) => t).join(' '))
  return others.length === 0
    ? [inside(undefined)]
    : [
        ...others.flatMap((o) => [inside(o), `${o} ${inside(undefined)}`, `${inside(undefined)} ${o}`]),
        inside(undefined),
      ]
}

/** Does the document match the pattern without more? */
const runnerTarget =
  (text: string) =>
  ({ root }: OfKind<'shape'>): boolean =>
    runner({ source: '', flags: '', root, groups: [] }, 'none')?.test(text) ?? false

/** The text of a part: the likeliest, and others by turns. */
function nestedText(hints: readonly Hint[], wish: Wish): string | null {
  const all = candidatesOf(hints, { ...wish, isTime: false, current: undefined, sample: 'x1' })
  return all[wish.variant % Math.min(all.length, 5)] ?? null
}

interface Tree {
  readonly kids: Map<string | number, Tree>
  readonly hints: Hint[]
}

function document(jsons: readonly OfKind<'json'>[], extra: string | undefined, wish: Wish): string {
  const root: Tree = { kids: new Map(), hints: [] }
  for (const { path, of } of jsons) {
    let at = root
    for (const part of path) {
      const kid = at.kids.get(part) ?? { kids: new Map(), hints: [] }
      at.kids.set(part, kid)
      at = kid
    }
    at.hints.push(...of)
  }
  if (extra !== undefined) root.kids.set('message', { kids: new Map(), hints: [{ kind: 'texts', of: [extra] }] })
  return JSON.stringify(treeValue(root, wish))
}

function treeValue({ kids, hints }: Tree, wish: Wish): unknown {
  if (kids.size === 0) {
    if (hints.length > 0 && hints.every((h) => h.kind === 'absent')) return undefined
    const text = nestedText(hints, wish)
    return text === null ? undefined : text
  }
  if ([...kids.keys()].every((k) => typeof k === 'number')) {
    const length = Math.max(...[...kids.keys()].map((k) => ((k as number) < 0 ? 0 : (k as number)))) + 1
    return Array.from({ length: Math.min(length, 50) }, (_, i) => {
      const kid = kids.get(i) ?? (i === length - 1 ? kids.get(-1) : undefined)
      return kid ? (treeValue(kid, wish) ?? null) : 'x'
    })
  }
  return Object.fromEntries([...kids].map(([k, kid]) => [String(k), treeValue(kid, wish)]))
}

function pairText(pairs: readonly OfKind<'pair'>[], wish: Wish): string {
  const byKey = new Map<string, { separator: string; of: Hint[] }>()
  for (const { key, separator, of } of pairs) {
    const known = byKey.get(key) ?? { separator, of: [] }
    known.of.push(...of)
    byKey.set(key, known)
  }
  return [...byKey]
    .map(([key, { separator, of }]) => {
      const value = nestedText(of, wish)
      if (value === null || value === undefined) return ''
      return `${key}${separator}${/[\s,"]/.test(value) ? `"${value}"` : value}`
    })
    .filter((t) => t !== '')
    .join(' ')
}

function delimited(cells: readonly OfKind<'cell'>[], wish: Wish): string {
  const last = Math.max(...cells.map((c) => c.index))
  const delimiter = cells[0]?.delimiter ?? ','
  return Array.from({ length: Math.min(last, 300) + 1 }, (_, i) => {
    const of = cells.filter((c) => c.index === i).flatMap((c) => c.of)
    return of.length === 0 ? 'x' : (nestedText(of, wish) ?? '')
  }).join(delimiter)
}

// ── texts in which patterns are found ──

interface Piece {
  readonly text: string
  readonly begins: boolean
  readonly ends: boolean
  readonly root: OfKind<'shape'>['root']
  readonly groups: ReadonlyMap<number, string>
}

function shapedTexts(all: readonly OfKind<'shape'>[], wish: Wish, exact: readonly string[]): string[] {
  if (all.length === 0) return []
  const merged = mergeShapes(all)
  const out: string[] = []
  const styles = [
    { emptyGaps: true, variant: wish.variant },
    { emptyGaps: false, variant: wish.variant },
    { emptyGaps: true, variant: wish.variant + 1 },
  ]
  for (const style of styles) {
    const pieces = merged.map((s) => pieceOf(s, style, wish))
    const fillers = (i: number): string[] => pieces.flatMap((p, k) => (k === i ? [] : [p.text])).concat(exact)
    const whole = rows(pieces)
    out.push(...whole.slice(0, 2))
    if (pieces.length > 1 || exact.length > 0)
      pieces.forEach((p, i) => {
        out.push(textOfPattern(p.root, { ...style, fill: fillers(i), groups: p.groups }))
        out.push(textOfPattern(p.root, { ...style, fill: fillers(i).reverse(), groups: p.groups }))
      })
    out.push(...whole.slice(2))
  }
  return out
}

function pieceOf(shape: OfKind<'shape'>, style: { emptyGaps: boolean; variant: number }, wish: Wish): Piece {
  const groups = new Map<number, string>()
  for (const [index, hints] of shape.groups) {
    if (hints.every((h) => h.kind === 'present' || h.kind === 'avoid')) continue
    const text = nestedText(hints, wish)
    if (typeof text === 'string') groups.set(index, text)
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
  return [texts.join(' '), texts.join(''), ` ${texts.join(' ')} `, texts.join('\n'), free.join(' '), texts.join(', ')]
}

function mergeShapes(all: readonly OfKind<'shape'>[]): OfKind<'shape'>[] {
  const byId = new Map<string, OfKind<'shape'>>()
  for (const shape of all) {
    const known = byId.get(shape.id)
    if (!known) byId.set(shape.id, shape)
    else {
      const groups = new Map(known.groups)
      for (const [i, hints] of shape.groups) groups.set(i, [...(groups.get(i) ?? []), ...hints])
      byId.set(shape.id, { ...known, groups })
    }
  }
  return [...byId.values()]
}
