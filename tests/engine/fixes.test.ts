// Every fix that a diagnostic proposes is valid: it removes its error and brings no other one.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { builtins } from '../../core/lang/cql/registry.ts'
import { all as cqlNearMisses } from '../../core/lang/cql/near-misses/_index.ts'
import { all as sumoNearMisses } from '../../core/lang/sumo/near-misses/_index.ts'
import { applyRewrites } from '../../core/lang/shared/rewrite.ts'
import type { Diagnostic } from '../../core/diag/diagnostic.ts'
import { fixed, lint } from '../../core/workbench/lint.ts'

interface Query {
  readonly id: string
  readonly text: string
}
const of = (id: string, begin: string, records: readonly { readonly bad: string }[]): Query[] =>
  records.map(({ bad }) => ({ id, text: bad.startsWith('|') ? `${begin} ${bad}` : bad }))

const foreign = readFileSync('tests/engine/foreign-texts.md', 'utf8')
const slips = readFileSync('tests/engine/slips.md', 'utf8')
const lines = (page: string): string[] =>
  [...page.matchAll(/^```\n([\s\S]*?)\n```$/gm)].flatMap(([, block = '']) => block.replaceAll('⏎', '\n').split('\n'))
const pages = ['core', 'conformance', 'tests'].flatMap((room) =>
  readdirSync(room, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.case.md'))
    .map((file) => `${room}/${file}`),
)
const queries: readonly Query[] = [
  ...of('cql', 'a=1', cqlNearMisses),
  ...of('sumo', '_sourceCategory=a', sumoNearMisses),
  ...['cql', 'sumo'].flatMap((id) => lines(foreign).map((text) => ({ id, text }))),
  ...pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/^```(cql|sumo)\n([\s\S]*?)\n```$/gm)].map(([, id = '', text = '']) => ({
      id,
      text,
    })),
  ),
]

const errorsOf = (id: string, text: string): Diagnostic[] =>
  lint({ name: 'q', text }, id).diagnostics.filter((d) => d.severity === 'error')

test('a fix brings no error, and the error that it mends is gone', () => {
  for (const { id, text } of queries) {
    const { diagnostics } = lint({ name: 'q', text }, id)
    const before = diagnostics.filter((d) => d.severity === 'error').map((d) => d.code)
    for (const d of diagnostics)
      for (const { edits } of d.fixes) {
        if (edits.length === 0 || d.at.kind !== 'text') continue
        const mended = applyRewrites(text, [{ within: d.at.span, edits }]).text
        const after = errorsOf(id, mended).map((x) => x.code)
        const told = `${id}: ${text}\n${d.code} makes it ${mended}\nand then there are ${after.join()}`
        assert.ok(
          after.every((code) => before.includes(code)),
          told,
        )
        assert.ok(after.length <= before.length - (d.severity === 'error' ? 1 : 0), told)
      }
  }
})

for (const [id, heading] of [
  ['cql', 'CQL'],
  ['sumo', 'Sumo Logic'],
] as const)
  test(`slips of ${heading}: --fix writes what was meant`, () => {
    const [, section = ''] = slips.split(`## ${heading}\n`)
    const [, block = ''] = /^\n```\n([\s\S]*?)\n```/.exec(section) ?? []
    for (const line of block.split('\n')) {
      const [written = '', meant = ''] = line.split(' ⇒ ')
      assert.deepEqual(fixed({ name: 'q', text: written }, id).text, meant)
      assert.deepEqual(errorsOf(id, meant), [], meant)
      assert.equal(
        lint({ name: 'q', text: written }, id).diagnostics.filter((d) => d.severity !== 'info').length > 0,
        true,
      )
    }
  })

test('CQL: a condition with an aggregate as its value is told once, whichever aggregate it is', () => {
  for (const { kind, name } of builtins) {
    if (kind !== 'aggregate') continue
    const told = lint({ name: 'q', text: `n = ${name}(a)` }, 'cql').diagnostics.filter((d) => d.severity !== 'info')
    assert.ok(
      told.some((d) => d.code === 'CQL348'),
      name,
    )
    assert.ok(!told.some((d) => d.code === 'LNT421'), name)
  }
})

