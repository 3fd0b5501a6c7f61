import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { runs } from '../../../tools/property-runs.ts'
import type { Event } from '../../../core/logs/format.ts'
import { formatNamed } from '../../../core/logs/registry.ts'
import type { FileStats } from '../../inputs/file-stats.ts'
import { Lines } from '../lines.ts'
import { RecordScanner } from '../record-scanner.ts'
import { type KernelSettings, type KernelTest, ScanKernel } from './kernel.ts'
import { KernelReader, rowsOfGroups, threadKernel } from './kernel-reader.ts'
import { prefixesOf } from './prefixes.ts'

const NAMES = ['a', 'b', 'a.b', 'a.b.c', 'ab', 'timestamp', 'event_simpleName', 'é', '', 'RemotePort']
const SETTINGS: KernelSettings = {
  wanted: NAMES,
  needles: [],
  sources: [[]],
  everything: true,
  groupBy: undefined,
}

interface Scanned {
  readonly rows: readonly string[]
  readonly unparsed: readonly string[]
  readonly stats: FileStats
  readonly skipped: number
  /** Key → events, from the kernel and from rows. */
  readonly groups: ReadonlyMap<string, number>
}

/** The lines, read in pieces of a size, with or without the kernel. */
function scan(
  bytes: Buffer,
  piece: number,
  settings: KernelSettings | undefined,
  full = true,
  format = 'fdr',
  maxLine = 2000,
): Scanned {
  const rows: string[] = []
  const unparsed: string[] = []
  const groups = new Map<string, number>()
  const keys = settings?.groupBy ?? [['a'], ['ab', 'b']]
  const reader = formatNamed(format)?.reader({ zone: 'UTC', year: 1970 }, [])
  assert.ok(reader)
  const count = (key: readonly (string | null)[], n: number): void =>
    void groups.set(JSON.stringify(key), (groups.get(JSON.stringify(key)) ?? 0) + n)
  const kernel = threadKernel()
  assert.ok(kernel, 'WebAssembly has no SIMD here')
  const taken = (all: Parameters<typeof rowsOfGroups>[0]): void => {
    for (const [a, b, n] of rowsOfGroups(all, 0, 1, () => {})) count([a as string, b as string], Number(n))
  }
  const byKernel = settings && new KernelReader(kernel, taken)
  const of = settings && byKernel?.scan({ ...settings }, reader, () => {})
  if (settings) assert.ok(of)
  const scanner = new RecordScanner({
    reader,
    kernel: of,
    consumers: [
      {
        accept: (event: Event, meta) => {
          const { fields, time } = event
          rows.push(JSON.stringify([NAMES.map((n) => fields.get(n) ?? null), String(time), meta.raw, String(meta.seq)]))
          count(
            keys.map((names) => names.map((n) => fields.get(n)).find((v) => v !== undefined) ?? null),
            1,
          )
          return 'yes'
        },
      },
      {
        unparsed: true,
        accept: (event, meta) => {
          if (event.fields.size === 0) unparsed.push(`${event.time} ${meta.raw}`)
          return 'yes'
        },
      },
    ],
    search: undefined,
    readAll: full,
    seqBase: 1n << 44n,
    name: 'x',
    maxLine,
    beat: () => {},
    flush: () => {},
    before: () => [],
  })
  const lines = new Lines(scanner, { maxLine, offset: 0, startsInside: false })
  for (let at = 0; at < bytes.length; at += piece) {
    // As the engine does: the bytes lie in the kernel's memory.
    const part = bytes.subarray(at, at + piece)
    const { buffer } = scanner
    if (buffer) lines.feed(buffer.subarray(0, part.copy(buffer)))
    else lines.feed(Buffer.from(part))
  }
  lines.end()
  byKernel?.takeGroups()
  return { rows, unparsed, stats: scanner.stats, skipped: scanner.skippedEvents, groups }
}

