// Texts that hold others: JSON documents, pairs, delimited cells.
import { type Hint, mergeShapes, type OfKind, pick, type Wish } from './hint.ts'
import { isFound } from './pattern.ts'

export interface Texts {
  /** The first ones, at most so many. */
  readonly filled: (hints: readonly Hint[], wish: Wish, most: number) => string[]
  /** The text of a part; null: it is absent. */
  readonly nested: (hints: readonly Hint[], wish: Wish) => string | null
}

export function* structuredTexts(hints: readonly Hint[], wish: Wish, texts: Texts): Generator<string> {
  const jsons = pick(hints, 'json')
  const pairs = pick(hints, 'pair')
  const cells = pick(hints, 'cell')
  if (jsons.length + pairs.length + cells.length === 0) return
  const alone = jsons.length > 0 ? document(jsons, NOTHING, wish, texts) : ''
  const bare = jsons.length > 0 ? isFoundIn(alone) : () => false
  const rest = hints.filter((h) => h.kind === 'texts' || (h.kind === 'shape' && !bare(h)))
  const others = texts.filled(rest, wish, 4)
  const row = cells.length > 0 ? delimited(cells, wish, texts) : undefined
  const words = pairText(pairs, wish, texts)
  if (jsons.length === 0) {
    const own = [row, words].filter((t): t is string => t !== undefined && t !== '').join(' ')
    for (const o of others) yield* [`${o} ${own}`, `${own} ${o}`, `${own}${o}`]
    yield own
    return
  }
  // A word that one of a member's values is needs no other place.
  const alike = rest.reduce<readonly OfKind<'json'>[]>(
    (known, h) => (h.kind === 'shape' ? agreeing(known, h) : known),
    jsons,
  )
  if (alike !== jsons) {
    const found = isFoundIn(document(alike, NOTHING, wish, texts))
    yield document(
      alike,
      moreOf(
        rest.filter((h) => h.kind !== 'shape' || !found(h)),
        wish,
        texts,
      ),
      wish,
      texts,
    )
  }
  const inside = (more: More): string => document(jsons, more, wish, texts)
  if (words !== '' || row !== undefined) others.push([row, words].filter((t) => t).join(' '))
  if (others.length > 0) yield inside(moreOf(rest, wish, texts))
  for (const o of others) yield* [inside({ members: [], words: [o] }), `${o} ${alone}`, `${alone} ${o}`]
  yield alone
}

/** The members, one of them with the value in which the pattern is found; the same ones: there is none. */
function agreeing(jsons: readonly OfKind<'json'>[], { root }: OfKind<'shape'>): readonly OfKind<'json'>[] {
  for (const [i, json] of jsons.entries()) {
    const of = agreed(json.of, root)
    if (of) return jsons.with(i, { ...json, of })
  }
  return jsons
}

/** The hints with one list of texts cut down to those in which the pattern is found, inside documents in members too. */
function agreed(hints: readonly Hint[], root: OfKind<'shape'>['root']): readonly Hint[] | undefined {
  for (const [i, h] of hints.entries()) {
    if (h.kind === 'texts' && h.of.length > 1) {
      const of = h.of.filter((t) => isFound(root, t, false))
      if (of.length > 0) return hints.with(i, { kind: 'texts', of })
    }
    const inside = h.kind === 'json' ? agreed(h.of, root) : undefined
    if (inside) return hints.with(i, { ...h, of: inside } as Hint)
  }
  return undefined
}

/** Is the pattern found in the text without more? */
const isFoundIn =
  (text: string) =>
  ({ root, groups }: OfKind<'shape'>): boolean =>
    [...groups.values()].flat().every((h) => h.kind === 'present') && isFound(root, text, false)

// ── JSON ──

/** A document's content beside its paths: members as they are written, and words. */
interface More {
  readonly members: readonly string[]
  readonly words: readonly string[]
}
const NOTHING: More = { members: [], words: [] }

interface Tree {
  readonly kids: Map<string | number, Tree>
  readonly hints: Hint[]
}
const emptyTree = (): Tree => ({ kids: new Map(), hints: [] })

/** Pieces that are members of an object, such as `"type": "login"`, apart from those that are only words. */
function moreOf(hints: readonly Hint[], wish: Wish, texts: Texts): More {
  const shapes = mergeShapes(pick(hints, 'shape'))
  const single = [...shapes, ...hints.filter((h) => h.kind === 'texts')]
  const pieces = single.flatMap((h) => texts.filled([h], wish, 1))
  const members = pieces.map(membersOf)
  return {
    members: members.filter((m) => m !== undefined),
    words: pieces.filter((_, i) => members[i] === undefined),
  }
}

