import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { runs } from '../../tools/property-runs.ts'
import { addTo, addToSpread, deviation, exactTotal, exactTotalWith, newSpread, newSum } from './exact-sum.ts'

const UNIT = 1074n
/** A double as a multiple of the least one. */
function units(x: number): bigint {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, Math.abs(x))
  const bits = view.getBigUint64(0)
  const exponent = bits >> 52n
  const digits = bits & ((1n << 52n) - 1n)
  const size = exponent === 0n ? digits : (digits | (1n << 52n)) << (exponent - 1n)
  return x < 0 ? -size : size
}
/** The nearest double, of two the even one: a bigint becomes a number in this way. */
function doubleOf(of: bigint): number {
  const length = of.toString(2).length
  const shift = BigInt(Math.max(0, length - 900))
  const [size, sign] = of < 0n ? [-of, -1] : [of, 1]
  const rest = (size & ((1n << shift) - 1n)) === 0n ? 0n : 1n
  const near = Number((size >> shift) | rest)
  return sign * (shift > UNIT ? near * 2 ** Number(shift - UNIT) : near * 2 ** -500 * 2 ** Number(shift - 574n))
}

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer().map((n) => n / 8),
  fc.constantFrom(1e20, 1e308, 1.7e308, 5e-324, 2 ** 53, 0.1),
)
const numbers = fc
  .tuple(fc.array(number, { maxLength: 12 }), fc.array(fc.nat(40), { maxLength: 12 }))
  .map(([all, cancel]) => [...all, ...cancel.flatMap((i) => (i < all.length ? [-(all[i] as number)] : []))])
const sumOf = (all: readonly number[]) => all.reduce(addTo, newSum())

describe('exact sum', () => {
  it('is the nearest double of the sum as integers, in any order', () => {
    fc.assert(
      fc.property(numbers, fc.bigInt({ min: -(2n ** 100n), max: 2n ** 100n }), (all, whole) => {
        const exact = all.reduce((n, x) => n + units(x), 0n)
        const wanted = doubleOf(exact)
        for (const order of [all, all.toReversed(), [...all].sort((a, b) => a - b)])
          assert.equal(exactTotal(sumOf(order)) + 0, wanted + 0)
        assert.equal(exactTotalWith(sumOf(all), whole) + 0, doubleOf(exact + (whole << UNIT)) + 0)
      }),
      { numRuns: runs(1000) },
    )
  })

  it('gives a deviation that a large common part does not change', () => {
    const deviationOf = (all: readonly number[]) => deviation(all.reduce(addToSpread, newSpread()), true)
    const near = [1, 2, 4, 8]
    const wanted = deviationOf(near) as number
    assert.equal(wanted, Math.sqrt(28.75 / 3))
    for (const by of [2 ** 49, -(2 ** 40), 1.7e12]) assert.equal(deviationOf(near.map((x) => x + by)), wanted)
    assert.equal(deviationOf([1e140, 0]), null)
  })
})
