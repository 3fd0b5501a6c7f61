import assert from 'node:assert/strict'
import { test } from 'node:test'
import { code, inText, noPlace, diagnostic } from './diagnostic.ts'
import { renderDiagnostic, renderDiagnostics } from './render.ts'

const entry = code<{ what: string; fix: string }>({
  id: 'TST001',
  slug: 'test',
  severity: 'warning',
  title: 'Test',
  message: (p) => p.what,
  why: 'Because.',
  remedy: (p) => p.fix,
})
const plain = { colour: false }
const said = (what: string, fix = 'do it') => diagnostic(entry, noPlace, { what, fix })

test('the place is shown with its line, and the marker stands under the span', () => {
  const source = { name: 'q', text: 'a=1\n| bad(x)\n' }
  const text = renderDiagnostic(diagnostic(entry, inText(source, { start: 6, end: 9 }), { what: 'w', fix: 'f' }), plain)
  assert.equal(text, 'warning[TST001]: w\n  --> q:2:3\n  2 | | bad(x)\n    |   ~~~\n  why: Because.\n  fix: f')
  const brief = diagnostic(entry, inText(source, { start: 6, end: 9 }), { what: 'w', fix: 'f' })
  assert.equal(renderDiagnostic(brief, { ...plain, brief: true }), 'warning[TST001]: w (q:2:3)')
})

test('long quotations and long lines are cut', () => {
  const text = renderDiagnostic(said(`\`${'x'.repeat(5000)}\` is long`, `write \`${'y'.repeat(5000)}\``), plain)
  assert.ok(text.length < 900, String(text.length))
  assert.match(text, /x` is long/)
})

test('nothing foreign reaches the terminal', () => {
  assert.doesNotMatch(renderDiagnostic(said('a\u001b[2Jb', 'c\u001b[2Jd'), plain), /\u001b/)
})

test('reasons and remedies are said once, and of one code no flood', () => {
  const texts = renderDiagnostics(
    [...Array(20).keys()].map((i) => said(`m${i}`, i === 1 ? 'other' : 'do it')),
    plain,
  )
  assert.equal(texts.length, 9)
  assert.equal(texts[0], 'warning[TST001]: m0\n  why: Because.\n  fix: do it')
  assert.equal(texts[1], 'warning[TST001]: m1\n  fix: other')
  assert.equal(texts[2], 'warning[TST001]: m2')
  assert.match(texts[8] ?? '', /12 more TST001/)
})

test('a line that is cut shows where, and the marker still stands under the span', () => {
  const source = { name: 'q', text: `${'a'.repeat(200)}BAD${'c'.repeat(200)}` }
  const d = diagnostic(entry, inText(source, { start: 200, end: 203 }), { what: 'w', fix: 'f' })
  const [, , shown = '', marker = ''] = renderDiagnostic(d, { ...plain, width: 60 }).split('\n')
  assert.match(shown, /\| …a+BADc+…$/)
  assert.equal(marker.indexOf('~~~'), shown.indexOf('BAD'))
})

test('the same of the same place is said once', () => {
  const source = { name: 'q', text: 'a=1' }
  const at = (start: number) => diagnostic(entry, inText(source, { start, end: start + 1 }), { what: 'w', fix: 'f' })
  assert.equal(renderDiagnostics([at(0), said('m'), at(0), said('m'), at(2)], plain).length, 3)
})
