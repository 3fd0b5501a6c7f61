import { inText } from '../../../diag/diagnostic.ts'
import { filtersOf, visitCondition } from '../../conditions.ts'
import { textRule, type Violation } from '../../rule.ts'

export const orderInScope = textRule<{ readonly text: string }>({
  id: 'LNT414',
  slug: 'order-in-scope',
  severity: 'warning',
  title: 'A comparison of order where only words and `field=value` are read',
  message: (p) => `\`${p.text}\` is a search for these characters, not a comparison`,
  why: 'A scope finds words and fields in the index. It has no `<` and `>`.',
  remedy: () => 'compare in a `where` after the field was parsed',
  checkText({ outline, source }) {
    if (!outline.traits.globTest) return []
    const found: Violation<{ text: string }>[] = []
    for (const where of filtersOf(outline))
      visitCondition(where, (c) => {
        const isPair = c.kind === 'compare' && c.foldsCase === true && /^[\w.]*[<>]$/.test(c.field)
        const isWord = c.kind === 'text' && c.value.kind === 'bare' && /^[\w.]+[<>]=?\d+$/.test(c.value.text)
        if (isPair || isWord)
          found.push({ at: inText(source, c.at), params: { text: source.text.slice(c.at.start, c.at.end) } })
      })
    return found
  },
})