test('Sigma: a tag of ATT&CK gets its namespace, another one its lower case', () => {
  const rule = (tags: readonly string[]): string =>
    `title: t\ntags:\n${tags.map((t) => `    - ${t}\n`).join('')}logsource:\n    category: dns\ndetection:\n    a:\n        query: x\n    condition: a\n`
  const written = rule(['T1110.001', 't1071', 'S0154', 'Attack.T1059', 'attack.execution'])
  const meant = rule(['attack.t1110.001', 'attack.t1071', 'attack.s0154', 'attack.t1059', 'attack.execution'])
  assert.equal(fixed({ name: 'r.yml', text: written }, 'sigma').text, meant)
  const told = lint({ name: 'r.yml', text: rule(['t1110.001']) }, 'sigma').diagnostics
  assert.deepEqual(
    told.map((d) => [d.code, d.remedy]),
    [['SIG103', 'write attack.t1110.001']],
  )
})

test('Sumo: a remedy says both sizes that a unit of bytes can mean, and the form of `case`', () => {
  const remedies = (text: string) => lint({ name: 'q', text }, 'sumo').diagnostics.map((d) => [d.code, d.remedy])
  assert.deepEqual(remedies('_index=a | where sent > 1.5MB | count'), [
    ['SUM008', 'write 1.5M for steps of 1000, 1.5Mi for steps of 1024'],
  ])
  for (const condition of ['sent > 1.5M', 'sent > 1.5Mi', 'if(a = 1, "x", if(b = 2, "y", "z")) = "x"'])
    assert.deepEqual(errorsOf('sumo', `_index=a | where ${condition} | count`), [])
  assert.equal(
    remedies('_index=a | case when a = 1 then "x" end as c')[0]?.[1],
    'write `if(a, "x", if(b, "y", "z")) as name`',
  )
})

test('CQL: a pattern that lost a backslash to double quotes is told with the way to keep it', () => {
  const remedy = (text: string) => lint({ name: 'q', text }, 'cql').diagnostics.find((d) => d.code === 'CQL208')?.remedy
  const lost = String.raw`regex("[^\\]+\.exe", field=ImageFileName)`
  assert.match(remedy(lost) ?? '', /^in double quotes `\\\\` is one backslash, so write `\\\\\\\\`/)
  for (const kept of [String.raw`regex("[^\\\\]+\.exe", field=ImageFileName)`, String.raw`ImageFileName=/[^\\]+\.exe/`])
    assert.equal(remedy(kept), undefined, kept)
  assert.match(remedy('regex("[z-a]", field=a)') ?? '', /^correct the pattern/)
})

test('CQL: an order comparison with a date is told with steps that are valid', () => {
  const told = (text: string): string[] => {
    const found = lint({ name: 'q', text }, 'cql').diagnostics.find((d) => d.code === 'CQL207')
    return [...(found?.remedy ?? '').matchAll(/`([^`]+ [<>]=? [^`]+)`/g)].map(([, step = '']) => step)
  }
  assert.deepEqual(told('X > "2026-01-02"'), [
    'X > 1767312000000',
    'parseTimestamp("yyyy-MM-dd", field=X, as=time) | time > 1767312000000',
  ])
  assert.deepEqual(told('X <= "2026-01-02T03:00:00+01:00"')[0], 'X <= 1767319200000')
  for (const value of ['2026-01-02', '2026-01-02T10:00:00Z', '2026-01-02 10:00:00', '2026-01-02T10:00:00', 'Y']) {
    const steps = told(`X > "${value}"`)
    assert.equal(steps.length, value === 'Y' ? 1 : 2, value)
    for (const step of steps)
      assert.deepEqual(
        lint({ name: 'q', text: step }, 'cql').diagnostics.filter((d) => d.severity !== 'info'),
        [],
        step,
      )
  }
  assert.deepEqual(told('X > "some words"'), [])
})

test('Sumo: == in a scope is told as a sign, not as a word', () => {
  const [told] = lint({ name: 'q', text: '_sourceCategory=a b=="x"' }, 'sumo').diagnostics.filter(
    (d) => d.code === 'LNT419',
  )
  assert.deepEqual(
    [told?.message, told?.remedy],
    ['`==` is a sign of expressions; a scope compares with `=`', 'write `=`'],
  )
})
