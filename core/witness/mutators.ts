// Texts next to a text: what people, products and attackers write instead of it.
import { BETWEEN } from './assignment.ts'
import { parseAddress } from '../prims/ip.ts'
import { foldedLiterals, lowerText, type Match } from '../regex/regex.ts'
import { addressText } from './addresses.ts'
import type { Hint } from './hint.ts'
import { matchIn } from './pattern.ts'

export interface Mutation {
  /** The difference in words, for the name of a near-miss. */
  readonly what: string
  /** Null: the field is absent. */
  readonly text: string | null
}

const flipCase = (text: string): string =>
  [...text].map((c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join('')

const MOST_BLANKS = 20

/** The neighbours of a text, the most telling first; each differs from it and from the others. */
export function mutationsOf(text: string | null): Mutation[] {
  if (text === null)
    return [
      { what: 'present', text: 'x1' },
      { what: 'empty', text: '' },
    ]
  const out: Mutation[] = [...numeric(text), ...address(text)]
  const add = (what: string, t: string): void => void out.push({ what, text: t })
  if (text === 'true' || text === 'false') add('the opposite', String(text !== 'true'))
  if (text.includes(BETWEEN)) add('one value only', text.slice(0, text.indexOf(BETWEEN)))
  if (text.length > 0) {
    add('without the last character', [...text].slice(0, -1).join(''))
    add('without the first character', [...text].slice(1).join(''))
    add('with another middle', middle(text))
    add('in other case', flipCase(text))
    add('in lower case', text.toLowerCase())
    add('in upper case', text.toUpperCase())
  }
  add('longer at the end', `${text}x`)
  add('longer at the start', `x${text}`)
  if (text.includes('\\')) {
    add('with doubled backslashes', text.replaceAll('\\', '\\\\'))
    add('with slashes', text.replaceAll('\\', '/'))
  }
  if (text.includes('/')) add('with backslashes', text.replaceAll('/', '\\'))
  add('with a line break at the end', `${text}\n`)
  if (text.length > 1)
    add('with a line break inside', `${text.slice(0, text.length >> 1)}\n${text.slice(text.length >> 1)}`)
  if (text.includes(' ')) {
    add('with two spaces', text.replace(' ', '  '))
    // Of many blanks patterns with many gaps try every choice.
    if (text.split(' ').length <= MOST_BLANKS) add('with two spaces everywhere', text.replaceAll(' ', '  '))
  }
  if (text.includes('.')) add('with another sign for a dot', text.replaceAll('.', 'x'))
  add('with spaces around', ` ${text} `)
  add('with a wildcard', `${text}*`)
  out.push({ what: 'empty', text: '' }, { what: 'absent', text: null }, { what: 'another text', text: 'zz' })
  const seen = new Set<string | null>([text])
  return out.filter((m) => !seen.has(m.text) && seen.add(m.text))
}

/** The neighbours of a text in which the hints find others: JSON members, captures of patterns. Those of the parts come first. */
export function mutationsAt(text: string | null, hints: readonly Hint[]): Mutation[] {
  const inside = text === null ? [] : hints.flatMap((h) => partMutations(text, h))
  const seen = new Set<string | null>()
  return [...inside, ...mutationsOf(text)].filter((m) => m.text !== text && !seen.has(m.text) && seen.add(m.text))
}

function partMutations(text: string, hint: Hint): Mutation[] {
  if (hint.kind === 'json') return jsonMutations(text, hint.path, hint.of)
  if (hint.kind === 'cell') return cellMutations(text, hint.delimiter, hint.index, hint.of)
  if (hint.kind !== 'shape') return []
  return [...captureMutations(text, hint), ...withoutLiterals(text, hint)]
}

/** The text without what every match of the pattern has. */
function withoutLiterals(text: string, { root }: Hint & { kind: 'shape' }): Mutation[] {
  const needed = foldedLiterals(root)?.find((t) => t.length > 2)
  const found = needed === undefined ? -1 : lowerText(text).indexOf(needed)
  if (needed === undefined || found < 0 || lowerText(text).length !== text.length) return []
  const parts = lowerText(text).split(needed)
  let at = 0
  const kept = parts.map((p) => {
    const part = text.slice(at, at + p.length)
    at += p.length + needed.length
    return part
  })
  return [{ what: `without ${needed}`, text: kept.join('zz') }]
}

function captureMutations(text: string, hint: Hint & { kind: 'shape' }): Mutation[] {
  if (hint.groups.size === 0) return []
  const match = matchIn(hint.root, text)
  if (!match) return []
  const places = placesOf(text, match, Math.max(...hint.groups.keys()))
  return [...hint.groups].flatMap(([index, of]) => {
    const part = match.group(index)
    const place = places.get(index)
    if (part === null || place === undefined) return []
    const put = (t: string): string => text.slice(0, place) + t + text.slice(place + part.length)
    return mutationsAt(part, of).flatMap((m) => (m.text === null ? [] : [{ what: m.what, text: put(m.text) }]))
  })
}

/** The offsets of captures, each sought behind the one before: engines do not tell them. */
function placesOf(text: string, match: Match, last: number): ReadonlyMap<number, number> {
  const out = new Map<number, number>()
  let from = match.start
  for (let i = 1; i <= last; i++) {
    const part = match.group(i)
    if (part === null) continue
    const ahead = text.indexOf(part, from)
    const place = ahead < 0 || ahead + part.length > match.end ? text.indexOf(part, match.start) : ahead
    if (place < 0) continue
    out.set(i, place)
    from = place + part.length
  }
  return out
}

function cellMutations(text: string, delimiter: string, index: number, of: readonly Hint[]): Mutation[] {
  const cells = delimiter === '' ? [] : text.split(delimiter)
  const cell = cells[index]
  if (cell === undefined) return []
  return mutationsAt(cell, of).map((m) => ({
    what: m.what,
    text: (m.text === null ? cells.slice(0, index) : cells.with(index, m.text)).join(delimiter),
  }))
}

function jsonMutations(text: string, path: readonly (string | number)[], inside: readonly Hint[]): Mutation[] {
  const start = text.indexOf('{')
  const end = text.lastIndexOf('}') + 1
  if (start < 0 || end <= start) return []
  const body = text.slice(start, end)
  const read = (): unknown => {
    try {
      return JSON.parse(body)
    } catch {
      return undefined
    }
  }
  const holder = (root: unknown): Members | undefined => holderAt(root, path.slice(0, -1))
  const last = path.at(-1)
  if (last === undefined) return []
  const value = holder(read())?.[last]
  const own = value === undefined || value === null ? null : typeof value === 'string' ? value : JSON.stringify(value)
  const whole = (root: unknown): string => text.slice(0, start) + JSON.stringify(root) + text.slice(end)
  // Without an object or list around the member, it is absent too.
  const around = path.slice(0, -1).flatMap((name, i): Mutation[] => {
    const root = read()
    const of = holderAt(root, path.slice(0, i))
    if (of?.[name] === undefined || Array.isArray(of)) return []
    delete of[name]
    return [{ what: `without ${String(name)}`, text: whole(root) }]
  })
  // Searches for words still find the name and the value.
  const asWords = (): Mutation[] => {
    const root = read()
    const of = holder(root)
    if (!of || own === null || Array.isArray(of) || typeof root !== 'object' || root === null) return []
    delete of[last]
    const words = { ...root, free_words: `${path.join(' ')} ${own}` }
    return [
      {
        what: `with ${String(last)} as words only`,
        text: text.slice(0, start) + JSON.stringify(words) + text.slice(end),
      },
    ]
  }
  const inPlace = mutationsAt(own, inside).flatMap((m) => {
    const root = read()
    const of = holder(root)
    if (!of) return []
    if (m.text === null) delete of[last]
    else of[last] = typeof value === 'string' ? m.text : structureOf(m.text)
    return [{ what: `with ${String(last)} ${m.what}`, text: whole(root) }]
  })
  return [...inPlace, ...asWords(), ...around.reverse()]
}

/** A member that was no text stays none, where it can. */
function structureOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' ? value : text
  } catch {
    return text
  }
}

