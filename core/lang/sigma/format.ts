// The canonical layout of a Sigma file, SigmaHQ's: four spaces, indented lists, comments kept.
import { parseAllDocuments, type Scalar, type ScalarTag, type Tags } from 'yaml'
import type { Source } from '../../text/source.ts'
import { read } from './1-read.ts'

/** Numbers keep their digits: `1.10` and integers beyond 2^53 would change. */
const asWritten = (tags: Tags): Tags =>
  tags.map((t) =>
    typeof t === 'object' && /:(?:int|float)$/.test(t.tag) ? { ...(t as ScalarTag), stringify: digits } : t,
  )

const digits = ({ source, value }: Scalar): string => source ?? String(value)

export function format(source: Source): string | undefined {
  if (read(source).diagnostics.length > 0) return undefined
  const docs = parseAllDocuments(source.text, {
    prettyErrors: false,
    uniqueKeys: false,
    keepSourceTokens: true,
    customTags: asWritten,
  })
  if (!Array.isArray(docs)) return undefined
  const texts = docs.map((d) => {
    d.directives.docStart = null
    return d
      .toString({ indent: 4, indentSeq: true, lineWidth: 0 })
      .replace(/^---\n/, '')
      .replace(/^\.\.\.\n/gm, '')
  })
  return `${texts.map((t) => t.trimEnd()).join('\n---\n')}\n`
}
