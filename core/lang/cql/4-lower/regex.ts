// Regexes: CQL's flags as flags of the plan, and the fields that named groups make.
import * as codes from '../../../diag/catalogue/cql-lower.ts'
import type { Span } from '../../../text/source.ts'
import { parseRegex } from '../../../regex/regex.ts'
import { call } from '../../../plan/build.ts'
import type { Consts, Expr } from '../../../plan/plan.ts'
import type { Flow } from './flow.ts'

export interface Pattern {
  readonly consts: { readonly pattern: string; readonly flags: string }
  readonly groups: readonly { readonly name: string; readonly index: number }[]
}

const FLAGS = 'dgimF'

/** `d` is dot-matches-newline. `F` (engine) and `g` do not change the match. */
export function patternOf(flow: Flow, pattern: string, flags: string, at: Span): Pattern | undefined {
  const unknown = [...flags].find((f) => !FLAGS.includes(f))
  if (unknown !== undefined) {
    flow.lowering.report(codes.badFlag, at, { flag: unknown })
    return undefined
  }
  const mapped = [flags.includes('i') ? 'i' : '', flags.includes('m') ? 'm' : '', flags.includes('d') ? 's' : ''].join(
    '',
  )
  const parsed = parseRegex(pattern, mapped)
  if (!parsed.ok) {
    const written = flow.lowering.source.text.slice(at.start + 1, at.end - 1)
    const lostBackslash =
      flow.lowering.source.text[at.start] === '"' && written !== pattern && parseRegex(written, mapped).ok
    flow.lowering.report(codes.badRegex, at, { reason: parsed.error.reason, pattern, lostBackslash })
    return undefined
  }
  const groups = parsed.regex.groups.flatMap((name, i) => (name === null ? [] : [{ name, index: i + 1 }]))
  return { consts: { pattern, flags: mapped }, groups }
}

export const groupConsts = (p: Pattern, index: number): Consts => ({ ...p.consts, group: index })

/** Each named group becomes a field where it took part in the match. */
export function assignGroups(flow: Flow, subject: Expr, p: Pattern): void {
  if (p.groups.length === 0) return
  flow.assignAll(
    p.groups.map((g) => ({ name: g.name, expr: call('re.group', 'str', [subject], groupConsts(p, g.index)) })),
  )
}