function membersOf(piece: string): string | undefined {
  const text = piece.trim()
  if (!text.includes('"')) return undefined
  const inner = isObject(text) ? text.slice(1, -1) : text.replace(/^,|,$/g, '')
  // People search for the beginning of a member too: `"message":"Job ended`.
  const whole = [inner, `${inner}"`, `${inner}}`, inner.replace(/[}\]]$/, ''), `"${inner}`, `"x":${inner}`]
  return whole.flatMap((t) => [t, t.replace(/:[a-z]\w*(?=[,}\]]|$)/g, ':true')]).find((t) => isObject(`{${t}}`))
}

function isObject(text: string): boolean {
  if (!text.startsWith('{')) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function document(jsons: readonly OfKind<'json'>[], more: More, wish: Wish, texts: Texts): string {
  const root = emptyTree()
  for (const json of jsons) place(root, json, wish.variant % 2 === 0)
  return treeText(root, wish, texts, more) ?? '{}'
}

/** A document in a member is a part of the whole document, or, in other turns, a text. */
function place(root: Tree, { path, of }: OfKind<'json'>, isFlat: boolean): void {
  let at = root
  for (const part of path) {
    const kid = at.kids.get(part) ?? emptyTree()
    at.kids.set(part, kid)
    at = kid
  }
  for (const hint of of)
    if (isFlat && hint.kind === 'json') place(at, hint, isFlat)
    else at.hints.push(hint)
}

/** Names of the members for what no path asks for. */
const FREE = ['details', 'message', 'free_text', 'note', 'more']

function treeText(tree: Tree, wish: Wish, texts: Texts, given: More = NOTHING): string | undefined {
  const { kids, hints } = tree
  if (kids.size === 0 && given === NOTHING) {
    if (hints.length > 0 && hints.every((h) => h.kind === 'absent')) return undefined
    const text = texts.nested(hints, wish)
    if (text === null) return undefined
    // A pattern over the text of a member that is an object or a list itself.
    const members = wish.variant % 2 === 0 && hints.some((h) => h.kind === 'shape') ? membersOf(text) : undefined
    return members === undefined ? JSON.stringify(text) : `{${members}}`
  }
  if (kids.size > 0 && [...kids.keys()].every((k) => typeof k === 'number')) return arrayText(kids, wish, texts)
  const own = given === NOTHING ? moreOf(hints, wish, texts) : given
  const named = [...kids].flatMap(([k, kid]) => {
    const text = treeText(kid, wish, texts)
    return text === undefined ? [] : [`${JSON.stringify(String(k))}:${text}`]
  })
  const free = FREE.filter((name) => !kids.has(name))
  const beside = own.members.length > 0 ? [`"${free.shift()}":{${own.members.join(',')}}`] : []
  const words = own.words.length > 0 ? [`"${free.shift()}":${JSON.stringify(own.words.join(' '))}`] : []
  return `{${[...beside, ...words, ...named].join(',')}}`
}

function arrayText(kids: Tree['kids'], wish: Wish, texts: Texts): string {
  const length = Math.max(...[...kids.keys()].map((k) => ((k as number) < 0 ? 0 : (k as number)))) + 1
  const elements = Array.from({ length: Math.min(length, 50) }, (_, i) => {
    const kid = kids.get(i) ?? (i === length - 1 ? kids.get(-1) : undefined)
    return kid ? (treeText(kid, wish, texts) ?? 'null') : '"x"'
  })
  return `[${elements.join(',')}]`
}

// ── pairs and cells ──

function pairText(pairs: readonly OfKind<'pair'>[], wish: Wish, texts: Texts): string {
  const byKey = new Map<string, { separator: string; of: Hint[] }>()
  for (const { key, separator, of } of pairs) {
    const known = byKey.get(key) ?? { separator, of: [] }
    known.of.push(...of)
    byKey.set(key, known)
  }
  return [...byKey]
    .map(([key, { separator, of }]) => {
      const value = texts.nested(of, wish)
      if (value === null || value === undefined) return ''
      return `${key}${separator}${/[\s,"]/.test(value) ? `"${value}"` : value}`
    })
    .filter((t) => t !== '')
    .join(' ')
}

function delimited(cells: readonly OfKind<'cell'>[], wish: Wish, texts: Texts): string {
  // A cell is absent in a row that ends before it.
  const absent = cells.filter((c) => c.of.length > 0 && c.of.every((h) => h.kind === 'absent')).map((c) => c.index)
  const last = Math.min(Math.max(...cells.map((c) => c.index)), ...absent.map((i) => i - 1))
  const delimiter = cells[0]?.delimiter ?? ','
  return Array.from({ length: Math.min(last, 300) + 1 }, (_, i) => {
    const of = cells.filter((c) => c.index === i).flatMap((c) => c.of)
    return of.length === 0 ? 'x' : (texts.nested(of, wish) ?? '')
  }).join(delimiter)
}
