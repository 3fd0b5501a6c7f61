// Regular expressions of the text.
import * as codes from '../../../diag/catalogue/sumo-lower.ts'
import { parseRegex } from '../../../regex/regex.ts'
import type { Span } from '../../../text/source.ts'
import type { Flow } from './flow.ts'

export { escapeRegex } from '../../../text/escape-regex.ts'

/** Constants of a regex primitive; undefined, with an error, when the pattern cannot be read. */
export function regexConsts(f: Flow, pattern: string, flags: string, at: { readonly span: Span }) {
  const parsed = parseRegex(pattern, flags)
  if (parsed.ok) return { pattern, flags }
  f.lowering.report(codes.sumoRegex, at.span, { reason: parsed.error.reason, pattern })
  return undefined
}
