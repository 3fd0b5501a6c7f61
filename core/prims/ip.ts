// Addresses as numbers. Strict texts only: no leading zeros, no zones, no ports.
export interface Address {
  readonly bits: 32 | 128
  readonly value: bigint
}

const V4 = /^(?:0|[1-9][0-9]{0,2})(?:\.(?:0|[1-9][0-9]{0,2})){3}$/
export function parseV4(text: string): bigint | null {
  if (text.length > 15 || !V4.test(text)) return null
  let value = 0
  for (const part of text.split('.')) {
    const n = Number(part)
    if (n > 255) return null
    value = value * 256 + n
  }
  return BigInt(value)
}

export function parseV6(text: string): bigint | null {
  if (!/^[0-9A-Fa-f:.]{2,45}$/.test(text)) return null
  let source = text
  const lastColon = text.lastIndexOf(':')
  if (text.includes('.')) {
    const v4 = parseV4(text.slice(lastColon + 1))
    if (v4 === null || lastColon < 0) return null
    source = `${text.slice(0, lastColon + 1)}${(v4 >> 16n).toString(16)}:${(v4 & 0xffffn).toString(16)}`
  }
  const halves = source.split('::')
  if (halves.length > 2) return null
  const groups = (half: string): string[] => (half === '' ? [] : half.split(':'))
  const head = groups(halves[0] as string)
  const rest = groups(halves[1] ?? '')
  const gap = 8 - head.length - rest.length
  if (halves.length === 1 ? gap !== 0 : gap < 1) return null
  const all = [...head, ...Array.from({ length: halves.length === 1 ? 0 : gap }, () => '0'), ...rest]
  if (!all.every((g) => /^[0-9A-Fa-f]{1,4}$/.test(g))) return null
  return all.reduce((v, g) => (v << 16n) | BigInt(Number.parseInt(g, 16)), 0n)
}

export function parseAddress(text: string): Address | null {
  const v4 = parseV4(text)
  if (v4 !== null) return { bits: 32, value: v4 }
  const v6 = text.includes(':') ? parseV6(text) : null
  return v6 === null ? null : { bits: 128, value: v6 }
}

export interface Subnet extends Address {
  readonly prefix: number
}
/** `10.0.0.0/8`, `fe80::/10`; without a prefix, the one address. Host bits are ignored. */
export function parseSubnet(text: string): Subnet | null {
  const [host = '', prefixText, more] = text.split('/')
  const address = parseAddress(host)
  if (!address || more !== undefined) return null
  if (prefixText !== undefined && !/^[0-9]{1,3}$/.test(prefixText)) return null
  const prefix = prefixText === undefined ? address.bits : Number(prefixText)
  return prefix > address.bits ? null : { ...address, prefix }
}
export const inSubnet = (a: Address, s: Subnet): boolean =>
  a.bits === s.bits && a.value >> BigInt(a.bits - s.prefix) === s.value >> BigInt(s.bits - s.prefix)

export const v4Text = (value: bigint): string =>
  [24n, 16n, 8n, 0n].map((shift) => ((value >> shift) & 255n).toString()).join('.')
/** RFC 5952: the first longest run of two or more zero groups is `::`. */
export function v6Text(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(112 - 16 * i)) & 0xffffn))
  let best = { at: -1, length: 1 }
  for (let i = 0; i < 8; i++) {
    let n = 0
    while (i + n < 8 && groups[i + n] === 0) n++
    if (n > best.length) best = { at: i, length: n }
  }
  const hex = groups.map((g) => g.toString(16))
  if (best.at < 0) return hex.join(':')
  return `${hex.slice(0, best.at).join(':')}::${hex.slice(best.at + best.length).join(':')}`
}
