// Applies filter documents: their exclusions become part of the rules that they name.
import * as codes from '../../diag/catalogue/sigma.ts'
import { nearest } from '../../text/nearest.ts'
import type { Lowering } from './lowering.ts'
import { selected } from './2-parse-detection.ts'
import type { Condition, Document, Filter, Logsource, Named, Rule } from './ast.ts'

/** The documents, with each filter added to the conditions of its rules. `own`: the filters of this text; others are checked elsewhere. */
export function filtered(
  documents: readonly Document[],
  own: readonly Document[],
  lowering: Lowering,
): readonly Document[] {
  const filters = documents.filter((d) => d.kind === 'filter')
  if (filters.length === 0) return documents
  const rules = documents.filter((d) => d.kind === 'rule')
  const names = rules.flatMap((r) => r.names)
  for (const f of filters.filter((f) => own.includes(f))) {
    for (const { name, span } of f.rules ?? [])
      if (!names.includes(name)) lowering.report(codes.sigmaNoReference, span, { name, similar: nearest(name, names) })
    if (!rules.some((r) => isMeant(f, r))) lowering.report(codes.sigmaIdleFilter, f.conditionSpan, { title: f.title })
  }
  return documents.map((d) =>
    d.kind === 'rule'
      ? filters.reduce((rule, f, i) => (isMeant(f, rule) ? withFilter(rule, f, i, lowering) : rule), d)
      : d,
  )
}

function isMeant({ rules, logsource }: Filter, rule: Rule): boolean {
  const parts = ['category', 'product', 'service'] as const
  const isOfSource = (of: Logsource): boolean =>
    parts.every((p) => logsource[p] === undefined || logsource[p] === of[p])
  return isOfSource(rule.logsource) && (rules === undefined || rules.some((r) => rule.names.includes(r.name)))
}

function withFilter(rule: Rule, filter: Filter, place: number, lowering: Lowering): Rule {
  // Names with blanks, which no condition can contain.
  const own = (name: string): string => `_filter ${place} ${name}`
  const searches = new Map<string, Named>([
    ...rule.searches,
    ...[...filter.searches].map(([name, search]): [string, Named] => [own(name), search]),
  ])
  const renamed = (c: Condition): Condition => {
    switch (c.kind) {
      case 'name':
        return { ...c, name: own(c.name) }
      case 'of': {
        const of = selected(c.pattern, filter.searches.keys()).map(
          (name): Condition => ({ kind: 'name', name: own(name), span: c.span }),
        )
        return { kind: c.all ? 'and' : 'or', of }
      }
      case 'not':
        return { kind: 'not', of: renamed(c.of) }
      default:
        return { ...c, of: c.of.map(renamed) }
    }
  }
  const condition = renamed(filter.condition)
  const remains = condition.kind === 'not' || lowering.choice('filter-condition') === 'keep'
  const added: Condition = remains ? condition : { kind: 'not', of: condition }
  return { ...rule, searches, condition: { kind: 'and', of: [rule.condition, added] } }
}
