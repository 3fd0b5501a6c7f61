// assay catalog for its caller: the files that it writes, the inputs that it refuses, the requests that it serves.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { serve as listen } from '../../engine/site/serve.ts'
import { publish } from '../../engine/site/publish.ts'
import { assay, type Outcome } from './assay.ts'

const root = mkdtempSync(join(tmpdir(), 'assay-catalog-'))
after(() => rmSync(root, { recursive: true }))

const DETECTION = `id: T1105-ftp
title: FTP in clear text
status: test
version: "1.0.0"
created: 2026-01-02
modified: 2026-03-04
author: [A]
summary: FTP to anywhere.
description: FTP to anywhere.
attack: {version: "19.2", techniques: [T1105]}
platforms:
  logscale:
    query: q.cql
    severity: low
    confidence: low
    about: Port 21.
    data_sources: [Falcon]
    tables: [NetworkConnectIP4]
    log_settings: [all]
schedule: {lookback: 1h, frequency: 15m}
trigger: {when: any, more_than: 0}
entity: [aid]
suppression: {by: [aid], for: 1h}
false_positives: [{id: known, what: known servers, tests: ["tests/a.case.md#web"]}]
blind_spots: [{what: other ports, why: told by port}]
playbook: playbook.md
investigation: investigation.md
changelog: [{version: "1.0.0", date: 2026-03-04, what: [First.]}]
`
const EVENT = (port: string) =>
  `{"@timestamp":1782032400000,"#event_simpleName":"NetworkConnectIP4","aid":"a","RemotePort":"${port}"}`
const CASES = `# cases

## ftp
\`\`\`events
${EVENT('21')}
\`\`\`
\`\`\`cql file=../q.cql
\`\`\`
\`\`\`fires
\`\`\`

## web
\`\`\`events
${EVENT('80')}
\`\`\`
\`\`\`cql file=../q.cql
\`\`\`
\`\`\`quiet
\`\`\`
`
const QUICK = '--no-mutation'
const FILES = {
  'detection.yml': DETECTION,
  'q.cql': '#event_simpleName = "NetworkConnectIP4" | RemotePort = 21\n',
  'tests/a.case.md': CASES,
  'playbook.md': '# Playbook\n\nAsk.\n',
  'investigation.md': '# Investigation\n\nLook.\n',
}

function folder(name: string, changes: Readonly<Record<string, string>> = {}): string {
  const at = join(root, name)
  for (const [path, text] of Object.entries({ ...FILES, ...changes })) {
    mkdirSync(dirname(join(at, path)), { recursive: true })
    writeFileSync(join(at, path), text)
  }
  return at
}

const build = (paths: readonly string[], out: string, ...options: readonly string[]): Promise<Outcome> =>
  assay('catalog', 'build', ...paths, '--out', out, '--title', 'C', ...options)

