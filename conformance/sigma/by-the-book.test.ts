// Our Sigma equals the specification as it is read a second time, over rules and events made of the same few pieces.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { stringify } from 'yaml'
import { type BookRule, type Flat, matchesByTheBook, withText } from './by-the-book.ts'
import { run } from './run.ts'

const FIELDS = ['CommandLine', 'Company', 'Description', 'Product'] as const
/** Pieces that often meet: letters in both cases, what is special to a pattern, a line break, what has no case in ASCII. */
const piece = fc.constantFrom(
  'a',
  'A',
  'b',
  'ab',
  ' -n',
  ' /n',
  '\\',
  '*',
  '?',
  '.',
  '%',
  '"',
  '\n',
  'é',
  'É',
  '(',
  '1',
)
const pieces = (max: number) => fc.array(piece, { maxLength: max }).map((p) => p.join(''))
const number = fc.constantFrom('1', '2', '10', '2.5', '-1', '0x10', '')
const address = fc.constantFrom(
  '10.0.0.1',
  '10.255.0.1',
  '11.0.0.1',
  'fe80::1',
  'fe80::1%12',
  '2001:db8::5',
  '::1',
  'host',
)
const date = fc.constantFrom('2026-06-21 02:30:00', '2025-07-08T14:05:00Z', '2026-01-01T00:00:00.123Z')
const held = fc.oneof(pieces(5), number, address, date)
/** A name may have several values. */
const values = fc.oneof({ weight: 6, arbitrary: held }, fc.array(held, { minLength: 2, maxLength: 3 }))
const event: fc.Arbitrary<Flat> = fc.dictionary(fc.constantFrom(...FIELDS), values, { maxKeys: 4 })

/** Without a blank edge: YAML would not keep it in a plain scalar, but `stringify` quotes it. */
const value = fc.oneof(pieces(4), number)
const some = <T>(of: fc.Arbitrary<T>) => fc.oneof(of, fc.array(of, { minLength: 1, maxLength: 3 }))
const two = <T>(of: fc.Arbitrary<T>) => fc.array(of, { minLength: 2, maxLength: 3 })
const field = fc.constantFrom(...FIELDS)
const place = fc.constantFrom('', '|contains', '|startswith', '|endswith')
const entry = (suffix: fc.Arbitrary<string>, of: fc.Arbitrary<unknown>) =>
  fc.tuple(field, suffix, of).map(([f, s, v]): readonly [string, unknown] => [`${f}${s}`, v])
const bare = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '/'), minLength: 1, maxLength: 4 })
const item = fc.oneof(
  entry(place, some(value)),
  entry(
    place.map((p) => `${p}|cased`),
    some(value),
  ),
  entry(
    place.map((p) => `${p}|all`),
    two(value),
  ),
  entry(
    place.map((p) => `${p}|neq`),
    value,
  ),
  entry(fc.constant('|exists'), fc.boolean()),
  entry(fc.constant(''), fc.constantFrom(null, '')),
  entry(fc.constantFrom('|gt', '|gte', '|lt', '|lte'), fc.constantFrom(1, 2, 2.5, 10)),
  entry(fc.constantFrom('|minute', '|hour|gte', '|day', '|month|lt', '|year'), fc.constantFrom(2, 7, 14, 21, 2026)),
  entry(
    fc.constant('|cidr'),
    some(fc.constantFrom('10.0.0.0/16', '10.0.0.0/8', 'fe80::/10', '2001:db8::/32', '0.0.0.0/0')),
  ),
  entry(
    place.map((p) => `|fieldref${p}`),
    field,
  ),
  entry(
    fc.constantFrom('|re', '|re|i', '|re|m', '|re|s', '|re|i|s'),
    fc.constantFrom('a.b', '^ab', 'n$', 'A+', '[ab]{2}', 'a|1'),
  ),
  entry(
    fc.constantFrom(
      '|base64|contains',
      '|base64offset|contains',
      '|wide|base64offset|contains',
      '|utf16be|base64|contains',
    ),
    some(bare),
  ),
)
const map = fc.array(item, { minLength: 1, maxLength: 2 }).map((items) => Object.fromEntries(items))
const keywords = fc.oneof(
  fc.array(pieces(3), { minLength: 1, maxLength: 2 }),
  two(pieces(2)).map((v) => ({ '|all': v })),
)
const selection = fc.oneof({ weight: 4, arbitrary: map }, fc.array(map, { minLength: 1, maxLength: 2 }), keywords)
const condition = fc.constantFrom(
  'sel_a',
  'not sel_a',
  'sel_a or sel_b and not other',
  'not sel_a and sel_b or other',
  '1 of them',
  'all of them',
  'all of sel*',
  '1 of sel_* and not other',
  'not 1 of sel_*',
  '(sel_a or sel_b) and not (other or sel_b)',
  'NOT sel_a AND other',
)
const rule = fc
  .tuple(
    selection,
    selection,
    selection,
    fc.oneof({ weight: 9, arbitrary: condition }, fc.constant(['sel_a', 'not other'])),
  )
  .map(([sel_a, sel_b, other, condition]): BookRule => ({ detection: { sel_a, sel_b, other, condition } }))

/** The specification does not say how several values of two fields are compared. */
const firstValues = (e: Flat): Flat => Object.fromEntries(Object.entries(e).map(([k, v]) => [k, [v].flat()[0] ?? '']))

const LOGSOURCE = { category: 'process_creation', product: 'windows' }
const given = (events: readonly Flat[]): Flat[] =>
  events.map((e, i) => ({ Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: '1', No: `n${i}`, ...e }))
/** Which of the events our Sigma finds, or the codes of its errors. */
function found(of: BookRule, events: readonly Flat[]): { readonly at: number[]; readonly errors: string[] } {
  const text = stringify({ title: 'by the book', logsource: LOGSOURCE, ...of })
  const { compiled, rows } = run(text, given(events))
  return {
    at: rows.map((r) => Number((r as { No: string }).No.slice(1))).sort((a, b) => a - b),
    errors: compiled.diagnostics.flatMap((d) => (d.severity === 'error' ? [`${d.code} ${d.message}\n${text}`] : [])),
  }
}

test('any rule over any events', () => {
  fc.assert(
    fc.property(rule, fc.array(event, { minLength: 6, maxLength: 12 }), (of, made) => {
      const events = JSON.stringify(of).includes('|fieldref') ? made.map(firstValues) : made
      const { at, errors } = found(of, events)
      assert.deepEqual(errors, [])
      const expected = given(events).flatMap((e, i) =>
        matchesByTheBook(of, withText(e, JSON.stringify(e))) ? [i] : [],
      )
      assert.deepEqual(at, expected, stringify(of))
    }),
    { numRuns: 50 },
  )
})
