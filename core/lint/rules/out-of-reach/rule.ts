import { listNames, placeIn } from '../../places.ts'
import { lintRule } from '../../rule.ts'

export const outOfReach = lintRule<{ column: string; values: readonly string[]; because: readonly string[] }>({
  id: 'LNT105',
  slug: 'out-of-reach',
  severity: 'warning',
  title: 'A branch can never be taken',
  message: (p) =>
    `the value${p.values.length > 1 ? 's' : ''} ${p.values.map((v) => `"${v}"`).join(' and ')} of \`${p.column}\` ${p.values.length > 1 ? 'are' : 'is'} impossible`,
  why: 'The branch needs a value that cannot occur, because a field is absent. The result never shows it.',
  remedy: (p) => `base the branch on something other than ${listNames(p.because)}`,
  check({ absent, consequences, source }) {
    const never = absent.filter((f) => f.neverOn !== undefined)
    const because = (never.length > 0 ? never : absent).map((f) => f.name)
    return consequences.flatMap((c) => {
      if (c.kind !== 'out-of-reach') return []
      const values = c.values.map(String)
      return [{ at: placeIn(source, c.at, String(values[0])), params: { column: c.column, values, because } }]
    })
  },
})
