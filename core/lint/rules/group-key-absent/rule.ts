import { areOrIs, listNames, placeIn, suppliers } from '../../places.ts'
import { lintRule } from '../../rule.ts'

export const groupKeyAbsent = lintRule<{ keys: readonly string[]; subject: string; suppliedBy: string }>({
  id: 'LNT103',
  slug: 'group-key-absent',
  severity: 'warning',
  title: 'A grouping key is always absent',
  message: (p) =>
    `the query forms no group: the grouping ${p.keys.length > 1 ? 'keys' : 'key'} ${listNames(p.keys)} ${areOrIs(p.keys)} absent on ${p.subject}`,
  why: 'An event without a grouping key is dropped. The result is empty, however many events match.',
  remedy: (p) =>
    p.suppliedBy || 'group by fields that the events have, or set the missing ones with default() before grouping',
  check({ absent, consequences, source, subject }) {
    return consequences.flatMap((c) => {
      if (c.kind !== 'no-group') return []
      const suppliedBy = suppliers(absent.filter((f) => c.keys.includes(f.name)))
      return [{ at: placeIn(source, c.at, c.keys[0] ?? ''), params: { keys: c.keys, subject, suppliedBy } }]
    })
  },
})
