// The engine on real kinds of files: what it reads, refuses and counts. Only the telemetry decides the result.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { and, call, col, test as pred, text, TRUE } from '../../core/plan/build.ts'
import type { Plan, Pred, Row, SourceNode } from '../../core/plan/plan.ts'
import { listInputs, splitSpec } from '../../engine/inputs/files.ts'
import { recogniseInputs } from '../../engine/inputs/recognise.ts'
import type { RunOptions, RunResult } from '../../engine/execute/run-options.ts'
import { runPlan } from '../../engine/execute/run-plan.ts'

const folder = mkdtempSync(join(tmpdir(), 'engine-test-'))
after(() => rmSync(folder, { recursive: true, force: true }))
let made = 0
function write(content: string | Buffer, name = `f${made++}.ndjson`): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const event = (n: number, more: Record<string, string> = {}): string =>
  JSON.stringify({
    event_simpleName: n % 2 ? 'NetworkConnectIP4' : 'DnsRequest',
    aid: `a${n}`,
    timestamp: String(1_700_000_000_000 + n),
    RemotePort: n % 3 ? '443' : '21',
    ...more,
  })
const events = (n: number): string => Array.from({ length: n }, (_, i) => `${event(i)}\n`).join('')

const FIELDS = ['event_simpleName', 'RemotePort', 'aid']
function source(where: Pred = TRUE, rest = false): SourceNode {
  return {
    kind: 'source',
    name: 'events',
    columns: [
      ...FIELDS.map((id) => ({ id, ty: 'str' as const, from: { kind: 'field' as const, name: id } })),
      { id: 't', ty: 'time', from: { kind: 'meta', name: 'time' } },
      { id: 'n', ty: 'int', from: { kind: 'meta', name: 'seq' } },
    ],
    rest,
    interval: 'query',
    where,
  }
}
const str = (id: string) => col(id, 'str')
const isFtp = and(
  pred('str.eq', [str('event_simpleName'), text('NetworkConnectIP4')]),
  pred('str.in', [str('RemotePort')], { values: ['21', '990'], ignoreCase: false }),
)
const all = (where: Pred = TRUE, rest = false): Plan => ({
  lets: [],
  out: {
    from: source(where, rest),
    stages: [{ kind: 'order', by: [{ expr: col('n', 'int'), dir: 'asc', nulls: 'last' }] }],
  },
})

async function run(plan: Plan, specs: readonly string[], options: Omit<RunOptions, 'files'> = {}): Promise<RunResult> {
  const { inputs } = await listInputs(specs)
  const { files } = recogniseInputs(inputs)
  return runPlan(plan, { files, ...options })
}
const tallyOf = (r: RunResult) => r.files[0]?.stats as RunResult['files'][number]['stats']
const codes = (r: RunResult) => r.diagnostics.map((d) => d.code)
const aids = (rows: readonly Row[]) => rows.map((r) => r['aid'])

test('plain and gzip files, members one after the other, give the same rows; lines = events + bad + blank', async () => {
  const body = `${events(50)}\n{"broken\n[1]\n${event(99)}`
  const packed = Buffer.concat([gzipSync(body.slice(0, 1000)), gzipSync(body.slice(1000))])
  const plain = await run(all(), [write(body)])
  const zipped = await run(all(), [write(packed, 'x.gz')])
  assert.deepEqual(aids(zipped.rows), aids(plain.rows))
  assert.equal(plain.rows.length, 51)
  for (const r of [plain, zipped]) {
    const t = tallyOf(r)
    assert.deepEqual([t.lines, t.events, t.bad, t.blank], [54, 51, 2, 1])
    assert.deepEqual(
      t.samples.map((s) => s.line),
      [52, 53],
    )
    assert.deepEqual(codes(r), ['LOG301'])
  }
})

test('a gzip file that is cut off is used as far as it goes, and that is said', async () => {
  const whole = gzipSync(Array.from({ length: 4000 }, (_, i) => `${event(i, { x: String(Math.sin(i)) })}\n`).join(''))
  const r = await run(all(), [write(whole.subarray(0, whole.length >> 1), 'cut.gz')])
  assert.ok(r.ok && r.rows.length > 500 && r.rows.length < 4000, `${r.rows.length} rows`)
  assert.ok(codes(r).includes('LOG204'))
})

