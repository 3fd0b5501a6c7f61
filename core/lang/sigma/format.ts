// The canonical layout of a Sigma file, SigmaHQ's: four spaces, indented lists, comments kept.
import { parseAllDocuments, type Scalar, type ScalarTag, type Tags } from 'yaml'
import type { Source } from '../../text/source.ts'
import { read } from './1-read.ts'

/**
 * Numbers keep their digits: `1.10` and integers beyond 2^53 would change. A plain text keeps its line breaks, which show that a list lost its
 * first `-`.
 */
const asWritten = (tags: Tags): Tags =>
  tags.map((t) => {
    if (typeof t !== 'object') return t
    const { tag, stringify } = t as ScalarTag
    if (/:(?:int|float)$/.test(tag)) return { ...(t as ScalarTag), stringify: digits }
    if (!tag.endsWith(':str')) return t
    return {
      ...(t as ScalarTag),
      stringify: (item, ctx, ...more) => lines(item, ctx.indent) ?? stringify?.(item, ctx, ...more) ?? '',
    }
  })

const digits = ({ source, value }: Scalar): string => source ?? String(value)

function lines({ type, srcToken }: Scalar, indent: string): string | undefined {
  if (type !== 'PLAIN' || srcToken?.type !== 'scalar' || !srcToken.source.includes('\n')) return undefined
  return srcToken.source
    .split(/\r?\n/)
    .map((line, i) => (i === 0 || line.trim() === '' ? line.trim() : indent + line.trim()))
    .join('\n')
}

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