const text = fc.oneof(
  fc.constantFrom(
    '',
    '1',
    '21',
    '0',
    'x'.repeat(40),
    'é',
    '😀',
    '\\',
    '"',
    '/',
    '\n',
    '\u0007',
    '\ud800',
    'a":"b',
    '\\\\\\',
  ),
  fc.string({ maxLength: 20 }),
)
const name = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 1, arbitrary: fc.constantFrom('a[0]', 'b"', 'x'.repeat(70), 'c', 'a\\') },
)
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { weight: 8, arbitrary: text },
    { weight: 2, arbitrary: fc.oneof(fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null)) },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    { weight: 2, arbitrary: fc.dictionary(name, tie('value'), { maxKeys: 4 }) },
  ),
}))
/** Members as text. Names may repeat, but seldom do. */
const member = fc.tuple(name, value)
const members = fc
  .oneof(
    { weight: 5, arbitrary: fc.uniqueArray(member, { maxLength: 8, selector: ([n]) => n }) },
    { weight: 1, arbitrary: fc.array(member, { maxLength: 8 }) },
  )
  .map((of) => of.map(([n, v]) => `${JSON.stringify(n)}:${JSON.stringify(v)}`))
const object = fc.tuple(members, fc.constantFrom(',', ', ', ' ,', ',\t')).map(([of, comma]) => `{${of.join(comma)}}`)
const change = fc.record({
  at: fc.nat(400),
  cut: fc.nat(3),
  put: fc.constantFrom(
    '',
    '"',
    '\\',
    '\\u',
    '\\u0061',
    '\\/',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    ' ',
    '\0',
    '\r',
    '\t',
    '-',
    '.',
    'e',
    '01',
    'null',
    '"a":1,',
  ),
})
const line = fc.oneof(
  { weight: 12, arbitrary: object.map((t) => Buffer.from(t)) },
  {
    weight: 6,
    arbitrary: fc.tuple(object, change, fc.boolean()).map(([t, { at, cut, put }, raw]) => {
      const bytes = Buffer.from(t)
      const i = at % (bytes.length + 1)
      return Buffer.concat([
        bytes.subarray(0, i),
        raw ? Buffer.from([0x80 + (at % 128)]) : Buffer.from(put),
        bytes.subarray(i + cut),
      ])
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(
        '',
        ' ',
        '\r',
        '{}',
        '[]',
        '{} ',
        ' {}',
        '{}\r',
        '{"a":1}{"a":2}',
        '\ufeff{}',
        '\\'.repeat(300),
        `{"a":"${'\\'.repeat(301)}"}`,
        `{"a":"${'\\'.repeat(300)}"}`,
        '['.repeat(300),
        `{"a":${'['.repeat(70)}${']'.repeat(70)}}`,
        `{${Array.from({ length: 90 }, (_, i) => `"k${i}":${i}`).join(',')}}`,
        'x'.repeat(2100),
      )
      .map((t) => Buffer.from(t)),
  },
)
const file = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 12 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([of, end, isOpen]) => {
    const bytes = Buffer.concat(of.flatMap((b) => [b, Buffer.from(end)]))
    return isOpen ? bytes.subarray(0, -1) : bytes
  })
const piece = fc.oneof(fc.constant(1 << 18), fc.integer({ min: 1, max: 700 }))
const RUNS = runs(300)

/** The numbers that must not depend on the kernel. */
const numbers = ({ unusual: _, timesSampled: __, ...stats }: FileStats): unknown => stats

test('the kernel and the reader give the same rows, times, texts, notes and bad lines, wherever blocks end', () => {
  let lines = 0
  let unusual = 0
  fc.assert(
    fc.property(file, piece, fc.constantFrom('fdr', 'suricata', 'json-lines'), (bytes, size, format) => {
      const plain = scan(bytes, size, undefined, true, format)
      const fast = scan(bytes, size, SETTINGS, true, format)
      assert.deepEqual(fast.rows, plain.rows)
      assert.deepEqual(fast.unparsed, plain.unparsed)
      assert.deepEqual(numbers(fast.stats), numbers(plain.stats))
      lines += fast.stats.lines
      unusual += fast.stats.unusual
    }),
    // In full: the share below needs so many lines.
    { numRuns: 300 },
  )
  assert.ok(unusual < lines * 0.85, `${unusual} of ${lines} lines were left to the reader`)
})

test('groups that the kernel counts are those of the rows', () => {
  fc.assert(
    fc.property(file, piece, (bytes, size) => {
      const plain = scan(bytes, size, undefined)
      const fast = scan(bytes, size, { ...SETTINGS, everything: false, groupBy: [['a'], ['ab', 'b']] }, false)
      assert.deepEqual([...fast.groups].sort(), [...plain.groups].sort())
      assert.deepEqual(
        [fast.stats.events, fast.stats.bad, fast.stats.lines],
        [plain.stats.events, plain.stats.bad, plain.stats.lines],
      )
      assert.equal(fast.stats.unread, 0)
    }),
    { numRuns: RUNS },
  )
})

test('no line with the text is ruled out, and no line that fulfils a test', () => {
  const needles = ['ab', 'a/b', 'zz']
  const value = fc.constantFrom('ab', 'xab', 'a/b', 'cd', 'zz', '21', 'b')
  const shown = fc
    .tuple(value, fc.nat(5))
    .map(([v, how]) =>
      how === 0
        ? JSON.stringify(v).replaceAll('/', '\\/')
        : how === 1
          ? `"${[...v].map((c) => `\\u00${c.charCodeAt(0).toString(16)}`).join('')}"`
          : JSON.stringify(v),
    )
  const record = fc
    .array(fc.tuple(fc.constantFrom('a', 'b', 'c'), shown), { maxLength: 4 })
    .map((of) => `{${of.map(([n, v]) => `"${n}":${v}`).join(',')}}`)
  fc.assert(
    fc.property(fc.array(record, { maxLength: 20 }), piece, (of, size) => {
      const bytes = Buffer.from(of.map((t) => `${t}\n`).join(''))
      const sources = [[{ names: ['a'], values: ['ab', 'a/b'] }], [{ names: ['b', 'c'], values: ['zz'] }]]
      const matching = (rows: readonly string[]): string[] =>
        rows.filter((r) => {
          const [values] = JSON.parse(r) as [(string | null)[]]
          return ['ab', 'a/b'].includes(values[0] ?? '') || values[1] === 'zz'
        })
      const plain = scan(bytes, size, undefined)
      for (const full of [true, false]) {
        const fast = scan(bytes, size, { ...SETTINGS, needles, sources, everything: full }, full)
        assert.deepEqual(matching(fast.rows), matching(plain.rows))
        assert.equal(fast.stats.events, plain.stats.events)
        assert.equal(fast.skipped, plain.stats.events - fast.rows.length)
      }
    }),
    { numRuns: RUNS },
  )
})

test('a test of a value rules out the lines for which it fails, and no others', () => {
  const value = fc.oneof(text, fc.constantFrom('10.1.2.3', '172.16.0.1', '172.160.1.1', 'a/b', 'a'))
  const record = fc
    .uniqueArray(fc.tuple(fc.constantFrom('a', 'ab', 'b', 'c'), value), { maxLength: 4, selector: ([n]) => n })
    .map((of) => JSON.stringify(Object.fromEntries(of)).replaceAll('/', '\\/'))
  const tests: readonly (KernelTest & { readonly holds: (value: string | null) => boolean })[] = [
    { names: ['a', 'ab'], values: [], holds: (v) => v === null || /[1-3é]$/.test(v) },
    { names: ['a', 'ab'], values: ['10.', '172.16.'], begins: 'not', holds: (v) => !/^(10|172\.16)\./.test(v ?? '') },
    { names: ['b'], values: ['a', '172.16.'], begins: 'yes', holds: (v) => v !== null && /^(a|172\.16\.)/.test(v) },
  ]
  let lines = 0
  let offered = 0
  let matched = 0
  const some = fc.subarray([...tests], { minLength: 1 })
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 20 }), piece, some, (of, size, used) => {
      const bytes = Buffer.from([...of, ...of].map((t) => `${t}\n`).join(''))
      const plain = scan(bytes, size, undefined).rows.map(
        (r) => JSON.parse(r) as [(string | null)[], string, string, string],
      )
      const fast = scan(bytes, size, { ...SETTINGS, everything: false, sources: [used] }, false)
      const places = fast.rows.map((r) => (JSON.parse(r) as string[])[3])
      for (const [values, , , place] of plain) {
        const found = (n: string): string | null => values[NAMES.indexOf(n)] ?? null
        const isMatch = used.every(({ names, holds }) => holds(names.map(found).find((v) => v !== null) ?? null))
        if (isMatch) assert.ok(places.includes(place))
        matched += Number(isMatch)
      }
      assert.equal(fast.stats.events, plain.length)
      lines += plain.length
      offered += places.length
    }),
    { numRuns: RUNS },
  )
  assert.ok(offered - matched < (lines - matched) * 0.6, `${offered} of ${lines} lines were offered, ${matched} match`)
})

