// Reads the plain part of YAML: mappings and lists by indentation, scalars of one line, block scalars. Most files have nothing else.
// The road not taken: to read all of YAML here. The library stays the definition, and gets each text that is unusual or wrong.
import {
  Document,
  type DocumentOptions,
  Pair,
  type ParsedNode,
  type ParseOptions,
  Scalar,
  type SchemaOptions,
  YAMLMap,
  YAMLSeq,
} from 'yaml'
import { byName } from '../text/by-name.ts'

/** Start, end, and the end with what belongs to it: blanks, a comment, a line end. */
type Place = [number, number, number]
type PlainScalar = Scalar & { range: Place }
type Node = PlainScalar | (YAMLMap<Scalar, Node> & { range: Place }) | (YAMLSeq<Node> & { range: Place })

const SPACE = 32
const NEWLINE = 10
const HASH = 35
const COLON = 58
const DASH = 45
const SINGLE = 39
const DOUBLE = 34
const LITERAL = 124
const FOLDED = 62

/** Characters that begin something else than a plain scalar. `-`, `?` and `:` do so before a blank; such scalars are rare. */
const INDICATORS = new Set([...'-?:,[]{}#&*!|>\'"%@`'].map((c) => c.charCodeAt(0)))
const MOST_LEVELS = 40
/** The library refuses longer ones. */
const LONGEST_KEY = 1000

/** The document as the library composes it, without comments and counts of digits. Undefined: the library must read it. */
export function readPlain(
  text: string,
  options: DocumentOptions & ParseOptions & SchemaOptions,
): Document.Parsed | undefined {
  if (/[\t\r\ufeff]/.test(text)) return undefined
  const doc = new Document(undefined, options) as Document.Parsed
  const root = new PlainReader(text, doc).root()
  if (!root) return undefined
  doc.contents = root as ParsedNode
  doc.range = [0, root.range[2], text.length]
  return doc
}

class PlainReader {
  readonly #text: string
  readonly #schema: Document['schema']
  /** Where the current line of content begins, behind its blanks. */
  #at = 0
  /** Its column; -1 at the end of the text. In a list also the column behind `- `. */
  #column = -1
  /** The column of the comments between that line and the one before, or -1, and where they end. */
  #comment = -1
  #commentEnd = 0
  /** Where the last scalar ended. */
  #end = 0
  #levels = 0

  constructor(text: string, { schema }: Document) {
    this.#text = text
    this.#schema = schema
  }

  root(): Node | undefined {
    const root = this.#toLine(0) && this.#column === 0 ? this.#map(0) : undefined
    return this.#at === this.#text.length ? root : undefined
  }

