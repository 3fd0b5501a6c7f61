import { inText } from '../../../diag/diagnostic.ts'
import { filtersOf, visitCondition } from '../../conditions.ts'
import { textRule, type Violation } from '../../rule.ts'

export const operatorInFilter = textRule<{ readonly operator: string }>({
  id: 'LNT415',
  slug: 'operator-in-filter',
  severity: 'warning',
  title: 'Arithmetic in a filter',
  message: (p) => `\`${p.operator}\` is a character to search for here`,
  why: 'A filter compares a field with one value. It has no arithmetic, and what follows the value is a search for words.',
  remedy: () => 'assign the result with `:=`, or compare it with `test(…)`',
  checkText({ outline, source }) {
    // A scope of words may hold a dash.
    if (outline.traits.globTest) return []
    const found: Violation<{ operator: string }>[] = []
    for (const where of filtersOf(outline))
      visitCondition(where, (c) => {
        if (c.kind !== 'and') return
        const operator = c.of
          .slice(1)
          .find((x) => x.kind === 'text' && x.value.kind === 'bare' && /^[-+/%]$/.test(x.value.text))
        if (operator?.kind === 'text')
          found.push({ at: inText(source, operator.at), params: { operator: operator.value.text } })
      })
    return found
  },
})
