import { inText } from '../../../diag/diagnostic.ts'
import { allTests, filtersOf, visitCondition } from '../../conditions.ts'
import type { Value } from '../../../lang/shared/outline.ts'
import { textRule, type Violation } from '../../rule.ts'

export const overEscaped = textRule<{ readonly part: string; readonly once: string }>({
  id: 'LNT413',
  slug: 'over-escaped',
  severity: 'warning',
  title: 'A regular expression with one backslash too many',
  message: (p) => `\`${p.part}\` matches a backslash and then letters`,
  why: 'Between slashes a backslash needs no second one: `\\d` is a digit, and `\\\\d` is a backslash with a `d`.',
  remedy: (p) => `write \`${p.once}\``,
  checkText({ outline, source }) {
    const found: Violation<{ part: string; once: string }>[] = []
    const check = (value: Value | undefined): void => {
      const m = value?.kind === 'regex' ? /(?<!\\)\\\\[dsw](?:[+*]|\{\d)/.exec(value.text) : null
      if (!m || !value) return
      const start = source.text.indexOf(m[0], value.at.start)
      const at = start < 0 ? value.at : { start, end: start + m[0].length }
      const edits = value.text.replaceAll(/(?<!\\)\\\\(?=[dsw.](?:[+*]|\{\d)?)/g, '\\')
      const fixes = source.text.slice(value.at.start, value.at.end).startsWith(`/${value.text}/`)
        ? [
            {
              title: 'remove the backslashes',
              edits: [
                { span: { start: value.at.start + 1, end: value.at.start + 1 + value.text.length }, text: edits },
              ],
              safety: 'unsafe' as const,
            },
          ]
        : []
      found.push({ at: inText(source, at), params: { part: m[0], once: m[0].slice(1) }, fixes })
    }
    for (const { test } of allTests(outline)) check(test.values[0])
    for (const where of filtersOf(outline))
      visitCondition(where, (c) => {
        if (c.kind === 'text') check(c.value)
      })
    return found
  },
})
