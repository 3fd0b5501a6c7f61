// Subnets as one pattern over the text of an address: an engine compares numbers of octets for twice its cost.
import type { Subnet } from './ip.ts'

export const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])'

/** Matches the canonical IPv4 texts of the subnets, and no other text. */
export function v4Pattern(nets: readonly Subnet[]): string {
  // By the number of octets that are free.
  const begins: string[][] = [[], [], [], [], []]
  for (const { value, prefix } of nets) {
    const octets = [24n, 16n, 8n, 0n].map((at) => Number((value >> at) & 255n))
    const whole = octets.slice(0, prefix >> 3).map(String)
    const free = 8 - (prefix % 8)
    const low = ((octets[whole.length] ?? 0) >> free) << free
    const fixed = free === 8 ? whole : [...whole, numbers(low, low + 2 ** free - 1)]
    begins[4 - fixed.length]?.push(fixed.join('\\.'))
  }
  const groups = begins.flatMap((some, n) => {
    if (some.length === 0) return []
    return [n === 4 ? `${OCTET}(?:\\.${OCTET}){3}` : `${oneOf(some)}${n === 0 ? '' : `(?:\\.${OCTET}){${n}}`}`]
  })
  return `\\A${oneOf(groups)}\\z`
}

/** Matches the addresses of the subnets as 32 hexadecimal digits. */
export const v6Pattern = (nets: readonly Subnet[]): string =>
  `\\A${oneOf(
    nets.map(({ value, prefix }) => {
      const digits = value.toString(16).toUpperCase().padStart(32, '0')
      const whole = digits.slice(0, prefix >> 2)
      const free = 4 - (prefix % 4)
      if (free === 4) return whole
      const low = (Number.parseInt(digits[whole.length] as string, 16) >> free) << free
      const some = Array.from({ length: 2 ** free }, (_, i) => (low + i).toString(16).toUpperCase())
      return `${whole}[${some.join('')}]`
    }),
  )}`

const oneOf = (patterns: readonly string[]): string =>
  patterns.length === 1 ? (patterns[0] as string) : `(?:${patterns.join('|')})`

/** The numbers of an interval, by tens. */
function numbers(low: number, high: number): string {
  const parts: string[] = []
  for (let ten = Math.floor(low / 10); ten <= Math.floor(high / 10); ten++) {
    const [first, last] = [Math.max(low, ten * 10) % 10, Math.min(high, ten * 10 + 9) % 10]
    parts.push(`${ten === 0 ? '' : ten}${first === last ? first : `[${first}-${last}]`}`)
  }
  return oneOf(parts)
}
