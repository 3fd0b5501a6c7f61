// Mutants: the texts that the operators make, and their outcomes.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { languageNamed } from '../../workbench/compile.ts'
import type { ReadLanguage } from '../../workbench/language.ts'
import { killingCase } from './killing-case.ts'
import { mutantsOf } from './mutants.ts'
import { OPERATORS_VERSION, operators } from './operators.ts'
import { alternatives } from './patterns.ts'
import { type MutantOutcome, openTrials } from './trials.ts'

const cql = languageNamed('cql') as ReadLanguage
const sumo = languageNamed('sumo') as ReadLanguage
const sigma = languageNamed('sigma') as ReadLanguage
const RULE = `title: not one of the 2 that count
detection:
    a:
        x|endswith:
            - p
            - q
        y|re|i: '^(?:r|s)'
    b:
        - z: 1
        - z|cidr: 10.0.0.0/8
    condition: a and not b
---
correlation:
    timespan: 1h
    group-by:
        - x
    condition:
        gt: 3
`
const texts = (language: ReadLanguage, text: string, operator: string): string[] =>
  mutantsOf(language, text)
    .filter((m) => m.operator.id === operator)
    .map((m) => m.text)

test('the operators are frozen: whoever changes the list raises the version', () => {
  const made = [
    mutantsOf(
      cql,
      'a=1 | in(b, values=["x","y"]) | c=/p|q/i | groupBy([d,e], function=min(f)) | f > 3 and !(g="10.0.0.0/8*")',
    ),
    mutantsOf(
      sumo,
      '_index=x | where a in ("p","q") and not (b > 1) | timeslice 1h | count by c, d | sort by _count desc',
    ),
    mutantsOf(sigma, RULE),
  ].map((all) => all.map((m) => `${m.operator.id} ${m.text}`))
  const print = createHash('sha256')
    .update(JSON.stringify([operators.map((o) => o.id), made]))
    .digest('hex')
    .slice(0, 12)
  assert.deepEqual([OPERATORS_VERSION, print], [3, 'd19f095dd3de'])
})

test('a rule in YAML: entries, items, modifiers, bounds; nothing of what is only said about it', () => {
  const changes = (operator: string): string[] =>
    mutantsOf(sigma, RULE)
      .filter((m) => m.operator.id === operator)
      .map((m) => `${m.before} → ${m.after}`)
  assert.deepEqual(changes('drop-operand'), [
    // The language refuses a rule whose condition names the removed selection.
    "a: x|endswith: - p - q y|re|i: '^(?:r|s)' → ",
    'x|endswith: - p - q → ',
    "y|re|i: '^(?:r|s)' → ",
    'b: - z: 1 - z|cidr: 10.0.0.0/8 → ',
    'a → ',
    'not b → ',
    'timespan: 1h → ',
    'group-by: - x → ',
  ])
  assert.deepEqual(changes('drop-member'), ['- p → ', '- q → ', '- z: 1 → ', '- z|cidr: 10.0.0.0/8 → '])
  assert.deepEqual(changes('negate'), ['a → not (a)', 'not b → not (not b)'])
  assert.deepEqual(changes('comparison'), ['gt → gte', 'gt → lte'])
  assert.deepEqual(changes('number'), [
    '1 → 2',
    '1 → 0',
    '10.0.0.0/8 → 10.0.0.0/9',
    '10.0.0.0/8 → 10.0.0.0/7',
    '3 → 4',
    '3 → 2',
  ])
  assert.deepEqual(changes('window'), ['1h → 2h', '1h → 1d'])
  assert.deepEqual(changes('wildcard'), ['|endswith → ', '|endswith → |contains'])
  assert.deepEqual(changes('anchor'), ['|i → ', '^ → '])
})

test('steps, operands, members, alternatives and branches go one by one', () => {
  assert.deepEqual(texts(sumo, '_index=x | where a = 1 or b = 2 | count by c', 'drop-step'), [
    'where a = 1 or b = 2 | count by c',
    '_index=x  | count by c',
    '_index=x | where a = 1 or b = 2 ',
  ])
  assert.deepEqual(texts(sumo, '* | where a = 1 or b = 2', 'drop-operand'), ['* | where b = 2', '* | where a = 1'])
  const calls = '* | where !isBlank(a) and !isBlank(b)'
  assert.deepEqual(texts(sumo, calls, 'drop-operand'), ['* | where !isBlank(b)', '* | where !isBlank(a)'])
  assert.deepEqual(texts(cql, 'groupBy([a, b, c])', 'drop-member'), [
    'groupBy([b, c])',
    'groupBy([a, c])',
    'groupBy([a, b])',
  ])
  assert.deepEqual(texts(cql, 'a=/^(?:x|y[|]|z)$/', 'drop-alternative'), [
    'a=/^(?:y[|]|z)$/',
    'a=/^(?:x|z)$/',
    'a=/^(?:x|y[|])$/',
  ])
  assert.deepEqual(texts(cql, 'case { a=1 | b:=2; * | b:=3 }', 'drop-branch'), [
    'case {  * | b:=3 }',
    'case { a=1 | b:=2;  }',
  ])
})

test('of a mark that is gone, the value that tells the two apart is described', () => {
  const wanted = mutantsOf(cql, 'a=/^p$/i')
    .filter((m) => m.operator.id === 'anchor')
    .map((m) => m.operator.wanted('a=/^p$/i'.slice(m.start, m.end), ''))
  assert.equal(wanted.length, 3)
  assert.ok(wanted.some((w) => w.includes('in front of')) && wanted.some((w) => w.includes('behind')))
  assert.ok(wanted.some((w) => w.includes('another case')))
})

