// Budgets of time: a case or mutant without an answer is named, and its neighbours have theirs.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mutantsIn } from '../../core/detect/mutation/trials.ts'
import { CaseRunner } from './case-runner.ts'
import { judgeMutants, type Tried } from './judge-mutants.ts'

// RE2 has no look-ahead, so V8 runs the pattern. It would take hours over this text.
const ENDLESS = '/^(?=a)(a+)+$/'
const LONG = `${'a'.repeat(40)}!`

/** Seconds: enough for a case on a busy machine. */
const BUDGET = 2
const limit = { timeout: 120_000 }

const event = (kind: string, n: string): string =>
  `{"#repo":"x","@timestamp":1782032400000,"kind":"${kind}","n":"${n}"}`
const testOf = (title: string, query: string, expected: string): string =>
  `## ${title}\n\`\`\`cql\n${query}\n\`\`\`\n\`\`\`${expected}\n\`\`\`\n`

test(
  'a case without an answer in time is named and fails; the others of its page and the next page go on',
  limit,
  async () => {
    const events = `# Page\n\`\`\`events\n${event('x', LONG)}\n\`\`\`\n`
    const cases = [
      testOf('first', 'n="a*"', 'fires'),
      testOf('endless', `n=${ENDLESS}`, 'quiet'),
      testOf('last', 'n="a*"', 'quiet'),
    ]
    const runner = new CaseRunner(BUDGET)
    try {
      const { cases: got } = await runner.test({ name: 'a.case.md', text: events + cases.join('') }, {})
      assert.deepEqual(
        got.map((c) => [c.title, c.line, c.status]),
        [
          ['first', 5, 'passed'],
          ['endless', 11, 'failed'],
          ['last', 17, 'failed'],
        ],
      )
      assert.match(got[1]?.failures[0]?.detail.join('\n') ?? '', /^error\[RUN108\]: no answer within 2 s\n/)
      assert.equal(got[2]?.failures[0]?.what, 'expected to stay quiet, but fired 1 time')
      const next = await runner.test({ name: 'b.case.md', text: events + cases[0] }, {})
      assert.deepEqual(
        next.cases.map((c) => c.status),
        ['passed'],
      )
    } finally {
      await runner.close()
    }
  },
)

test('a mutant without an answer in time counts as killed and is named; the others are judged', limit, async () => {
  const query = `kind=x | n=${ENDLESS}`
  const files = new Map([
    ['q.cql', query],
    [
      'tests/a.case.md',
      `# P\n\`\`\`events\n${event('x', 'aa')}\n${event('y', LONG)}\n\`\`\`\n## fires\n\`\`\`cql file=../q.cql\n\`\`\`\n\`\`\`result\nn:str\naa\n\`\`\`\n`,
    ],
  ])
  const mutants = mutantsIn(files, 'q.cql')
  const tried = (await judgeMutants(files, [{ file: 'q.cql', mutants }], { budget: BUDGET })).get(
    'q.cql',
  ) as readonly Tried[]
  const textsOf = (all: readonly Tried[]) => all.map((t) => t.mutant.text)
  assert.deepEqual(textsOf(tried.filter((t) => t.isSpent)), [`n=${ENDLESS}`, `kind!=x | n=${ENDLESS}`])
  assert.ok(tried.every((t) => t.outcome === 'killed'))
})
