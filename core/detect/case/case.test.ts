// Preparing cases: repeated telemetry, and each text compiled once.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { evaluate } from '../../eval/evaluate.ts'
import { prepareCase } from './case.ts'
import { parseCaseFile } from './case-file.ts'
import { compileAndOptimise, compileOnce } from './compile-text.ts'
import { judge } from './judge.ts'

const prepared = (page: string) => {
  const file = parseCaseFile({ name: 'a.case.md', text: page })
  return file.cases.map((c) => prepareCase(file, c, () => undefined))
}
const page = (fence: string, rows: string) => `## a case
\`\`\`events ${fence}
{"@timestamp":1782032400000,"a":"x{n}","{n}":"y"}
\`\`\`
\`\`\`cql
groupBy(a, limit=max)
\`\`\`
\`\`\`result
a:str | _count:int
${rows}\`\`\`
`

test('telemetry is repeated with its number', () => {
  const [made] = prepared(page('repeat=3', 'x1 | 1\nx2 | 1\nx3 | 1\n'))
  assert.deepEqual(made?.problems, [])
  const [query] = made?.queries ?? []
  assert.ok(query?.plan)
  assert.deepEqual(judge(query, evaluate(query.plan, query.rows, query.env)), [])
})

test('without repeat nothing is put in the place of a number', () => {
  const [query] = prepared(page('', '"x{n}" | 1\n'))[0]?.queries ?? []
  assert.ok(query?.plan)
  assert.deepEqual(judge(query, evaluate(query.plan, query.rows, query.env)), [])
})

test('an approximation passes no test', () => {
  const [query] =
    prepared(`## a case
\`\`\`events
{"_raw":"user 7"}
\`\`\`
\`\`\`sumo logreduce=approximate
* | logreduce | fields _signature
\`\`\`
\`\`\`fires
\`\`\`
`)[0]?.queries ?? []
  assert.ok(query?.plan)
  const problems = judge(query, evaluate(query.plan, query.rows, query.env))
  assert.deepEqual(
    problems.map((p) => p.what),
    ['these rows are an approximation'],
  )
})

test('a number of times that is none is a problem at the fence', () => {
  for (const wrong of ['0', '-1', '1e3', 'many', '', '1000000'])
    assert.deepEqual(
      prepared(page(`repeat=${wrong}`, ''))[0]?.problems.map((p) => [p.line, p.what]),
      [[2, `not a number of repeats: repeat=${wrong}`]],
    )
})

test('a text is compiled once, but for each interval where it reads the interval', () => {
  const once = compileOnce()
  const of = (text: string, start: bigint) => {
    const options = { context: { interval: { start, end: start + 86_400_000_000n } } }
    const made = once({ name: 'q.cql', text }, 'cql', options)
    assert.deepEqual(made.plan, compileAndOptimise({ name: 'q.cql', text }, 'cql', options).plan)
    return made
  }
  assert.equal(of('a=1 | count()', 0n), of('a=1 | count()', 7n))
  assert.notEqual(of('a=1 | count()', 0n), of('a=2 | count()', 0n))
  const day = of('bucket(buckets=10)', 0n)
  assert.equal(day, of('bucket(buckets=10)', 0n))
  assert.notEqual(day, of('bucket(buckets=10)', 7n))
  const other = { context: { interval: { start: 0n, end: 10n }, parameters: { x: '1' } } }
  assert.notEqual(once({ name: 'q.cql', text: 'a=1 | count()' }, 'cql', other), of('a=1 | count()', 0n))
})

test('a block with nearly the right name is told, and any other block is prose', () => {
  const [made] = prepared(
    `${page('', 'x | 1\n').replace('```events', '```event').replace('```result', '```results')}\`\`\`bash\nls\n\`\`\`\n`,
  )
  assert.deepEqual(
    made?.problems.filter((p) => p.what.startsWith('a case has no block')).map((p) => [p.what, ...p.detail]),
    [
      ['a case has no block called `event`', 'fix: write `events`'],
      ['a case has no block called `results`', 'fix: write `result`'],
    ],
  )
})

test('a header whose columns lack the bar says how they are written', () => {
  const [query] = prepared(page('', 'x{n} | 1\n').replace('a:str | _count:int', 'a:str _count:int'))[0]?.queries ?? []
  assert.ok(query?.plan)
  const [problem] = judge(query, evaluate(query.plan, query.rows, query.env))
  assert.equal(problem?.what, 'the rows differ')
  assert.equal(problem?.detail.at(-1), 'fix: write ` | ` between columns: `a:str _count` is read as one')
})
