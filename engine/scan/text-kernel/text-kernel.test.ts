import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { runs } from '../../../tools/property-runs.ts'
import type { Event } from '../../../core/logs/format.ts'
import { formatNamed } from '../../../core/logs/registry.ts'
import { col, present, test as testPred } from '../../../core/plan/build.ts'
import type { SourceNode } from '../../../core/plan/plan.ts'
import type { FileStats } from '../../inputs/file-stats.ts'
import { Lines } from '../lines.ts'
import { textPrefilter } from '../prefilter/text-prefilter.ts'
import { RecordScanner } from '../record-scanner.ts'
import { bytePatterns, type BytePattern } from './byte-patterns.ts'
import { TextKernel } from './text-kernel.ts'
import { textScan } from './text-scan.ts'

const RUNS = runs(300)
type Name = 'asa' | 'fortigate' | 'panos'
const FIELDS = {
  asa: ['dest_port', 'network:src_port', 'action'],
  fortigate: ['dstport', 'network:src_port', 'action'],
  panos: ['dest_port', 'network:src_port', 'action'],
} as const
const samples = Object.fromEntries(
  (['asa', 'fortigate', 'panos'] as const).map((name) => {
    const text = gunzipSync(readFileSync(`examples/t1071.002/${name}/${name}.log.gz`)).toString()
    return [name, text.split('\n').filter(Boolean).slice(0, 300)]
  }),
) as Record<Name, string[]>

interface Scanned {
  readonly rows: readonly string[]
  readonly unparsed: readonly string[]
  readonly stats: FileStats
  readonly skipped: number
}

interface Filter {
  readonly name: Name
  readonly field: number
  readonly values: readonly string[]
}

