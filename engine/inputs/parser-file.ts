// The file of `--parser`.
import { noParser } from '../../core/diag/catalogue/workbench.ts'
import { type Diagnostic, diagnostic, noPlace } from '../../core/diag/diagnostic.ts'
import { failure, ok, type Result } from '../../core/diag/result.ts'
import { plainText } from '../../core/logs/registry.ts'
import { extractionFormat, isExtractionRule } from '../../core/workbench/extraction-rule.ts'
import { parserFormat, parserScript } from '../../core/workbench/parser-format.ts'
import type { ParserScript } from '../../core/workbench/parser-script.ts'
import { readSmallText } from '../files/read-small.ts'
import { reasonOf } from '../files/reason.ts'
import './compile-parser.ts'

export interface ReadParser {
  readonly script: ParserScript
  /** It adds fields to events of other formats. */
  readonly isRule: boolean
  readonly warnings: readonly Diagnostic[]
}

/** A parser script that compiles. */
export function readParser(path: string): Result<ReadParser> {
  let text: string
  try {
    text = readSmallText(path)
  } catch (error) {
    return failure(diagnostic(noParser, noPlace, { path, problem: reasonOf(error) }))
  }
  const script = parserScript({ name: path, text })
  if (!script.ok) return script
  if (isExtractionRule(script.value.source)) {
    const rule = extractionFormat(script.value.source, plainText)
    return rule.ok ? ok({ script: script.value, isRule: true, warnings: [] }) : rule
  }
  const format = parserFormat(script.value)
  return format.ok ? ok({ script: script.value, isRule: false, warnings: format.warnings ?? [] }) : format
}
