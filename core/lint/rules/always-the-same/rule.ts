import { areOrIs, listNames, mentioned, placeIn } from '../../places.ts'
import { lintRule } from '../../rule.ts'

export const alwaysTheSame = lintRule<{ column: string; value: string; because: readonly string[] }>({
  id: 'LNT104',
  slug: 'always-the-same',
  severity: 'warning',
  title: 'An aggregate over an absent field is constant',
  message: (p) => `\`${p.column}\` is always ${p.value}, because ${listNames(p.because)} ${areOrIs(p.because)} absent`,
  why: 'Aggregates skip events that lack the field. With no event left, they give the value of an empty input.',
  remedy: (p) =>
    `read a field that the telemetry has, not ${listNames(p.because)}, or remove this column and each condition on it`,
  check(context) {
    return context.consequences.flatMap((c) => {
      if (c.kind !== 'constant') return []
      const value = c.value === null ? 'absent' : String(c.value)
      const because = c.because.length > 0 ? c.because : mentioned(context, c.at)
      return [{ at: placeIn(context.source, c.at, c.column), params: { column: c.column, value, because } }]
    })
  },
})
