// Long rows of lazy gaps, `(.*?),(.*?),(.*?),…`: of a text with too few commas V8 tries every choice of commas, which takes forever. A gap
// may keep its first comma, because the next gap can take whatever a later comma would have given to this one. So each becomes atomic.
import { type Node, type Repeat, walk } from './ast.ts'
import { type CodeSet, intersect } from './sets.ts'

/** Fewer gaps take bearable time, and V8 runs them faster as they are. */
const MOST_GAPS = 4

/** The same matches and captures, without the choices that cannot help. */
export function settled(root: Node): Node {
  let refs = false
  walk(root, (n) => {
    refs ||= n.kind === 'ref'
  })
  return refs ? root : settle(root)
}

function settle(node: Node): Node {
  switch (node.kind) {
    case 'seq': {
      const of = node.of.map(settle)
      return { kind: 'seq', of: settledRow(of) ?? of }
    }
    case 'alt':
      return { kind: 'alt', of: node.of.map(settle) }
    case 'group':
    case 'repeat':
    case 'atomic':
      return { ...node, of: settle(node.of) }
    default:
      return node
  }
}

function settledRow(of: readonly Node[]): Node[] | undefined {
  const places = of.flatMap((n, i) => (gapOf(n) ? [i] : []))
  if (places.length <= MOST_GAPS) return undefined
  const out: Node[] = of.slice(0, places[0])
  for (const [k, at] of places.entries()) {
    const next = places[k + 1]
    const part = of.slice(at, next)
    if (next !== undefined && isSettled(part, of[next] as Node))
      out.push({ kind: 'atomic', of: { kind: 'seq', of: part } })
    else out.push(...part)
  }
  return out
}

/** A gap and the characters behind it, before the next gap: all of them are characters that the next gap takes too. */
function isSettled([gap, ...between]: readonly Node[], next: Node): boolean {
  const own = gap && gapOf(gap)
  const other = gapOf(next)
  if (!own || !other || between.length === 0) return false
  return [own, ...between].every((n) => n.kind === 'set' && isWithin(n.set, other.set))
}

/** The characters of `.*?`, captured or not. */
function gapOf(node: Node): (Node & { kind: 'set' }) | undefined {
  if (node.kind === 'group') return gapOf(node.of)
  return isLazy(node) && node.of.kind === 'set' ? node.of : undefined
}
const isLazy = (node: Node): node is Repeat => node.kind === 'repeat' && node.mode === 'lazy' && node.max === null

function isWithin(a: CodeSet, b: CodeSet): boolean {
  const both = intersect(a, b)
  return both.length === a.length && both.every((p, i) => p === a[i])
}
