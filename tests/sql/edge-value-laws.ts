// Generated laws: a primitive's own constants with edge values as arguments, and the result of its JavaScript.
import { runAggregate, runScalar } from '../../core/prims/laws.ts'
import { edgeValues } from '../../core/prims/edge-values.ts'
import type { AggLaw, Law, Prim, Ty, Value } from '../../core/prims/prim.ts'

const paramTy = (p: Prim, i: number): Ty => (p.params[Math.min(i, p.params.length - 1)] as readonly [string, Ty])[1]

/** They cancel, and differ in size by more digits than a double has. Beyond 2^96 of one size, see docs/decisions.md. */
const NUMBERS: readonly Value[] = [
  ...[null, 1, 2.5, -3, 0.1, -0.1, 1e-7, 1e-300, 123456789.125, 2 ** 53, -(2 ** 53) - 2, 1e18 + 0.5],
  ...[1e20, -1e20, 7e28, -7e28, 1e308, -1e308],
]

/** Walks through the pools in a fixed order, so that a failure is repeatable. */
export function nastyLaws(p: Prim, count: number): (AggLaw | Law)[] {
  let seed = [...p.id].reduce((h, c) => (h * 31 + c.charCodeAt(0)) >>> 0, 7)
  const dice = (n: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return Math.floor((seed / 2 ** 32) * n)
  }
  const pick = (ty: Ty): Value => {
    const pool: readonly Value[] = ty === 'list' ? edgeValues[ty] : [null, ...edgeValues[ty]]
    return pool[dice(pool.length)] as Value
  }
  const out: (AggLaw | Law)[] = []
  for (let n = 0; n < count; n++) {
    const law = p.laws[dice(p.laws.length)] as AggLaw | Law
    const consts = law.consts ?? {}
    if ('rows' in law) {
      if (p.id.startsWith('win.')) continue
      const rows = Array.from({ length: dice(6) }, (_, at) =>
        p.params.map(
          ([name, ty]): Value =>
            name === 'seq' ? BigInt(at) : ty === 'num' ? (NUMBERS[dice(NUMBERS.length)] as Value) : pick(ty),
        ),
      )
      out.push({ rows, consts, gives: runAggregate(p, { rows, consts }) })
    } else {
      const args = law.args.map((_, i) => pick(paramTy(p, i)))
      out.push({ args, consts, gives: runScalar(p, { args, consts }) })
    }
  }
  return out
}