test('byte order mark, CRLF, UTF-16, NULs and invalid UTF-8', async () => {
  const crlf = `\uFEFF${events(4).replaceAll('\n', '\r\n')}`
  assert.equal((await run(all(), [write(crlf)])).rows.length, 4)
  const utf16 = await run(all(), [write(Buffer.from(crlf, 'utf16le'))])
  assert.deepEqual(aids(utf16.rows), ['a0', 'a1', 'a2', 'a3'])
  const nul = await run(all(), [write(`${event(1)}\n\0\0\0\n${event(2)}\n`)])
  assert.equal(nul.rows.length, 2)
  assert.equal(tallyOf(nul).nulLine, 2)
  const invalid = await run(all(), [
    write(Buffer.concat([Buffer.from(`${event(1)}\n{"aid":"x`), Buffer.from([0xff]), Buffer.from('"}\n')])),
  ])
  assert.deepEqual(aids(invalid.rows), ['a1', 'x\uFFFD'])
  assert.deepEqual([tallyOf(invalid).invalid, tallyOf(invalid).invalidLine], [1, 2])
})

test('a line beyond the limit is one bad line, wherever the chunks are cut', async () => {
  const long = `{"aid":"${'x'.repeat(9_000_000)}"}`
  const r = await run(all(), [write(`${event(1)}\n${long}\n${event(2)}\n`)], { maxLine: 1 << 20 })
  assert.deepEqual(aids(r.rows), ['a1', 'a2'])
  const t = tallyOf(r)
  assert.deepEqual([t.lines, t.events, t.bad, t.blank], [3, 2, 1, 0])
})

test('missing, empty, binary, compressed and unknown files are refused with a code each; folders, globs and tags are taken', async () => {
  mkdirSync(join(folder, 'd/e'), { recursive: true })
  write(events(2), 'd/a.json')
  write(events(3), 'd/e/b.json')
  write('', 'empty.log')
  write('word soup\nmore of it\n', 'soup.txt')
  write(Buffer.from('BZh9x'), 'a.bz2')
  write(Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 1, 2]), 'b.bin')
  const at = (name: string) => join(folder, name)
  const listed = await listInputs([
    at('nowhere'),
    at('*.nothing'),
    at('empty.log'),
    at('soup.txt'),
    at('a.bz2'),
    at('b.bin'),
  ])
  const { files, diagnostics } = recogniseInputs(listed.inputs)
  assert.deepEqual(files, [])
  assert.deepEqual(
    listed.diagnostics.map((d) => d.code),
    ['LOG101', 'LOG103'],
  )
  assert.deepEqual(diagnostics.map((d) => d.code).sort(), ['LOG201', 'LOG202', 'LOG203', 'LOG206'])
  assert.equal((await listInputs([at('d')])).inputs.length, 2)
  assert.equal((await listInputs([at('d/**/*.{json,log}'), at('d/a.json')])).inputs.length, 2)
  assert.deepEqual(splitSpec(`${at('d')}@fw/x#main`), {
    path: at('d'),
    tags: { _sourceCategory: 'fw/x', '#repo': 'main' },
  })
  assert.deepEqual(splitSpec(`${at('gone')}@fw/x.log`), { path: `${at('gone')}@fw/x.log`, tags: {} })
  assert.deepEqual(splitSpec(`${at('d')}@fw#main`), { path: at('d'), tags: { _sourceCategory: 'fw', '#repo': 'main' } })
})

test('the search over bytes loses no match: escapes, spaces, numbers, and lines that only look alike', async () => {
  const lines = [
    event(3),
    '{"event_simpleName": "NetworkConnectIP4", "RemotePort" : 21, "aid":"number"}',
    '{"event_simpleName":"Network\\u0043onnectIP4","RemotePort":"21","aid":"escaped"}',
    '{"event_simpleName":"NetworkConnectIP4","Remote\\u0050ort":"21","aid":"escaped name"}',
    '{"event_simpleName":"NetworkConnectIP4","RemotePort":"2\\u0031","aid":"escaped port"}',
    '{"event_simpleName":"Dns","x":"NetworkConnectIP4","RemotePort":"21","aid":"elsewhere"}',
    '{"event_simpleName":"NetworkConnectIP4","RemotePort":"2100","aid":"longer"}',
    '{"event_simpleName":"NetworkConnectIP4","RemotePort":"21","p":"C:\\\\u0041","aid":"path"} ',
    '{"event_simpleName":"DnsRequest","RemotePort":"21","aid":"without the text"}',
  ]
  const path = write(`${lines.join('\n')}\n`)
  const whole = await run(all(isFtp), [path])
  const searched = await run(all(isFtp), [path], { fullCheck: 0 })
  assert.deepEqual(aids(whole.rows), ['a3', 'number', 'escaped', 'escaped name', 'escaped port', 'path'])
  assert.deepEqual(searched.rows, whole.rows)
  assert.ok(tallyOf(searched).unread > 0 && !searched.fullCheck && whole.fullCheck)
  assert.equal(tallyOf(searched).events, 9)
})