test('a pattern for the beginning of a text has the same texts as its prefixes', () => {
  const atom = fc.oneof(fc.constantFrom('1', '0', 'a', '\\.', '\\d', '[1-3]', '[ab]', '/', '.', 'x*', '$'))
  const { choice } = fc.letrec<{ choice: string; sequence: string; item: string }>((tie) => ({
    item: fc.oneof(
      { weight: 4, arbitrary: atom },
      { weight: 1, arbitrary: tie('choice').map((c) => `(${c})`) },
      { weight: 1, arbitrary: tie('choice').map((c) => `(?:${c})`) },
    ),
    sequence: fc.array(tie('item'), { minLength: 1, maxLength: 3 }).map((of) => of.join('')),
    choice: fc.array(tie('sequence'), { minLength: 1, maxLength: 2 }).map((of) => of.join('|')),
  }))
  const subject = fc.string({ unit: fc.constantFrom(...'0123ab./x'), maxLength: 6 })
  let known = 0
  fc.assert(
    fc.property(choice, fc.array(subject, { minLength: 20, maxLength: 20 }), (c, texts) => {
      const prefixes = prefixesOf(`^${c}`)
      if (!prefixes) return
      known++
      for (const t of [...texts, ...prefixes])
        assert.equal(
          prefixes.some((p) => t.startsWith(p)),
          new RegExp(`^${c}`).test(t),
        )
    }),
    { numRuns: RUNS },
  )
  assert.ok(known > RUNS / 20, `${known} of ${RUNS} patterns have prefixes`)
  assert.deepEqual(prefixesOf('^192\\.168\\.'), ['192.168.'])
  assert.deepEqual(prefixesOf('^172\\.(1[6-7]|31)\\.'), ['172.16.', '172.17.', '172.31.'])
  for (const none of ['a', '^', '^a|b', '^a*', '^a+', '^(a|)', '^a$', '^[^a]', '^\\w', '^a{2}', '^"'])
    assert.equal(prefixesOf(none), undefined)
})

