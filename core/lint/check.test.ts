// The consequences of absent fields, on query texts: the abstract run must find exactly these.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile } from '../workbench/compile.ts'
import { checkRules } from './check.ts'
import { consequences } from './reach.ts'

function of(text: string, ...absent: string[]) {
  const { plan, source } = compile({ name: 'query', text }, 'cql')
  assert.ok(plan, text)
  return { plan, source, found: consequences(plan, (f) => absent.includes(f)) }
}
const kinds = (text: string, ...absent: string[]) => of(text, ...absent).found.map((c) => c.kind)

test('what an absent field does', () => {
  const cases: [string, string, string[]][] = [
    ['groupBy([a, k])', 'k', ['no-group']],
    ['groupBy(a, function=sum(k))', 'k', ['constant']],
    ['groupBy(a, function=count(k))', 'k', ['constant']],
    ['groupBy(a, function=[count(), sum(b)])', 'k', []],
    ['k = 5', 'k', ['never-passes']],
    ['k = 5 OR a = 1', 'k', []],
    ['k != 5', 'k', []],
    ['NOT k = *', 'k', []],
    ['default(value="-", field=k) | groupBy(k)', 'k', []],
    [
      'groupBy(a, function=sum(k, as=t)) | case { t > 9 | r := "HIGH"; * | r := "LOW" }',
      'k',
      ['constant', 'out-of-reach'],
    ],
    ['groupBy(a, function=sum(k, as=t)) | t > 9', 'k', ['constant', 'never-passes']],
  ]
  for (const [text, absent, expected] of cases) assert.deepEqual(kinds(text, absent).sort(), expected.sort(), text)
})

test('out of reach names the values that are lost, and those only', () => {
  const text = 'groupBy(a, function=sum(k, as=t)) | case { t > 9 | r := "HIGH"; t > 5 | r := "MID"; * | r := "LOW" }'
  const found = of(text, 'k').found.find((c) => c.kind === 'out-of-reach')
  assert.deepEqual(found?.kind === 'out-of-reach' && [found.column, found.values], ['r', ['HIGH', 'MID']])
})

test('diagnostics stand where the name stands, and a key is not told twice', () => {
  const text = 'a=1 | groupBy([a, k], function=sum(b))'
  const { plan, source } = of(text)
  const fields = ['k', 'b'].map((name) => ({ name, neverOn: undefined, suppliedBy: '' }))
  const said = checkRules({
    plan,
    source,
    language: 'cql',
    isAnotherForm: false,
    absent: fields,
    subject: 'all 3 events',
  })
  assert.deepEqual(
    said.map((d) => [d.code, d.at.kind === 'text' && text.slice(d.at.span.start, d.at.span.end)]),
    [
      ['LNT102', 'b'],
      ['LNT103', 'k'],
      ['LNT104', said[2]?.at.kind === 'text' && text.slice(said[2].at.span.start, said[2].at.span.end)],
    ],
  )
  assert.deepEqual(checkRules({ plan, source, language: 'cql', isAnotherForm: false, absent: [], subject: '' }), [])
})
