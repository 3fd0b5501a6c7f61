// A search asks only whether a pattern matches somewhere. A loop at the edge of a match may then stop at its least number of turns: where
// `\w+x` matches, `\wx` does. V8 walks over a long word from each of its letters to find that no `x` follows.
import { type Node, walk } from './ast.ts'

/** Matches somewhere in the same texts. Its matches and groups are others. */
export function withShortEdges(root: Node): Node {
  let isFixed = false
  walk(root, (n) => {
    isFixed ||= n.kind === 'ref'
  })
  return isFixed ? root : shortened(shortened(root, 'first'), 'last')
}

function shortened(node: Node, edge: 'first' | 'last'): Node {
  switch (node.kind) {
    case 'alt':
      return { kind: 'alt', of: node.of.map((n) => shortened(n, edge)) }
    case 'group':
      return { ...node, of: shortened(node.of, edge) }
    case 'repeat':
      if (node.mode === 'possessive') return node
      return node.min === 1 ? shortened(node.of, edge) : { ...node, max: node.min }
    case 'seq':
      return { kind: 'seq', of: edge === 'first' ? row(node.of, edge) : row(node.of.toReversed(), edge).toReversed() }
    default:
      return node
  }
}

/** Without the nodes at the edge that may match nothing. The next one is the edge then. */
function row([own, ...others]: readonly Node[], edge: 'first' | 'last'): readonly Node[] {
  if (!own) return []
  const short = shortened(own, edge)
  return short.kind === 'repeat' && short.max === 0 ? row(others, edge) : [short, ...others]
}
