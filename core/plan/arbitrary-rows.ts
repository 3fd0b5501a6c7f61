// Sources and generators of their rows for property tests.
import fc from 'fast-check'
import { type SourceColumn, type SourceNode, type Row, type Value, REST } from './plan.ts'
import { TRUE } from './build.ts'
import { jsonText } from './json-text.ts'

export const field = (id: string): SourceColumn => ({ id, ty: 'str', from: { kind: 'field', name: id } })

/** The source that generated plans read. */
export const eventsSource = (rest: boolean): SourceNode => ({
  kind: 'source',
  name: 'events',
  columns: [
    field('a'),
    field('b'),
    field('c'),
    field('n'),
    { id: 'l[]', ty: 'list', from: { kind: 'array', name: 'l' } },
    { id: '@timestamp', ty: 'time', from: { kind: 'meta', name: 'time' } },
    { id: '$:seq', ty: 'int', from: { kind: 'meta', name: 'seq' } },
    {
      id: '$:free',
      ty: 'bool',
      from: { kind: 'search', test: { prim: 'str.glob', consts: { pattern: '*a*', ignoreCase: false } }, except: [] },
    },
  ],
  rest,
  interval: 'query',
  where: TRUE,
})

export const lookupSource: SourceNode = {
  kind: 'source',
  name: 'lookup:t',
  columns: [field('k'), field('v'), { id: '$:seq', ty: 'int', from: { kind: 'meta', name: 'seq' } }],
  rest: false,
  interval: 'all',
  where: TRUE,
}

export const TEXTS = [
  'a',
  'b',
  'A',
  '',
  'ab',
  'x,y',
  '10',
  '9',
  'é',
  '😀',
  '\uffff',
  ' ',
  '%',
  '_',
  "'",
  '\\',
  '0',
  'true',
] as const

// Halves and integers only: their sums do not depend on the order of rows.
const NUMBERS = ['1', '2', '10', '-3', '0.5', '1e3', '007', '9007199254740993', 'abc', '', '-0'] as const

/** Rows for a source as a table gives them: typed by its columns, absents left out or null. */
export const arbitraryRows = (source: SourceNode, maxLength = 12): fc.Arbitrary<Row[]> => {
  const arbitraryValue = (c: SourceColumn): fc.Arbitrary<Value> => {
    if (c.from.kind === 'search') return fc.boolean()
    if (c.ty === 'list') return fc.array(fc.constantFrom(...TEXTS), { maxLength: 3 })
    if (c.ty === 'time')
      return fc.constantFrom<Value[]>(null, 0n, 1_700_000_000_000_000n, 1_700_000_000_123_456n, 1_700_000_060_000_000n)
    if (c.id === 'n') return fc.constantFrom<Value[]>(null, ...NUMBERS)
    return fc.constantFrom<Value[]>(null, ...TEXTS)
  }
  const columns = source.columns.filter((c) => !(c.from.kind === 'meta' && c.from.name === 'seq'))
  const one = fc.tuple(...columns.map(arbitraryValue), fc.constantFrom('{}', '{"z":"1"}', '{"z":"2","y":""}'))
  return fc.array(one, { maxLength }).map((rows) =>
    rows.map((values, i) => {
      const row: Record<string, Value> = {}
      columns.forEach((c, j) => {
        row[c.id] = values[j] as Value
      })
      for (const c of source.columns) if (!columns.includes(c)) row[c.id] = BigInt(i)
      if (source.rest) row[REST] = values[columns.length] as string
      return row
    }),
  )
}

/** Tables for every source that a generated plan reads. */
export const arbitraryTables = (maxLength = 12): fc.Arbitrary<(source: SourceNode) => Row[]> =>
  fc
    .tuple(arbitraryRows(eventsSource(true), maxLength), arbitraryRows(lookupSource, 5))
    .map(([events, lookup]) =>
      Object.assign((s: SourceNode) => (s.name === 'events' ? events : lookup), { events, lookup }),
    )

/** A row as one line of text, equal exactly if the values of these columns are. */
export function rowText(row: Row, ids: readonly string[]): string {
  return jsonText(ids.map((id) => row[id] ?? null))
}