test('engines, workers, memory, chunks and the order of inputs change nothing', async () => {
  const filler = 'y'.repeat(600)
  const a = write(Array.from({ length: 15_000 }, (_, i) => `${event(i, { filler })}\n`).join(''), 'big.ndjson')
  const b = write(events(100), 'small.ndjson')
  const plan: Plan = {
    lets: [],
    out: {
      from: source(isFtp),
      stages: [
        {
          kind: 'aggregate',
          keys: [{ id: 'RemotePort', expr: str('RemotePort') }],
          nullKeys: 'keep',
          aggs: [
            { id: 'count', prim: 'agg.count', args: [], consts: {}, where: TRUE, ty: 'int' },
            { id: 'first', prim: 'agg.minTime', args: [col('t', 'time')], consts: {}, where: TRUE, ty: 'time' },
            {
              id: 'last',
              prim: 'agg.latest',
              args: [str('aid'), col('t', 'time'), col('n', 'int')],
              consts: {},
              where: TRUE,
              ty: 'str',
            },
          ],
          limit: null,
        },
        { kind: 'set', columns: [{ id: 'up', expr: call('str.upper', 'str', [str('last')]) }] },
      ],
    },
  }
  const expected = await run(plan, [a, b], { engine: 'evaluator', workers: 1 })
  assert.equal(expected.rows[0]?.['count'], 2500n + 17n)
  const ways: Omit<RunOptions, 'files'>[] = [
    { workers: 2 },
    { engine: 'duckdb' },
    { memoryValues: 2000, fullCheck: 0 },
    { steps: true },
  ]
  for (const options of ways) {
    const r = await run(plan, [b, a], options)
    assert.deepEqual(r.rows, expected.rows, JSON.stringify(options))
    if (options.memoryValues !== undefined) assert.equal(r.engine.used, 'duckdb')
  }
})

test('DuckDB reads odd texts out of the spool as they are', async () => {
  const odd = ['', '"', "'", '\\', 'a\nb', '\u0000x', '\u2028', 'ü😀', '{"a":1}', '1e400', 'null']
  const path = write(
    odd.map((aid) => `${JSON.stringify({ event_simpleName: 'x', aid, timestamp: '1700000000000' })}\n`).join(''),
  )
  const evaluated = await run(all(TRUE, true), [path])
  assert.deepEqual(aids(evaluated.rows), odd)
  const duck = await run(all(TRUE, true), [path], { engine: 'duckdb' })
  assert.deepEqual(duck.diagnostics, [])
  assert.deepEqual(duck.rows, evaluated.rows)
})

test('an interval takes its end from the newest event and leaves out events without time, which it counts', async () => {
  const path = write(`${events(10)}{"event_simpleName":"x","aid":"no time"}\n`)
  const r = await run(all(), [path], { interval: { last: 3000n } })
  assert.deepEqual(aids(r.rows), ['a7', 'a8', 'a9'])
  assert.ok(codes(r).includes('LOG304'))
  assert.equal(r.env.now, 1_700_000_000_009_000n)
  const half = await run(all(), [path], { interval: { from: 1_700_000_000_002_000n, to: 1_700_000_000_004_000n } })
  assert.deepEqual(aids(half.rows), ['a2', 'a3'])
})

test('lookups, profiles and steps', async () => {
  write('aid,owner\r\na1,"Doe, J"\r\na3,""\r\n', 'owners.csv')
  const lookup: SourceNode = {
    kind: 'source',
    name: 'lookup:owners',
    columns: ['aid', 'owner'].map((id) => ({ id, ty: 'str', from: { kind: 'field', name: id } })),
    rest: false,
    interval: 'all',
    where: TRUE,
  }
  const plan: Plan = {
    lets: [],
    out: {
      from: source(),
      stages: [
        {
          kind: 'join',
          how: 'inner',
          right: { from: lookup, stages: [] },
          on: [{ left: str('aid'), right: str('aid') }],
          within: null,
          include: [{ id: 'owner', from: 'owner' }],
          missing: null,
          max: 1,
          order: [],
        },
      ],
    },
  }
  const path = write(events(6))
  const profiles = [{ source: source(), where: isFtp, fields: ['RemotePort', 'BytesSent'], values: ['RemotePort'] }]
  for (const engine of ['evaluator', 'duckdb'] as const) {
    const r = await run(plan, [path], { lookups: [folder], engine, profiles, steps: engine === 'evaluator' })
    assert.deepEqual(
      r.rows.map((x) => [x['aid'], x['owner']]),
      [
        ['a1', 'Doe, J'],
        ['a3', ''],
      ],
    )
    const values = new Map([['RemotePort', new Map([['21', 1]])]])
    assert.deepEqual(r.profiles, [{ events: 1, fields: new Map([['RemotePort', 1]]), values }])
    if (engine === 'evaluator') assert.deepEqual([r.steps[0]?.rowsIn, r.steps[0]?.rowsOut], [6, 2])
  }
  assert.deepEqual(codes(await run(plan, [path])), ['LOG401'])
})

