// The records of a feed have few shapes: the texts between their values come again. A tree of these texts reads a record of a known shape,
// nested or not, by searching the ends of its values, many times as fast as a loop over its characters. The strict reader reads the first
// record of each shape. For queries over flat objects, which read few fields, see shape-cache.ts.
import { flatCopy } from '../../../text/flat-copy.ts'
import type { ShapedRecord, TreeShape } from '../shaped.ts'
import type { JsonRecord } from './json-record.ts'

interface Node {
  /** The text before a value with its quote, or after the last value. */
  readonly gap: string
  readonly isQuoted: boolean
  /** Of a record that ends here. */
  readonly shape: TreeShape | undefined
  readonly next: Node[]
}

/** Feeds with values as keys would grow the tree without limit. */
const MOST_NODES = 50_000
const BARE = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|true(?!\w)|false(?!\w)/y
const CONTROL = /[\x00-\x1f]/
const HEX = /[\dA-Fa-f]{4}/y
const QUOTE = 34
const LETTER_U = 117
/** By the character after a backslash, except `u`. */
const ESCAPES = Uint8Array.from({ length: 128 }, (_, c) => ('"\\/bfnrt'.includes(String.fromCharCode(c)) ? 1 : 0))

/** The places of the values of the record that is read, two for each: from, and to, which is negative if the value has escapes. */
const places: number[] = []

export class ShapeTree {
  readonly #root: Node = { gap: '', isQuoted: false, shape: undefined, next: [] }
  #nodes = 0

  /** Undefined: the text has no known shape; it may be no JSON. */
  read(text: string): ShapedJson | undefined {
    if (text.charCodeAt(0) !== 123 || CONTROL.test(text)) return undefined
    let node = this.#root
    let at = 0
    let count = 0
    let slash = -1
    for (;;) {
      const child = childAt(node.next, text, at)
      if (!child) return undefined
      at += child.gap.length
      if (child.shape) return at === text.length ? new ShapedJson(text, child.shape, places.slice(0, count)) : undefined
      places[count++] = at
      let end: number
      if (child.isQuoted) {
        end = text.indexOf('"', at)
        if (slash < at) slash = positionOf(text, '\\', at)
        if (slash < end) {
          const from = slash
          while (slash < end) {
            const escaped = text.charCodeAt(slash + 1)
            if (escaped === LETTER_U) {
              HEX.lastIndex = slash + 2
              if (!HEX.test(text)) return undefined
            } else if (ESCAPES[escaped] !== 1) return undefined
            if (escaped === QUOTE) end = text.indexOf('"', slash + 2)
            slash = positionOf(text, '\\', slash + 2)
          }
          if (end < from) return undefined
          places[count++] = -end
        } else places[count++] = end
        if (end < 0) return undefined
      } else {
        BARE.lastIndex = at
        if (!BARE.test(text)) return undefined
        end = BARE.lastIndex
        places[count++] = end
      }
      at = end
      node = child
    }
  }

  /** Learns the shape of a text that the strict reader read without doubts. */
  learn(text: string, { fields }: JsonRecord): void {
    if (CONTROL.test(text)) return
    if (this.#nodes > MOST_NODES) {
      this.#root.next.length = 0
      this.#nodes = 0
    }
    const values = valuesIn(text)
    if (values.length !== fields.size) return
    let node = this.#root
    let from = 0
    for (const { start, end, isQuoted } of values) {
      node = this.#child(node, flatCopy(text.slice(from, start)), isQuoted, undefined)
      from = end
    }
    const index = new Map([...fields.keys()].map((name, i) => [flatCopy(name), i]))
    this.#child(node, flatCopy(text.slice(from)), false, { index })
  }

  #child(of: Node, gap: string, isQuoted: boolean, shape: TreeShape | undefined): Node {
    const known = of.next.find((n) => n.gap === gap)
    if (known) return known
    const made: Node = { gap, isQuoted, shape, next: [] }
    of.next.push(made)
    this.#nodes++
    return made
  }
}

/** Frequent children come first. At most one fits: what follows a gap tells values of text, other values and null apart. */
function childAt(of: Node[], text: string, at: number): Node | undefined {
  for (let i = 0; i < of.length; i++) {
    const child = of[i] as Node
    if (!text.startsWith(child.gap, at)) continue
    if (!child.isQuoted && !child.shape && !isBare(text.charCodeAt(at + child.gap.length))) continue
    if (i > 0) {
      of[i] = of[i - 1] as Node
      of[i - 1] = child
    }
    return child
  }
  return undefined
}

/** A digit, `-`, or the `t` or `f` of true and false. */
const isBare = (c: number): boolean => (c >= 48 && c <= 57) || c === 45 || c === 116 || c === 102

function positionOf(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from)
  return at < 0 ? Number.POSITIVE_INFINITY : at
}

interface ValueIn {
  readonly start: number
  readonly end: number
  readonly isQuoted: boolean
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g

/** The values of a valid JSON object except null, in order. */
function valuesIn(text: string): ValueIn[] {
  const found: ValueIn[] = []
  const inObject: boolean[] = []
  let isKey = false
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') inObject.push(token === '{')
    else if (token === '}' || token === ']') inObject.pop()
    if (token === '{' || token === ',') isKey = inObject.at(-1) === true
    else if (token === ':' || token === '[') isKey = false
    else if (token.startsWith('"')) {
      if (!isKey) found.push({ start: index + 1, end: index + token.length - 1, isQuoted: true })
    } else if (!/^(?:null|[}\]])$/.test(token)) found.push({ start: index, end: index + token.length, isQuoted: false })
  }
  return found
}

class ShapedJson implements ShapedRecord {
  readonly shape: TreeShape
  readonly #text: string
  readonly #places: readonly number[]

  constructor(text: string, shape: TreeShape, at: readonly number[]) {
    this.#text = text
    this.shape = shape
    this.#places = at
  }

  spelling(place: number): string {
    return this.#text.slice(this.#places[2 * place], Math.abs(this.#places[2 * place + 1] as number))
  }

  value(place: number): string {
    const from = this.#places[2 * place] as number
    const to = this.#places[2 * place + 1] as number
    return to >= 0
      ? this.#text.slice(from, to)
      : (JSON.parse(this.#text.slice(from - 1, 1 - to)) as string).toWellFormed()
  }
}
