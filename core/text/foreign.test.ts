import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import MarkdownIt from 'markdown-it'
import { hostileTexts } from './foreign-fixtures.ts'
import { inertJson, printForeign, type Sink } from './foreign.ts'
import { runs } from '../../tools/property-runs.ts'

const texts = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom(...'\u001b[]()!*_`|\\<>&#@:.~$-+=1 \n\ta', '::', '##[', '//', 'www.'))
    .map((all) => all.join('')),
)
/** The property holds for the fixtures and for random texts. */
const always = (sink: Sink, holds: (printed: string, text: string) => boolean) =>
  fc.assert(
    fc.property(texts, (text) => holds(printForeign(text, sink), text)),
    { numRuns: runs(2000) },
  )

const ACTS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u

test('terminal: nothing invisible but line ends, no command of a runner, as many columns', () => {
  always('terminal', (out) => !ACTS.test(out.replaceAll('\n', '')) && !/##\[|##vso\[/i.test(out))
  assert.equal(printForeign('\u001b[31m\u0007\u009b1m\u202e\u2028x\ty', 'terminal'), '·[31m··1m··x y')
  assert.equal(printForeign('a\n  ::error::b', 'terminal'), 'a\n  ·::error::b')
  assert.equal(printForeign('##[group]x', 'terminal'), '##·[group]x')
})

test('terminal: addresses and everything that is only text stay as they are', () => {
  for (const text of ['::1', '::ffff:10.0.0.1', 'a::b', 'Ünï → 漢字 😀', 'C:\\x', '# [a]'])
    assert.equal(printForeign(text, 'terminal'), text)
})

const markdown = new MarkdownIt({ html: true, linkify: true }).enable(['table', 'strikethrough'])
test('markdown: a paragraph and a cell show the text and nothing else', () => {
  always('markdown', (out) => {
    if (out.trim() === '') return true
    const tags = [...markdown.render(`x ${out}`).matchAll(/<\/?([a-z0-9]+)/g)].map((m) => m[1])
    const cell = markdown.render(`| a | b |\n|---|---|\n| ${out} | c |\n`)
    return (
      tags.every((t) => t === 'p' || t === 'code') &&
      cell.match(/<td/g)?.length === 2 &&
      !/<(?:a|em|s|img|strong)\b/.test(cell)
    )
  })
  for (const text of ['# heading', '- item', '1. item', '> quote', '---', '==='])
    assert.match(markdown.render(printForeign(text, 'markdown')), /^<p>.*<\/p>\n$/, text)
})

test('html and xml: no tag, no entity of its own, no character that XML cannot hold', () => {
  for (const sink of ['html', 'xml'] as const)
    always(sink, (out) => !/[<>"']/.test(out) && !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(out))
  assert.equal(printForeign('&lt;', 'xml'), '&amp;lt;')
})

test('json: the same text in letters that act nowhere', () => {
  always('json', (out, text) => JSON.parse(out) === text && !ACTS.test(out) && !/##\[|##vso\[/i.test(out))
  const value = { [hostileTexts[0] as string]: hostileTexts }
  assert.deepEqual(JSON.parse(inertJson(JSON.stringify(value, null, 2))), value)
})

/** RFC 4180, one cell. */
const uncsv = (cell: string): string => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)
test('csv is exact; for a spreadsheet a text is no formula, and a number stays one', () => {
  always('csv', (out, text) => uncsv(out) === text)
  always('spreadsheet', (out, text) => uncsv(out) === text || uncsv(out) === `'${text}`)
  for (const text of ['=1+1', '+a', '-1+1', '@sum(1)', '\t=1', '\r=1'])
    assert.match(uncsv(printForeign(text, 'spreadsheet')), /^'/, text)
  for (const text of ['-1', '+2.5', '-3e9', 'a=1', '1']) assert.equal(printForeign(text, 'spreadsheet'), text)
})