test('a regex that never ends is ended; an abort ends a run; nothing is left behind', async () => {
  const before = temps()
  const path = write(`${JSON.stringify({ event_simpleName: 'x', aid: `${'a'.repeat(60)}!` })}\n`)
  const where = pred('re.test', [str('aid')], { pattern: '(?=(a+)+$)a', flags: '' })
  const stuck = await run(all(where), [path], { patience: 1 })
  assert.deepEqual(codes(stuck), ['RUN102'])
  assert.ok(!stuck.ok && stuck.rows.length === 0)
  // A small file that is one text is not read at once, so only a thread can be ended.
  const array = JSON.stringify([{ '@timestamp': 1700000000000, '@rawstring': 'x', aid: `${'a'.repeat(60)}!` }])
  assert.deepEqual(codes(await run(all(where), [write(array, 'array.json')], { patience: 1 })), ['RUN102'])
  // The same patience behind an aggregate, where the evaluator works.
  const keys = [{ id: 'aid', expr: str('aid') }]
  const grouped: Plan = {
    lets: [],
    out: {
      from: source(),
      stages: [
        { kind: 'aggregate', keys, nullKeys: 'keep', aggs: [], limit: null },
        { kind: 'filter', where },
      ],
    },
  }
  const late = await run(grouped, [path], { patience: 1 })
  assert.deepEqual(
    late.diagnostics.map((d) => `${d.code} ${d.message}`),
    ['RUN102 no progress for 1 s while computing the result'],
  )
  const aborted = await run(all(), [write(events(1000))], { signal: AbortSignal.abort() })
  assert.deepEqual(codes(aborted), ['RUN101'])
  assert.deepEqual(temps(), before)
})
const temps = (): string[] => readdirSync(tmpdir()).filter((f) => f.startsWith(`assay-${process.pid}-`))
assert.ok(existsSync(folder))

test('what asks for tags only is counted over the lines that are passed over too, with the same numbers', async () => {
  const asa = (n: number): string =>
    `Mar 02 2026 00:00:${String(n % 60).padStart(2, '0')} fw : %ASA-4-106023: Deny ${n % 2 ? 'tcp' : 'udp'} src outside:192.0.2.1/${20 + (n % 5)} dst inside:10.0.0.1/${n % 7} by access-group "IN" [0x0, 0x0]\n`
  const path = write(Array.from({ length: 500 }, (_, n) => asa(n)).join(''), 'asa.log')
  const from: SourceNode = {
    ...source(),
    columns: ['_sourceCategory', 'src_port', 'protocol'].map((id) => ({
      id,
      ty: 'str',
      from: { kind: 'field', name: id },
    })),
  }
  const category = (value: string) => pred('str.eq', [str('_sourceCategory'), text(value)])
  const port = pred('str.eq', [str('src_port'), text('21')])
  const cisco = category('network/cisco/asa')
  const profiles = [
    { source: from, where: TRUE, fields: [] },
    { source: from, where: cisco, fields: [] },
    { source: from, where: category('x'), fields: [] },
    { source: from, where: and(cisco, port), fields: ['protocol', 'gone'], values: ['protocol', '_sourceCategory'] },
  ]
  const plan: Plan = { lets: [], out: { from: { ...from, where: and(cisco, port) }, stages: [] } }
  const [quick, full] = await Promise.all([0, 1e9].map((fullCheck) => run(plan, [path], { profiles, fullCheck })))
  assert.ok(quick && full && tallyOf(quick).unread > 300 && tallyOf(full).unread === 0)
  assert.deepEqual(quick.profiles, full.profiles)
  assert.deepEqual(quick.rows, full.rows)
  assert.deepEqual(
    full.profiles.map((p) => p.events),
    [500, 500, 0, 100],
  )
  assert.deepEqual(
    full.profiles[3]?.values.get('protocol'),
    new Map([
      ['udp', 50],
      ['tcp', 50],
    ]),
  )
  assert.deepEqual(full.profiles[3]?.values.get('_sourceCategory'), new Map([['network/cisco/asa', 100]]))
  assert.deepEqual(full.profiles[3]?.fields, new Map([['protocol', 100]]))
})
