// The canonical layout of a Sigma file, SigmaHQ's: four spaces, indented lists, comments kept.
import { parseAllDocuments } from 'yaml'
import type { Source } from '../../text/source.ts'

export function format(source: Source): string | undefined {
  const docs = parseAllDocuments(source.text, { prettyErrors: false, keepSourceTokens: true })
  if (!Array.isArray(docs) || docs.some((d) => d.errors.length > 0)) return undefined
  const texts = docs.map((d) => {
    d.directives.docStart = null
    return d
      .toString({ indent: 4, indentSeq: true, lineWidth: 0 })
      .replace(/^---\n/, '')
      .replace(/^\.\.\.\n/gm, '')
  })
  return `${texts.map((t) => t.trimEnd()).join('\n---\n')}\n`
}
