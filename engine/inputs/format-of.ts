// The format of a recognised file: one of the registry, or what the user's parser script or rule for fields makes of it.
import type { LogFormat } from '../../core/logs/format.ts'
import { formatNamed, plainText } from '../../core/logs/registry.ts'
import { extractionFormat, isExtractionRule } from '../../core/workbench/extraction-rule.ts'
import { parserFormat } from '../../core/workbench/parser-format.ts'
import type { Recognised } from './input.ts'

const made = new Map<string, LogFormat>()

/** Undefined: no such format. */
export function formatOf({ format, parser }: Pick<Recognised, 'format' | 'parser'>): LogFormat | undefined {
  if (!parser) return formatNamed(format)
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
}