type Members = Record<string | number, unknown>

function holderAt(root: unknown, path: readonly (string | number)[]): Members | undefined {
  let at = root
  for (const p of path) at = typeof at === 'object' && at !== null ? (at as Members)[p] : undefined
  return typeof at === 'object' && at !== null ? (at as Members) : undefined
}

const middle = (text: string): string => {
  const chars = [...text]
  const at = chars.length >> 1
  chars[at] = chars[at] === 'q' ? 'w' : 'q'
  return chars.join('')
}

function numeric(text: string): Mutation[] {
  const out: Mutation[] = []
  if (/^-?\d{1,18}$/.test(text)) {
    const n = BigInt(text)
    out.push({ what: 'one less', text: (n - 1n).toString() }, { what: 'one more', text: (n + 1n).toString() })
    out.push({ what: 'a half less', text: `${n - 1n}.5` }, { what: 'the same number as 1.0', text: `${text}.0` })
    out.push({ what: 'with a leading zero', text: `0${text}` }, { what: 'two less', text: (n - 2n).toString() })
    out.push({ what: 'negative', text: (-n).toString() }, { what: 'zero', text: '0' })
  } else if (/^-?\d+\.\d+$/.test(text)) {
    const x = Number(text)
    out.push({ what: 'one less', text: String(x - 1) }, { what: 'one more', text: String(x + 1) })
  }
  // Times in microseconds.
  if (/^\d{16}$/.test(text))
    for (const [what, s] of [
      ['some minutes later', 1043n],
      ['an hour later', 3600n],
      ['a day later', 86_400n],
      ['twelve hours later', 43_200n],
    ] as const)
      out.push({ what, text: (BigInt(text) + s * 1_000_000n).toString() })
  return out
}

function address(text: string): Mutation[] {
  const parsed = parseAddress(text)
  if (!parsed) return []
  const { bits, value } = parsed
  const size = bits === 32 ? [1n, 1n << 8n, 1n << 16n, 1n << 24n] : [1n, 1n << 64n, 1n << 96n]
  const most = (1n << BigInt(bits)) - 1n
  const near = size.flatMap((s) => [value + s, value - s]).filter((v) => v >= 0n && v <= most)
  const out = near.map((v): Mutation => ({ what: 'a neighbouring address', text: addressText(v, bits) }))
  if (bits === 32) {
    out.push(
      { what: 'an address that begins alike', text: `${text}1` },
      { what: 'an address that ends alike', text: `1${text}` },
    )
    out.push({ what: 'as IPv6', text: `::ffff:${text}` }, { what: 'an IPv6 address', text: '2001:db8::7' })
    out.push({ what: 'a public address', text: '8.8.8.8' }, { what: 'a private address', text: '10.9.8.7' })
  }
  return out
}
