// The same for XML as json/shape-tree.ts for JSON: a tree of the texts between the values of records finds the values of a record of a known
// shape. Values are the texts of elements without child elements, and the attributes that the caller names. All else is shape.
import { flatCopy } from '../../text/flat-copy.ts'
import type { ShapedRecord, TreeShape } from './shaped.ts'
import { unescapeXml } from './xml-reader.ts'

interface Node<S> {
  /** The text before a value, or after the last one. */
  readonly gap: string
  /** Quote of an attribute, or the `<` after a text. */
  readonly mark: string
  /** Of a record that ends here. */
  readonly shape: S | undefined
  readonly next: Node<S>[]
}

/** Places of a value in the text. */
interface Place {
  readonly start: number
  readonly end: number
}

const MOST_NODES = 50_000
const TAG = /<(\/?)[\w.:-]+((?:\s+[\w:.-]+\s*=\s*(?:'[^'<]*'|"[^"<]*"))*)\s*(\/?)>/g
const ATTRIBUTE = /(?<![\w:.-])[\w:.-]+\s*=\s*(?:'([^'<]*)'|"([^"<]*)")/g

/** Two for each value: from, and to. */
const places: number[] = []

export class XmlShapes<S extends TreeShape> {
  readonly #root: Node<S> = { gap: '', mark: '', shape: undefined, next: [] }
  readonly #hasValues: (tag: string) => boolean
  #nodes = 0

  /** `hasValues`: the attributes of the tag are values. */
  constructor(hasValues: (tag: string) => boolean) {
    this.#hasValues = hasValues
  }

  /** Undefined: the text has no known shape; it may be no XML. */
  read(text: string): ShapedXml<S> | undefined {
    if (text.indexOf('\r') >= 0) return undefined
    let node = this.#root
    let at = 0
    let count = 0
    for (;;) {
      const child = childAt(node.next, text, at)
      if (!child) return undefined
      at += child.gap.length
      if (child.shape) return at === text.length ? new ShapedXml(text, child.shape, places.slice(0, count)) : undefined
      const end = text.indexOf(child.mark, at)
      if (end < 0) return undefined
      if (child.mark !== '<' && text.slice(at, end).indexOf('<') >= 0) return undefined
      places[count++] = at
      places[count++] = end
      at = end
      node = child
    }
  }

  /**
   * Learns the shape of a text that the reader read without doubts. `shapeOf`: of a text with a mark and a number in place of each value;
   * undefined: names depend on values.
   */
  learn(text: string, shapeOf: (marked: string, mark: string) => S | undefined): void {
    if (text.indexOf('\r') >= 0 || text.includes(MARK)) return
    if (this.#nodes > MOST_NODES) {
      this.#root.next.length = 0
      this.#nodes = 0
    }
    const values = this.#valuesIn(text)
    if (!values) return
    let marked = ''
    let from = 0
    values.forEach(({ start, end }, i) => {
      marked += `${text.slice(from, start)}${MARK}${i}`
      from = end
    })
    const shape = shapeOf(marked + text.slice(from), MARK)
    if (!shape) return
    let node = this.#root
    from = 0
    for (const { start, end } of values) {
      node = this.#child(node, text.slice(from, start), text[end] as string, undefined)
      from = end
    }
    this.#child(node, text.slice(from), '', shape)
  }

  /** Undefined: the text has comments or the like. */
  #valuesIn(text: string): Place[] | undefined {
    if (/<[!?]/.test(text)) return undefined
    const found: Place[] = []
    let opened = -1
    for (const { 0: tag, 1: slash, 2: attributes = '', 3: closed, index } of text.matchAll(TAG)) {
      if (slash === '/') {
        if (opened >= 0) found.push({ start: opened, end: index })
        opened = -1
        continue
      }
      if (attributes !== '' && this.#hasValues(tag)) {
        const from = index + tag.indexOf(attributes)
        for (const m of attributes.matchAll(ATTRIBUTE)) {
          const end = from + m.index + m[0].length - 1
          found.push({ start: end - (m[1] ?? m[2] ?? '').length, end })
        }
      }
      opened = closed === '/' ? -1 : index + tag.length
    }
    return found
  }

  #child(of: Node<S>, gap: string, mark: string, shape: S | undefined): Node<S> {
    const known = of.next.find((n) => n.gap === gap)
    if (known) return known
    const made: Node<S> = { gap: flatCopy(gap), mark, shape, next: [] }
    of.next.push(made)
    this.#nodes++
    return made
  }
}

/** In no record. */
const MARK = '\u0000'

/** Frequent children come first. The longest of those that fit is the right one. */
function childAt<S>(of: Node<S>[], text: string, at: number): Node<S> | undefined {
  let found = -1
  for (let i = 0; i < of.length; i++) {
    const { gap } = of[i] as Node<S>
    if (!text.startsWith(gap, at)) continue
    if (found < 0 || gap.length > (of[found] as Node<S>).gap.length) found = i
    if (text.charCodeAt(at + gap.length) !== 60) break
  }
  if (found < 0) return undefined
  const child = of[found] as Node<S>
  if (found > 0) {
    of[found] = of[found - 1] as Node<S>
    of[found - 1] = child
  }
  return child
}

export class ShapedXml<S extends TreeShape> implements ShapedRecord {
  readonly shape: S
  readonly #text: string
  readonly #places: readonly number[]

  constructor(text: string, shape: S, at: readonly number[]) {
    this.#text = text
    this.shape = shape
    this.#places = at
  }

  spelling(place: number): string {
    return this.#text.slice(this.#places[2 * place], this.#places[2 * place + 1])
  }

  value(place: number): string {
    return unescapeXml(this.spelling(place))
  }
}
