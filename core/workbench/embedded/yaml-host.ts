// Scalars of YAML and JSON. An alias is read at its anchor only.
import { isMap, isScalar, isSeq, type Node, Scalar } from 'yaml'
import type { Piece } from '../../text/source.ts'
import { parseYaml } from '../../yaml/parse-yaml.ts'
import type { Found } from './found.ts'
import { unescaped } from './escaped.ts'
import { piecesByLine } from './lines.ts'

/** Of a broken text, what could be read. */
export function inYaml(text: string): Found[] {
  const found: Found[] = []
  for (const doc of parseYaml(text).docs) walk(doc.contents, [], new Map(), text, found)
  return found
}

function walk(
  node: Node | null,
  path: readonly string[],
  beside: ReadonlyMap<string, string>,
  text: string,
  into: Found[],
): void {
  if (isMap(node)) {
    const scalars = new Map(
      node.items.flatMap((i) =>
        isScalar(i.key) && isScalar(i.value) ? [[String(i.key.value), String(i.value.value)] as const] : [],
      ),
    )
    for (const i of node.items)
      if (isScalar(i.key)) walk(i.value as Node | null, [...path, String(i.key.value)], scalars, text, into)
  } else if (isSeq(node)) for (const i of node.items) walk(i as Node | null, path, beside, text, into)
  else if (isScalar(node) && typeof node.value === 'string' && node.range) {
    const [start, end] = node.range
    into.push({ path, beside, ...scalar(node.value, node.type, text, start, end) })
  }
}

function scalar(
  value: string,
  type: Scalar['type'],
  host: string,
  start: number,
  end: number,
): Pick<Found, 'pieces' | 'text'> {
  if (type === Scalar.QUOTE_DOUBLE) {
    const read = unescaped(host, start + 1, end - 1)
    if (read.text === value) return read
  }
  if (type === Scalar.QUOTE_SINGLE && !value.includes('\n')) return singleQuoted(host, start + 1, end - 1)
  const isBlock = type === Scalar.BLOCK_LITERAL || type === Scalar.BLOCK_FOLDED
  const from = isBlock ? host.indexOf('\n', start) + 1 : start + (type === Scalar.QUOTE_SINGLE ? 1 : 0)
  return { text: value, pieces: piecesByLine(value, host, from, end - (type === Scalar.QUOTE_SINGLE ? 1 : 0)) }
}

/** Between single quotes only a quote is escaped, by another one. */
function singleQuoted(host: string, start: number, end: number): Pick<Found, 'pieces' | 'text'> {
  const pieces: Piece[] = []
  let text = ''
  let hostStart = start
  for (const part of host.slice(start, end).split("''")) {
    const kept = hostStart + part.length < end ? `${part}'` : part
    pieces.push({ start: text.length, length: kept.length, hostStart })
    text += kept
    hostStart += part.length + 2
  }
  return { text, pieces }
}
