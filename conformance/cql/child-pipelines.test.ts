// A child pipeline of a grouping returns the rows that it returns for each group alone. Several return every combination of their rows.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { verify } from '../../core/passes/0-verify.ts'
import { present } from '../../core/workbench/present.ts'
import { type Given, rowsOf, run } from './run.ts'

/** Each with the names of its outputs. */
const outputs: Readonly<Record<string, string>> = {
  'h=x | count(as=c)': 'c',
  'h=x | count(as=c) | c > 1': 'c',
  'count(as=n) | twice := n * 2 | drop(n)': 'n twice',
  'groupBy(h) | count(as=hosts)': 'hosts',
  'h=x | groupBy(v) | sum(_count, as=s)': 's',
  'avg(v, as=m) | m > 1 | note := "high"': 'm note',
  'case { h=x | w := 1; * | w := 2 } | max(w, as=w)': 'w',
  'h=y | tail(1) | select([v])': 'v',
  'sort(v, order=asc, limit=1) | select([v])': 'v',
  'table([v, h], limit=2)': 'v h',
  'top(h, limit=1, as=t)': 'h t',
  'h!=x | groupBy(h, function={ v > 1 | count(as=big) })': 'h big',
  'sort(v, order=asc) | accumulate(sum(v, as=run)) | select([v, run])': 'v run',
  'collect(h, multival=false)': 'h',
  'selfJoinFilter(field=h, where=[{ v=1 }, { v=2 }]) | count(as=both)': 'both',
  '[min(v, as=lo), max(v, as=hi)] | span := hi - lo | drop([lo, hi])': 'lo hi span',
  'bucket(span=1s, function=count(as=b)) | max(b, as=most)': 'most',
  'stats([{ h=x | count(as=p) }, { h=y | count(as=q) | q > 0 }])': 'p q',
}
const children = Object.keys(outputs)
const outputsOf = (child: string): string[] => (outputs[child] as string).split(' ')
type Row = Record<string, unknown>

function rows(query: string, given: readonly Given[]): Row[] {
  const { lowered, result } = run(query, given, { interval: { start: 0n, end: 5_000_000n } })
  assert.deepEqual(
    lowered.diagnostics.filter((d) => d.severity === 'error').map((d) => d.message),
    [],
    query,
  )
  assert.deepEqual(verify(lowered.plan), [], query)
  return rowsOf(present(result.columns, result.rows, lowered.presentation))
}
const sorted = (all: readonly Row[]): string[] =>
  all.map((r) => JSON.stringify(Object.entries(r).sort(([a], [b]) => (a < b ? -1 : 1)))).sort()
const orEmpty = (all: Row[]): Row[] => (all.length === 0 ? [{}] : all)

const events = fc.array(
  fc.record({
    k: fc.constantFrom('a', 'b', 'c'),
    h: fc.constantFrom('x', 'y', 'z'),
    v: fc.constantFrom('1', '2', '3'),
  }),
  { maxLength: 7 },
)

test('one child is that child over the rows of each group', () => {
  for (const child of children)
    fc.assert(
      fc.property(events, (drawn) => {
        const given = drawn.map((e, i): Given => ({ ...e, '@timestamp': i * 700 }))
        const groups = [...new Set(drawn.map((e) => e.k))]
        const alone = groups.flatMap((k) =>
          orEmpty(
            rows(
              child,
              given.filter((e) => e['k'] === k),
            ),
          ).map((r) => ({ k, ...r })),
        )
        assert.deepEqual(sorted(rows(`groupBy(k, function={ ${child} })`, given)), sorted(alone), child)
      }),
      { numRuns: 6 },
    )
})

test('several children are every combination of their rows', () => {
  fc.assert(
    fc.property(events, fc.constantFrom(...children), fc.constantFrom(...children), (drawn, one, other) => {
      // Outputs of one name are an error of the vendor.
      fc.pre(!outputsOf(one).some((n) => outputsOf(other).includes(n)))
      const given = drawn.map((e, i): Given => ({ ...e, '@timestamp': i * 700 }))
      const groups = [...new Set(drawn.map((e) => e.k))]
      const alone = groups.flatMap((k) => {
        const mine = given.filter((e) => e['k'] === k)
        return orEmpty(rows(one, mine)).flatMap((a) => orEmpty(rows(other, mine)).map((b) => ({ k, ...a, ...b })))
      })
      assert.deepEqual(
        sorted(rows(`groupBy(k, function=[{ ${one} }, { ${other} }])`, given)),
        sorted(alone),
        `${one} · ${other}`,
      )
    }),
    { numRuns: 30 },
  )
})
