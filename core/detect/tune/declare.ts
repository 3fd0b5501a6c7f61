// Writes a tuning into detection.yml and leaves every other byte as the author wrote it.
import { Document, isMap, isScalar, isSeq, type Node, parseDocument, stringify, type YAMLMap } from 'yaml'

/** Column at which new YAML text is wrapped. */
const WIDTH = 120

/** Adds an item to a list at the top level. Undefined: the text is no map, or the key holds no list. */
export function withItem(text: string, key: string, item: unknown, before: string): string | undefined {
  return withList(text, key, (items) => [...items, item], before)
}

/**
 * Changes a list at the top level. Equal items keep their text; the others are written anew. A missing list is inserted before the key
 * `before`, or at the end.
 */
export function withList(
  text: string,
  key: string,
  change: (items: readonly unknown[]) => readonly unknown[],
  before: string,
): string | undefined {
  const root = rootOf(text)
  if (!root) return undefined
  const pair = root.items.find((p) => isScalar(p.key) && p.key.value === key)
  if (!pair) return inserted(text, root, `${key}:\n${listText(change([]), 2)}`, before)
  const node = pair.value as Node | null
  if (isSeq(node) && node.range && node.flow !== true && node.items.length > 0) {
    const items = node.toJSON() as unknown[]
    const spans = node.items.map((n) => itemSpan(text, n as Node))
    const indent = spans[0]?.indent ?? 2
    const changed = change(items)
    // Text between two items, such as a comment, belongs to the second.
    const ends = spans.map((span) => spanEnd(text, span.end))
    const textOf = (i: number): string | undefined =>
      i < 0 || i >= spans.length ? undefined : text.slice(ends[i - 1] ?? spans[0]?.start, ends[i])
    const own = changed.map((value, i) => {
      const at = items.findIndex((old) => equal(old, value))
      const before = at < 0 ? items[i] : undefined
      return textOf(at) ?? patched(textOf(i), before, value, indent) ?? listText([value], indent)
    })
    const first = spans[0]?.start ?? 0
    const last = ends.at(-1) ?? first
    return text.slice(0, first) + own.join('') + text.slice(last)
  }
  const isEmpty = node === null || (isScalar(node) && node.value === null) || isSeq(node)
  if (!isEmpty) return undefined
  const items = isSeq(node) ? (node.toJSON() as unknown[]) : []
  const [from, to] = node?.range
    ? [node.range[0], node.range[1]]
    : [keyEnd(text, pair.key as Node), keyEnd(text, pair.key as Node)]
  return `${text.slice(0, from).replace(/(?<![ \t])[ \t]+$/, '')}\n${listText(change(items), 2).trimEnd()}${text.slice(to)}`
}

/** For an item with one added or changed key: only that key is written, and the text of its other keys is kept. */
function patched(own: string | undefined, before: unknown, after: unknown, indent: number): string | undefined {
  if (own === undefined || !isRecord(before) || !isRecord(after)) return undefined
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const [key, ...more] = keys.filter((k) => !equal(before[k], after[k]))
  if (key === undefined || more.length > 0 || after[key] === undefined) return undefined
  const lines = own.split('\n')
  const pad = ' '.repeat(indent + 2)
  const at = lines.findIndex((l) => l.startsWith(`${pad}${key}:`))
  if (at >= 0) {
    let end = at + 1
    while (
      end < lines.length - 1 &&
      /^\s*$|^ /.test(lines[end] as string) &&
      (lines[end] as string).startsWith(`${pad} `)
    )
      end++
    lines.splice(at, end - at)
  }
  const written = stringify({ [key]: after[key] }, { lineWidth: WIDTH - indent, indentSeq: true })
  const added = written
    .trimEnd()
    .split('\n')
    .map((l) => `${pad}${l}\n`)
  return lines.join('\n') + added.join('')
}

const isRecord = (v: unknown): v is Readonly<Record<string, unknown>> =>
  typeof v === 'object' && v !== null && !Array.isArray(v)

/** Sets a value at the top level. */
export function withValue(text: string, key: string, value: unknown, before: string): string | undefined {
  const root = rootOf(text)
  if (!root) return undefined
  const written = stringify({ [key]: value }, { lineWidth: WIDTH })
  const pair = root.items.find((p) => isScalar(p.key) && p.key.value === key)
  if (!pair) return inserted(text, root, written, before)
  const start = (pair.key as Node).range?.[0] ?? 0
  const node = pair.value as Node | null
  const end = node?.range?.[1] ?? keyEnd(text, pair.key as Node)
  return text.slice(0, start) + written.trimEnd() + (text[end - 1] === '\n' ? '\n' : '') + text.slice(end)
}

function rootOf(text: string): YAMLMap | undefined {
  const doc = parseDocument(text)
  return doc.errors.length === 0 && isMap(doc.contents) && doc.contents.flow !== true ? doc.contents : undefined
}

function inserted(text: string, root: YAMLMap, block: string, before: string): string {
  const next = root.items.find((p) => isScalar(p.key) && p.key.value === before)?.key as Node | undefined
  if (!next?.range) return `${text.trimEnd()}\n${block}`
  // A comment above a key belongs to the key.
  let at = lineStart(text, next.range[0])
  while (at > 0 && /^\s*#/.test(text.slice(lineStart(text, at - 1), at - 1))) at = lineStart(text, at - 1)
  return text.slice(0, at) + block + text.slice(at)
}

function listText(items: readonly unknown[], indent: number): string {
  if (items.length === 0) return ''
  const pad = ' '.repeat(indent)
  return new Document(items)
    .toString({ lineWidth: WIDTH - indent, indentSeq: true })
    .trimEnd()
    .split('\n')
    .map((l) => (l === '' ? '\n' : `${pad}${l}\n`))
    .join('')
}

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1
const keyEnd = (text: string, key: Node): number => text.indexOf(':', key.range?.[1] ?? 0) + 1

/** From the line of its `-` to the end of its value. */
function itemSpan(text: string, node: Node): { start: number; end: number; indent: number } {
  const [at = 0, end = at] = node.range ?? []
  const dash = text.lastIndexOf('-', at)
  const start = lineStart(text, dash)
  return { start, end, indent: dash - start }
}

const spanEnd = (text: string, end: number): number => {
  if (text[end - 1] === '\n') return end
  const newline = text.indexOf('\n', end)
  return newline < 0 ? text.length : newline + 1
}

const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
