import { listNames, placeOfName } from '../../places.ts'
import { lintRule } from '../../rule.ts'

export const fieldInNoFeed = lintRule<{ fields: readonly string[]; event: string }>({
  id: 'LNT101',
  slug: 'field-in-no-feed',
  severity: 'warning',
  title: 'No feed has this field on the event',
  message: (p) => `no feed has ${listNames(p.fields)} on ${p.event}`,
  why: 'The sensor never sends this field. Sums over it are 0, and comparisons with it are never true.',
  remedy: (p) =>
    `use telemetry that has it (firewall or proxy logs for byte counts), or remove ${listNames(p.fields)} from the query`,
  check({ absent, plan, source }) {
    const never = absent.filter((f) => f.neverOn !== undefined)
    const [first] = never
    if (first?.neverOn === undefined) return []
    const params = { fields: never.map((f) => f.name), event: first.neverOn }
    return [{ at: placeOfName(source, plan.out, first.name), params }]
  },
})
