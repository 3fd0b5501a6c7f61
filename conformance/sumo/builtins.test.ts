import assert from 'node:assert/strict'
import { test } from 'node:test'
import { builtins } from '../../core/lang/sumo/registry.ts'
import { EXAMPLE_TABLES, knownFor, run } from './run.ts'

for (const b of builtins) {
  for (const e of b.examples) {
    test(`${b.name}: ${e.title}`, () => {
      const ran = run(e.query, e.given, knownFor(e), EXAMPLE_TABLES, e.interval)
      assert.deepEqual(ran.errors, [])
      assert.deepEqual(ran.rows, e.gives)
    })
  }
}

test('no two builtins share a name', () => {
  const names = builtins.flatMap((b) =>
    [b.name, ...(b.aliases ?? [])].map((n) => `${b.lower.fn ? 'fn' : 'word'} ${n.toLowerCase()}`),
  )
  assert.deepEqual(
    names.filter((n, i) => names.indexOf(n) !== i),
    [],
  )
})
