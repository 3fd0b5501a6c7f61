// Ways in which a cluster refuses or fails: rights, settings, certificates, releases, answers that end early, nodes that go.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as httpServer, request, type Server } from 'node:http'
import { createServer as httpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { runQuery } from '../../engine/query/run-query.ts'
import type { SourceSettings } from '../../engine/tables/open-tables.ts'
import { type Servers, startServers } from '../../tools/clickhouse-servers.ts'

const SECRET = 'a pass&word'
const grants = (...all: readonly string[]): string =>
  `<grants>${all.map((g) => `<query>GRANT ${g}</query>`).join('')}</grants>`
const user = (name: string, password: string, profile: string, more = ''): string =>
  `<${name}><password><![CDATA[${password}]]></password><networks><ip>127.0.0.1</ip></networks><profile>${profile}</profile>${more}</${name}>`
const READ = ['SELECT ON logs.*', 'SELECT ON hidden.*', 'SELECT ON system.*', 'REMOTE ON *.*']
const users = (shard: number): string =>
  [
    user('reader', SECRET, 'silent', grants(...READ)),
    user('stranger', '', 'default', grants('SELECT ON system.*')),
    user(
      'inner',
      '',
      'default',
      grants('SELECT, INSERT ON logs.*', 'SELECT ON system.*', ...(shard === 0 ? ['SELECT ON hidden.*'] : [])),
    ),
  ].join('')

let servers: Servers | undefined
let folder = ''
const open: Server[] = []

async function start(): Promise<void> {
  servers = await startServers({ users, between: 'inner' })
  if (!servers) return
  const columns = "t DateTime64(6, 'UTC'), at UInt64, host String, Host String, port String"
  for (const shard of [0, 1]) {
    for (const database of ['logs', 'hidden']) {
      await servers.run(shard, `create database ${database}`)
      await servers.run(shard, `create table ${database}.events_local (${columns}) engine = MergeTree order by t`)
      const rows = `select toDateTime64('2026-01-01 00:00:00', 6, 'UTC') + number, 12, 'a' || number % 2, 'B', '21' from numbers(10)`
      await servers.run(shard, `insert into ${database}.events_local ${rows}`)
      await servers.run(
        shard,
        `create table ${database}.events as ${database}.events_local engine = Distributed(pair, ${database}, events_local)`,
      )
    }
    // Each row takes a tenth of a second.
    await servers.run(
      shard,
      `create view logs.slow_local as select toDateTime64('2026-01-01 00:00:00', 6, 'UTC') + number as t, toString(number + sleepEachRow(0.1)) as port
        from system.numbers limit 3000 settings max_block_size = 1`,
    )
  }
  await servers.run(
    0,
    "create table logs.slow (t DateTime64(6, 'UTC'), port String) engine = Distributed(pair, logs, slow_local)",
  )
}
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'assay-refusals-'))
  await start()
})
after(async () => {
  for (const server of open) server.close()
  await servers?.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Asked {
  readonly query?: string
  readonly port?: number
  readonly as?: string
  readonly table?: string
  readonly setting?: Partial<SourceSettings[string]>
  readonly signal?: AbortSignal
  readonly onProgress?: (phase: string, done: number, total: number) => void
}

async function ask(asked: Asked = {}) {
  const { query = 'count()', port = servers?.ports[0], as = 'default', table = 'logs.events', setting, ...more } = asked
  const address = `clickhouse://${as}@127.0.0.1:${port}/${table.replace('.', '/')}`
  const source = { name: 'q', text: query }
  const sources = { events: { table: address, time: 't', ...setting } }
  const r = await runQuery({ query: source, language: 'cql', logs: ['events'], sources, ...more })
  const errors = r.diagnostics.filter((d) => d.severity === 'error')
  return { ...r, errors: errors.map((d) => d.code), text: JSON.stringify(r.diagnostics) }
}

async function withPassword<T>(value: string, use: () => Promise<T>): Promise<T> {
  process.env['ASSAY_CLICKHOUSE_PASSWORD'] = value
  try {
    return await use()
  } finally {
    delete process.env['ASSAY_CLICKHOUSE_PASSWORD']
  }
}

/** The test with a cluster, or skipped. If a server crashes, as one of chdb 3.4.0 did, the test runs once more with new servers. */
const withCluster = (name: string, run: (s: Servers) => Promise<void>): void => {
  test(name, async (t: TestContext) => {
    if (!servers) return t.skip('chdb is not installed (ASSAY_CHDB)')
    try {
      await run(servers)
    } catch (problem) {
      const lost = servers.lost()
      if (lost === undefined) throw problem
      t.diagnostic(`run again with new servers: ${lost}`)
      await servers.close()
      await start()
      await run(servers)
    }
  })
}

const portOf = async (server: Server): Promise<number> => {
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** Passes requests on to the first shard, and changes the answers. */
const proxy =
  (change: (answer: Buffer, query: string) => { readonly body: Buffer; readonly isCut?: boolean }) =>
  (incoming: import('node:http').IncomingMessage, outgoing: import('node:http').ServerResponse): void => {
    const parts: Buffer[] = []
    incoming.on('data', (part: Buffer) => parts.push(part))
    incoming.on('end', () => {
      const query = Buffer.concat(parts).toString()
      const { method, url, headers } = incoming
      const { 'accept-encoding': _, ...others } = headers
      const ours = request(
        { host: '127.0.0.1', port: servers?.ports[0], method, path: url, headers: others },
        (answer) => {
          const got: Buffer[] = []
          answer.on('data', (part: Buffer) => got.push(part))
          answer.on('end', () => {
            const { body } = change(Buffer.concat(got), query)
            const { 'content-length': _length, 'transfer-encoding': _encoding, ...kept } = answer.headers
            outgoing.writeHead(answer.statusCode ?? 200, kept)
            outgoing.end(body)
          })
        },
      )
      ours.end(query)
    })
  }

const same = (body: Buffer): { body: Buffer } => ({ body })

withCluster('a password that is wrong, and one that is right, and neither is printed', async () => {
  const wrong = await withPassword('not it', () => ask({ as: 'reader' }))
  assert.deepEqual(wrong.errors, ['CLK101'])
  const right = await withPassword(SECRET, () => ask({ as: 'reader' }))
  assert.deepEqual([right.errors, right.table.rows], [[], [[{ number: '20' }]]])
  writeFileSync(join(folder, 'password'), `${SECRET}\n`)
  process.env['ASSAY_CLICKHOUSE_PASSWORD_FILE'] = join(folder, 'password')
  const fromFile = await ask({ as: 'reader' })
  delete process.env['ASSAY_CLICKHOUSE_PASSWORD_FILE']
  assert.deepEqual(fromFile.table.rows, right.table.rows)
  for (const r of [wrong, right, fromFile]) assert.ok(!/not it|pass&word/.test(r.text))
})

withCluster('a user who may set nothing gets answers, or reads which setting is missing', async () => {
  const as = (query: string) => withPassword(SECRET, () => ask({ as: 'reader', query }))
  for (const query of [
    'groupBy(host)',
    'host=a* | sort(t, limit=3)',
    'groupBy(host, function=[min(@timestamp), sum(port)])',
  ]) {
    const [mine, wanted] = [await as(query), await ask({ query })]
    assert.deepEqual([mine.errors, mine.table], [[], wanted.table], query)
  }
  const join = await as('join({groupBy(host, function=count(as=n))}, field=host, include=n, mode=left) | count()')
  assert.deepEqual(join.errors, ['CLK109'])
  assert.match(join.text, /join_use_nulls = 1/)
})

withCluster('a right that the user lacks, and one that is lacking on one shard only', async () => {
  assert.deepEqual((await ask({ as: 'stranger' })).errors, ['CLK102'])
  const half = await ask({ table: 'hidden.events' })
  assert.deepEqual([half.ok, half.errors, half.table.rows], [false, ['CLK102'], []])
})

withCluster(
  'columns of a source that are not there, a time in an unknown unit, names that differ in case',
  async () => {
    assert.deepEqual((await ask({ setting: { fields: { ComputerName: 'hots' } } })).errors, ['LOG503'])
    assert.deepEqual((await ask({ setting: { time: 'at' } })).errors, ['LOG504'])
    const { table } = await ask({ query: 'groupBy([host, Host])' })
    assert.deepEqual(
      table.rows.map((r) => r.slice(0, 2)),
      [
        ['a0', 'B'],
        ['a1', 'B'],
      ],
    )
  },
)

withCluster('another release is said, and an answer that is cut off is an error', async () => {
  const older = await portOf(
    httpServer(
      proxy((body, query) =>
        query.includes('version()') ? { body: Buffer.from(body.toString().replace('26.', '24.')) } : same(body),
      ),
    ),
  )
  const said = await ask({ port: older })
  assert.ok(said.ok && said.diagnostics.some((d) => d.code === 'CLK107'))
  // Also a failure after the first rows: the status is that of success, and the last row is missing.
  const lines = (body: Buffer): string[] => body.toString().split('\n')
  const cut = await portOf(
    httpServer(
      proxy((body, query) =>
        query.includes('port') ? { body: Buffer.from(`${lines(body).slice(0, 3).join('\n')}\n`) } : same(body),
      ),
    ),
  )
  const half = await ask({ port: cut, query: 'select(port)' })
  assert.deepEqual([half.ok, half.errors, half.table.rows], [false, ['CLK108'], []])
})

withCluster(
  'TLS: a certificate that no authority vouches for is refused, and the named authority is trusted',
  async () => {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    execFileSync(
      'openssl',
      `req -x509 -newkey rsa:2048 -nodes -keyout ${key} -out ${cert} -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1`.split(
        ' ',
      ),
      { stdio: 'ignore' },
    )
    const port = await portOf(httpsServer({ key: readFileSync(key), cert: readFileSync(cert) }, proxy(same)))
    const address = `clickhouses://127.0.0.1:${port}/logs/events`
    const program = (env: NodeJS.ProcessEnv): Promise<{ status: number | null; out: string; err: string }> =>
      new Promise((resolve) => {
        const args = ['--import', 'tsx', 'cli/assay.ts', 'run', '--lang', 'cql', 'count()', address, '--format', 'json']
        const child = spawn(process.execPath, args, { env: { ...process.env, ...env } })
        let [out, err] = ['', '']
        child.stdout.on('data', (d: Buffer) => (out += d.toString()))
        child.stderr.on('data', (d: Buffer) => (err += d.toString()))
        child.once('exit', (status) => resolve({ status, out, err }))
      })
    const refused = await program({})
    assert.deepEqual(
      [refused.status, /CLK105/.test(refused.err), /NODE_EXTRA_CA_CERTS/.test(refused.err)],
      [2, true, true],
    )
    const trusted = await program({ NODE_EXTRA_CA_CERTS: cert })
    assert.deepEqual([trusted.status, JSON.parse(trusted.out)], [0, [{ _count: 20 }]], trusted.err)
  },
)

const running = (s: Servers): Promise<string> =>
  s.run(0, "select count() from system.processes where query_id like 'assay-%'")

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let left = 200; !(await holds()); left--) {
    assert.ok(left > 0, 'it did not happen')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

withCluster('progress while it runs, and a run that is given up ends on the server too', async (s) => {
  const stop = new AbortController()
  const seen: number[] = []
  const run = ask({
    query: 'groupBy(port)',
    table: 'logs.slow',
    signal: stop.signal,
    onProgress: (_, done) => void seen.push(done),
  })
  await until(async () => seen.some((n) => n > 0))
  assert.equal((await running(s)).trim(), '1')
  stop.abort()
  const given = await run
  assert.deepEqual([given.ok, given.errors], [false, ['RUN101']])
  await until(async () => (await running(s)).trim() === '0')
})

// The last: the cluster is broken after it.
withCluster('a shard that goes while it computes is an error, never an answer of the others', async (s) => {
  const run = ask({ query: 'groupBy(port)', table: 'logs.slow' })
  await until(async () => Number(await running(s)) > 0)
  await s.stop(1)
  const lost = await run
  assert.deepEqual([lost.ok, lost.errors, lost.table.rows], [false, ['CLK106'], []])
})
