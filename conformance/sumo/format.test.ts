import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lex } from '../../core/lang/sumo/1-lex/lex.ts'
import { format } from '../../core/lang/sumo/format.ts'

const meaning = (text: string) =>
  lex(text)
    .filter((t) => t.kind !== 'space')
    .map((t) => `${t.kind} ${t.kind === 'comment' ? t.text.trim() : t.text}`)
const formatted = (text: string) => format({ name: 't', text })

const texts = [
  '_sourceCategory=a/*   error|where a="b"|count by   x ,y',
  'a OR b // why\n| where x = 1 // because\n| count',
  '* | if(a = 1,\n   "x",\n "y") as b | sort by b',
  '* | where [subquery: err | count by a | compose a] | count',
  '/* head */ foo !bar a=b | parse "x*" as y nodrop\n\n\n| fields -y',
  'a\nb\n| count',
]
for (const text of texts) {
  test(`layout of ${JSON.stringify(text)}`, () => {
    const once = formatted(text)
    assert.deepEqual(meaning(once), meaning(text))
    assert.equal(formatted(once), once)
  })
}

test('one stage a line', () => {
  assert.equal(formatted('x|where a=1|count by   b ,c'), 'x\n| where a=1\n| count by b, c\n')
})