  /** Goes to the next line with content. False: comments before it are indented in several ways. */
  #toLine(from: number): boolean {
    const text = this.#text
    let column = -1
    let isMixed = false
    let start = from
    this.#column = -1
    this.#at = text.length
    while (start < text.length) {
      let i = start
      while (text.charCodeAt(i) === SPACE) i++
      const c = text.charCodeAt(i)
      if (c === HASH) {
        isMixed ||= column >= 0 && column !== i - start
        column = i - start
        start = this.#lineAfter(i)
        this.#commentEnd = start
      } else if (c === NEWLINE) start = i + 1
      else {
        if (i === text.length) break
        this.#at = i
        this.#column = i - start
        break
      }
    }
    this.#comment = column
    return !isMixed
  }

  #lineAfter(i: number): number {
    const end = this.#text.indexOf('\n', i)
    return end < 0 ? this.#text.length : end + 1
  }

  /** A mapping whose keys are at the column. It begins at the current place. */
  #map(column: number): Node | undefined {
    if (++this.#levels > MOST_LEVELS) return undefined
    const map = new YAMLMap<Scalar, Node>(this.#schema)
    const keys = new Set<string>()
    const start = this.#at
    let end = start
    do {
      const key = this.#key()
      if (!key) return undefined
      if (keys.has(String(key.value))) return undefined
      keys.add(String(key.value))
      const value = this.#value(this.#end + 1, column)
      if (!value || this.#column > column) return undefined
      end = value.range[2]
      map.items.push(new Pair(key, value))
    } while (this.#column === column)
    return Object.assign(map, { range: this.#placeOf(start, end, column) })
  }

  /** The key at the current place; its colon is at the end. */
  #key(): PlainScalar | undefined {
    const at = this.#at
    const key = this.#scalarOfLine(at)
    if (!key || this.#text.charCodeAt(this.#end) !== COLON || !this.#isBlank(this.#end + 1)) return undefined
    if (this.#end - at > LONGEST_KEY) return undefined
    key.range = [key.range[0], key.range[1], key.range[1]]
    return key
  }

  /** The value behind the colon of a key at the column. */
  #value(colon: number, column: number): Node | undefined {
    const text = this.#text
    let i = colon
    while (text.charCodeAt(i) === SPACE) i++
    const c = text.charCodeAt(i)
    const isComment = c === HASH && i > colon
    if (c !== NEWLINE && i < text.length && !isComment) return this.#scalar(i, column)
    if (!this.#toLine(this.#lineAfter(i)) || this.#comment > Math.max(this.#column, 0)) return undefined
    if (this.#column >= column && this.#isItem()) return this.#list(this.#column)
    if (this.#column > column) return this.#map(this.#column)
    // A comment belongs to the empty value before it.
    return isComment || this.#comment >= 0 ? undefined : made(null, '', Scalar.PLAIN, [i, i, i])
  }

  /** The place of a mapping or list that ends. Comments that are indented as far as its items belong to it. */
  #placeOf(start: number, end: number, column: number): Place {
    this.#levels--
    if (column === 0 || this.#comment < column) return [start, end, end]
    this.#comment = -1
    return [start, end, this.#at]
  }

  #isItem(): boolean {
    return this.#text.charCodeAt(this.#at) === DASH && this.#isBlank(this.#at + 1)
  }

  #isBlank(i: number): boolean {
    const c = this.#text.charCodeAt(i)
    return c === SPACE || c === NEWLINE || i >= this.#text.length
  }

  #list(column: number): Node | undefined {
    if (++this.#levels > MOST_LEVELS) return undefined
    const text = this.#text
    const list = new YAMLSeq<Node>(this.#schema)
    const start = this.#at
    let end = start
    do {
      const dash = this.#at
      let i = dash + 1
      while (text.charCodeAt(i) === SPACE) i++
      if (i >= text.length || text.charCodeAt(i) === NEWLINE) return undefined
      const item = this.#item(i, column, column + i - dash)
      if (!item || this.#column > column) return undefined
      end = item.range[2]
      list.items.push(item)
    } while (this.#column === column && this.#isItem())
    return Object.assign(list, { range: this.#placeOf(start, end, column) })
  }

  /** A scalar, or a mapping whose first key is on the line of the dash. */
  #item(at: number, column: number, inner: number): Node | undefined {
    const c = this.#text.charCodeAt(at)
    if (c === LITERAL || c === FOLDED) return this.#scalar(at, column)
    const scalar = this.#scalarOfLine(at)
    if (!scalar) return undefined
    if (this.#text.charCodeAt(this.#end) !== COLON) return this.#ended(scalar, column)
    this.#at = at
    this.#column = inner
    return this.#map(inner)
  }

  /** A scalar below a node at the column, with the rest of its line. */
  #scalar(at: number, column: number): Node | undefined {
    const c = this.#text.charCodeAt(at)
    if (c === LITERAL || c === FOLDED) return this.#block(at, column, c === FOLDED)
    const scalar = this.#scalarOfLine(at)
    return scalar && this.#ended(scalar, column)
  }

  /** The line behind a scalar has nothing but a comment, and the next line does not continue it. */
  #ended(scalar: PlainScalar, column: number): Node | undefined {
    const text = this.#text
    let i = this.#end
    while (text.charCodeAt(i) === SPACE) i++
    const c = text.charCodeAt(i)
    if (i < text.length && c !== NEWLINE && !(c === HASH && i > scalar.range[1])) return undefined
    const next = this.#lineAfter(i)
    if (!this.#toLine(next) || this.#column > column) return undefined
    // A comment that is indented further than the key belongs to the value.
    const isOwn = this.#comment > column
    scalar.range = [scalar.range[0], scalar.range[1], isOwn ? this.#commentEnd : next]
    if (isOwn) this.#comment = -1
    return scalar
  }

  /** A scalar on one line. `#end` is behind it and the blanks that follow it. */
  #scalarOfLine(at: number): PlainScalar | undefined {
    const c = this.#text.charCodeAt(at)
    if (c === SINGLE) return this.#singleQuoted(at)
    if (c === DOUBLE) return this.#doubleQuoted(at)
    return INDICATORS.has(c) ? undefined : this.#plain(at)
  }

  #plain(at: number): PlainScalar {
    const text = this.#text
    let last = at
    let i = at
    for (; i < text.length; i++) {
      const c = text.charCodeAt(i)
      if (c === NEWLINE) break
      if (c === SPACE) continue
      if (c === COLON && this.#isBlank(i + 1)) break
      if (c === HASH && text.charCodeAt(i - 1) === SPACE) break
      last = i
    }
    this.#end = i
    const source = text.slice(at, last + 1)
    return made(resolved(source), source, Scalar.PLAIN, [at, last + 1, last + 1])
  }

  #singleQuoted(at: number): PlainScalar | undefined {
    const text = this.#text
    let end = text.indexOf("'", at + 1)
    const hasQuotes = text.charCodeAt(end + 1) === SINGLE
    while (end >= 0 && text.charCodeAt(end + 1) === SINGLE) end = text.indexOf("'", end + 2)
    if (end < 0) return undefined
    const inner = text.slice(at + 1, end)
    if (inner.includes('\n')) return undefined
    return this.#quoted(at, end, hasQuotes ? inner.replaceAll("''", "'") : inner, Scalar.QUOTE_SINGLE)
  }

  #doubleQuoted(at: number): PlainScalar | undefined {
    const text = this.#text
    let value = ''
    let from = at + 1
    for (let i = from; i < text.length; i++) {
      const c = text[i]
      if (c === '\n') return undefined
      if (c === '"') return this.#quoted(at, i, value + text.slice(from, i), Scalar.QUOTE_DOUBLE)
      if (c !== '\\') continue
      const escaped = ESCAPES[text[i + 1] ?? '']
      if (escaped === undefined) return undefined
      value += text.slice(from, i) + escaped
      from = i + 2
      i++
    }
    return undefined
  }

  #quoted(at: number, quote: number, value: string, type: Scalar.Type): PlainScalar {
    let end = quote + 1
    while (this.#text.charCodeAt(end) === SPACE) end++
    this.#end = end
    return made(value, value, type, [at, quote + 1, quote + 1])
  }

  /** Lines that are indented more than the column. Lines of blanks alone, and in a folded text lines of more indentation, are unusual. */
  #block(at: number, column: number, isFolded: boolean): Node | undefined {
    const text = this.#text
    const isStripped = text.charCodeAt(at + 1) === DASH
    let start = at + (isStripped ? 2 : 1)
    while (text.charCodeAt(start) === SPACE) start++
    if (text.charCodeAt(start) !== NEWLINE) return undefined
    start++
    let indent = -1
    let end = start
    const lines: string[] = []
    let blank = 0
    while (start < text.length) {
      let i = start
      while (text.charCodeAt(i) === SPACE) i++
      const next = this.#lineAfter(i)
      if (i >= text.length || text.charCodeAt(i) === NEWLINE) {
        if (i > start) return undefined
        blank++
      } else {
        if (indent < 0) {
          indent = i - start
          if (indent <= column || blank > 0) return undefined
        }
        if (i - start < indent) break
        if (isFolded && i - start > indent) return undefined
        for (; blank > 0; blank--) lines.push('')
        lines.push(text.slice(start + indent, text.charCodeAt(next - 1) === NEWLINE ? next - 1 : next))
        end = next
      }
      start = next
    }
    if (indent < 0) return undefined
    const value = (isFolded ? folded(lines) : lines.join('\n')) + (isStripped ? '' : '\n')
    const type = isFolded ? Scalar.BLOCK_FOLDED : Scalar.BLOCK_LITERAL
    return this.#toLine(end) && this.#column <= column ? made(value, value, type, [at, end, end]) : undefined
  }
}

/** A line end is a blank, and each empty line a line end. */
function folded(lines: readonly string[]): string {
  let value = ''
  let between = ''
  for (const line of lines)
    if (line === '') between = between === '\n' || between === '' ? `${between}\n` : '\n'
    else {
      value += between + line
      between = ' '
    }
  return value
}

function made(value: unknown, source: string, type: Scalar.Type, range: Place): PlainScalar {
  return Object.assign(new Scalar(value), { source, type, range })
}

const ESCAPES: Readonly<Record<string, string>> = byName({
  '"': '"',
  '\\': '\\',
  '/': '/',
  n: '\n',
  r: '\r',
  t: '\t',
})

/** The core schema of YAML 1.2. */
function resolved(source: string): unknown {
  const c = source.charCodeAt(0)
  // Digits, signs, a point.
  if ((c >= 43 && c <= 57) || c === 46) return numberOf(source)
  if (source.length > 5 || !/^[~nNtTfF]/.test(source)) return source
  if (/^(?:~|[Nn]ull|NULL)$/.test(source)) return null
  if (/^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/.test(source)) return c === 116 || c === 84
  return source
}

function numberOf(source: string): unknown {
  if (/^[-+]?\d+$/.test(source)) return Number.parseInt(source, 10)
  if (/^0o[0-7]+$/.test(source)) return Number.parseInt(source.slice(2), 8)
  if (/^0x[\da-fA-F]+$/.test(source)) return Number.parseInt(source.slice(2), 16)
  if (/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(source)) return Number.parseFloat(source)
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(source))
    return source.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return /^\.(?:nan|NaN|NAN)$/.test(source) ? Number.NaN : source
}
