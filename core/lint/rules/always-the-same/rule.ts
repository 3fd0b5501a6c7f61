import { areOrIs, listNames, mentioned, placeIn } from '../../places.ts'
import { lintRule } from '../../rule.ts'

export const alwaysTheSame = lintRule<{ column: string; value: string; because: readonly string[] }>({
  id: 'LNT104',
  slug: 'always-the-same',
  severity: 'warning',
  title: 'An aggregate over an absent field is constant',
  message: (p) => `\`${p.column}\` is always ${p.value}, because ${listNames(p.because)} ${areOrIs(p.because)} absent`,
  why: 'Aggregates skip events that lack the field. With no event left, they give the value of an empty input.',
  remedy: () => 'remove the condition on this column: compare the count of events, or use telemetry that has the field',
  check(context) {
    return context.consequences.flatMap((c) => {
      if (c.kind !== 'constant') return []
      const value = c.value === null ? 'absent' : String(c.value)
      const because = c.because.length > 0 ? c.because : mentioned(context, c.at)
      return [{ at: placeIn(context.source, c.at, c.column), params: { column: c.column, value, because } }]
    })
  },
})
