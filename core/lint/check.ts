// All rules over one query.
import { type Diagnostic, diagnostic } from '../diag/diagnostic.ts'
import { consequences } from './reach.ts'
import type { LintContext, LintRule } from './rule.ts'
import { all } from './rules/_index.ts'

export const rules: readonly LintRule[] = (all as readonly LintRule[]).toSorted((a, b) => (a.id < b.id ? -1 : 1))

/** In order of the rules' codes. */
export function checkRules(query: Omit<LintContext, 'consequences'>): Diagnostic[] {
  const names = query.absent.flatMap((f) => [f.name, ...(f.also ?? [])])
  const follows = names.length === 0 ? [] : consequences(query.plan, (f) => names.includes(f))
  const context = { ...query, consequences: follows }
  return rules.flatMap((rule) => rule.check(context).map(({ at, params }) => diagnostic(rule, at, params)))
}