test('thresholds move by one both ways, bounds become stricter and laxer, spans longer and shorter', () => {
  assert.deepEqual(texts(cql, 'a > 3', 'number'), ['a > 4', 'a > 2'])
  assert.deepEqual(texts(cql, 'a > 3', 'comparison'), ['a >= 3', 'a <= 3'])
  assert.deepEqual(texts(sumo, '* | timeslice 1h', 'window'), ['* | timeslice 2h', '* | timeslice 1d'])
})

test('every predicate has at least two mutants', () => {
  const text = '_index=x | where a = "1" and (b matches "*c*" or !(d in ("e", "f"))) | where isBlank(g)'
  for (const predicate of ['a = "1"', 'b matches "*c*"', 'd in ("e", "f")', 'isBlank(g)']) {
    const at = text.indexOf(predicate)
    const about = mutantsOf(sumo, text).filter((m) => m.start < at + predicate.length && m.end > at)
    assert.ok(about.length >= 2, `${predicate}: ${about.length}`)
  }
})

test('alternatives at any depth', () => {
  const left = (p: string) => alternatives(p).map(({ without: w }) => p.slice(0, w.start) + p.slice(w.end))
  assert.deepEqual(left('a|b'), ['b', 'a'])
  assert.deepEqual(left('a(?:b|c)\\|d'), ['a(?:c)\\|d', 'a(?:b)\\|d'])
})

const page = (promise: string) => `## a case

\`\`\`events
{"@timestamp":1782032400000,"a":"4","b":"x"}
{"@timestamp":1782032401000,"a":"3","b":"x"}
\`\`\`
\`\`\`cql file=../q.cql
\`\`\`
${promise}
`
const result = '```result\na:str | b:str\n4     | x\n```'
const fatesOf = (query: string, promise: string): { text: string; fate: MutantOutcome }[] => {
  const files = new Map([
    ['q.cql', query],
    ['tests/a.case.md', page(promise)],
  ])
  const trials = openTrials(files, 'q.cql')
  return trials.mutants.map((m) => ({ text: m.text, fate: trials.fate(m) }))
}

test('a mutant that a test notices is killed, one that none notices survives', () => {
  const fates = fatesOf('a > 3 | b = "x" | select([a, b])', result)
  const of = (text: string) => fates.find((f) => f.text === text)?.fate
  assert.equal(of('a > 4 | b = "x" | select([a, b])'), 'killed')
  assert.equal(of('a > 2 | b = "x" | select([a, b])'), 'killed')
  assert.equal(of('a >= 3 | b = "x" | select([a, b])'), 'killed')
  // Both events have x, so no event fails the second filter.
  assert.equal(of('a > 3  | select([a, b])'), 'survived')
})

test('a test that promises little kills little', () => {
  const strong = fatesOf('a > 3 | b = "x" | select([a, b])', result).filter((f) => f.fate === 'killed').length
  const weak = fatesOf('a > 3 | b = "x" | select([a, b])', '```fires\n```').filter((f) => f.fate === 'killed').length
  assert.ok(weak < strong, `${weak} < ${strong}`)
})

test('what the language refuses counts for nothing, and an equal plan is never called killed', () => {
  const fates = fatesOf('a > 3 | groupBy([a, b], function=count(), limit=20000)', '```fires\n```')
  assert.ok(fates.some((f) => f.fate === 'refused'))
  // The limit is the default, so the query without it is the same query.
  assert.equal(fates.find((f) => f.text === 'a > 3 | groupBy([a, b], function=count())')?.fate, 'equivalent')
})

test('a limit of groups is out of reach of tests, and only a limit', () => {
  const files = new Map([
    ['q.cql', 'a > 3 | groupBy([a, b], function=count(), limit=max)'],
    ['tests/a.case.md', page('```result\na:str | b:str | _count:int\n4     | x     | 1\n```')],
  ])
  const trials = openTrials(files, 'q.cql')
  const wanted = new Map(trials.mutants.map((m) => [m.text, trials.outOfReach(m)]))
  assert.equal(wanted.get('a > 3 | groupBy([a, b], function=count())'), 20_000)
  assert.equal(wanted.get('a > 3 | groupBy([a], function=count(), limit=max)'), undefined)
  const few = openTrials(new Map([...files, ['q.cql', 'sort(a, limit=max)']]), 'q.cql')
  // 200 rows are few enough for a test.
  assert.deepEqual(
    few.mutants.filter((m) => m.text === 'sort(a)').map((m) => few.outOfReach(m)),
    [undefined],
  )
})

test('a survivor has a case that kills it: the query passes it and the mutant fails', () => {
  const files = new Map([
    ['q.cql', 'a > 3 | b = "x" | groupBy([a], function=count(as=c)) | c >= 2'],
    ['tests/a.case.md', page('```quiet\n```')],
  ])
  const trials = openTrials(files, 'q.cql')
  const survivors = trials.mutants.filter((m) => trials.fate(m) === 'survived')
  assert.ok(survivors.length > 3)
  const texts = survivors.map((m) => killingCase(files, 'q.cql', m))
  assert.deepEqual(
    survivors.filter((_, i) => texts[i] === undefined).map((m) => m.text),
    [],
  )
})
