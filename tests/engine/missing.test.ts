// Nothing is missing silently: files that change while they are read, and packed files that are damaged. Bytes that were there when
// the files were listed and that are not read are an error with a code; all lines before them are read.
import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { NO_ENV } from '../../core/plan/build.ts'
import { fileDiagnostics } from '../../engine/execute/file-diagnostics.ts'
import { addFileStats, type FileStats, newFileStats } from '../../engine/inputs/file-stats.ts'
import { listInputs } from '../../engine/inputs/files.ts'
import type { Recognised } from '../../engine/inputs/input.ts'
import { recogniseInputs } from '../../engine/inputs/recognise.ts'
import { tasksOf } from '../../engine/scan/scan.ts'
import type { ScanJob } from '../../engine/scan/scan-protocol.ts'
import { Scanner } from '../../engine/scan/scanner.ts'
import { runQuery } from '../../engine/query/run-query.ts'
import { surveyFiles } from '../../engine/execute/survey.ts'

const folder = mkdtempSync(join(tmpdir(), 'missing-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const line = (n: number): string => `{"event_simpleName":"X","timestamp":"1767225600000","n":"${n}"}\n`
const lines = (n: number): string => Array.from({ length: n }, (_, i) => line(i)).join('')
const WHOLE = 3000
const text = lines(WHOLE)
const packed = gzipSync(text)

async function listed(name: string, bytes: Buffer | string): Promise<Recognised> {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  const { inputs } = await listInputs([path])
  const { files, diagnostics } = recogniseInputs(inputs)
  assert.ok(diagnostics.every((d) => d.severity === 'info'))
  return files[0] as Recognised
}

/** In this thread. Parts of one kilobyte show that the answer does not depend on how a file is cut. */
async function scanned(file: Recognised, part?: number): Promise<FileStats> {
  const job: ScanJob = {
    files: [file],
    sources: [],
    profiles: [],
    survey: true,
    full: true,
    env: NO_ENV,
    bounds: null,
    context: { zone: 'UTC', year: 2026, maxLine: 1 << 20 },
    spool: '',
    shared: new SharedArrayBuffer(64),
  }
  const scanner = new Scanner(job, 'test', () => {})
  const [first] = tasksOf([file])
  assert.ok(first)
  const stats = newFileStats()
  for (let start = 0; start < file.size; start += part ?? file.size) {
    const end = Math.min(file.size, start + (part ?? file.size))
    addFileStats(stats, (await scanner.run({ ...first, start, end })).stats)
  }
  return stats
}

/** Name → bytes of a file, what then happens to it, its events, and why it was not read to its end. */
const CHANGES: Readonly<Record<string, [Buffer | string, (path: string) => void, events: number, RegExp | null]>> = {
  'shorter.json': [text, (p) => truncateSync(p, lines(1000).length), 1000, /became shorter/],
  'empty.json': [text, (p) => truncateSync(p, 0), 0, /became shorter/],
  'utf16.json': [
    Buffer.from(`\ufeff${text}`, 'utf16le'),
    (p) => truncateSync(p, 2 + 2 * lines(500).length),
    500,
    /shorter/,
  ],
  'gone.json': [text, unlinkSync, 0, /does not exist|no such file/i],
  'replaced.json': [
    text,
    (p) => {
      writeFileSync(`${p}.new`, lines(5))
      renameSync(`${p}.new`, p)
    },
    0,
    /another file has its name/,
  ],
  'longer.json': [text, (p) => appendFileSync(p, text), WHOLE, null],
  'open-end.json': [text.trimEnd(), () => {}, WHOLE, null],
  'packed.json.gz': [packed, () => {}, WHOLE, null],
  'members.json.gz': [Buffer.concat([packed, packed]), () => {}, 2 * WHOLE, null],
  'padded.json.gz': [Buffer.concat([packed, Buffer.alloc(1000)]), () => {}, WHOLE, null],
  'checksum.json.gz': [changed(packed, packed.length - 8), () => {}, WHOLE, /checksum or length/],
  'length.json.gz': [changed(packed, packed.length - 1), () => {}, WHOLE, /checksum or length/],
  'garbage.json.gz': [Buffer.concat([packed, Buffer.from('and more')]), () => {}, WHOLE, /other bytes follow/],
  'trailer.json.gz': [packed.subarray(0, packed.length - 3), () => {}, WHOLE, /ends early/],
  'second.json.gz': [Buffer.concat([packed, packed.subarray(0, 200)]), () => {}, WHOLE, /ends early/],
  'shorter.json.gz': [packed, (p) => truncateSync(p, packed.length - 4), WHOLE, /ends early|shorter/],
}

function changed(bytes: Buffer, at: number): Buffer {
  const out = Buffer.from(bytes)
  out[at] = (out[at] as number) ^ 1
  return out
}

for (const [name, [bytes, change, events, reason]] of Object.entries(CHANGES))
  test(name, async () => {
    const file = await listed(name, bytes)
    change(file.path)
    const isPlain = !file.gzip && file.charset === 'utf-8'
    for (const stats of [await scanned(file), ...(isPlain ? [await scanned(file, 1000)] : [])]) {
      // A second member that is cut off has lines of its own.
      if (name === 'second.json.gz') assert.ok(stats.events >= events)
      else assert.equal(stats.events, events)
      assert.equal(stats.lines, stats.events + stats.bad + stats.blank)
      const said = fileDiagnostics([file], [stats]).filter((d) => d.severity === 'error')
      assert.deepEqual(
        said.map((d) => d.code),
        reason ? ['LOG204'] : [],
      )
      if (reason) assert.match(said[0]?.message ?? '', reason)
    }
  })

test('in workers too, and the other files are read', async () => {
  const gone = await listed('worker-gone.json', text)
  const shorter = await listed('worker-shorter.json', text)
  const good = await listed('worker-good.json', text)
  unlinkSync(gone.path)
  truncateSync(shorter.path, lines(10).length)
  const { files, diagnostics } = await surveyFiles([gone, shorter, good], { workers: 2 })
  assert.deepEqual(
    files.map((f) => f.stats.events),
    [0, 10, WHOLE],
  )
  assert.deepEqual(
    diagnostics.map((d) => d.code),
    ['LOG204', 'LOG204'],
  )
})

test('a query over a damaged file gives the rows that there are, and an error', async () => {
  const path = join(folder, 'query.json.gz')
  writeFileSync(path, changed(packed, packed.length - 8))
  const r = await runQuery({ query: { name: 'q', text: 'count()' }, language: 'cql', logs: [path] })
  assert.deepEqual(r.table.rows, [[{ number: String(WHOLE) }]])
  assert.ok(r.diagnostics.some((d) => d.code === 'LOG204' && d.severity === 'error'))
})

const LONG: Readonly<Record<string, string>> = {
  'json-lines': `{"a":"${'x'.repeat(300_000)}"}\n{"a":"1"}\n`,
  fortigate: `date=2026-01-15 time=00:02:14 devname="F" devid="FG" logid="0000000013" type="traffic" subtype="forward" msg="${'x'.repeat(300_000)}"\n`,
  csv: `${Array.from({ length: 40_000 }, (_, i) => `column${i}`).join(',')}\n${'1,'.repeat(39_999)}1\n`,
  suricata: `{"timestamp":"2026-01-15T00:01:28.000000+0000","event_type":"flow","flow_id":1,"x":"${'x'.repeat(300_000)}"}\n`,
}

for (const [format, bytes] of Object.entries(LONG))
  for (const isPacked of [false, true])
    test(`a first line of ${bytes.indexOf('\n')} bytes: ${format}${isPacked ? ', packed' : ''}`, async () => {
      const file = await listed(`long-${format}${isPacked ? '.gz' : ''}`, isPacked ? gzipSync(bytes) : bytes)
      assert.equal(file.format, format)
      assert.ok((await scanned(file)).events > 0)
    })