test('long lines, many keys, backslashes without end, and texts that never end are read as the reader reads them', () => {
  const keys = (n: number): string =>
    Array.from({ length: n }, (_, i) => `"key${'x'.repeat(i % 30)}${i}":"${i}"`).join(',')
  const lines = [
    '{"a":"1","b":2}',
    `{${keys(100_000)},"a":"many"}`,
    `{"a":"${'\\\\'.repeat(500_000)}","b":"pairs"}`,
    `{"a":"${'\\'.repeat(500_001)}","b":"odd"}`,
    `{"a":"${'x'.repeat(3_000_000)}","b":"beyond the room of the kernel"}`,
    `{"a":"never closed, ${'y'.repeat(700_000)}`,
    '\0'.repeat(300_000),
    `{${keys(3500)},"b":"more keys than the kernel remembers"}`,
    '{"a":"2","ab":"3","abc":"prefixes"}',
  ]
  const bytes = Buffer.from(`${lines.join('\n')}\n`)
  const plain = scan(bytes, 1 << 18, undefined, true, 'json-lines', 16 << 20)
  const fast = scan(bytes, 1 << 18, SETTINGS, true, 'json-lines', 16 << 20)
  assert.deepEqual(numbers(fast.stats), numbers(plain.stats))
  assert.ok(fast.rows.length === plain.rows.length && fast.rows.every((r, i) => r === plain.rows[i]))
  assert.deepEqual([plain.stats.lines, plain.stats.bad], [9, 3])
})

test('without SIMD there is no kernel', () => {
  class Module {
    constructor() {
      throw new Error('invalid value type')
    }
  }
  const lacking = { Module, Memory: class {}, Instance: class {} }
  assert.equal(ScanKernel.make(lacking as never), undefined)
})
