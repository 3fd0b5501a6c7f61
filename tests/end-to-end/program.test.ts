// The program in a shell: exit status, streams, pipes. Other tests check its commands without a process.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { builtProgram } from './built.ts'

const folder = mkdtempSync(join(tmpdir(), 'assay-program-'))
after(() => rmSync(folder, { recursive: true }))
const program = await builtProgram()

interface Ended {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly err: string
}

/** `limit`: characters of stdout after which the reader closes the pipe. */
function shell(
  args: readonly string[],
  { input = '', limit = Number.POSITIVE_INFINITY, env = {} as NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], { env: { ...process.env, ...env } })
    let [out, err] = ['', '']
    child.stdout.on('data', (d: Buffer) => {
      out += d.toString()
      if (out.length > limit) child.stdout.destroy()
    })
    child.stderr.on('data', (d: Buffer) => {
      err += d.toString()
    })
    child.on('close', (status, signal) => resolve({ status, signal, out, err }))
    child.stdin.end(input)
  })
}

const events = (n: number): string =>
  Array.from({ length: n }, (_, i) => `{"#repo":"x","@timestamp":1782032400000,"n":"${i}"}\n`).join('')

test('the version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  assert.deepEqual(await shell(['--version']), { status: 0, signal: null, out: `${version}\n`, err: '' })
})

test('lint reads a query from standard input', async () => {
  const wrong = await shell(['lint', '-', '--lang', 'cql'], { input: 'port in (20, 21) | count()\n' })
  assert.equal(wrong.status, 1)
  assert.match(wrong.err + wrong.out, /CQL301.*[\s\S]*<stdin>:1:1/)
  assert.equal((await shell(['lint', '-', '--lang', 'cql'], { input: 'port=21 | count()\n' })).status, 0)
})

test('status: 0 fine, 1 for what the caller asked to fail on, 2 for a wrong call', async () => {
  const found = ['run', '--lang', 'cql', 'count()', '-', '--format', 'ndjson']
  const input = events(3)
  const fine = await shell(found, { input })
  assert.deepEqual([fine.status, fine.out], [0, '{"_count": 3}\n'])
  assert.equal((await shell([...found, '--fail-on', 'findings'], { input })).status, 1)
  const wrong = await shell(['run', '--lang', 'cql', 'count()', join(folder, 'none.json')])
  assert.deepEqual([wrong.status, wrong.out], [2, ''])
  assert.match(wrong.err, /^error\[LOG101\]: /m)
  assert.equal((await shell(['no-such-command'])).status, 2)
})

test('a reader that stops early is no error', async () => {
  const log = join(folder, 'many.ndjson')
  writeFileSync(log, events(40_000))
  const { status, signal, out } = await shell(['run', '--lang', 'cql', 'select(n)', log, '--format', 'ndjson'], {
    limit: 1,
  })
  assert.deepEqual([status, signal], [0, null])
  assert.ok(out.length < 400_000)
})

test('the package has what a catalogue needs beside it', async () => {
  const site = join(folder, 'site')
  const { status, err } = await shell([
    'catalog',
    'build',
    'detections/T1048.003-unencrypted-non-c2-protocol',
    '--out',
    site,
    '--no-mutation',
  ])
  assert.equal(status, 0, err)
  assert.match(readFileSync(join(site, 'index.html'), 'utf8'), /The MITRE Corporation/)
})

test('without a folder for temporary files a run ends with a code, also from standard input', async () => {
  const log = join(folder, 'few.ndjson')
  writeFileSync(log, events(3))
  const env = { TMPDIR: join(folder, 'none') }
  for (const [logs, input] of [
    [log, ''],
    ['-', events(3)],
  ] as const) {
    const run = await shell(['run', '--lang', 'cql', 'count()', logs], { env, input })
    assert.deepEqual([run.status, run.out], [2, ''])
    assert.match(run.err, /^error\[RUN107\]: cannot make a folder in /m)
  }
})

test('a result that cannot be written is no result: status 2', { skip: !existsSync('/dev/full') }, async () => {
  let err = ''
  const status = await new Promise((resolve) => {
    const full = openSync('/dev/full', 'w')
    const child = spawn(process.execPath, [program, 'new', '--help'], { stdio: ['ignore', full, 'pipe'] })
    child.stderr?.on('data', (text: Buffer) => {
      err += text.toString()
    })
    child.on('close', resolve)
  })
  assert.equal(status, 2)
  assert.match(err, /^error\[RUN901\]: cannot write to standard output: ENOSPC/)
})

test('a query text longer than a file name may be is a query', async () => {
  const { status, out, err } = await shell(['lint', '--lang', 'cql', `${'aid=abc '.repeat(60)}| count()`])
  assert.deepEqual([status, /^1 text: 0 errors/m.test(out + err)], [0, true])
})
