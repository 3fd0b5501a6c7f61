// Two ClickHouse servers that are a cluster, out of the library of the package chdb. Undefined without it (ASSAY_CHDB).
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Servers {
  /** Of HTTP, by shard. */
  readonly ports: readonly number[]
  /** A statement on one of them; its answer as text. */
  run(shard: number, sql: string): Promise<string>
  stop(shard: number): Promise<void>
  /** Which server ended before `stop`, how, and its last words. */
  lost(): string | undefined
  close(): Promise<void>
}

/** The library exports the program `clickhouse local`, which can listen. Node's own loader cannot start it. */
const PROGRAM = `import ctypes, sys
lib = ctypes.CDLL(sys.argv[1])
args = [b"clickhouse"] + [a.encode() for a in sys.argv[2:]]
argv = (ctypes.c_char_p * (len(args) + 1))(*args, None)
sys.exit(lib.chdb_query_cmdline(len(args), argv))`

const SERVE =
  'system start listen http; system start listen tcp; select sleepEachRow(3) from numbers(1000000) settings max_block_size = 1, function_sleep_max_microseconds_per_block = 4000000 format Null'

/** Below the ports that Linux gives to outgoing connections: one of those could take it before the server listens. */
function freePort(): Promise<number> {
  const port = 15_000 + Math.floor(Math.random() * 15_000)
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(freePort()))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(port)))
  })
}

const shardXml = (port: number, user: string): string =>
  `<shard><replica><host>127.0.0.1</host><port>${port}</port><user>${user}</user></replica></shard>`

/** The user `default` may do everything; the others read. */
const usersXml = (others: string): string =>
  `<clickhouse><profiles><default/><silent><readonly>1</readonly></silent></profiles><quotas><default/></quotas><users>
    <default><password/><networks><ip>127.0.0.1</ip></networks><profile>default</profile><access_management>1</access_management></default>
    ${others}</users></clickhouse>`

export interface ServerUsers {
  /** XML of the users of a shard. */
  readonly users: (shard: number) => string
  /** The user by which one shard asks another. */
  readonly between: string
}

export async function startServers({ users, between }: Partial<ServerUsers> = {}): Promise<Servers | undefined> {
  const library = join(process.env['ASSAY_CHDB'] ?? '', '@chdb/lib-linux-x64-gnu/libchdb.so')
  if (!process.env['ASSAY_CHDB'] || !existsSync(library)) return undefined
  const root = mkdtempSync(join(tmpdir(), 'assay-clickhouse-'))
  const tcp = [await freePort(), await freePort()]
  const ports = [await freePort(), await freePort()]
  const stopped = new Set<number>()
  const lost: string[] = []
  const children = ports.map((port, i): ChildProcess => {
    const folder = join(root, String(i))
    mkdirSync(folder)
    const config = join(folder, 'config.xml')
    const shards = tcp.map((p) => shardXml(p, between ?? 'default')).join('')
    writeFileSync(join(folder, 'users.xml'), usersXml(users?.(i) ?? ''))
    writeFileSync(
      config,
      `<clickhouse><remote_servers><pair>${shards}</pair></remote_servers><logger><level>none</level></logger><users_config>${folder}/users.xml</users_config></clickhouse>`,
    )
    const args = [
      `--config-file=${config}`,
      `--path=${folder}/data`,
      `--http_port=${port}`,
      `--tcp_port=${tcp[i]}`,
      '--listen_host=127.0.0.1',
      '--query',
      SERVE,
    ]
    const child = spawn('python3', ['-c', PROGRAM, library, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
    let words = ''
    child.stderr.on('data', (part: Buffer) => {
      words = `${words}${part.toString()}`.slice(-2000)
      if (process.env['ASSAY_SHOW']) process.stderr.write(part)
    })
    child.once('close', (status, signal) => {
      if (!stopped.has(i)) lost.push(`server ${i} ended with ${signal ?? `status ${status}`}: ${words}`)
    })
    return child
  })
  const run = async (shard: number, sql: string): Promise<string> => {
    const answer = await fetch(`http://127.0.0.1:${ports[shard]}/`, { method: 'POST', body: sql })
    const text = await answer.text()
    if (!answer.ok) throw new Error(text)
    return text
  }
  const stop = (shard: number): Promise<void> => {
    const child = children[shard] as ChildProcess
    stopped.add(shard)
    if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
    return new Promise((resolve) => {
      child.once('exit', () => resolve())
      child.kill('SIGKILL')
    })
  }
  const close = async (): Promise<void> => {
    await Promise.all(ports.map((_, i) => stop(i)))
    rmSync(root, { recursive: true, force: true, maxRetries: 3 })
  }
  for (let left = 300; ; left--) {
    const up = await Promise.all(
      ports.map((_, i) =>
        run(i, 'select 1').then(
          () => true,
          () => false,
        ),
      ),
    )
    if (up.every(Boolean)) return { ports, run, stop, lost: () => lost[0], close }
    if (left === 0 || children.some((c) => c.exitCode !== null)) {
      await close()
      throw new Error(`the servers did not start: ${lost[0] ?? 'no answer in 30 seconds'}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
