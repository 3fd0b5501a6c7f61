import { inText } from '../../../diag/diagnostic.ts'
import { allTests } from '../../conditions.ts'
import { textRule } from '../../rule.ts'

export const textOrder = textRule<{ readonly text: string }>({
  id: 'LNT411',
  slug: 'text-order',
  severity: 'warning',
  title: 'Numbers in quotes are compared as text',
  message: (p) => `"${p.text}" is a text here, and texts have the order of their characters`,
  why: 'As text, "9" comes after "10". Only a number without quotes makes the comparison one of numbers.',
  remedy: (p) => `write \`${p.text}\` without quotes`,
  checkText({ outline, source }) {
    // Where equality has wildcards in quotes, quotes do not make a text.
    if (!outline.traits.globTest) return []
    return allTests(outline).flatMap(({ test }) => {
      const [value] = test.values
      if (!/^[<>]/.test(test.op) || value?.kind !== 'text' || !/^-?\d+(?:\.\d+)?$/.test(value.text)) return []
      const edits = [{ span: value.at, text: value.text }]
      return [
        {
          at: inText(source, value.at),
          params: { text: value.text },
          fixes: [{ title: 'compare numbers', edits, safety: 'safe' as const }],
        },
      ]
    })
  },
})
