import { inText } from '../../../diag/diagnostic.ts'
import type { Condition } from '../../../lang/shared/outline.ts'
import { filtersOf, isExact, parts, visitCondition } from '../../conditions.ts'
import { cut } from '../../../text/cut.ts'
import { textRule, type Violation } from '../../rule.ts'

export const alwaysTrue = textRule<{ readonly text: string }>({
  id: 'LNT502',
  slug: 'always-true',
  severity: 'warning',
  title: 'A condition that every event meets',
  message: (p) => `every event meets \`${p.text}\``,
  why: 'A value differs from at least one of two values. To exclude both, both differences must hold.',
  remedy: () => 'write `and` where `or` is',
  checkText({ outline, source }) {
    const found: Violation<{ text: string }>[] = []
    for (const where of filtersOf(outline))
      visitCondition(where, (c, isNegated) => {
        if (c.kind !== 'or' || isNegated) return
        const text = (x: Condition): string => source.text.slice(x.at.start, x.at.end)
        const all = parts(c, 'or')
        const excluded = new Map<string, string>()
        for (const x of all) {
          const without = excludes(x)
          if (without && excluded.get(without.field) !== undefined && excluded.get(without.field) !== without.value)
            report()
          if (without) excluded.set(without.field, without.value)
        }
        const negated = all.flatMap((x) => (x.kind === 'not' ? [text(x.of)] : []))
        if (
          all.some(
            (x) =>
              x.kind !== 'not' &&
              x.at.end > x.at.start &&
              negated.includes(text(x)) &&
              /^(?:compare|text)$/.test(x.kind),
          )
        )
          report()

        function report(): void {
          const at = inText(source, c.at)
          if (found.some((f) => f.at.kind === 'text' && f.at.span.start === c.at.start)) return
          const shown = text(c).replace(/\s+/g, ' ')
          found.push({ at, params: { text: cut(shown, 80) } })
        }
      })
    return found
  },
})

/** The condition holds for all values but one. */
function excludes(c: Condition): { field: string; value: string } | undefined {
  const test = c.kind === 'not' ? c.of : c
  if (test.kind !== 'compare' || test.values.length !== 1) return undefined
  const isDifference = c.kind === 'not' ? test.op === '=' || test.op === 'in' : test.op === '!='
  const [value] = test.values
  return isDifference && value && isExact(test, value) ? { field: test.field, value: value.text } : undefined
}
