import assert from 'node:assert/strict'
import { test } from 'node:test'
import { format } from './format.ts'
import { parse } from './3-parse/parse.ts'

const source = (text: string) => ({ name: 'test', text })
const shape = (text: string): string =>
  JSON.stringify(parse(source(text)).pipeline, (k, v: unknown) => (k === 'span' || k === 'nameSpan' ? undefined : v))

const texts = [
  'a=1|b:=a+1|  case{a=1|x:="y";b=2 ; *}|groupBy([a,b],function=[count(as=n)])',
  '// head\na=1 // tail\n| b=2 /* c */ and c=3\n\n// own line\n| f match { "x" => *; * => y:=1; }',
  'groupBy(\n  [a,\n b],\n      // why\n  limit=max\n)\n|sort(n)',
  'join(query={#t=x | a=1\n | b=2}, field=a) | case {\n // first\n a=1 | b:=2; // second\n * }',
  '| a=1 | | b=2 |',
]
for (const text of texts) {
  test(`layout of ${JSON.stringify(text)}`, () => {
    const once = format(source(text))
    assert.equal(format(source(once)), once)
    assert.equal(shape(once), shape(text))
    for (const comment of text.match(/\/\/[^\n]*|\/\*.*?\*\//g) ?? []) assert.ok(once.includes(comment.trim()))
  })
}

test('a step a line, a branch a line', () => {
  assert.equal(
    format(source('a=1|case{b=1|x:="y";*}|sort(n)')),
    'a=1\n| case {\n  b=1 | x := "y";\n  *\n}\n| sort(n)\n',
  )
})
test('two pipes without a space stay together: they are read as `or`', () => {
  assert.equal(format(source('a=1||b=2 |sort(n)')), 'a=1 || b=2\n| sort(n)\n')
  assert.equal(format(source('a=1 | | b=2')), 'a=1\n| | b=2\n')
})
test('a text with errors is left alone', () => {
  assert.equal(format(source('a=1|b=(')), 'a=1|b=(')
})
