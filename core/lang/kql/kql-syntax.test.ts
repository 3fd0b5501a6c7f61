// Microsoft's own parser takes every text that is written.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import fc from 'fast-check'
import { runs } from '../../../tools/property-runs.ts'
import { condition } from '../shared/meaning-fixtures.ts'
import type { CorrelationDetection, EventDetection, PortableDetection } from '../shared/portable.ts'
import { events, traps } from '../shared/traps-fixtures.ts'
import { asim } from './vocabularies/asim.ts'
import { defender } from './vocabularies/defender.ts'
import { columnText } from './text.ts'
import { write } from './write.ts'

interface Diagnostics {
  readonly Count: number
  getItem(i: number): { readonly Message: string }
}
interface Parser {
  readonly Language: { readonly KustoCode: { Parse(text: string): { GetSyntaxDiagnostics(): Diagnostics } } }
}

/** The package is a script for pages: it puts `Kusto` beside all globals. */
function parser(): Parser {
  const load = createRequire(import.meta.url)
  load('@kusto/language-service-next/bridge.min.js')
  load('@kusto/language-service-next/Kusto.Language.Bridge.min.js')
  return (globalThis as unknown as { Kusto: Parser }).Kusto
}
const { Language } = parser()
const complaints = (text: string): string[] => {
  const found = Language.KustoCode.Parse(text).GetSyntaxDiagnostics()
  return Array.from({ length: found.Count }, (_, i) => found.getItem(i).Message)
}

test('the parser finds an error where there is one', () => {
  assert.deepEqual(complaints('T | where a =~'), ['Missing expression'])
})

test('the traps, in both vocabularies', () => {
  let count = 0
  for (const [name, d] of Object.entries(traps))
    for (const v of [defender, asim]) {
      const found = write(d, v)
      if ('reason' in found) continue
      count++
      assert.deepEqual(complaints(found.text), [], `${name}\n${found.text}`)
    }
  assert.ok(count >= 18)
})

test('correlations of every type, and counting steps', () => {
  const rule = (title: string): EventDetection => ({ ...traps.absentFilter, title })
  const base: CorrelationDetection = {
    ...traps.failures,
    of: [rule('a'), rule('b"c')],
    groupBy: [{ name: 'the user', fields: ['ParentImage', 'ParentImage'] }],
    fields: ['ParentImage'],
    percentile: 95,
  }
  const types = [
    'event_count',
    'value_count',
    'temporal',
    'temporal_ordered',
    'value_avg',
    'value_sum',
    'value_median',
    'value_percentile',
  ] as const
  const steps: EventDetection = {
    ...traps.starInside,
    steps: [
      {
        kind: 'aggregate',
        by: ['ParentImage', 'ProcessId'],
        bucket: 600_000_000n,
        measures: [
          { name: 'count', of: 'count' },
          { name: 'my users', of: 'distinct', field: 'User' },
          { name: 'p', of: 'percentile', field: 'ProcessId', percentile: 95 },
          { name: 'f', of: 'first', field: 'Image' },
          { name: 'v', of: 'values', field: 'Image' },
        ],
      },
      { kind: 'where', where: { kind: 'number', field: 'my users', op: '>', value: 3 } },
      { kind: 'order', by: [{ field: 'count', descending: true, as: 'number' }], limit: 10 },
      { kind: 'columns', fields: ['ParentImage', 'count'] },
    ],
  }
  const all: readonly PortableDetection[] = [...types.map((type) => ({ ...base, type })), steps]
  for (const d of all) {
    const found = write(d, defender)
    assert.ok('text' in found, JSON.stringify(found))
    assert.deepEqual(complaints(found.text), [], found.text)
  }
})

test('any condition, with any names', () => {
  const source = { ...events({ kind: 'always' }, { category: 'x' }) }
  const open = { ...defender, sources: [{ from: 'T', fields: {}, other: (f: string) => f }] }
  fc.assert(
    fc.property(
      condition,
      fc.constantFrom('Image', 'title', 'first', 'my field', "it's", 'where', 'A.b.c d', 'ä'),
      (c, name) => {
        const found = write({ ...source, where: { kind: 'all', of: [c, { kind: 'exists', field: name }] } }, open)
        assert.ok('text' in found)
        assert.deepEqual(complaints(found.text), [], found.text)
        assert.deepEqual(complaints(`T | summarize ${columnText(name)} = count() by x`), [], name)
      },
    ),
    { numRuns: runs(200) },
  )
})
