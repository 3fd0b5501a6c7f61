import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { lex } from '../1-lex/lex.ts'
import { parse } from './parse.ts'
import { runs } from '../../../../tools/property-runs.ts'

const source = (text: string) => ({ name: 'test', text })
const parsed = (text: string) => {
  const p = parse(source(text))
  assert.deepEqual(
    p.diagnostics.map((d) => d.message),
    [],
    text,
  )
  assert.deepEqual(
    p.nearMisses.map((n) => n.id),
    [],
    text,
  )
  return p.pipeline.steps
}
const first = (text: string) => parsed(text)[0]

const valid = [
  '| a=1 | b!="x*" |',
  '#type=x @timestamp > 1700000000000 | a[0].b=* | f!=*',
  'a=https://x/ // comment\n| b=docker/*',
  'a=/x[/]y\\/z/i | (?<n> or b) '.replace('(?<n> or b) ', 'b like "x"'),
  '"host-name"=* | "Total Score" := a + -b * 2',
  'case { a=1 | b:="x"; c=2; * | b:="y"; }',
  'f match { /re/i => x:="a"; in(values=["b*"]) => x:="b"; "q" => *; * => x:="c"; }',
  'groupBy([a, b], function=([count(as=n), collect([c])]), limit=max)',
  '[a := min(x), max(y)]',
  '$"pkg/path:Name"(a=1) | $falcon/helper:enrich() | ?x | a=?{b=*}',
  'x =~ wildcard(?{u=*}, ignoreCase=true) | y =~ !in(values=[1, 2])',
  'not a=1 or (b=2 and !cidr(ip, subnet="10.0.0.0/8"))',
  'correlate(a: { x=1 } include: [aid], b: { y=2 | aid <=> a.aid } include: [aid], within=5m)',
  'timeChart(span=1h, function=percentile(x, percentiles=[50, 99.9]))',
  'select([Vendor.*, a*, *b]) | x := a*b/c % 2',
  'regex("(?<u>\\d+)", field=a, strict=false) | test(lower(a) == b)',
  '',
]
test('valid texts', () => {
  for (const text of valid) parsed(text)
})

test('not binds tighter than or, or tighter than and', () => {
  const step = first('a=1 and not b=2 or c=3')
  assert.ok(step?.kind === 'filter' && step.filter.kind === 'and')
  const [, right] = step.filter.of
  assert.ok(right?.kind === 'or' && right.of[0]?.kind === 'not' && right.of[1]?.kind === 'compare')
})

test('a slash starts a regex in a filter and divides in an expression', () => {
  const regex = first('a=/m/i')
  assert.ok(regex?.kind === 'filter' && regex.filter.kind === 'compare' && regex.filter.value.kind === 'regex')
  const string = first('a=m/fisk/i')
  assert.ok(string?.kind === 'filter' && string.filter.kind === 'compare' && string.filter.value.kind === 'bare')
  const division = first('a := m/fisk/i')
  assert.ok(division?.kind === 'assign' && division.value.kind === 'binary')
})

test('escapes: unknown ones keep the backslash', () => {
  const step = first(String.raw`a="\d\\\"\n"`)
  assert.ok(step?.kind === 'filter' && step.filter.kind === 'compare' && step.filter.value.kind === 'string')
  assert.equal(step.filter.value.text, '\\d\\"\n')
})

test('parameters have a name and a default', () => {
  const step = first('a=?{b = x*}')
  assert.ok(step?.kind === 'filter' && step.filter.kind === 'compare' && step.filter.value.kind === 'param')
  assert.deepEqual([step.filter.value.name, step.filter.value.default], ['b', 'x*'])
})

const invalid: readonly (readonly [string, string, number])[] = [
  ['a=1 | b=', 'CQL101', 8],
  ['groupBy(a', 'CQL102', 7],
  ['a=1 ) | b=2', 'CQL103', 4],
  ['a="x', 'CQL104', 2],
  ['a=/x', 'CQL104', 2],
  ["a=1 '", 'CQL105', 4],
  ['host-name=x', 'CQL107', 0],
  ['a=(b)', 'CQL108', 2],
  ['x=1 ; y=2', 'CQL101', 4],
]
for (const [text, code, start] of invalid) {
  test(`${text}: ${code}`, () => {
    const { diagnostics } = parse(source(text))
    const found = diagnostics.map((d) => [d.code, d.at.kind === 'text' ? d.at.span.start : -1])
    assert.deepEqual(found, [[code, start]])
  })
}

test('errors are collected, and the steps between them are understood', () => {
  const { pipeline, diagnostics } = parse(source('a= | b=2 | c:= | d=4'))
  assert.equal(diagnostics.length, 2)
  assert.equal(pipeline.steps.length, 4)
})

const pieces = [
  'a',
  '"s"',
  '/r/',
  '=',
  ':=',
  '|',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ';',
  '=>',
  'case',
  'match',
  'in',
  'not',
  'and',
  'or',
  ' ',
  ',',
  '?{a=b}',
  '$q()',
  '*',
  '-',
  "'",
  '//',
  '/*',
  '"""',
  '\n',
  'f(',
  'where',
  'stats',
  'by',
  '==',
  '`',
  '\\',
  '😀',
]
const soup = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((x) => x.join('')),
)
const mutated = fc
  .tuple(fc.constantFrom(...valid), fc.nat(200), fc.nat(20), fc.constantFrom(...pieces))
  .map(([text, at, size, piece]) => text.slice(0, at) + piece + text.slice(at + size))

test('tokens and trivia concatenate to the text', () => {
  fc.assert(
    fc.property(fc.oneof(soup, mutated), (text) => {
      let out = ''
      for (const t of lex(text)) {
        assert.equal(t.from, out.length)
        out += text.slice(t.from, t.start) + t.text
      }
      assert.equal(out, text)
    }),
    { numRuns: runs(400) },
  )
})

test('the parser never throws, and every place is in the text', () => {
  fc.assert(
    fc.property(fc.oneof(soup, mutated), (text) => {
      const { diagnostics, nearMisses } = parse(source(text))
      for (const d of [...diagnostics, ...nearMisses.map((n) => n.diagnostic)]) {
        assert.ok(d.at.kind === 'text' && d.at.span.start >= 0 && d.at.span.start <= d.at.span.end)
        assert.ok(d.at.span.end <= text.length && d.message && d.remedy && d.why)
      }
    }),
    { numRuns: runs(500) },
  )
})

test('deep nesting is refused, long texts are quick', () => {
  for (const open of ['(', 'case {', 'f(', '[', '!', 'f({']) {
    assert.ok(parse(source(open.repeat(5000))).diagnostics.length > 0)
  }
  const long = Array.from({ length: 2000 }, (_, i) => `| field${i}="value ${i}"`).join('\n')
  const started = performance.now()
  lex(long)
  assert.ok(performance.now() - started < 1000)
})
