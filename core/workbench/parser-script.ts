// A parser script, and the name of the format that it is compiled to.
import type { Source } from '../text/source.ts'

export interface ParserScript {
  readonly source: Source
  /** Fields that become tags: their names get a `#`. Left out: those of the CrowdStrike Parsing Standard. */
  readonly tagFields?: readonly string[]
}

export const PARSER_FORMAT = 'parser'
