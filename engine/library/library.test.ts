import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { compile, complete, evaluate, fix, format, hover, lint, run, test as runTests, verify } from './library.ts'

const folder = mkdtempSync(join(tmpdir(), 'assay-library-'))
after(() => rmSync(folder, { recursive: true }))
const cql = { language: 'cql' }
const logs = '{"a":"1","b":"x"}\n{"a":"1","b":"y"}\n{"a":"2","b":"y"}\n'
writeFileSync(join(folder, 'logs.json'), logs)
writeFileSync(
  join(folder, 'p.case.md'),
  '# p\n\n```events\n{"a":"1"}\n```\n\n## finds\n\n```cql\na=1\n```\n```fires\n```\n',
)

test('the functions over a text', () => {
  assert.equal(lint('RemotePort in (20, 21)', cql)[0]?.severity, 'error')
  assert.equal(fix('RemotePort in (20, 21)', cql), 'in(RemotePort, values=[20, 21])')
  assert.equal(format('a=1|b=2', cql), 'a=1\n| b=2\n')
  const { plan, fields, wouldBeRefused } = compile('a=1 | count()', cql)
  assert.ok(plan?.includes('aggregate'))
  assert.deepEqual([fields, wouldBeRefused], [['a'], false])
  assert.ok(complete('groupBy(', 8, cql).some((c) => c.label === 'limit='))
  assert.match(hover('groupBy(a)', 3, cql) ?? '', /One row/)
  assert.throws(() => lint('a', { language: 'klingon' }), RangeError)
})

test('rows over events in memory and over files are the same', async () => {
  const query = 'a=1 | groupBy(b)'
  const inMemory = evaluate(query, { ...cql, logs })
  const overFiles = await run(query, { ...cql, logs: [join(folder, 'logs.json')] })
  assert.deepEqual(inMemory.rows, [
    { b: 'x', _count: 1 },
    { b: 'y', _count: 1 },
  ])
  assert.deepEqual(overFiles.rows, inMemory.rows)
  assert.equal((await run('a=(', { ...cql, logs: [] })).ok, false)
})

test('verify and test', async () => {
  const verified = await verify('a=1', 'a=2', cql)
  assert.equal(verified.verdict, 'differs')
  assert.ok(verified.differsOn.length > 0)
  const tested = await runTests([join(folder, 'p.case.md')])
  assert.deepEqual([tested.passed, tested.failed], [1, 0])
})
