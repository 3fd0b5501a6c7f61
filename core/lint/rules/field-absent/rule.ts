import { areOrIs, listNames, placeOfName, suppliers } from '../../places.ts'
import { lintRule } from '../../rule.ts'

interface Params {
  readonly fields: readonly string[]
  readonly subject: string
  readonly suppliedBy: string
  readonly unknownParser: boolean
}

export const fieldAbsent = lintRule<Params>({
  id: 'LNT102',
  slug: 'field-absent',
  severity: 'warning',
  title: 'The query reads a field that none of its events has',
  message: (p) =>
    `${listNames(p.fields)} ${areOrIs(p.fields)} absent ${p.unknownParser ? 'in these logs, ' : ''}on ${p.subject}`,
  why: 'A query that reads an absent field is valid, but a condition on it is never true.',
  remedy: (p) => {
    const compare = 'compare spelling and case with the fields that `assay sources LOGS` lists'
    if (!p.unknownParser) return p.suppliedBy || compare
    return `${p.suppliedBy || compare}; the name that the tenant's parser gives it is not known (docs/guide/ngsiem.md)`
  },
  check({ absent, consequences, plan, source, subject, unknownParser = false }) {
    // An absent grouping key has a diagnostic of its own.
    const keys = consequences.flatMap((c) => (c.kind === 'no-group' ? c.keys : []))
    const fields = absent.filter((f) => f.neverOn === undefined && !keys.includes(f.name))
    const [first] = fields
    if (!first) return []
    const params = { fields: fields.map((f) => f.name), subject, suppliedBy: suppliers(fields), unknownParser }
    return [{ at: placeOfName(source, plan.out, first.name), params }]
  },
})
