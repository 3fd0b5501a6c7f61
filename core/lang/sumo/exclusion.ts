// Exclusions as Sumo Logic `where` stages.
import { type ExclusionWords, quoted } from '../shared/exclusion.ts'

export const exclusion: ExclusionWords = {
  condition(c) {
    if ('value' in c) return `${c.field} = ${quoted(c.value)}`
    const pattern = prefixPattern(c.subnet)
    return pattern && `${c.field} matches ${pattern}`
  },
  exclude: (all) => `where !(${all.join(' and ')})`,
}

/** compareCIDRPrefix takes only IPv4 addresses, so a pattern matches how the addresses of a network begin. */
function prefixPattern(subnet: string): string | undefined {
  const [network = '', bits] = subnet.split('/')
  if (bits === '24') return `/^${network.split('.').slice(0, 3).join('\\.')}\\./`
  const groups = network.split('::')[0]?.split(':') ?? []
  return bits === '64' && groups.length === 4 ? `/(?i)^${groups.join(':')}:/` : undefined
}
