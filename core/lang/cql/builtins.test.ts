import assert from 'node:assert/strict'
import { test } from 'node:test'
import { present } from '../../workbench/present.ts'
import { verify } from '../../passes/0-verify.ts'
import { builtins } from './registry.ts'
import { rowsOf, run } from '../../../conformance/cql/run.ts'

for (const b of builtins) {
  for (const example of b.examples) {
    test(`${b.name}: ${example.title}`, () => {
      const { lowered, result } = run(example.query, example.given)
      assert.deepEqual(
        lowered.diagnostics.filter((d) => d.severity === 'error').map((d) => d.message),
        [],
      )
      assert.deepEqual(verify(lowered.plan), [])
      const shown = present(result.columns, result.rows, lowered.presentation)
      assert.deepEqual(rowsOf(shown), example.gives)
    })
  }
}

test('no two functions share a name', () => {
  const names = builtins.flatMap((b) => [b.name, ...(b.aliases ?? [])].map((n) => n.toLowerCase()))
  assert.equal(new Set(names).size, names.length)
})

test('parameters are described once, at most one is unnamed', () => {
  for (const b of builtins) {
    assert.ok(b.params.filter((p) => p.unnamed).length <= 1, b.name)
    assert.equal(new Set(b.params.map((p) => p.name)).size, b.params.length, b.name)
  }
})
