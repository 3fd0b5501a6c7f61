import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { evaluate } from '../eval/evaluate.ts'
import { binder } from '../eval/bind.ts'
import { compilePred, rowScope } from '../eval/compile.ts'
import { arbitraryPlan, arbitraryPred } from '../plan/arbitrary.ts'
import { needs, visible } from '../plan/needs.ts'
import type { Env, Plan, Row, SourceNode, Value } from '../plan/plan.ts'
import { REST } from '../plan/plan.ts'
import { printPlan } from '../plan/print.ts'
import { idsOf, schemaOf } from '../plan/schema.ts'
import { verify } from './0-verify.ts'
import { visitPlan } from '../plan/walk.ts'
import { totalOrder } from './1-total-order.ts'
import { literalsOf } from './5-literals.ts'
import { CORE, split } from './6-split.ts'
import { optimise, PASSES } from './optimise.ts'
import { arbitraryRows, arbitraryTables, eventsSource, rowText } from '../plan/arbitrary-rows.ts'
import { runs } from '../../tools/property-runs.ts'

const env: Env = { now: 9n, start: 0n, end: 9n, zone: 'UTC' }
const RUNS = runs(300)

type Tables = (source: SourceNode) => Iterable<Row>
const shown = (plan: Plan): string[] => {
  const schema = schemaOf(plan.out, plan.lets)
  const seen = visible(schema)
  return idsOf(schema)
    .filter((id) => seen.has(id))
    .sort()
}
const answer = (plan: Plan, tables: Tables, ids = shown(plan)): string[] =>
  evaluate(plan, tables, env).rows.map((r) => rowText(r, ids))

test('generated plans are sound', () => {
  fc.assert(
    fc.property(arbitraryPlan(), (plan) => {
      assert.deepEqual(verify(plan), [], printPlan(plan))
    }),
    { numRuns: RUNS },
  )
})

test('every pass keeps a plan sound and its answer, row by row', () => {
  fc.assert(
    fc.property(arbitraryPlan(), arbitraryTables(), (plan, tables) => {
      const ids = shown(plan)
      const before = answer(plan, tables)
      let current = plan
      for (const [name, pass] of PASSES) {
        current = pass(current)
        const text = `${name}\n${printPlan(plan)}\n->\n${printPlan(current)}`
        assert.deepEqual(verify(current), [], text)
        assert.deepEqual(shown(current), ids, text)
        assert.deepEqual(answer(current, tables), before, text)
        assert.deepEqual(pass(current), current, `${name} is not idempotent\n${printPlan(current)}`)
      }
    }),
    { numRuns: RUNS },
  )
})

test('the order of events changes no answer', () => {
  const settled = (plan: Plan): boolean =>
    !JSON.stringify(totalOrder(plan), (_, v) => (typeof v === 'bigint' ? `${v}` : v)).includes('"by":[]')
  fc.assert(
    fc.property(
      arbitraryPlan().filter(settled),
      arbitraryTables(),
      fc.infiniteStream(fc.nat()),
      (plan, tables, order) => {
        const shuffled: Tables = (s) =>
          [...tables(s)]
            .map((row) => ({ row, at: order.next().value as number }))
            .sort((a, b) => a.at - b.at)
            .map((r) => r.row)
        assert.deepEqual(answer(plan, shuffled).sort(), answer(plan, tables).sort(), printPlan(plan))
      },
    ),
    { numRuns: RUNS },
  )
})

test('a predicate and its negation part the rows', () => {
  fc.assert(
    fc.property(arbitraryPred(), arbitraryRows(eventsSource(false)), (p, rows) => {
      const yes = compilePred(p, rowScope, env)
      const no = compilePred({ kind: 'not', of: p }, rowScope, env)
      for (const row of rows) assert.notEqual(yes(row), no(row))
    }),
    { numRuns: RUNS },
  )
})

