// The examples of every modifier and of every type of correlation.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { verify } from '../../core/passes/0-verify.ts'
import { all as builtins } from '../../core/lang/sigma/builtins/_index.ts'
import { run } from './run.ts'

for (const b of builtins)
  for (const example of b.examples)
    test(`${b.name}: ${example.title}`, () => {
      const { compiled, rows } = run(example.query, example.given)
      assert.deepEqual(
        compiled.diagnostics.map((d) => `${d.code} ${d.message}`),
        [],
      )
      assert.deepEqual(compiled.plan && verify(compiled.plan), [])
      assert.deepEqual(rows, example.gives)
    })
