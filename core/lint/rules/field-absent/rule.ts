import { areOrIs, listNames, placeOfName, suppliers } from '../../places.ts'
import { lintRule } from '../../rule.ts'

export const fieldAbsent = lintRule<{ fields: readonly string[]; subject: string; suppliedBy: string }>({
  id: 'LNT102',
  slug: 'field-absent',
  severity: 'warning',
  title: 'The query reads a field that none of its events has',
  message: (p) => `${listNames(p.fields)} ${areOrIs(p.fields)} absent on ${p.subject}`,
  why: 'A query that reads an absent field is valid, but it finds nothing, here and in the tenant.',
  remedy: (p) => p.suppliedBy || 'compare spelling and case with the fields that `assay sources LOGS` lists',
  check({ absent, consequences, plan, source, subject }) {
    // An absent grouping key has a diagnostic of its own.
    const keys = consequences.flatMap((c) => (c.kind === 'no-group' ? c.keys : []))
    const fields = absent.filter((f) => f.neverOn === undefined && !keys.includes(f.name))
    const [first] = fields
    if (!first) return []
    const params = { fields: fields.map((f) => f.name), subject, suppliedBy: suppliers(fields) }
    return [{ at: placeOfName(source, plan.out, first.name), params }]
  },
})
