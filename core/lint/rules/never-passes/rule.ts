import { areOrIs, listNames, mentioned, placeOf } from '../../places.ts'
import { lintRule } from '../../rule.ts'

export const neverPasses = lintRule<{ because: readonly string[] }>({
  id: 'LNT106',
  slug: 'never-passes',
  severity: 'warning',
  title: 'A filter that matches no event',
  message: (p) =>
    `no event can match this filter: it needs ${listNames(p.because)}, which ${areOrIs(p.because)} absent`,
  why: 'A comparison with an absent field is false, and this field is absent on every event.',
  remedy: () => 'compare a field that the events have; `assay sources LOGS` lists them',
  check(context) {
    return context.consequences.flatMap((c) =>
      c.kind === 'never-passes'
        ? [{ at: placeOf(context.source, c.at), params: { because: mentioned(context, c.at) } }]
        : [],
    )
  },
})