const arbitraryEvents = fc.array(
  fc.dictionary(
    fc.constantFrom('a', 'b', 'c', 'n', 'z', 'B', 'l[0]', 'l[1]', 'l[3]'),
    fc.constantFrom('a', 'b', 'A', '', 'ab', '10', '1e1', 'é'),
    {
      maxKeys: 5,
    },
  ),
  { maxLength: 8 },
)
const ALIASES = { b: ['b', 'B'] }
const bound = (source: SourceNode, events: readonly Record<string, string>[]): Row[] =>
  events.map((e, i) =>
    binder(source, ALIASES).row(
      { fields: new Map(Object.entries(e)), time: BigInt(i % 3) },
      { file: 'f', raw: JSON.stringify(e), seq: BigInt(i) },
    ),
  )

test('reading only what is needed gives the answer of whole events', () => {
  fc.assert(
    fc.property(arbitraryPlan(), arbitraryEvents, (plan, events) => {
      const tables: Tables = (s) => bound(s, events)
      assert.deepEqual(answer(optimise(plan), tables), answer(plan, tables), printPlan(plan))
    }),
    { numRuns: RUNS },
  )
})

test('the search for literals loses no event', () => {
  let found = 0
  fc.assert(
    fc.property(arbitraryPred(), arbitraryEvents, (where, events) => {
      const source = { ...eventsSource(false), where }
      const literals = literalsOf(source)
      found += literals.length
      const passes = compilePred(where, rowScope, env)
      bound(source, events).forEach((row, i) => {
        if (!passes(row)) return
        const event = events[i] as Record<string, string>
        for (const { field, anyOf } of literals) {
          const values = field === null ? [...Object.values(event), JSON.stringify(event)] : [row[field] as Value]
          assert.ok(
            anyOf.some((text) => values.some((v) => typeof v === 'string' && v.includes(text))),
            `${field}: ${anyOf.join('|')} not in ${JSON.stringify(event)}`,
          )
        }
      })
    }),
    { numRuns: runs(500) },
  )
  assert.ok(found > runs(50), `only ${found} literals were there to be tested`)
})

test('core and tail together give the answer of the plan', () => {
  const TAILS = ['str.lower', 'agg.list', 'str.glob', 'num.parse', 'win.lag', 'int.add', 'agg.count']
  let tails = 0
  fc.assert(
    fc.property(
      arbitraryPlan(),
      arbitraryTables(),
      fc.subarray(TAILS),
      fc.boolean(),
      (raw, tables, tailing, engineFilters) => {
        const plan = optimise(raw)
        const { core, tail, reasons } = split(
          plan,
          (prim) => (tailing.includes(prim) ? `no ${prim}` : undefined),
          undefined,
          { engineFilters },
        )
        if (tail === null) {
          assert.equal(core, plan)
          return
        }
        tails++
        assert.ok(reasons.length > 0)
        const ids = shown(plan)
        if (core === null) {
          assert.deepEqual(answer(tail, tables), answer(plan, tables))
          return
        }
        assert.deepEqual([...verify(core), ...verify(tail)], [])
        const middle = evaluate(core, tables, env).rows
        const both: Tables = (s) => (s.name === CORE ? middle : tables(s))
        assert.deepEqual(
          answer(tail, both, ids),
          answer(plan, tables, ids),
          `${printPlan(core)}\n--\n${printPlan(tail)}`,
        )
        visitPlan(core, {
          expr: (e) => assert.ok(!engineFilters || e.kind !== 'call' || !tailing.includes(e.prim), printPlan(core)),
        })
      },
    ),
    { numRuns: 300 },
  )
  assert.ok(tails > 20, `only ${tails} plans had a tail`)
})

test('REST goes when nobody can see it', () => {
  const plan: Plan = {
    lets: [],
    out: { from: eventsSource(true), stages: [{ kind: 'project', columns: ['a'], rest: false }] },
  }
  const from = optimise(plan).out.from
  assert.ok(from.kind === 'source')
  assert.deepEqual(from.rest, false)
  assert.deepEqual(
    from.columns.map((c) => c.id),
    ['a'],
  )
  assert.equal(needs(plan).get(plan.out)?.[0]?.has(REST), false)
})