const all = (at: string): Map<string, string> =>
  new Map(
    readdirSync(at, { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile())
      .map(
        (e) =>
          [join(e.parentPath, e.name).slice(at.length + 1), readFileSync(join(e.parentPath, e.name), 'utf8')] as const,
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )

test('build runs the tests, writes the site, and writes the same again', async () => {
  const at = folder('good')
  const out = join(root, 'made/of/parts')
  const first = await build([at], out)
  assert.deepEqual([first.status, first.out, first.err], [0, `${out}: 1 detection, 3 pages\n`, ''])
  const site = all(out)
  const page = site.get('detections/T1105-ftp/logscale.html') ?? ''
  assert.match(page, /2 of 2 pass/)
  assert.match(page, /q\.cql<\/code><\/th>\s*<td><span class="pill \w+">\d+(?:\.\d)? %<\/span> \d+ of \d+/)
  assert.match(site.get('index.html') ?? '', /as of 2026-03-04/)
  writeFileSync(join(out, 'left-over.html'), '')
  await build([at], out)
  assert.deepEqual([...all(out)], [...site])
  assert.deepEqual(readdirSync(dirname(out)), ['parts'])
})

test('a failing case is shown, and the status says so', async () => {
  const at = folder('failing', { 'q.cql': '#event_simpleName = "NetworkConnectIP4" | RemotePort = 22\n' })
  const out = join(root, 'failing-site')
  const { status, out: text } = await build([at], out, '--format', 'json')
  assert.equal(status, 1)
  assert.equal((JSON.parse(text) as { failed: number }).failed, 1)
  const page = all(out).get('detections/T1105-ftp/logscale.html') ?? ''
  assert.match(page, /✗ failed/)
  assert.match(page, /expected to fire, but stayed quiet/)
  assert.match(page, /not measured/)
})

test('an error in a folder stops the build: nothing is written, what was there stays', async () => {
  const out = join(root, 'stays')
  assert.equal((await build([folder('one')], out, QUICK)).status, 0)
  const before = [...all(out)]
  const bad = folder('bad', { 'detection.yml': `${DETECTION}colour: red\n` })
  const { status, out: stdout, err } = await build([bad], out)
  assert.deepEqual([status, stdout], [2, ''])
  assert.match(err, /colour/)
  assert.match(err, /bad\/detection\.yml:\d+/)
  assert.deepEqual([...all(out)], before)
  assert.equal((await build([folder('one'), folder('two')], out)).status, 2, 'an id twice')
  assert.deepEqual([...all(out)], before)
})

test('wrong calls', async () => {
  const at = folder('calls')
  const foreign = join(root, 'foreign')
  mkdirSync(foreign)
  writeFileSync(join(foreign, 'thesis.txt'), 'years of work')
  const code = async (path: string, out: string, ...options: readonly string[]) => {
    const { status, err } = await build([path], out, ...options)
    return [status, ...[...err.matchAll(/error\[(\w+)\]/g)].map((m) => m[1])]
  }
  const nowhere = join(root, 'x')
  assert.deepEqual(await code(at, foreign), [2, 'RUN030'])
  assert.deepEqual(await code(at, join(foreign, 'thesis.txt')), [2, 'RUN030'])
  assert.deepEqual(await code(at, join(foreign, 'thesis.txt/below')), [2, 'RUN031'])
  assert.deepEqual(await code(join(root, 'none'), nowhere), [2, 'RUN016'])
  const wrong = ['--date', '2026-02-30x', '--base-url', 'javascript:1']
  assert.deepEqual(await code(at, nowhere, ...wrong), [2, 'RUN032', 'RUN033'])
  assert.equal(readFileSync(join(foreign, 'thesis.txt'), 'utf8'), 'years of work')
  assert.ok(!existsSync(nowhere))
})

test('what cannot be written leaves the old site whole and nothing beside it', () => {
  const out = join(root, 'swap')
  assert.equal(publish(new Map([['a.html', 'old']]), out), undefined)
  const clash = new Map([
    ['b', 'a file'],
    ['b/c.html', 'below a file'],
  ])
  assert.equal(publish(clash, out)?.code, 'RUN031')
  assert.equal(publish(new Map([['../up.html', '']]), out)?.code, 'RUN031')
  assert.equal(readFileSync(join(out, 'a.html'), 'utf8'), 'old')
  assert.deepEqual(
    readdirSync(root).filter((f) => f.startsWith('swap') || f === 'up.html'),
    ['swap'],
  )
})

interface Answer {
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

test('serve answers localhost, and only with the site', async () => {
  const files = new Map([
    ['index.html', 'the index'],
    ['files/x.html.txt', '<script>'],
    ['layers/a.json', '{}'],
  ])
  const listening = await listen(() => files, '0')
  assert.ok(listening.ok)
  const server = listening.value
  const { port } = new URL(server.url)
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
    new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, method, headers }, (r) => {
        let text = ''
        r.on('data', (d: Buffer) => {
          text += d.toString()
        })
        r.on('end', () => resolve({ status: r.statusCode ?? 0, text, headers: r.headers }))
      })
        .on('error', reject)
        .end()
    })
  try {
    const index = await get('/')
    assert.deepEqual(
      [index.status, index.text, index.headers['content-type']],
      [200, 'the index', 'text/html; charset=utf-8'],
    )
    assert.equal(index.headers['x-content-type-options'], 'nosniff')
    assert.equal((await get('/index.html?q=a')).status, 200)
    assert.equal((await get('/', { host: `localhost:${port}` })).status, 200)
    assert.match(String((await get('/files/x.html.txt')).headers['content-type']), /^text\/plain/)
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      'localhost',
      `127.0.0.1.evil.example:${port}`,
      `localhost:${port}.evil`,
    ])
      assert.equal((await get('/', { host })).status, 421, host)
    for (const path of [
      '/../../etc/passwd',
      '/..%2f..%2fetc%2fpasswd',
      '/%2e%2e/package.json',
      '//etc/passwd',
      '/%00',
      '/%ff',
      '/layers',
      '/layers/',
      '/__proto__',
    ])
      assert.equal((await get(path)).status, 404, path)
    assert.equal((await get('/', {}, 'POST')).status, 405)
    assert.deepEqual([(await get('/', {}, 'HEAD')).status, (await get('/', {}, 'HEAD')).text], [200, ''])
    const taken = await listen(() => files, port)
    assert.equal(!taken.ok && taken.diagnostics[0]?.code, 'RUN034')
  } finally {
    await server.close()
  }
  for (const wrong of ['-1', '70000', 'http', '']) {
    const refused = await listen(() => files, wrong)
    assert.equal(!refused.ok && refused.diagnostics[0]?.code, 'RUN034', wrong)
  }
})
