// node --import tsx bench/store.ts [EVENTS] [RUNS]
// A store beside handwritten SQL over the same parts, and with ASSAY_CHDB a cluster of two shards beside the bare statement. Telemetry is
// generated a million events at a time, so the disk holds one such file and the store.
import { closeSync, fstatSync, mkdirSync, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { runQuery } from '../engine/query/run-query.ts'
import { storeInfo, summaryOf } from '../engine/store/info.ts'
import { type Servers, startServers } from '../tools/clickhouse-servers.ts'
import { bundle } from '../tools/bundle.ts'
import { keepBytecode } from '../tools/bytecode.ts'
import { generate } from './generate.ts'
import { inTurns, measure, median, table } from './measure.ts'

const [events = 10_000_000, runs = 5] = process.argv.slice(2).map(Number)
const ROUND = 1_000_000
/** Of an event, as `generate` writes it. */
const BYTES = 1225
const folder = mkdtempSync(join(tmpdir(), 'bench-store-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
mkdirSync('.tmp', { recursive: true })
const [OURS, BY_HAND] = ['.tmp/bench', '.tmp/bench-by-hand']
await bundle('cli/assay.ts', OURS)
keepBytecode(OURS)
await bundle('bench/by-hand.ts', BY_HAND)
const node = process.execPath
const PUBLISHED = 'examples/t1071.002/logscale.cql'
const servers = await startServers()

const LAYOUT = `_t DateTime64(6, 'UTC'), _s UInt64, event_simpleName LowCardinality(String), RemotePort LowCardinality(String),
  rest Map(String, String) codec(ZSTD(3))`
async function makeTables({ run }: Servers): Promise<void> {
  for (const shard of [0, 1]) {
    await run(shard, 'create database logs')
    await run(shard, `create table logs.local (${LAYOUT}) engine = MergeTree order by (event_simpleName, _t)`)
    await run(shard, 'create table logs.events as logs.local engine = Distributed(pair, logs, local)')
  }
}
/** Every second line goes to each shard. */
const insert = (shard: number, path: string): string => `insert into logs.local
  with JSONExtract(line, 'Map(String, String)') as fields
  select fromUnixTimestamp64Milli(toInt64(fields['timestamp']), 'UTC'), generateSnowflakeID(), fields['event_simpleName'], fields['RemotePort'], fields
  from file('${path}', LineAsString, 'line String') where sipHash64(line) % 2 = ${shard}`

/** A round is longer than a text of V8 can be. */
function endOf(path: string): string {
  const fd = openSync(path, 'r')
  const { size } = fstatSync(fd)
  const bytes = Buffer.alloc(Math.min(100_000, size))
  readSync(fd, bytes, 0, bytes.length, size - bytes.length)
  closeSync(fd)
  return bytes.toString()
}

console.log(`${events} events, load ${loadavg()[0]?.toFixed(1)}, medians of ${runs}, ratio: the first to this\n`)
const store = join(folder, 'store')
let [seconds, cpu, inserted, stored] = [0, 0, 0, 0]
let wanted = ''
if (servers) await makeTables(servers)
for (let round = 0; stored < events; round++) {
  const log = join(folder, `${round}.ndjson`)
  const made = generate(log, Math.min(ROUND, events - stored) * BYTES, 7 + round)
  stored += made.events
  wanted ||= /"ContextProcessId":"(\d+)"/.exec(endOf(log))?.[1] ?? ''
  const took = await measure([node, `${OURS}/assay.js`, 'store', store, log])
  seconds += took.seconds
  cpu += took.cpu
  const before = performance.now()
  if (servers) await Promise.all([0, 1].map((shard) => servers.run(shard, insert(shard, log))))
  inserted += (performance.now() - before) / 1000
  rmSync(log)
}
const info = storeInfo(store)
const { bytes, parts } = summaryOf(store, info.manifest as NonNullable<typeof info.manifest>)
const rate = (s: number): string => `${Math.round(stored / s).toLocaleString('en-US')} events/s`
console.log(
  `assay store: ${rate(seconds)}, ${((cpu * 1e6) / stored).toFixed(1)} CPU µs and ${(bytes / stored).toFixed(0)} bytes an event, ${parts} parts\n`,
)

const assay = (...args: readonly string[]) =>
  [node, `${OURS}/assay.js`, 'run', ...args, '--format', 'json', '--quiet'] as const
const byHand = (which: string, ...more: readonly string[]) =>
  [node, `${BY_HAND}/by-hand.js`, which, store, ...more] as const
let same = true
async function pair(title: string, ours: readonly string[], theirs: readonly [string, ...string[]]): Promise<void> {
  const lines = await inTurns(
    [
      { name: 'assay run', command: assay(...ours) },
      { name: 'DuckDB by hand', command: byHand(...theirs) },
    ],
    runs,
  )
  const [a, b] = lines.map((l) => (JSON.parse(l.out) as unknown[]).length)
  if (a !== b) same = false
  console.log(`${table(title, lines)}  ${a} and ${b} rows\n`)
}
await pair('published query over the store', [PUBLISHED, store], ['published'])
await pair('one id', [`ContextProcessId=${wanted}`, store, '--lang', 'cql'], ['id', wanted])

if (servers) {
  console.log(`two shards: inserted at ${rate(inserted)}`)
  const size = await Promise.all(
    [0, 1].map((s) => servers.run(s, "select sum(bytes_on_disk) from system.parts where active and table = 'local'")),
  )
  console.log(`two shards: ${(size.reduce((n, s) => n + Number(s), 0) / stored).toFixed(0)} bytes an event`)
  const source = {
    table: `clickhouse://default@127.0.0.1:${servers.ports[0]}/logs/events`,
    mapping: 'assay',
    vocabulary: 'fdr',
    fields: { '#event_simpleName': 'event_simpleName' },
  }
  const query = { name: PUBLISHED, text: readFileSync(PUBLISHED, 'utf8') }
  const f = (name: string): string => `rest['${name}']`
  const keys = ['ComputerName', 'ImageFileName', 'UserName', 'RemoteAddressIP4', 'RemotePort'].map(f)
  const hand = `select ${keys.join(', ')}, count() as n, sum(toInt64OrZero(${f('BytesSent')})), sum(toInt64OrZero(${f('BytesReceived')})), min(_t), max(_t)
    from logs.events where event_simpleName = 'NetworkConnectIP4' and RemotePort in ('20', '21', '69', '139', '445', '990')
    and not match(${f('RemoteAddressIP4')}, '^10\\\\.|^172\\\\.(1[6-9]|2[0-9]|3[01])\\\\.|^192\\\\.168\\\\.|^127\\\\.|^169\\\\.254\\\\.')
    group by ${keys.map((_, i) => i + 1).join(', ')} having n > 3 order by n desc`
  /** Of both servers since their start: other programs of the machine do not count. */
  const cpuMs = async (): Promise<number> => {
    const asked = `select sum(value) from system.events where event in ('UserTimeMicroseconds', 'SystemTimeMicroseconds')`
    const each = await Promise.all([0, 1].map((shard) => servers.run(shard, asked)))
    return each.reduce((n, micros) => n + Number(micros) / 1000, 0)
  }
  const [whole, bare, written]: number[][] = [[], [], []]
  const [bareCpu, writtenCpu]: number[][] = [[], []]
  let rows = [0, 0]
  for (let i = 0; i <= runs; i++) {
    const time = async <T>(into: number[] | undefined, work: () => Promise<T>, cpu?: number[]): Promise<T> => {
      const before = await cpuMs()
      const start = performance.now()
      const done = await work()
      const took = performance.now() - start
      // The first of each is not counted.
      if (i > 0) into?.push(took)
      if (i > 0) cpu?.push((await cpuMs()) - before)
      return done
    }
    const found = await time(whole, () =>
      runQuery({ query, language: 'cql', logs: ['events'], sources: { events: source } }),
    )
    const { sql } = found.run?.engine ?? {}
    await time(bare, () => servers.run(0, sql ?? ''), bareCpu)
    const answer = await time(written, () => servers.run(0, hand), writtenCpu)
    rows = [found.table.rows.length, answer.split('\n').filter((l) => l !== '').length]
  }
  if (rows[0] !== rows[1]) same = false
  const [all, alone, byHandMs] = [whole, bare, written].map((x) => median(x ?? []))
  console.log(
    `published query on two shards: assay ${all?.toFixed(0)} ms, its statement alone ${alone?.toFixed(0)} ms, SQL by hand ${byHandMs?.toFixed(0)} ms; ` +
      `statement ÷ by hand ${((alone ?? 0) / (byHandMs ?? 1)).toFixed(2)}; ${rows.join(' and ')} rows`,
  )
  const [ours, theirs] = [bareCpu, writtenCpu].map((x) => median(x ?? []))
  console.log(
    `CPU of both servers: the statement ${ours?.toFixed(0)} ms, SQL by hand ${theirs?.toFixed(0)} ms, ratio ${((ours ?? 0) / (theirs ?? 1)).toFixed(2)}`,
  )
  await servers.close()
}
if (!same) process.exitCode = 1
process.exit()
