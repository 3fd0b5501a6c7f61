// Fenced blocks of Markdown (CommonMark 0.31, section 4.5).
import type { Found } from './found.ts'
import { piecesByLine } from './lines.ts'

export function inMarkdown(text: string): Found[] {
  const found: Found[] = []
  const opener = /^([ \t]*(?:[-*+>][ \t]+|\d+[.)][ \t]+)*)(`{3,}|~{3,})[ \t]*([^\s`]*)[^`\n]*$/gm
  for (let open = opener.exec(text); open; open = opener.exec(text)) {
    const [whole, indent = '', marks = '', word = ''] = open
    const start = open.index + whole.length + 1
    const closer = new RegExp(`^[ \\t>]*${marks[0]}{${marks.length},}[ \\t]*\\r?$`, 'gm')
    closer.lastIndex = Math.min(start, text.length)
    const close = closer.exec(text)
    const end = close?.index ?? text.length
    const body = text
      .slice(start, end)
      .split('\n')
      .map((l) => (l.slice(0, indent.length).trim() === '' ? l.slice(indent.length) : l).replace(/\r$/, ''))
      .join('\n')
    found.push({ path: [word], text: body, pieces: piecesByLine(body, text, start, end), beside: new Map() })
    opener.lastIndex = close ? close.index + close[0].length : text.length
  }
  return found
}
