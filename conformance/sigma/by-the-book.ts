// For tests: the Sigma specification 2.1 read a second time, over one event and without a plan. It shares no code with core/lang/sigma.
// A rule is its YAML as plain data. Log sources and placeholders are left out.

/** A name with several values has a list. */
export type Flat = Readonly<Record<string, string | readonly string[]>>
export interface BookRule {
  readonly detection: Readonly<Record<string, unknown>>
}

/** `*`, `?`, or a character that stands for itself. */
type Token = { readonly wild: string } | { readonly char: string }

/** An event with its record as a text. */
export const withText = (fields: Flat, message: string): Flat => ({ ...fields, [MESSAGE]: message })

export function matchesByTheBook({ detection }: BookRule, event: Flat): boolean {
  const { condition, ...searches } = detection
  return listOf(condition).some((c) => new Reader(String(c), searches, event).whole())
}

/** No rule names it. */
const MESSAGE = '\0message'
const listOf = (x: unknown): unknown[] => (Array.isArray(x) ? x : [x])
const isMap = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null && !Array.isArray(x)

// ── conditions: or < and < not < of < brackets ──

class Reader {
  readonly words: string[]
  readonly searches: Readonly<Record<string, unknown>>
  readonly event: Flat
  constructor(text: string, searches: Readonly<Record<string, unknown>>, event: Flat) {
    this.words = text.match(/[()]|[^\s()]+/g) ?? []
    this.searches = searches
    this.event = event
  }
  whole(): boolean {
    const value = this.or()
    if (this.words.length > 0) throw new Error(`left over: ${this.words.join(' ')}`)
    return value
  }
  or(): boolean {
    let value = this.and()
    while (this.eat('or')) value = this.and() || value
    return value
  }
  and(): boolean {
    let value = this.not()
    while (this.eat('and')) value = this.not() && value
    return value
  }
  not(): boolean {
    return this.eat('not') ? !this.not() : this.one()
  }
  one(): boolean {
    const word = this.words.shift() ?? ''
    if (word === '(') {
      const value = this.or()
      this.words.shift()
      return value
    }
    if (!this.eat('of')) return search(this.searches[word], this.event)
    const pattern = this.words.shift() ?? ''
    const names = Object.keys(this.searches).filter((n) =>
      pattern === 'them' ? !n.startsWith('_') : fits(tokens(pattern), n, true),
    )
    const values = names.map((n) => search(this.searches[n], this.event))
    return word === 'all' ? values.every(Boolean) : values.some(Boolean)
  }
  eat(word: string): boolean {
    if (this.words[0]?.toLowerCase() !== word) return false
    this.words.shift()
    return true
  }
}

// ── searches: a map is AND, a list is OR, a text is a keyword ──

function search(of: unknown, event: Flat): boolean {
  if (Array.isArray(of)) return of.some((o) => search(o, event))
  if (isMap(of)) return Object.entries(of).every(([key, value]) => item(key, value, event))
  return keyword(of, event)
}

/** Anywhere in the event. */
const keyword = (value: unknown, event: Flat): boolean =>
  Object.values(event)
    .flat()
    .some((text) => fits([STAR, ...tokens(String(value)), STAR], text, false))

function item(key: string, value: unknown, event: Flat): boolean {
  const [field = '', ...modifiers] = key.split('|')
  const values = listOf(value)
  const of = modifiers.includes('all') ? 'every' : 'some'
  if (field === '') return values[of]((v) => keyword(v, event))
  const texts = listOf(Object.hasOwn(event, field) ? event[field] : undefined) as (string | undefined)[]
  const found = values[of]((v) => texts.some((text) => compare(modifiers, v, text, event)))
  return modifiers.includes('neq') ? !found : found
}

const PARTS: Readonly<Record<string, (d: Date) => number>> = {
  minute: (d) => d.getUTCMinutes(),
  hour: (d) => d.getUTCHours(),
  day: (d) => d.getUTCDate(),
  month: (d) => d.getUTCMonth() + 1,
  year: (d) => d.getUTCFullYear(),
}

