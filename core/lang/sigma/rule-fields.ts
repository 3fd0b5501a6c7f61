// The fields that a rule reads, in its order.
import type { Rule, Search } from './ast.ts'

export function fieldsRead({ searches }: Rule): string[] {
  const names = new Set<string>()
  const visit = (s: Search): void => {
    if (s.kind !== 'item') for (const o of s.of) visit(o)
    else {
      if (s.field !== undefined) names.add(s.field)
      if (s.modifiers.includes('fieldref')) for (const { text } of s.values) if (text !== undefined) names.add(text)
    }
  }
  for (const { search } of searches.values()) visit(search)
  return [...names]
}