/** The lines, read in pieces of a size, with or without the kernel. */
function scan(bytes: Buffer, piece: number, { name, field, values }: Filter, isFast: boolean): Scanned {
  const format = formatNamed(name)
  assert.ok(format)
  const columns = FIELDS[name].map((f, i) => ({
    id: `c${i}`,
    ty: 'str' as const,
    from: { kind: 'field' as const, name: f },
  }))
  const port = col(`c${field}`, 'str')
  const where = values.length === 0 ? present(port) : testPred('str.in', [port], { values, ignoreCase: false })
  const source: SourceNode = { kind: 'source', name: 'events', columns, rest: false, interval: 'query', where }
  const prefilter = textPrefilter([source], { format, tags: format.tags, sample: samples[name].slice(0, 50) })
  const text =
    isFast && prefilter?.expressions ? textScan(prefilter.expressions, samples[name].slice(0, 50)) : undefined
  const rows: string[] = []
  const unparsed: string[] = []
  const scanner = new RecordScanner({
    reader: format.reader({ zone: 'UTC', year: 1970 }, []),
    consumers: [
      {
        accept: ({ fields, time }: Event, meta) => {
          rows.push(JSON.stringify([[...fields.keys()].length, String(time), meta.raw, String(meta.seq)]))
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
    search: prefilter && ((block) => prefilter.search(block)),
    text,
    readAll: false,
    seqBase: 1n << 44n,
    name: 'x',
    maxLine: 3000,
    beat: () => {},
    flush: () => {},
    before: () => [],
  })
  if (isFast && field === 0 && values.length > 0) assert.ok(text, 'the kernel is used')
  const lines = new Lines(scanner, { maxLine: 3000, offset: 0, startsInside: false })
  for (let at = 0; at < bytes.length; at += piece) {
    // As the engine does: the bytes lie in the kernel's memory, and are gone with the next piece.
    const part = bytes.subarray(at, at + piece)
    const into = scanner.buffer ?? shared
    lines.feed(into.subarray(0, part.copy(into)))
  }
  lines.end()
  return { rows, unparsed, stats: scanner.stats, skipped: scanner.skippedEvents }
}
const shared = Buffer.alloc(96 << 10)

const cut = fc.record({
  at: fc.nat(400),
  cut: fc.constantFrom(0, 0, 1, 3, 40, 4000),
  put: fc.constantFrom(
    '',
    '"',
    ',',
    '\0',
    '\r',
    ' ',
    ',445,',
    'dstport=445',
    '/445 ',
    '"21"',
    'é',
    '\u00a0',
    '%ASA-',
    ',TRAFFIC,',
    'logid=',
  ),
})
const lineOf = (name: Name): fc.Arbitrary<Buffer> => {
  const own = fc.constantFrom(...samples[name])
  return fc.oneof(
    { weight: 8, arbitrary: own.map((t) => Buffer.from(t)) },
    {
      weight: 4,
      arbitrary: fc.tuple(own, cut, fc.nat(5)).map(([t, { at, cut: n, put }, raw]) => {
        const bytes = Buffer.from(t)
        const i = at % (bytes.length + 1)
        return Buffer.concat([
          bytes.subarray(0, i),
          raw === 0 ? Buffer.from([0x80 + (at % 128)]) : Buffer.from(put),
          bytes.subarray(i + n),
        ])
      }),
    },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom(
          '',
          ' ',
          '\r',
          ',',
          '445',
          '%ASA-',
          ',TRAFFIC',
          '\\'.repeat(300),
          '"'.repeat(300),
          'x'.repeat(3100),
          `${'y,445,'.repeat(300)}`,
        )
        .map((t) => Buffer.from(t)),
    },
  )
}
const file = (name: Name): fc.Arbitrary<Buffer> =>
  fc
    .tuple(fc.array(lineOf(name), { minLength: 1, maxLength: 25 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
    .map(([of, end, isOpen]) => {
      const bytes = Buffer.concat(of.flatMap((b) => [b, Buffer.from(end)]))
      return isOpen ? bytes.subarray(0, -1) : bytes
    })

for (const name of ['asa', 'fortigate', 'panos'] as const)
  test(`${name}: with and without the kernel the same rows, times, notes, bad lines and numbers, wherever blocks end`, () => {
    fc.assert(
      fc.property(
        file(name),
        fc.oneof(fc.constant(96 << 10), fc.integer({ min: 1, max: 900 })),
        fc.nat(2),
        fc.uniqueArray(fc.constantFrom('20', '21', '445', '443', '53', '990', 'allow', 'deny', 'Built'), {
          maxLength: 6,
        }),
        (bytes, size, field, values) => {
          const filter = { name, field, values }
          assert.deepEqual(scan(bytes, size, filter, true), scan(bytes, size, filter, false))
        },
      ),
      { numRuns: RUNS },
    )
  })

test('more rows than the kernel holds at once, and a line that ends with the piece', () => {
  const [line = ''] = samples.panos
  for (const text of [
    `${line.replace(/,(?:443|80|445|53),/, ',445,')}\n`.repeat(200),
    '\n'.repeat(9000),
    `${line}\n`,
  ]) {
    const bytes = Buffer.from(text)
    const filter = { name: 'panos', field: 0, values: ['445'] } as const
    for (const piece of [96 << 10, line.length + 1, 16])
      assert.deepEqual(scan(bytes, piece, filter, true), scan(bytes, piece, filter, false))
  }
})

const has = (pattern: BytePattern, line: string, at: number): boolean =>
  pattern.every((set, i) => {
    // A line feed follows the line.
    const code = at + i < line.length ? line.charCodeAt(at + i) : 10
    return at + i <= line.length && set.some((lo, k) => k % 2 === 0 && code >= lo && code <= (set[k + 1] as number))
  })

/** Expressions as formats write them. */
const expression = fc.letrec<{ all: string }>((tie) => ({
  all: fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        'a',
        'b',
        '=',
        ',',
        '[,"]',
        '[^a]',
        '\\s',
        '\\w',
        '.',
        '\\d',
        'ab',
        '"?',
        'a*',
        'b+',
        '(?:ab)?',
        'a{2}',
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom('\\b', '^', '$', '(?![\\w.])', '(?!\\S)', '(?<![\\w.])', '(?=a)') },
    { weight: 3, arbitrary: fc.array(tie('all'), { minLength: 2, maxLength: 4 }).map((of) => of.join('')) },
    { weight: 2, arbitrary: fc.array(tie('all'), { minLength: 2, maxLength: 3 }).map((of) => `(?:${of.join('|')})`) },
  ),
})).all

test('each line that an expression matches has one of its patterns', () => {
  const line = fc
    .array(fc.constantFrom('a', 'b', 'ab', '=', ',', '"', ' ', '\u00a0', '1', '.', 'é', '\t'), { maxLength: 12 })
    .map((of) => of.join(''))
  let tried = 0
  fc.assert(
    fc.property(expression, fc.array(line, { minLength: 1, maxLength: 20 }), (source, lines) => {
      const patterns = bytePatterns(source, lines.slice(0, 3), 64)
      if (!patterns) return
      const regex = new RegExp(source, 'm')
      for (const text of lines) {
        if (!regex.test(text)) continue
        tried++
        assert.ok(
          patterns.some((p) => [...Array(text.length + 1).keys()].some((at) => has(p, text, at))),
          `${source} in ${JSON.stringify(text)}`,
        )
      }
    }),
    // In full: few expressions have patterns that a line matches.
    { numRuns: 1500 },
  )
  assert.ok(tried > 100, `${tried}`)
})

test('the kernel finds a line with a pattern at any place, and no mark that is cut off', () => {
  const kernel = TextKernel.make()
  assert.ok(kernel, 'WebAssembly has no SIMD here')
  const letters = (t: string): BytePattern => [...t].map((c) => [c.charCodeAt(0), c.charCodeAt(0)])
  const patterns = ['ab', 'abc', 'xyz01', '=21', 'a-pattern-of-16-', ...Array.from({ length: 50 }, (_, i) => `k${i};`)]
  const marks = ['%M-', ',LONGER THAN A PATTERN,']
  kernel.use({ patterns: patterns.map(letters), marks })
  const part = fc.oneof(
    fc.constantFrom(...patterns, ...marks, ...marks.map((m) => m.slice(0, -1)), 'x', '=2', 'k'),
    fc.string({ maxLength: 40 }),
  )
  const line = fc.array(part, { maxLength: 6 }).map((of) => of.join('').replaceAll('\n', ''))
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      const bytes = Buffer.from(lines.map((l) => `${l}\n`).join(''))
      const from = kernel.place(bytes)
      const found: string[] = []
      const counts = kernel.scan(from, from + bytes.length, ({ line: i, begin, end, isMarked }) => {
        assert.equal(kernel.bytes(begin, end).toString(), lines[i])
        found.push(`${i} ${isMarked}`)
      })
      const expected = lines.flatMap((l, i) => {
        const isMarked = marks.some((m) => l.includes(m))
        return isMarked && !patterns.some((p) => l.includes(p)) ? [] : [{ i, isMarked }]
      })
      assert.deepEqual(
        found,
        expected.map(({ i, isMarked }) => `${i} ${isMarked}`),
      )
      assert.deepEqual(counts, { consumed: bytes.length, lines: lines.length, passed: lines.length - expected.length })
    }),
    { numRuns: RUNS },
  )
})

test('without SIMD there is no kernel', () => {
  class Module {
    constructor() {
      throw new Error('invalid value type')
    }
  }
  assert.equal(TextKernel.make({ Module, Memory: class {}, Instance: class {} } as never), undefined)
})
