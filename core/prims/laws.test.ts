import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { runAggregate, runScalar, sameValue } from './laws.ts'
import { edgeValues } from './edge-values.ts'
import type { AggLaw, Law, Prim, Ty, Value } from './prim.ts'
import { primOf, prims } from './registry.ts'
import { runs } from '../../tools/property-runs.ts'

const shown = (v: unknown): string => JSON.stringify(v, (_, x) => (typeof x === 'bigint' ? `${x}n` : x))
const all = [...prims.values()]
const paramTy = (p: Prim, i: number): Ty => (p.params[Math.min(i, p.params.length - 1)] as readonly [string, Ty])[1]
const isOf = (v: Value, ty: Ty): boolean =>
  v === null ||
  (ty === 'list'
    ? Array.isArray(v)
    : ty === 'num'
      ? typeof v === 'number'
      : ty === 'int' || ty === 'time'
        ? typeof v === 'bigint'
        : ty === 'bool'
          ? typeof v === 'boolean'
          : typeof v === 'string')

describe('primitives', () => {
  for (const p of all) {
    it(`${p.id}: laws`, () => {
      for (const law of p.laws) {
        const got = 'rows' in law ? runAggregate(p, law) : runScalar(p, law)
        assert.ok(sameValue(got, law.gives, p.kind === 'test' ? 'test' : p.returns), `${shown(law)} gave ${shown(got)}`)
      }
      if (p.kind === 'scalar' && p.nulls === 'own')
        assert.ok(
          p.laws.some((l) => l.args.includes(null)),
          'a prim that sees absents needs a law with one',
        )
    })
  }

  it('every id is unique and made of a family and a name', () => {
    assert.ok(all.length > 120)
    for (const p of all) assert.match(p.id, /^[a-z]+\.[a-zA-Z0-9]+$/)
    assert.throws(() => primOf('no.such'))
  })

  it('are total on nasty values, of the type they promise, and blind to absents where they say so', () => {
    const scalars = all.filter((p) => p.kind !== 'aggregate')
    fc.assert(
      fc.property(fc.constantFrom(...scalars), fc.infiniteStream(fc.nat()), (p, dice) => {
        const law = p.laws[dice.next().value % p.laws.length] as Law
        const args = law.args.map((_, i) => {
          const pool: readonly Value[] = [null, ...edgeValues[paramTy(p, i)]]
          return pool[dice.next().value % pool.length] as Value
        })
        const got = runScalar(p, { args, consts: law.consts ?? {} })
        assert.ok(isOf(got, p.kind === 'test' ? 'bool' : p.returns), `${p.id} ${shown(args)} gave ${shown(got)}`)
        const finite = typeof got !== 'number' || Number.isFinite(got) || p.id.startsWith('double.')
        assert.ok(finite, `${p.id} ${shown(args)} gave ${String(got)}`)
        // Needles must hold whenever the test does.
        const needles = p.kind === 'test' ? p.needles?.(law.consts ?? {}) : undefined
        if (got === true && needles)
          assert.ok(
            needles.some((n) => String(args[0]).includes(n)),
            `${p.id} ${shown(args)}`,
          )
      }),
      { numRuns: runs(3000) },
    )
  })

  it('aggregates do not depend on the order of rows', () => {
    const aggs = all.filter((p) => p.kind === 'aggregate' && !p.id.startsWith('win.'))
    fc.assert(
      fc.property(
        fc.constantFrom(...aggs),
        fc.array(fc.array(fc.nat(), { minLength: 3, maxLength: 3 }), { maxLength: 8 }),
        fc.nat(),
        (p, picks, turn) => {
          const law = p.laws[turn % p.laws.length] as AggLaw | Law
          const rows = picks.map((row, at) =>
            p.params.map(([name, ty], i): Value => {
              if (name === 'seq') return BigInt(at)
              const pool: readonly Value[] = ty === 'num' ? [null, 1, 2.5, -3, 1e9, 0.1] : [null, ...edgeValues[ty]]
              return pool[(row[i] as number) % pool.length] as Value
            }),
          )
          const one = runAggregate(p, { rows, consts: law.consts ?? {} })
          const other = runAggregate(p, { rows: rows.toReversed(), consts: law.consts ?? {} })
          assert.ok(
            sameValue(one, other, p.kind === 'aggregate' ? p.returns : 'test'),
            `${p.id} ${shown(rows)}: ${shown(one)} ${shown(other)}`,
          )
          assert.ok(p.kind === 'aggregate' && isOf(one, p.returns))
        },
      ),
      { numRuns: runs(1500) },
    )
  })
})
