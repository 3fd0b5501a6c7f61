import { inText } from '../../../diag/diagnostic.ts'
import type { Condition } from '../../../lang/shared/outline.ts'
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
        const isPair =
          c.kind === 'compare' &&
          c.foldsCase === true &&
          (/^[\w.]*[<>]$/.test(c.field) || c.values.some((v) => v.kind === 'bare' && /^[<>]$/.test(v.text)))
        const isWord = c.kind === 'text' && c.value.kind === 'bare' && /^[\w.]+[<>]=?\d+$/.test(c.value.text)
        const sign = c.kind === 'and' ? c.of.find((x, i) => isSign(x, c.of[i - 1], c.of[i + 1])) : undefined
        if (sign)
          found.push({ at: inText(source, sign.at), params: { text: source.text.slice(sign.at.start, sign.at.end) } })
        if (isPair || isWord)
          found.push({ at: inText(source, c.at), params: { text: source.text.slice(c.at.start, c.at.end) } })
      })
    return found
  },
})

/** `>` between a name and a number. */
const isSign = (c: Condition, before: Condition | undefined, after: Condition | undefined): boolean =>
  /^[<>]=?$/.test(bare(c)) && /^[A-Za-z_][\w.]*$/.test(bare(before)) && /^-?\d+(?:\.\d+)?$/.test(bare(after))

const bare = (c: Condition | undefined): string => (c?.kind === 'text' && c.value.kind === 'bare' ? c.value.text : '')
