// XML with a line for every element.

interface Element {
  readonly name: string
  /** The tag as written, and all between it and the end of its closing tag. */
  readonly open: string
  close: string
  readonly kids: (Element | string)[]
}

const TOKEN =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<!(?:[^<>]|<[^<>]*>)*>|<(\/?)([^\s<>/!?]+)((?:[^<>"']|"[^"]*"|'[^']*')*?)(\/?)>|[^<]+/g

/** The text as its outermost nodes; undefined: it is not well formed. */
function nodesOf(text: string): readonly (Element | string)[] | undefined {
  const root: Element = { name: '', open: '', close: '', kids: [] }
  const open = [root]
  let end = 0
  for (const m of text.matchAll(TOKEN)) {
    if (m.index !== end) return undefined
    end += m[0].length
    const [token, closing, name, , alone] = m
    const parent = open[open.length - 1] as Element
    if (name === undefined) {
      // Outside the one root there are only blanks, comments and the like.
      if (parent === root && !/^(?:\s*|<[!?][\s\S]*)$/.test(token)) return undefined
      parent.kids.push(token)
    } else if (closing === '/') {
      if (parent.name !== name || parent === root) return undefined
      parent.close = token
      open.pop()
    } else {
      const element: Element = { name, open: token, close: '', kids: [] }
      parent.kids.push(element)
      if (alone !== '/') open.push(element)
    }
  }
  const elements = root.kids.filter((k) => typeof k !== 'string')
  return end === text.length && open.length === 1 && elements.length === 1 ? root.kids : undefined
}

const asWritten = (node: Element | string): string =>
  typeof node === 'string' ? node : `${node.open}${node.kids.map(asWritten).join('')}${node.close}`

function linesOf(node: Element | string, indent: string, step: string): string[] {
  if (typeof node === 'string') return node.trim() === '' ? [] : [indent + node.trim()]
  const hasElements = node.kids.some((k) => typeof k !== 'string' || k.startsWith('<!--'))
  const hasText = node.kids.some((k) => typeof k === 'string' && !/^(?:\s*|<!--[\s\S]*)$/.test(k))
  // Blanks beside text may have a meaning.
  if (!hasElements || hasText) return [indent + asWritten(node)]
  const inner = node.kids.flatMap((k) => linesOf(k, indent + step, step))
  return [indent + node.open, ...inner, indent + node.close]
}

export function prettyXml(text: string, step: number): string | null {
  const nodes = nodesOf(text)
  return nodes === undefined ? null : nodes.flatMap((n) => linesOf(n, '', ' '.repeat(step))).join('\n')
}
