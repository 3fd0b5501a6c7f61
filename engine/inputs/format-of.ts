// The format of a recognised file: one of the registry, or the parser script that the user names.
import type { LogFormat } from '../../core/logs/format.ts'
import { formatNamed } from '../../core/logs/registry.ts'
import { parserFormat } from '../../core/workbench/parser-format.ts'
import type { Recognised } from './input.ts'

const made = new Map<string, LogFormat>()

/** Undefined: no such format. */
export function formatOf({ format, parser }: Pick<Recognised, 'format' | 'parser'>): LogFormat | undefined {
  if (!parser) return formatNamed(format)
  const key = JSON.stringify(parser)
  const known = made.get(key)
  if (known) return known
  const compiled = parserFormat(parser)
  if (!compiled.ok) throw new Error(`internal: the parser ${parser.source.name} was compiled before`)
  made.set(key, compiled.value)
  return compiled.value
}
