// The format of a recognised file: one of the registry, or what the user's parser script or rule for fields makes of it.
import type { LogFormat } from '../../core/logs/format.ts'
import { formatNamed } from '../../core/logs/registry.ts'
import type { Recognised } from './input.ts'
import { tableFormat } from './table-file.ts'

type WithParser = Pick<Recognised, 'format'> & { readonly parser: NonNullable<Recognised['parser']> }

let compileParser: ((file: WithParser) => LogFormat | undefined) | undefined

/** Called by compile-parser.ts, which loads all languages: a thread that reads lines does without them where no file has a parser. */
export function parsersBy(compile: NonNullable<typeof compileParser>): void {
  compileParser = compile
}

/** Undefined: no such format. */
export function formatOf({
  format,
  parser,
  table,
}: Pick<Recognised, 'format' | 'parser' | 'table'>): LogFormat | undefined {
  if (table) return tableFormat(table)
  if (!parser) return formatNamed(format)
  if (!compileParser) throw new Error('internal: compile-parser.ts is not loaded')
  return compileParser({ format, parser })
}
