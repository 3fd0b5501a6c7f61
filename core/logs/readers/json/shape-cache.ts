// The shape of a flat JSON object is its text without the values. One compiled regular expression checks a record of a known shape, several
// times as fast as a loop over its characters. A field is then found by its name: in valid JSON `"name":"` can only be a key, since inside a
// text the quotes would be escaped.

import { escapeRegExp } from '../fields.ts'

const TEXT = '[^"\\\\\\x00-\\x1f]*(?:\\\\(?:["\\\\/bfnrt]|u[\\dA-Fa-f]{4})[^"\\\\\\x00-\\x1f]*)*'
const BARE = '(?:-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|true|false|null)'
const END_OF_BARE = /[ \t\r\n,}]/g

/** A field is looked for from so many characters before its last place. */
const NEAR = 64

const MOST_SHAPES = 16
/** Shapes of one record so far. A shape is compiled when it comes again. */
const MOST_WAITING = 256
/** For larger objects the expression costs more to compile than it saves. */
const MOST_FIELDS = 250
/** After so many records the cache measures its use; if it is too low, it pauses for so many records. */
const TRIAL = 4096
const PAUSE = 100_000

interface Field {
  /** The text from the quote before the name up to the value. */
  readonly before: string
  readonly quoted: boolean
  /** Its place in the last record, tried first: the fields before it often have the same length again. */
  at: number
}

export class JsonShape {
  /** Without spaces between them, and all values are in quotes: then a text of this shape has all its fields. */
  readonly isCompactText: boolean
  readonly #pattern: RegExp
  readonly #fields: ReadonlyMap<string, Field>

  constructor(pattern: RegExp, fields: ReadonlyMap<string, Field>, isCompactText: boolean) {
    this.#pattern = pattern
    this.#fields = fields
    this.isCompactText = isCompactText
  }

  get names(): Iterable<string> {
    return this.#fields.keys()
  }

  matches(text: string): boolean {
    return this.#pattern.test(text)
  }

  /** True if a text of this shape has the field; a field that is null is absent. */
  has(text: string, name: string): boolean {
    return this.#fields.get(name)?.quoted === true || this.value(text, name) !== undefined
  }

  /** `text` has this shape. */
  value(text: string, name: string): string | undefined {
    const field = this.#fields.get(name)
    if (!field) return undefined
    const { before, quoted } = field
    if (!text.startsWith(before, field.at)) {
      const near = text.indexOf(before, field.at - NEAR)
      field.at = near < 0 ? text.indexOf(before) : near
    }
    const from = field.at + before.length
    if (quoted) return textAt(text, from)
    END_OF_BARE.lastIndex = from
    END_OF_BARE.test(text)
    const bare = text.slice(from, END_OF_BARE.lastIndex - 1)
    return bare === 'null' ? undefined : bare
  }
}

function textAt(text: string, from: number): string {
  let end = text.indexOf('"', from)
  const plain = text.slice(from, end)
  // Not `includes`: V8 calls it out of line, which is slower here.
  if (plain.indexOf('\\') < 0) return plain
  for (;;) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === 92) slashes++
    if (slashes % 2 === 0) return (JSON.parse(text.slice(from - 1, end + 1)) as string).toWellFormed()
    end = text.indexOf('"', end + 1)
  }
}

/** The shapes of a feed, frequent ones first. */
export class Shapes {
  readonly #shapes: JsonShape[] = []
  readonly #waiting = new Set<string>()
  #records = 0
  #tries = 0
  #hits = 0
  #pause = 0

  of(text: string): JsonShape | undefined {
    if (this.#pause > 0) {
      this.#pause--
      return undefined
    }
    if (++this.#records === TRIAL) this.#judge()
    for (let i = 0; i < this.#shapes.length; i++) {
      const shape = this.#shapes[i] as JsonShape
      this.#tries++
      if (!shape.matches(text)) continue
      this.#hits++
      if (i > 0) {
        this.#shapes[i] = this.#shapes[i - 1] as JsonShape
        this.#shapes[i - 1] = shape
      }
      return shape
    }
    return undefined
  }

  /** Pauses if most tries fail: then they cost more than they save. */
  #judge(): void {
    if (this.#tries > 4 * this.#hits) {
      this.#pause = PAUSE
      this.#shapes.length = 0
      this.#waiting.clear()
    }
    this.#records = 0
    this.#tries = 0
    this.#hits = 0
  }

  /** `places`: of a valid record without repeated keys, four numbers a field: name from, to, value from (-1: null), to (negative: with escapes). */
  learn(text: string, places: readonly number[]): void {
    if (this.#pause > 0 || this.#shapes.length >= MOST_SHAPES) return
    if (places.length === 0 || places.length > 4 * MOST_FIELDS) return
    const signature = partsOf(text, places)
      .map((p) => p.gap)
      .join('\n')
    if (this.#waiting.delete(signature)) this.#shapes.push(shapeOf(text, places))
    else if (this.#waiting.size < MOST_WAITING) this.#waiting.add(signature)
  }
}

/** The texts between the values, with their quotes. */
function partsOf(text: string, places: readonly number[]): { name: string; gap: string; start: number; end: number }[] {
  const parts: { name: string; gap: string; start: number; end: number }[] = []
  let at = 0
  for (let i = 0; i < places.length; i += 4) {
    const to = Math.abs(places[i + 3] as number)
    const start = (places[i + 2] as number) < 0 ? to - 4 : (places[i + 2] as number)
    parts.push({ name: text.slice(places[i], places[i + 1]), gap: text.slice(at, start), start, end: to })
    at = to
  }
  parts.push({ name: '', gap: text.slice(at), start: text.length, end: text.length })
  return parts
}

function shapeOf(text: string, places: readonly number[]): JsonShape {
  const parts = partsOf(text, places)
  const fields = new Map<string, Field>()
  let pattern = '^'
  parts.forEach((p, i) => {
    pattern += escapeRegExp(p.gap)
    if (i === parts.length - 1) return
    const quoted = p.gap.endsWith('"')
    pattern += quoted ? TEXT : BARE
    const at = (places[4 * i] as number) - 1
    fields.set(p.name, { before: text.slice(at, p.start), quoted, at })
  })
  const compact = `{${[...fields.keys()].map((name) => `"${name}":""`).join(',')}}`
  const isCompactText = !fields.has('') && parts.map((p) => p.gap).join('') === compact
  return new JsonShape(new RegExp(`${pattern}$`), fields, isCompactText)
}
