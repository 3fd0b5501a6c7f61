// All rules over one query.
import { type Diagnostic, diagnostic } from '../diag/diagnostic.ts'
import { consequences } from './reach.ts'
import type { LintContext, LintRule, TextContext, TextRule } from './rule.ts'
import { all } from './rules/_index.ts'

type AnyRule = LintRule | TextRule
const inOrder = <R extends AnyRule>(some: readonly R[]): readonly R[] => some.toSorted((a, b) => (a.id < b.id ? -1 : 1))

export const allRules: readonly AnyRule[] = inOrder(all as readonly AnyRule[])
/** Rules over a plan. */
export const rules = allRules.filter((r): r is LintRule => 'check' in r)
const textRules = allRules.filter((r): r is TextRule => 'checkText' in r)

/** In order of the rules' codes. */
export function checkRules(query: Omit<LintContext, 'consequences'>): Diagnostic[] {
  const names = query.absent.flatMap((f) => [f.name, ...(f.also ?? [])])
  const follows = names.length === 0 ? [] : consequences(query.plan, (f) => names.includes(f))
  const context = { ...query, consequences: follows }
  return rules.flatMap((rule) =>
    rule.check(context).map(({ at, params, ...extra }) => diagnostic(rule, at, params, extra)),
  )
}

export const checkTextRules = (context: TextContext): Diagnostic[] =>
  textRules.flatMap((rule) =>
    rule.checkText(context).map(({ at, params, ...extra }) => diagnostic(rule, at, params, extra)),
  )
