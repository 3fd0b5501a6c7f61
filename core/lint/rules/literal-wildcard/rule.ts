import { inText } from '../../../diag/diagnostic.ts'
import { allTests, isEquality } from '../../conditions.ts'
import { textRule } from '../../rule.ts'

export const literalWildcard = textRule<{ readonly value: string; readonly rewrite: string }>({
  id: 'LNT404',
  slug: 'literal-wildcard',
  severity: 'warning',
  title: 'A wildcard in a comparison that has none',
  message: (p) => `\`*\` in "${p.value}" is compared as the character \`*\``,
  why: 'In this language equality compares whole texts. Only `matches`, and values without quotes in a scope, have wildcards.',
  remedy: (p) => `write \`${p.rewrite}\``,
  checkText({ outline, source }) {
    const { globTest } = outline.traits
    if (!globTest) return []
    return allTests(outline).flatMap(({ test }) => {
      const value = test.values.find((v) => v.kind === 'text' && /[*]/.test(v.text) && v.text.length > 1)
      if (!value || !isEquality(test) || test.hasWildcards) return []
      const inScope = test.foldsCase === true
      const bare = /^[\w./*:@-]+$/.test(value.text)
      if (inScope && !bare) return []
      const rewrite = inScope ? `${test.field}=${value.text}` : globTest(test.field, value.text, test.op === '!=')
      const isOne = test.values.length === 1 && test.op !== 'in'
      const edits = [{ span: test.at, text: rewrite }]
      return [
        {
          at: inText(source, value.at),
          params: { value: value.text, rewrite },
          // Of scopes the documentation only says not to combine the two.
          ...(inScope ? { severity: 'info' as const } : {}),
          fixes: isOne ? [{ title: 'compare with wildcards', edits, safety: 'safe' as const }] : [],
        },
      ]
    })
  },
})