function compare(modifiers: readonly string[], value: unknown, text: string | undefined, event: Flat): boolean {
  if (modifiers.includes('exists')) return (text !== undefined) === value
  if (value === null) return text === undefined
  if (text === undefined) return false
  const part = modifiers.find((m) => Object.hasOwn(PARTS, m))
  const isDate = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/.test(text)
  const date = new Date(isDate ? `${text.slice(0, 19).replace(' ', 'T')}Z` : Number.NaN)
  const number = part
    ? (PARTS[part] as (d: Date) => number)(date)
    : /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text.trim())
      ? Number(text)
      : Number.NaN
  const bound = modifiers.find((m) => ['gt', 'gte', 'lt', 'lte'].includes(m))
  if (bound || part) return ordered(bound ?? '', number, Number(value))
  if (modifiers.includes('cidr')) return inNetwork(text, String(value))
  if (modifiers.includes('re')) {
    return regex(
      String(value),
      modifiers.filter((m) => 'ims'.includes(m)),
    ).test(text)
  }
  const cased = modifiers.includes('cased')
  if (modifiers.includes('fieldref')) {
    const others = listOf(event[String(value)] ?? []) as string[]
    return others.some((other) => fits(placed(modifiers, plain(other)), text, cased))
  }
  const written = modifiers.includes('windash') ? dashed(String(value)) : [String(value)]
  return written.flatMap((w) => transformed(modifiers, w)).some((v) => fits(v, text, cased))
}

/** Every mark of an option, before a word and not behind one, is any of five. */
function dashed(value: string): string[] {
  const at = value.search(/\B[-/](?=\b)/)
  if (at < 0) return [value]
  const behind = dashed(value.slice(at + 1))
  return [...'-/–—―'].flatMap((mark) => behind.map((b) => value.slice(0, at) + mark + b))
}

/** Flags in brackets count for the whole pattern; JavaScript has no such groups. */
function regex(pattern: string, modifiers: readonly string[]): RegExp {
  const key = `${modifiers}/${pattern}`
  const inside = [...pattern.matchAll(/\(\?([ims]+)\)/g)].flatMap(([, f = '']) => [...f])
  const known =
    REGEXES.get(key) ??
    new RegExp(pattern.replace(/\(\?[ims]+\)/g, ''), [...new Set([...modifiers, ...inside])].join(''))
  REGEXES.set(key, known)
  return known
}
const REGEXES = new Map<string, RegExp>()

const ordered = (bound: string, a: number, b: number): boolean =>
  bound === 'gt' ? a > b : bound === 'gte' ? a >= b : bound === 'lt' ? a < b : bound === 'lte' ? a <= b : a === b

// ── values ──

const STAR: Token = { wild: '*' }
const plain = (text: string): Token[] => [...text].map((char) => ({ char }))

/** A rule is compared with thousands of events. */
const KNOWN = new Map<string, readonly Token[]>()

/** A backslash escapes a wildcard, and a backslash before it; elsewhere it is itself, once or twice. */
function tokens(value: string): readonly Token[] {
  const known = KNOWN.get(value)
  if (known) return known
  const out: Token[] = []
  const chars = [...value]
  while (chars.length > 0) {
    const c = chars.shift() as string
    if (c === '\\' && chars[0] !== undefined && '\\*?'.includes(chars[0])) out.push({ char: chars.shift() as string })
    else out.push(c === '*' || c === '?' ? { wild: c } : { char: c })
  }
  KNOWN.set(value, out)
  return out
}

function placed(modifiers: readonly string[], value: readonly Token[]): Token[] {
  if (modifiers.includes('contains')) return [STAR, ...value, STAR]
  if (modifiers.includes('startswith')) return [...value, STAR]
  return modifiers.includes('endswith') ? [STAR, ...value] : [...value]
}

