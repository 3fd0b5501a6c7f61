// For every language that maps the fields itself: no detection makes its writer throw, and brackets and quotes are closed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { runs } from '../../../tools/property-runs.ts'
import { writtenLanguages } from '../../workbench/translate.ts'
import { condition, TEXTS } from './meaning-fixtures.ts'
import type { CorrelationDetection, EventDetection, Measure, Part, PortableDetection, Step } from './portable.ts'

const own = writtenLanguages.filter((l) => l.mapsFields)

const name = fc.constantFrom('Image', 'CommandLine', 'User', 'odd "name"', "it's", 'a.b c', 'where', '')
const measure: fc.Arbitrary<Measure> = fc.record(
  {
    name,
    of: fc.constantFrom(
      'average',
      'count',
      'distinct',
      'first',
      'last',
      'max',
      'median',
      'min',
      'percentile',
      'sum',
      'values',
    ),
    field: name,
    percentile: fc.constantFrom(5, 95),
  },
  { requiredKeys: ['name', 'of'] },
) as fc.Arbitrary<Measure>
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('where' as const), where: condition }),
  fc.record(
    {
      kind: fc.constant('aggregate' as const),
      by: fc.array(name, { maxLength: 2 }),
      measures: fc.array(measure, { maxLength: 3 }),
      bucket: fc.constantFrom(60_000_000n, 600_000_000n),
    },
    { requiredKeys: ['kind', 'by', 'measures'] },
  ) as fc.Arbitrary<Step>,
  fc.record(
    {
      kind: fc.constant('order' as const),
      by: fc.array(
        fc.record({
          field: name,
          descending: fc.boolean(),
          as: fc.constantFrom('number' as const, 'read-number' as const, 'text' as const),
        }),
        { maxLength: 2 },
      ),
      limit: fc.constantFrom(1, 10),
    },
    { requiredKeys: ['kind', 'by'] },
  ) as fc.Arbitrary<Step>,
  fc.record({ kind: fc.constant('columns' as const), fields: fc.array(name, { minLength: 1, maxLength: 2 }) }),
)
const SOURCES = [
  undefined,
  { category: 'process_creation', product: 'windows' },
  { category: 'network_connection', product: 'linux' },
  { product: 'aws', service: 'cloudtrail' },
  { category: 'constructor' },
]
const events: fc.Arbitrary<EventDetection> = fc
  .record({
    where: condition,
    steps: fc.array(step, { maxLength: 3 }),
    source: fc.constantFrom(...SOURCES),
    title: fc.constantFrom(undefined, 'T', '``` */ "\n// ('),
  })
  .map(({ where, steps, source, title }) => ({
    kind: 'events' as const,
    where,
    steps,
    ...(source && { logsource: source }),
    ...(title !== undefined && { title }),
  }))
const bound = fc.record({
  op: fc.constantFrom('!=', '<', '<=', '=', '>', '>=' as const),
  value: fc.constantFrom(0, 3, 2.5),
})
const correlation: fc.Arbitrary<CorrelationDetection> = fc
  .record({
    type: fc.constantFrom(
      'event_count',
      'temporal',
      'temporal_ordered',
      'value_avg',
      'value_count',
      'value_median',
      'value_percentile',
      'value_sum' as const,
    ),
    of: fc.array(
      events.map((d) => ({ ...d, steps: [] })),
      { minLength: 1, maxLength: 3 },
    ),
    by: fc.array(name, { maxLength: 2 }),
    minutes: fc.constantFrom(1n, 10n, 90n, 1440n),
    bounds: fc.array(bound, { maxLength: 2 }),
    fields: fc.array(name, { maxLength: 2 }),
  })
  .map(({ type, of, by, minutes, bounds, fields }) => ({
    kind: 'correlation' as const,
    type,
    of,
    groupBy: by.map((n) => ({ name: n, fields: of.map(() => n) })),
    timespan: minutes * 60_000_000n,
    bounds: bounds as CorrelationDetection['bounds'],
    fields,
  }))

/** Texts, names in quotes, patterns between slashes and comments are empty. */
const bare = (text: string): string =>
  text
    .replace(/```[\s\S]*?```|^\/\/.*$|\/\*[\s\S]*?\*\//gm, '')
    .replace(
      /"""[\s\S]*?"""|@"(?:[^"]|"")*"|"(?:[^"\\]|\\[\s\S])*"|\['(?:[^'\\]|\\.)*'\]|`(?:[^`]|``)*`|'(?:[^'\\\n]|\\.)*'|(?<=matches |= )\/(?:[^/\\\n]|\\.)*\//g,
      '',
    )

function unbalanced(text: string): string | undefined {
  let depth = 0
  for (const c of bare(text)) {
    if (c === '(') depth++
    if (c === ')') depth--
    if (depth < 0) return 'closes too early'
  }
  if (depth > 0) return 'stays open'
  return /["']/.test(bare(text)) ? 'a quote stays open' : undefined
}

/** The text alone, at the beginning and at the end. */
const shapes = (text: string): (readonly Part[])[] => [[{ text }], [{ text }, { wild: '*' }], [{ wild: '*' }, { text }]]
const whole = (text: string): EventDetection[] =>
  shapes(text).flatMap((parts) =>
    [true, false].flatMap((cased) =>
      SOURCES.map(
        (source): EventDetection => ({
          kind: 'events',
          where: { kind: 'text', field: 'Image', parts, cased },
          steps: [],
          ...(source && { logsource: source }),
        }),
      ),
    ),
  )

test('there are such languages', () => assert.ok(own.length >= 3))

for (const language of own) {
  test(`${language.title}: each odd text alone`, () => {
    for (const d of TEXTS.flatMap(whole))
      for (const v of language.vocabularies ?? []) {
        const found = language.write?.(d, v)
        assert.ok(found)
        if ('text' in found) assert.equal(unbalanced(found.text), undefined, found.text)
      }
  })

  test(`${language.title}: a text or a reason, and everything that is opened is closed`, () => {
    fc.assert(
      fc.property(
        fc.oneof<[fc.Arbitrary<PortableDetection>, fc.Arbitrary<PortableDetection>]>(events, correlation),
        fc.constantFrom(...(language.vocabularies ?? [])),
        (d, v) => {
          const found = language.write?.(d, v)
          assert.ok(found)
          if ('reason' in found) assert.match(found.reason, /^\S[^\n]*[^.]$/s)
          else assert.equal(unbalanced(found.text), undefined, found.text)
        },
      ),
      { numRuns: runs(300) },
    )
  })
}
