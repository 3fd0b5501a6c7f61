// XML of event logs: elements, attributes, text, entities, CDATA, comments; no document types. One pass over records of a few kilobytes. The
// road not taken: an XML package; the fastest one tried was forty times slower.
import { byName } from '../../text/by-name.ts'

export interface XmlHandler {
  /** `path` is `Event/System/Channel`, without prefixes of namespaces. */
  open(path: string, attributes: ReadonlyMap<string, string>): void
  /** Called at the end of an element without child elements, after `open`. In `text` entities are resolved. */
  leaf(path: string, text: string, attributes: ReadonlyMap<string, string>): void
  /** For speed only: simple elements inside `path` that match a sticky pattern go to `accept`, without `open` and `leaf`. */
  readonly runs?: { readonly path: string; readonly pattern: RegExp; accept(m: RegExpExecArray): void }
}

/** The reason why reading stopped; undefined: the text is one whole element, with only white space and comments around it. */
type XmlFault = 'cut off' | 'not XML' | 'nested too deeply' | 'text after the event' | undefined

const DEEPEST = 64
const TAG = /<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)((?:\s+[\w:.-]+\s*=\s*(?:'[^'<]*'|"[^"<]*"))*)\s*(\/?)>/y
const ATTRIBUTE = /(?<![\w:.-])([\w:.-]+)\s*=\s*(?:'([^'<]*)'|"([^"<]*)")/g
const NONE: ReadonlyMap<string, string> = new Map()

interface Open {
  readonly name: string
  readonly path: string
  readonly attributes: ReadonlyMap<string, string>
  text: string
  parent: boolean
}

/** Reads one element. The handler has every element that is whole before a fault. */
export function readXml(text: string, from: number, handler: XmlHandler): XmlFault {
  const stack: Open[] = []
  let done = false
  let at = from
  const { runs } = handler
  for (;;) {
    const top = stack[stack.length - 1]
    if (runs && top?.path === runs.path) at = acceptRun(text, at, top, runs)
    const next = text.indexOf('<', at)
    const between = text.slice(at, next < 0 ? text.length : next)
    if (top) top.text += between.includes('&') ? unescapeXml(between) : between
    else if (between.trim() !== '') return done ? 'text after the event' : 'not XML'
    if (next < 0) return done ? undefined : 'cut off'
    const skipped = top ? skip(text, next, (cdata) => (top.text += cdata)) : skip(text, next, () => {})
    if (skipped === -1) return 'cut off'
    if (skipped > 0) at = skipped
    else if (text[next + 1] === '/') {
      const end = text.indexOf('>', next)
      if (end < 0) return done ? 'text after the event' : 'cut off'
      if (!top || local(text.slice(next + 2, end).trim()) !== top.name) return done ? 'text after the event' : 'not XML'
      stack.pop()
      if (!top.parent)
        handler.leaf(top.path, top.text.includes('\r') ? top.text.replace(/\r\n?/g, '\n') : top.text, top.attributes)
      if (stack.length === 0) done = true
      at = end + 1
    } else {
      if (done) return 'text after the event'
      TAG.lastIndex = next
      const tag = TAG.exec(text)
      if (!tag) return isCutTag(text, next) ? 'cut off' : 'not XML'
      if (stack.length >= DEEPEST) return 'nested too deeply'
      const name = tag[2] as string
      if (top) top.parent = true
      const path = top ? `${top.path}/${name}` : name
      const attributes = tag[3] === '' ? NONE : attributesOf(tag[3] as string)
      handler.open(path, attributes)
      if (tag[4] === '/') {
        handler.leaf(path, '', attributes)
        if (stack.length === 0) done = true
      } else stack.push({ name, path, attributes, text: '', parent: false })
      at = TAG.lastIndex
    }
  }
}

function acceptRun(text: string, from: number, top: Open, runs: NonNullable<XmlHandler['runs']>): number {
  const { pattern } = runs
  for (let at = from; ; at = pattern.lastIndex) {
    pattern.lastIndex = at
    const m = pattern.exec(text)
    if (!m) return at
    top.parent = true
    runs.accept(m)
  }
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1)

/** After a comment, CDATA or instruction; 0: it is none; -1: it does not end. */
function skip(text: string, at: number, cdata: (text: string) => void): number {
  const c = text[at + 1]
  if (c === '?') return behind(text, '?>', at)
  if (c !== '!') return at + 1 === text.length ? -1 : 0
  if (text.startsWith('<![CDATA[', at)) {
    const end = behind(text, ']]>', at)
    if (end > 0) cdata(text.slice(at + 9, end - 3))
    return end
  }
  return text.startsWith('<!--', at) ? behind(text, '-->', at + 4) : text.indexOf('>', at) < 0 ? -1 : 0
}

function behind(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from)
  return end < 0 ? -1 : end + mark.length
}

/** A tag that the text ends in: no `<` or `>` outside of quotes. */
function isCutTag(text: string, at: number): boolean {
  if (at + 1 < text.length && !/[A-Za-z_]/.test(text[at + 1] as string)) return false
  let quote = ''
  for (let i = at + 1; i < text.length; i++) {
    const c = text[i] as string
    if (quote !== '') {
      if (c === quote) quote = ''
    } else if (c === '"' || c === "'") quote = c
    else if (c === '<' || c === '>') return false
  }
  return true
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const m of text.matchAll(ATTRIBUTE)) found.set(m[1] as string, unescapeXml(m[2] ?? m[3] ?? ''))
  return found
}

const ENTITIES: Readonly<Record<string, string>> = byName({ amp: '&', apos: "'", gt: '>', lt: '<', quot: '"' })

/** An unknown entity stays as it is. */
export function unescapeXml(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#(\d{1,7})|#x([\dA-Fa-f]{1,6})|([a-z]{2,4}));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return Object.hasOwn(ENTITIES, name) ? (ENTITIES[name] as string) : whole
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : whole
  })
}
