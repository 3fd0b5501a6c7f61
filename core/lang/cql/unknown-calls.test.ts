// A text with one error still has the others named, and a list that is not closed is the error, not its call.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile } from '../../workbench/compile.ts'

const messages = (text: string): string[] =>
  compile({ name: 'q.cql', text }, 'cql').diagnostics.flatMap((d) =>
    d.severity === 'error' ? [`${d.code} ${d.message}`] : [],
  )

test('functions that do not exist are named beside an error of the text', () => {
  const all = messages('a=) | grupBy(b, function=cuont()) | case { a=1 | lowr(x) ; * }').join('\n')
  for (const name of ['grupBy', 'cuont', 'lowr']) assert.match(all, new RegExp(`CQL151 no such function: .${name}`))
})

test('a list without its `]` is named, before an argument with a name and before the next step', () => {
  const [first, ...others] = messages('groupBy([a, b, limit=max) | sort(_count)')
  assert.equal(first, 'CQL102 `[` is not closed before `limit=`')
  assert.deepEqual(others, [])
  assert.ok(messages('table([a, b, c\n| sort(a)').includes('CQL102 `[` is not closed before `|`'))
})

test('a list without its `]` behind a name is named before the end of its call', () => {
  assert.deepEqual(messages('in(a, values=["x", "y")'), ['CQL102 `[` is not closed before `)`'])
})

test('the first token of a query is behind no other', () => {
  assert.deepEqual(messages('? | count()'), ['CQL101 found `?` after the start, expected a filter'])
})

test('a computation as a filter is no field without its quotes', () => {
  assert.deepEqual(messages('now()-@timestamp<60000'), ['CQL101 found `-@timestamp` after `)`, expected `|`'])
  assert.deepEqual(messages('host-name=x'), ['CQL107 the field name `host-name` needs double quotes'])
})
