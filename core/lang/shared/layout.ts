// Conditions as text: on one line where they fit, else one condition on each line, brackets around every inner `and` and `or`.

export type Tree =
  | { readonly kind: 'leaf'; readonly text: string }
  /** `head`, the items with commas between them, `tail`. */
  | { readonly kind: 'list'; readonly head: string; readonly items: readonly string[]; readonly tail: string }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Tree[] }
  /** `open` and `close` go around the inner text, which is in brackets of its own if it has several parts. */
  | {
      readonly kind: 'around'
      readonly open: string
      readonly of: Tree
      readonly close: string
      readonly bracketed: boolean
    }

export interface Layout {
  /** Between the parts, with its blanks: ` and `. */
  readonly all: string
  readonly any: string
  readonly width: number
}

export const leaf = (text: string): Tree => ({ kind: 'leaf', text })

export function render(tree: Tree, layout: Layout, indent = 0): string {
  const flat = oneLine(tree, layout)
  if (indent + flat.length <= layout.width) return flat
  switch (tree.kind) {
    case 'leaf':
      return flat
    case 'list': {
      const pad = ' '.repeat(indent + 4)
      return `${tree.head}\n${tree.items.map((i) => `${pad}${i}`).join(',\n')}${tree.tail}`
    }
    case 'around': {
      const inner = render(tree.of, layout, indent + 4)
      return `${tree.open}${tree.bracketed && hasParts(tree.of) ? `(${inner})` : inner}${tree.close}`
    }
    default: {
      const pad = ' '.repeat(indent)
      const word = (tree.kind === 'all' ? layout.all : layout.any).trimStart()
      return tree.of.map((t) => part(t, layout, indent + 4)).join(`\n${pad}${word}`)
    }
  }
}

function oneLine(tree: Tree, layout: Layout): string {
  switch (tree.kind) {
    case 'leaf':
      return tree.text
    case 'list':
      return `${tree.head}${tree.items.join(', ')}${tree.tail}`
    case 'around': {
      const inner = oneLine(tree.of, layout)
      return `${tree.open}${tree.bracketed && hasParts(tree.of) ? `(${inner})` : inner}${tree.close}`
    }
    default:
      return tree.of
        .map((t) => (hasParts(t) ? `(${oneLine(t, layout)})` : oneLine(t, layout)))
        .join(tree.kind === 'all' ? layout.all : layout.any)
  }
}

const hasParts = (t: Tree): boolean => (t.kind === 'all' || t.kind === 'any') && t.of.length > 1
const part = (t: Tree, layout: Layout, indent: number): string =>
  hasParts(t) ? `(${render(t, layout, indent)})` : render(t, layout, indent)
