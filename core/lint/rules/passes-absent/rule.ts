import { inText } from '../../../diag/diagnostic.ts'
import { allTests, isEquality } from '../../conditions.ts'
import { textRule } from '../../rule.ts'

export const passesAbsent = textRule<{ readonly field: string }>({
  id: 'LNT402',
  slug: 'passes-absent',
  severity: 'info',
  title: 'A negated condition passes events without the field',
  message: (p) => `events without \`${p.field}\` pass this condition too`,
  why: '`!=`, `not` and `!in()` turn a condition round, and the condition is false for an event without the field.',
  remedy: (p) => `add \`${p.field}=*\` if only events with the field are meant`,
  checkText({ outline, source }) {
    if (!outline.traits.absentDiffers) return []
    const tests = allTests(outline)
    const present = new Set(tests.filter((t) => !t.isNegated).map((t) => t.test.field))
    const seen = new Set<string>()
    return tests.flatMap(({ test, isNegated }) => {
      const isTestOfPresence = isEquality(test) && test.values.every((v) => /^\*+$/.test(v.text))
      if (!isNegated || isTestOfPresence || present.has(test.field) || seen.has(test.field)) return []
      seen.add(test.field)
      return [{ at: inText(source, test.at), params: { field: test.field } }]
    })
  },
})
