// Parser scripts and rules for fields as formats. Load this file before `formatOf` is asked for a file with a parser.
import type { LogFormat } from '../../core/logs/format.ts'
import { formatNamed, plainText } from '../../core/logs/registry.ts'
import { extractionFormat, isExtractionRule } from '../../core/workbench/extraction-rule.ts'
import { parserFormat } from '../../core/workbench/parser-format.ts'
import { parsersBy } from './format-of.ts'

const made = new Map<string, LogFormat>()

parsersBy(({ format, parser }) => {
  const isRule = isExtractionRule(parser.source)
  const key = JSON.stringify([parser, isRule && format])
  const known = made.get(key)
  if (known) return known
  const base = isRule ? (format === plainText.name ? plainText : formatNamed(format)) : undefined
  if (isRule && !base) return undefined
  const compiled = base ? extractionFormat(parser.source, base) : parserFormat(parser)
  if (!compiled.ok) throw new Error(`internal: the parser ${parser.source.name} was compiled before`)
  made.set(key, compiled.value)
  return compiled.value
})
