// The small part of XML and XPath 1.0 that search languages read out of a message: elements, attributes and text by absolute paths.
// No external entities, no DTDs, no namespaces: names are compared as written.

import { byName } from '../text/by-name.ts'
import type { XmlPath } from './xml-path.ts'

interface Element {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: Element[]
  text: string
}

const TAG =
  /<(?:!--[\s\S]*?-->|!\[CDATA\[([\s\S]*?)\]\]>|\?[\s\S]*?\?>|!(?:[^<>]|<[^<>]*>)*>|(\/?)([^\s<>/]+)((?:[^<>"']|"[^"]*"|'[^']*')*?)(\/?)>)/g
const ATTRIBUTE = /([^\s=/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g
const ENTITIES: Readonly<Record<string, string>> = byName({ amp: '&', apos: "'", gt: '>', lt: '<', quot: '"' })

const unescapeXml = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (all, hex?: string, dec?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? all
    const code = hex === undefined ? Number(dec) : Number.parseInt(hex, 16)
    return code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : all
  })

/** The root above all elements of a text. Text before the first tag and a tag that is cut off are left out. */
function parse(text: string): Element {
  const root: Element = { name: '', attributes: new Map(), children: [], text: '' }
  const open: Element[] = [root]
  let last = 0
  const current = (): Element => open[open.length - 1] as Element
  for (const m of text.matchAll(TAG)) {
    if (open.length > 1) current().text += unescapeXml(text.slice(last, m.index))
    last = m.index + m[0].length
    const [, cdata, closing, name, attributes, alone] = m
    if (cdata !== undefined) current().text += cdata
    if (name === undefined) continue
    if (closing === '/') {
      const at = open.findLastIndex((e, i) => i > 0 && e.name === name)
      if (at > 0) open.length = at
      continue
    }
    const found = [...(attributes ?? '').matchAll(ATTRIBUTE)]
    const element: Element = {
      name,
      attributes: new Map(found.map(([, k, a, b]) => [k as string, unescapeXml(a ?? b ?? '')])),
      children: [],
      text: '',
    }
    current().children.push(element)
    if (alone !== '/') open.push(element)
  }
  return root
}

/**
 * Elements and attributes as flat fields: `a.b` for the text of an element, `a.b.c` for its attribute or child. Of equal names the second
 * has the index 1, the third 2. Undefined: the text has no element.
 */
export function flatXml(text: string): ReadonlyMap<string, string> | undefined {
  const root = parse(text)
  if (root.children.length === 0) return undefined
  const out = new Map<string, string>()
  const walk = (element: Element, path: string): void => {
    const own = element.text.trim()
    if (own !== '' || (element.children.length === 0 && element.attributes.size === 0)) out.set(path, own)
    for (const [name, value] of element.attributes) if (!out.has(`${path}.${name}`)) out.set(`${path}.${name}`, value)
    children(element, `${path}.`)
  }
  const children = (element: Element, prefix: string): void => {
    const seen = new Map<string, number>()
    for (const child of element.children) {
      const n = seen.get(child.name) ?? 0
      seen.set(child.name, n + 1)
      walk(child, `${prefix}${child.name}${n === 0 ? '' : `[${n}]`}`)
    }
  }
  children(root, '')
  return out
}

/** The value of the first match; null if there is none. */
export function xmlGet(text: string, path: XmlPath): string | null {
  if (!text.includes('<')) return null
  let found: readonly Element[] = [parse(text)]
  for (const { name, pick } of path.steps)
    found = found.flatMap((e) => {
      const named = e.children.filter((c) => name === '*' || c.name === name)
      if (pick === undefined) return named
      if (pick === 'last') return named.slice(-1)
      if (typeof pick === 'number') return named.slice(pick - 1, pick)
      return named.filter((c) =>
        pick.value === undefined ? c.attributes.has(pick.attribute) : c.attributes.get(pick.attribute) === pick.value,
      )
    })
  const { take } = path
  if (take !== 'text') return found.map((e) => e.attributes.get(take.attribute)).find((v) => v !== undefined) ?? null
  const [first] = found
  return first ? first.text.trim() : null
}
