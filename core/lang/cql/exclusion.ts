// Exclusions as CQL filters.
import { type ExclusionWords, quoted } from '../shared/exclusion.ts'

export const exclusion: ExclusionWords = {
  condition: (c) =>
    'subnet' in c ? `cidr(${c.field}, subnet=${quoted(c.subnet)})` : `${c.field} = ${quoted(c.value)}`,
  exclude: (all) => `not (${all.join(' and ')})`,
}
