// Several filters evaluated together count what each counts alone.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Event } from '../../core/logs/format.ts'
import { formatNamed } from '../../core/logs/registry.ts'
import { and, col, NO_ENV, not, or, present, test as pred, text, TRUE } from '../../core/plan/build.ts'
import type { Pred, SourceNode } from '../../core/plan/plan.ts'
import type { Bounds } from './bounds.ts'
import { FieldProfiler, type FileScope, FilterCascade, RowCollector } from './event-consumers.ts'
import { runs } from '../../tools/property-runs.ts'

const format = formatNamed('json-lines')
assert.ok(format)
const NAMES = ['a', 'b', 'c']
const source = (where: Pred): SourceNode => ({
  kind: 'source',
  name: 'events',
  columns: NAMES.map((id) => ({ id, ty: 'str', from: { kind: 'field', name: id } })),
  rest: false,
  interval: 'query',
  where,
})

const leaf: fc.Arbitrary<Pred> = fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom('1', '2', null)).map(([id, v]) => {
  const column = col(id, 'str')
  return v === null ? not(present(column)) : pred('str.eq', [column, text(v)])
})
/** Filters that mostly add to the one before, as steps of a query do. */
const filters = fc
  .array(
    fc.tuple(
      fc.boolean(),
      fc.oneof(
        leaf,
        fc.array(leaf, { minLength: 2, maxLength: 2 }).map((l) => or(...l)),
      ),
    ),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((steps) => {
    const made: Pred[] = []
    for (const [more, p] of steps) made.push(more ? and(made.at(-1) ?? TRUE, p) : p)
    return made
  })
const event: fc.Arbitrary<Event> = fc
  .record({
    a: fc.option(fc.constantFrom('1', '2')),
    b: fc.option(fc.constantFrom('1', '2')),
    c: fc.option(fc.constantFrom('1', '2')),
    time: fc.option(fc.bigInt(0n, 10n), { nil: undefined }),
  })
  .map(({ time, ...fields }) => ({
    fields: new Map(Object.entries(fields).flatMap(([n, v]) => (v === null ? [] : [[n, v] as const]))),
    time,
  }))
const bounds = fc.option(fc.tuple(fc.bigInt(0n, 10n), fc.bigInt(0n, 10n)).map(([start, end]) => ({ start, end })))
const counts = (into: number[], i: number) => (): void => {
  into[i] = (into[i] ?? 0) + 1
}
const scope = (bounds: Bounds): FileScope => ({ format, tags: {}, env: NO_ENV, bounds })
const meta = { file: 'f', raw: '', seq: 0n }

test('filters counted together count what each counts alone, also within an interval', () => {
  fc.assert(
    fc.property(filters, fc.array(event, { maxLength: 12 }), bounds, (wheres, events, within) => {
      const together = wheres.map(() => 0)
      const many = new FilterCascade(
        wheres.map(source),
        wheres.map((_, i) => counts(together, i)),
        scope(within),
      )
      const alone = wheres.map(() => 0)
      const singles = wheres.map((where, i) => {
        return new RowCollector(source(where), scope(within), counts(alone, i))
      })
      for (const e of events) {
        const answers = singles.map((s) => s.accept(e, meta))
        const expected = answers.includes('untimed') ? 'untimed' : answers.includes('yes') ? 'yes' : 'no'
        assert.equal(many.accept(e, meta), expected)
      }
      assert.deepEqual(together, alone)
    }),
    { numRuns: runs(300) },
  )
})

test('a profile with `whether` has the same fields as one that counts all events', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 12 }), (events) => {
      const [whether, exact] = [true, false].map(
        (w) => new FieldProfiler({ fields: [...NAMES, 'd'], whether: w }, format, { d: 'x' }),
      )
      for (const e of events) for (const c of [whether, exact]) c?.add(e)
      assert.deepEqual([...(whether?.fields.keys() ?? [])].sort(), [...(exact?.fields.keys() ?? [])].sort())
      assert.equal(whether?.events, exact?.events)
    }),
    { numRuns: runs(100) },
  )
})