function transformed(modifiers: readonly string[], value: string): Token[][] {
  const encoding = modifiers.find((m) => /^(?:utf16|wide)/.test(m))
  const offset = modifiers.includes('base64offset')
  if (!offset && !modifiers.includes('base64')) return [placed(modifiers, tokens(value))]
  const bytes = encode(value, encoding)
  const texts = offset ? [0, 1, 2].map((shift) => offsetText(bytes, shift)) : [bytes.toString('base64')]
  return texts.map((t) => placed(modifiers, plain(t)))
}

function encode(value: string, encoding: string | undefined): Buffer {
  if (encoding === undefined) return Buffer.from(value, 'utf8')
  const little = Buffer.from(value, 'utf16le')
  if (encoding === 'utf16be') return Buffer.from(little).swap16()
  return encoding === 'utf16' ? Buffer.concat([Buffer.from([0xff, 0xfe]), little]) : little
}

/** The part that is the same in the Base64 of every text with the bytes at this place of a group of three. */
function offsetText(bytes: Buffer, shift: number): string {
  const around = (before: number, behind: number): string =>
    Buffer.concat([Buffer.alloc(shift, before), bytes, Buffer.alloc(2, behind)]).toString('base64')
  const variants = [around(0, 0), around(0, 255), around(255, 0), around(255, 255)] as const
  const same = [...variants[0]].map((c, i) => (variants.every((v) => v[i] === c) ? c : ' '))
  // The characters of the bytes behind, and the padding, are cut off.
  const length = Math.ceil(((bytes.length + shift) * 8) / 6)
  const cut = ((bytes.length + shift) * 8) % 6 === 0 ? length : length - 1
  return same.slice(Math.ceil((shift * 8) / 6), cut).join('')
}

const ASCII = /^[\0-\x7f]*$/

/** Does the whole text fit? Case does not matter unless `cased`. A star first takes nothing, then one character more at each failure. */
function fits(pattern: readonly Token[], text: string, cased: boolean): boolean {
  const fold = (t: string): string => (cased ? t : t.toLowerCase())
  const chars = ASCII.test(text) ? fold(text) : [...text].map(fold)
  let [at, of, star, taken] = [0, 0, -1, 0]
  while (at < chars.length) {
    const t = pattern[of]
    if (t && 'wild' in t && t.wild === '*') [star, taken, of] = [of, at, of + 1]
    else if (t && ('wild' in t || fold(t.char) === chars[at])) [at, of] = [at + 1, of + 1]
    else if (star >= 0) [at, of, taken] = [taken + 1, star + 1, taken + 1]
    else return false
  }
  return pattern.slice(of).every((t) => 'wild' in t && t.wild === '*')
}

// ── networks ──

function inNetwork(text: string, network: string): boolean {
  const [base = '', bits = ''] = network.split('/')
  const [address, start] = [bitsOf(text), bitsOf(base)]
  return (
    address !== undefined &&
    start !== undefined &&
    address.length === start.length &&
    address.slice(0, Number(bits)) === start.slice(0, Number(bits))
  )
}

/** An address as a text of 32 or 128 bits. A zone names an interface of the host, not a network. */
function bitsOf(address: string): string | undefined {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(address)) {
    const parts = address.split('.').map(Number)
    return parts.every((p) => p < 256) ? parts.map((p) => p.toString(2).padStart(8, '0')).join('') : undefined
  }
  const [text = ''] = address.split('%')
  if (!/^[0-9a-f:]+$/i.test(text) || !text.includes(':')) return undefined
  const [left = '', right] = text.split('::')
  const groups = (t: string | undefined): string[] => (t ? t.split(':') : [])
  const missing = 8 - groups(left).length - groups(right).length
  if (right === undefined ? missing !== 0 : missing < 1) return undefined
  return [...groups(left), ...Array<string>(missing).fill('0'), ...groups(right)]
    .map((g) => Number.parseInt(g, 16).toString(2).padStart(16, '0'))
    .join('')
}
