import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { lex } from '../../core/lang/sumo/1-lex/lex.ts'
import { parse } from '../../core/lang/sumo/parse.ts'
import { lower } from '../../core/lang/sumo/lower.ts'
import { format } from '../../core/lang/sumo/format.ts'
import { toHost } from '../../core/text/source.ts'
import { runs } from '../../tools/property-runs.ts'

const words = [
  '|',
  ' ',
  '\n',
  '*',
  '"a b"',
  'where',
  'count',
  'by',
  'a',
  '=',
  '!',
  '(',
  ')',
  ',',
  'as',
  'if',
  '"',
  '%"x y"',
  '//',
  '/*',
  '*/',
  '/re/',
  'matches',
  'parse',
  'regex',
  '"x*y"',
  'nodrop',
  'json',
  'auto',
  'timeslice',
  '5m',
  'sort',
  '-',
  '1.5',
  'in',
  'not',
  '[subquery',
  ':',
  ']',
  'compose',
  '{{v}}',
  "'q'",
  'eval',
  'stats',
  'lookup',
  'from',
  'path://"/x"',
  'on',
  'csv',
  'extract',
  '1',
  'fields',
  'transpose',
  'row',
  'column',
  '?',
  'é',
  '\\',
  '`m`',
  'join',
  'topk',
  'case',
  'null',
]
const text = fc.oneof(
  fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((w) => w.join(' ')),
  fc.array(fc.constantFrom(...words), { maxLength: 30 }).map((w) => w.join('')),
  fc.string(),
)

test('tokens joined give the text', () => {
  fc.assert(
    fc.property(text, (t) =>
      assert.equal(
        lex(t)
          .map((x) => x.text)
          .join(''),
        t,
      ),
    ),
    { numRuns: runs(300) },
  )
})

test('nothing throws, and an error stands in the text', () => {
  fc.assert(
    fc.property(text, (t) => {
      const p = parse({ name: 't', text: t })
      for (const d of p.diagnostics) assert.ok(d.at.kind === 'text' && d.at.span.start <= t.length)
      lower(p.query, p.source)
      format({ name: 't', text: t })
    }),
    { numRuns: runs(400) },
  )
})

test('layout is idempotent and changes no token', () => {
  const meaning = (t: string) =>
    lex(t)
      .filter((x) => x.kind !== 'space')
      .map((x) => x.text.trimEnd())
  fc.assert(
    fc.property(text, (t) => {
      if (parse({ name: 't', text: t }).diagnostics.length > 0) return
      const once = format({ name: 't', text: t })
      assert.deepEqual(meaning(once), meaning(t))
      assert.equal(format({ name: 't', text: once }), once)
    }),
    { numRuns: runs(300) },
  )
})

const accepted = [
  '* | count a, b',
  '* | count as T a, b',
  '* | sum(x) f',
  '* | count group f',
  '* | count by (a, b)',
  '* | count by a | sort _count',
  '* | count by a | sort',
  '* | parse "a=*" as (a)',
  '* | count by a,',
  '* | COUNT BY a',
  '_sourceCategory = Labs/* error',
  '(a OR b) NOT c !d=e',
  'geo | lookup country_code from geo://location on ip = x',
  '* | where x matches /a\\/b/ and y in ("a", "b",)',
  '* | a ? b : c as d',
  '* | parse "x=*," as x, "y=*" as y nodrop',
  '* | min(a, b) as c',
  '* | min(a) by b',
  '* | num f',
  '* | toLowerCase(f)',
  '* | fields - a, b',
  '* | %"a b" as c | %x.y[0] as d',
  '* // comment | not a stage\n| count',
  '* /* c | d */ | count',
  '_sourceCategory=Labs/*/x | count',
  '* | json "a", "b" as x, y nodrop',
  '* | json field=_raw "a" as x, "b" as y',
  '* | json auto maxdepth 2 nodrop',
  '* | kv regex "(\\w+)=(\\w+)" "a"',
  "* | split f delim=':' extract 1 as a, 3 as b",
  '* | csv _raw extract a, b, _, d',
  '* | topk(1, a) by b',
  '* | count by _timeslice, a | transpose row _timeslice column a as _timeslice, x, *',
  '* | where [subquery from=(-15m): a | compose b maxresults=10]',
  '* | now() - 30d as x',
  '* | sum(bytes)/1024 as kb'.replace('sum(bytes)', 'bytes'),
  '| count',
  '* | join (parse "a *" as a) as t1, (parse "b *" as b) as t2 on t1.a = t2.b',
  '* | extract "(?<x>\\d)" multi',
]
for (const q of accepted) {
  test(`accepted: ${q}`, () => {
    const p = parse({ name: 't', text: q })
    assert.deepEqual([p.diagnostics.map((d) => d.message), p.nearMisses.map((n) => n.id)], [[], []])
    assert.ok(p.query.stages.every((s) => s.kind !== 'error'))
  })
}

const refused: [string, string][] = [
  ['* | where', 'SUM001'],
  ['* | | count', 'SUM005'],
  ['* | count |', 'SUM005'],
  ['* | coutn by a', 'SUM004'],
  ['* | a + 1', 'SUM006'],
  ['* | where a = 1f', 'SUM008'],
  ['* | where a = "x', 'SUM002'],
  ['* | parse foo', 'SUM001'],
  ['* | count)', 'SUM001'],
  ['(a', 'SUM015'],
  ['* | where a in 1', 'SUM001'],
  ['* | timeslice 5', 'SUM001'],
]
for (const [q, code] of refused) {
  test(`refused: ${q}`, () => assert.equal(parse({ name: 't', text: q }).diagnostics[0]?.code, code))
}

test('a word that is none suggests the operator it looks like', () => {
  assert.match(parse({ name: 't', text: '* | coutn by a' }).diagnostics[0]?.remedy ?? '', /count/)
})

test('an error stage leaves the others as they are', () => {
  assert.deepEqual(
    parse({ name: 't', text: '* | where ( | count by a' }).query.stages.map((s) => s.kind),
    ['error', 'aggregate'],
  )
})

test('template variables: places are those of the text that was written', () => {
  const original = { name: 't', text: '_sourceCategory={{cat}} | where a = {{n}} | nope x' }
  const p = parse(original, {
    params: new Map([
      ['cat', 'a/very/long/category'],
      ['n', '5'],
    ]),
  })
  const [d] = p.diagnostics
  assert.equal(d?.code, 'SUM004')
  assert.ok(d?.at.kind === 'text')
  const host = toHost(d.at.source, d.at.span)
  assert.equal(host.source.text.slice(host.span.start, host.span.end), 'nope')
})

test('a template variable without a value is a need', () => {
  const p = parse({ name: 't', text: 'a={{x}} | where b = {{y}} | count' })
  const l = lower(p.query, p.source)
  assert.deepEqual(
    l.needs.map((n) => (n.kind === 'parameter' ? n.name : '')),
    ['x', 'y'],
  )
})
