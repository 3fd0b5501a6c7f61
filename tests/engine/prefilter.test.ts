// The byte search is sound: it never skips a line whose event passes the filter, whatever the escapes in the JSON.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compilePred, rowScope } from '../../core/eval/compile.ts'
import { bindEvent } from '../../core/eval/bind.ts'
import { formatNamed, isEvent } from '../../core/logs/registry.ts'
import { and, col, not, or, present, test as pred, text, TRUE } from '../../core/plan/build.ts'
import type { Pred, SourceNode } from '../../core/plan/plan.ts'
import { jsonPrefilter } from '../../engine/scan/prefilter/json-prefilter.ts'
import { RowCollector } from '../../engine/scan/event-consumers.ts'
import { runs } from '../../tools/property-runs.ts'

const NAMES = ['event_simpleName', 'RemotePort', 'path', 'a.b', '#repo']
const VALUES = [
  'NetworkConnectIP4',
  'DnsRequest',
  '21',
  '2100',
  'a/b/c/d',
  'C:\\usr\\x',
  'say "hi"',
  'übung',
  'base_sensor',
  '',
]

const source = (where: Pred): SourceNode => ({
  kind: 'source',
  name: 'events',
  columns: NAMES.map((id) => ({ id, ty: 'str', from: { kind: 'field', name: id } })),
  rest: false,
  interval: 'all',
  where,
})

/** A JSON text of the string. The numbers decide which characters are escaped. */
function spell(s: string, how: readonly number[]): string {
  let i = 0
  const out = [...s].map((c) => {
    const h = how.length === 0 ? 0 : (how[i++ % how.length] as number)
    if (h === 1 && c.length === 1) return `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`
    if (h === 2 && c === '/') return '\\/'
    return JSON.stringify(c).slice(1, -1)
  })
  return `"${out.join('')}"`
}

const how = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.array(fc.nat(9), { maxLength: 12 }) },
)
const value = fc.oneof(fc.constantFrom(...VALUES), fc.string({ maxLength: 6 }))
const member = fc
  .tuple(
    fc.constantFrom(...NAMES.slice(0, 3), 'other', '#repo'),
    value,
    how,
    how,
    fc.constantFrom('', ' '),
    fc.boolean(),
  )
  .map(
    ([n, v, a, b, space, bare]) =>
      `${spell(n, a)}${space}:${space}${bare && /^[1-9]\d*$/.test(v) ? v : bare && v === '' ? 'null' : spell(v, b)}`,
  )
const line = fc
  .tuple(fc.array(member, { maxLength: 5 }), fc.option(value), fc.constantFrom('', ' ', '\t'))
  .map(
    ([members, nested, space]) =>
      `{${[...members, ...(nested === null ? [] : [`"a":{"b":${spell(nested, [])}}`])].join(`${space},`)}}`,
  )

const leaf: fc.Arbitrary<Pred> = fc.oneof(
  fc.tuple(fc.constantFrom(...NAMES), value).map(([n, v]) => pred('str.eq', [col(n, 'str'), text(v)])),
  fc
    .tuple(fc.constantFrom(...NAMES), fc.array(value, { minLength: 1, maxLength: 3 }))
    .map(([n, values]) => pred('str.in', [col(n, 'str')], { values, ignoreCase: false })),
  fc.constantFrom(...NAMES).map((n) => present(col(n, 'str'))),
  fc
    .tuple(fc.constantFrom(...NAMES), fc.constantFrom('^2', '/', '^.{0,3}$', 'usr|Dns'))
    .map(([n, pattern]) => not(pred('re.test', [col(n, 'str')], { pattern, flags: '' }))),
  fc.constantFrom(...NAMES).map((n) => not(present(col(n, 'str')))),
  fc.constantFrom(...NAMES).map((n) => not(pred('str.eq', [col(n, 'str'), text('')]))),
  fc.tuple(fc.constantFrom(...NAMES), value).map(([n, v]) => pred('str.contains', [col(n, 'str'), text(v)])),
)
const where = fc.oneof(
  leaf,
  fc.array(leaf, { minLength: 2, maxLength: 3 }).map((of) => and(...of)),
  fc.array(leaf, { minLength: 2, maxLength: 3 }).map((of) => or(...of)),
)

const env = { now: 0n, start: 0n, end: 0n, zone: 'UTC' }

test('no line that matches is passed over', () => {
  const format = formatNamed('fdr')
  assert.ok(format)
  let searched = 0
  let spared = 0
  fc.assert(
    fc.property(where, fc.array(line, { minLength: 1, maxLength: 8 }), (w, lines) => {
      const s = source(w)
      const block = Buffer.from(`${lines.join('\n')}\n`)
      const search = jsonPrefilter([s], { format, tags: format.tags }, env)?.search(block.toString('latin1'))
      if (!search) return
      searched++
      const reader = format.reader({ zone: 'UTC', year: 2026 }, [])
      let from = 0
      for (const record of lines) {
        const to = from + Buffer.byteLength(record)
        const may = search.mayMatch(from, to)
        const event = reader.read(record)
        let matched = false
        const collector = new RowCollector(s, { format, tags: format.tags, env, bounds: null }, () => {
          matched = true
        })
        if (isEvent(event)) collector.accept(event, { file: '', raw: record, seq: 0n })
        assert.ok(may || !matched, record)
        if (!may) spared++
        from = to + 1
      }
    }),
    { numRuns: runs(1500) },
  )
  assert.ok(searched > runs(100) && spared > runs(100), `${searched} searched, ${spared} spared`)
})

test('a filter over a tag that the line does not show cannot be searched for', () => {
  const format = formatNamed('fdr')
  assert.ok(format)
  const where = pred('str.eq', [col('#repo', 'str'), text('base_sensor')])
  assert.equal(jsonPrefilter([source(where)], { format, tags: format.tags }, env), undefined)
  const row = bindEvent(
    { fields: new Map(), time: undefined },
    { file: '', raw: '', seq: 0n },
    source(TRUE),
    format.aliases,
  )
  assert.equal(compilePred(where, rowScope, env)(row), false)
  let matched = 0
  const collector = new RowCollector(source(where), { format, tags: format.tags, env, bounds: null }, () => matched++)
  collector.accept({ fields: new Map(), time: undefined }, { file: '', raw: '', seq: 0n })
  assert.equal(matched, 1)
})
