// Properties of the front end: any text gives tokens and diagnostics, never an exception. Layout does not change the meaning.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { printPlan } from '../../plan/print.ts'
import { verify } from '../../passes/0-verify.ts'
import { parse } from './2-parse.ts'
import { lower } from './3-lower.ts'
import { all } from './builtins/_index.ts'
import type { SigmaBuiltin } from './builtin.ts'
import { parseCondition } from './condition.ts'
import { base64, base64Offsets, bytesOf } from './encode.ts'
import { format } from './format.ts'
import { partsOf, textOf } from './pattern.ts'
import { tokens } from './tokens.ts'
import { runs } from '../../../tools/property-runs.ts'

const detections = join(import.meta.dirname, '../../../detections')
const ours = readdirSync(detections, { recursive: true, encoding: 'utf8' })
  .filter((f) => /sigma\.yml$/.test(f))
  .map((f) => readFileSync(join(detections, f), 'utf8'))
const examples = (all as readonly SigmaBuiltin[]).flatMap((b) => b.examples.map((e) => e.query))
const rules = [...ours, ...examples]

/** A rule with a part removed or doubled, or with other text inserted. */
const damaged = fc
  .record({
    rule: fc.constantFrom(...rules),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(60),
    put: fc.oneof(
      fc.string(),
      fc.constantFrom(':', '- ', '\n', '|', '"', "'", '&a', '*a', '[', '{', '---\n', '# ', '  '),
    ),
  })
  .map(({ rule, at, length, put }) => {
    const start = Math.floor(at * rule.length)
    return rule.slice(0, start) + put + rule.slice(start + length)
  })

test('tokens concatenate to the text', () => {
  const whole = (text: string): void =>
    assert.equal(
      tokens(text)
        .map((t) => t.text)
        .join(''),
      text,
    )
  for (const r of rules) whole(r)
  fc.assert(fc.property(fc.oneof(damaged, fc.string()), whole), { numRuns: runs(300) })
})

test('any text is parsed and lowered without an exception, and what is lowered is a plan', () => {
  fc.assert(
    fc.property(fc.oneof(damaged, fc.string()), (text) => {
      const source = { name: 'x.yml', text }
      const { file, diagnostics } = parse(source)
      const lowered = lower(file, source)
      const broken = [...diagnostics, ...lowered.diagnostics].some((d) => d.severity === 'error')
      if (!broken) assert.deepEqual(verify(lowered.plan), [])
      for (const d of diagnostics)
        if (d.at.kind === 'text') assert.ok(d.at.span.start >= 0 && d.at.span.end <= text.length + 1, d.message)
    }),
    { numRuns: runs(400) },
  )
})

test('the canonical layout is one, and means the same', () => {
  const plan = (text: string): string => {
    const source = { name: 'x.yml', text }
    return printPlan(lower(parse(source).file, source).plan)
  }
  for (const text of rules) {
    const once = format({ name: 'x.yml', text })
    assert.ok(once !== undefined)
    assert.equal(format({ name: 'x.yml', text: once }), once)
    assert.equal(plan(once), plan(text))
  }
})

test('a condition in brackets is itself', () => {
  const place = () => ({ start: 0, end: 0 })
  const name = fc.constantFrom('a', 'b', 'sel_1', 'not_x', 'order')
  const condition: fc.Arbitrary<string> = fc.letrec<{ c: string }>((tie) => ({
    c: fc.oneof(
      { depthSize: 'small' },
      name,
      name.map((n) => `1 of ${n}*`),
      fc.tuple(tie('c'), fc.constantFrom('and', 'or'), tie('c')).map(([a, op, b]) => `(${a}) ${op} (${b})`),
      tie('c').map((c) => `not (${c})`),
    ),
  })).c
  fc.assert(
    fc.property(condition, (c) => {
      const plain = parseCondition(c, place)
      assert.ok(plain.ok)
      assert.deepEqual(parseCondition(`((${c}))`, place), plain)
    }),
  )
})

test('brackets nested beyond reason are refused, not overflowed', () => {
  const deep = parseCondition(`${'('.repeat(100_000)}a${')'.repeat(100_000)}`, () => ({ start: 0, end: 0 }))
  assert.ok(!deep.ok)
})

test('text that is escaped has no wildcards and is the text', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const escaped = text.replace(/[\\*?]/g, '\\$&')
      const parts = partsOf(escaped)
      assert.ok(parts.every((p) => 'text' in p))
      assert.equal(textOf(parts), text)
    }),
  )
})

test('one of the three offsets stands in the Base64 of anything that holds the text', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 3 }), fc.string(), fc.string(), (text, before, after) => {
      const around = base64(bytesOf(before + text + after, 'utf8'))
      assert.ok(base64Offsets(bytesOf(text, 'utf8')).some((part) => around.includes(part)))
    }),
  )
})

test('aliases that hold themselves, bombs and towers of brackets are refused', () => {
  const bomb = [...'bcdefghij'].reduce(
    (text, n, i, all) => `${text}${n}: &${n} [${`*${all[i - 1] ?? 'a'},`.repeat(9)}]\n`,
    'a: &a x\n',
  )
  const tower = `title: t\ndetection:\n  a: ${'{b: '.repeat(5000)}1${'}'.repeat(5000)}\n  condition: a\n`
  for (const text of [
    'a: &a [*a]\ndetection: *a\n',
    'detection: &d\n  a: *d\n  condition: a\n',
    bomb,
    '['.repeat(50_000),
    tower,
  ]) {
    const { diagnostics } = parse({ name: 'x.yml', text })
    assert.ok(diagnostics.length > 0 && diagnostics.length <= 5)
    assert.ok(diagnostics.every((d) => d.code === 'SIG100'))
  }
})

test('a wildcard that is escaped behind a folder loses the backslash of the path', () => {
  const found = (value: string, key = 'Image'): string[] => {
    const text = `title: T\nlogsource:\n    product: windows\ndetection:\n    a:\n        ${key}: '${value}'\n    condition: a\n`
    const { diagnostics } = parse({ name: 'r.yml', text })
    return diagnostics.filter((d) => d.code === 'SIG117').map((d) => d.message)
  }
  assert.deepEqual(found('C:\\Windows\\System32\\*.exe'), [
    '`\\*` is the character `*` alone: the rule looks for `\\System32*`',
  ])
  assert.equal(found('D:\\?.exe').length, 1)
  for (const value of [
    'C:\\Windows\\\\*.exe',
    'C:\\Windows\\\\\\*.exe',
    '\\*.exe',
    'select \\*',
    '\\\\\\\\\\*\\\\IPC$',
  ])
    assert.deepEqual(found(value), [], value)
  assert.deepEqual(found('C:\\Windows\\*', 'Image|re'), [])
})
