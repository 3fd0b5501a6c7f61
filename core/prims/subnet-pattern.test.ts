import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { runs } from '../../tools/property-runs.ts'
import { type Address, inSubnet, parseAddress, type Subnet, v4Text } from './ip.ts'
import { v4Pattern, v6Pattern } from './subnet-pattern.ts'

const numberOf = (bits: number) => fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n })
const subnet = (bits: 32 | 128): fc.Arbitrary<Subnet> =>
  fc.record({ bits: fc.constant(bits), value: numberOf(bits), prefix: fc.nat(bits) })
const subnets = (bits: 32 | 128) => fc.array(subnet(bits), { minLength: 1, maxLength: 4 })

/** The pattern with the anchors of JavaScript. */
const regexOf = (pattern: string): RegExp => new RegExp(pattern.replace('\\A', '^').replace(/\\z$/, '$'))

/** Addresses of the bits: any, and the first and last of each subnet with their neighbours. */
function near(nets: readonly Subnet[], any: bigint): Address[] {
  const { bits } = nets[0] as Subnet
  const most = (1n << BigInt(bits)) - 1n
  const ends = nets.flatMap(({ value, prefix }) => {
    const host = BigInt(bits - prefix)
    const low = (value >> host) << host
    const high = low + (1n << host) - 1n
    return [low - 1n, low, high, high + 1n]
  })
  return [any, ...ends].filter((v) => v >= 0n && v <= most).map((value) => ({ bits, value }))
}
const isIn = (a: Address, nets: readonly Subnet[]): boolean => nets.some((s) => inSubnet(a, s))

describe('patterns of subnets', () => {
  it('hold for exactly the IPv4 addresses of the subnets', () => {
    fc.assert(
      fc.property(subnets(32), numberOf(32), (nets, any) => {
        const regex = regexOf(v4Pattern(nets))
        for (const a of near(nets, any)) assert.equal(regex.test(v4Text(a.value)), isIn(a, nets), v4Text(a.value))
      }),
      { numRuns: runs(200) },
    )
  })

  it('hold for no text that is not an IPv4 address', () => {
    fc.assert(
      fc.property(subnets(32), fc.stringMatching(/^[0-9.]{5,17}$/), (nets, text) => {
        const a = parseAddress(text)
        assert.equal(regexOf(v4Pattern(nets)).test(text), a?.bits === 32 && isIn(a, nets))
      }),
      { numRuns: runs(200) },
    )
  })

  it('hold for exactly the hexadecimal digits of the IPv6 addresses of the subnets', () => {
    fc.assert(
      fc.property(subnets(128), numberOf(128), (nets, any) => {
        const regex = regexOf(v6Pattern(nets))
        for (const a of near(nets, any)) {
          const digits = a.value.toString(16).toUpperCase().padStart(32, '0')
          assert.equal(regex.test(digits), isIn(a, nets), digits)
        }
      }),
      { numRuns: runs(200) },
    )
  })
})
