// npm run bench -- [MEGABYTES] [RUNS] [events|firewalls|memory]
// Measures the bundled Assay against handwritten code for the same work. Both sides run in child processes and in turns; medians and ratios
// are printed. `events` and `firewalls` choose one half; `memory` is the peak memory of four queries. Telemetry is generated in a temporary
// folder. If two sides compute the same rows and these differ, the exit status is 1.
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { bundle } from '../tools/bundle.ts'
import { generate as telemetry } from '../tools/gen/telemetry.ts'
import { awkRows, FIREWALLS, makeFirewall, othersOn } from './firewalls.ts'
import { generate as mixed } from './generate.ts'
import { inTurns, isThere, type Line, measure, median, type Side, table } from './measure.ts'

const numbers = process.argv.slice(2).filter((a) => /^\d+$/.test(a))
const megabytes = Number(numbers[0] ?? 1000)
const runs = Number(numbers[1] ?? 5)
const folder = mkdtempSync(join(tmpdir(), 'bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const OURS = '.tmp/bench'
const BY_HAND = '.tmp/bench-by-hand'
mkdirSync('.tmp', { recursive: true })
await bundle('cli/assay.ts', OURS)
await bundle('bench/by-hand.ts', BY_HAND)

const node = process.execPath
const PUBLISHED = 'examples/t1071.002/logscale.cql'
const RAW = 'examples/t1071.002/sumo-logic.sumo'
const query = (name: string, text: string): string => {
  const path = join(folder, `${name}.cql`)
  writeFileSync(path, text)
  return path
}
const COUNT = query('count', 'groupBy([event_simpleName, aid], function=count(as=n), limit=max)\n')
const assay = (path: string, logs: string, ...more: readonly string[]): Side['command'] => [
  node,
  `${OURS}/assay.js`,
  'run',
  path,
  logs,
  '--format',
  'json',
  '--quiet',
  ...more,
]

function make(feed: 'enriched' | 'raw', mb: number): string {
  const to = join(folder, `${feed}-${mb}`)
  mkdirSync(to)
  const fd = openSync(join(to, 'events.ndjson'), 'w')
  telemetry({ feed, mb, start: Date.parse('2026-01-15T00:00:00Z'), hours: 24, seed: 7 }, (name, text) => {
    if (name === 'events') writeSync(fd, text)
    else writeFileSync(join(to, `${name}.ndjson`), text)
  })
  closeSync(fd)
  return to
}

let same = true
/** Compares the rows of both sides as texts, in any order. */
function compare(ours: Line | undefined, theirs: readonly (readonly string[])[], fields: readonly string[]): string {
  const a = (JSON.parse(ours?.out ?? '[]') as Record<string, unknown>[])
    .map((r) => fields.map((f) => String(r[f])).join('|'))
    .sort()
  const b = theirs.map((r) => r.join('|')).sort()
  const equal = a.length === b.length && a.every((t, i) => t === b[i])
  if (!equal) same = false
  return equal ? `  ${a.length} groups, the same on both sides\n` : `  DIFFERENT: ${a.length} and ${b.length} groups\n`
}
const sqlRows = (line: Line | undefined): string[][] => JSON.parse(line?.out ?? '[]') as string[][]
const PUBLISHED_FIELDS = [
  'ComputerName',
  'ImageFileName',
  'UserName',
  'RemoteAddressIP4',
  'RemotePort',
  'ConnectionCount',
  'TotalBytesSent',
  'TotalBytesReceived',
  'FirstSeen',
  'LastSeen',
]

async function published(title: string, file: string): Promise<void> {
  const lines = await inTurns(
    [
      { name: 'assay run', command: assay(PUBLISHED, file) },
      { name: 'DuckDB by hand', command: [node, `${BY_HAND}/by-hand.js`, 'published', file] },
      { name: 'grep -c', command: ['grep', '-c', 'NetworkConnectIP4', file] },
      ...(isThere('jq')
        ? [{ name: 'jq', command: ['jq', '-c', 'select(.RemotePort == "21")', file], once: true } as const]
        : []),
    ],
    runs,
  )
  console.log(table(title, lines) + compare(lines[0], sqlRows(lines[1]), PUBLISHED_FIELDS))
}

async function speed(): Promise<void> {
  const enriched = join(make('enriched', megabytes), 'events.ndjson')
  await published(`published query, enriched feed, ${megabytes} MB, nearly all of it connections`, enriched)
  const lines = await inTurns(
    [
      { name: 'assay run', command: assay(COUNT, enriched) },
      { name: 'DuckDB by hand', command: [node, `${BY_HAND}/by-hand.js`, 'count', enriched] },
    ],
    runs,
  )
  console.log(
    table(`count by two fields, the same ${megabytes} MB`, lines) +
      compare(lines[0], sqlRows(lines[1]), ['event_simpleName', 'aid', 'n']),
  )
  rmSync(enriched)
  const some = join(folder, 'mixed.ndjson')
  mixed(some, megabytes * 1e6)
  await published(`published query, ${megabytes} MB of ten event types`, some)
  rmSync(some)
  const raw = make('raw', megabytes)
  const joined = await inTurns(
    [
      { name: 'assay run', command: assay(PUBLISHED, raw) },
      { name: 'grep -c', command: ['grep', '-c', 'NetworkConnectIP4', join(raw, 'events.ndjson')] },
    ],
    runs,
  )
  console.log(table(`published query, raw feed (hosts, processes and users looked up), ${megabytes} MB`, joined))
}

async function firewalls(): Promise<void> {
  for (const format of FIREWALLS) {
    const path = makeFirewall(format, megabytes, folder)
    const mb = Math.round(statSync(path).size / 1e6)
    const lines = await inTurns(
      [
        { name: 'assay run --view network', command: assay(RAW, path, '--view', 'network') },
        { name: 'assay run', command: assay(RAW, path) },
        ...othersOn(format, path),
      ],
      runs,
    )
    const [view, vendor, awk] = lines
    const speed = [view, vendor].map((l) => `${(mb / (l?.seconds ?? 1)).toFixed(0)} MB/s`)
    console.log(
      `${table(`published query over raw ${format} logs, ${mb} MB: in the network view ${speed[0]}, as a tenant sees it ${speed[1]}`, lines)}` +
        compare(view, awkRows(awk?.out ?? ''), ['src_ip', 'dest_ip', 'dest_port', 'ConnectionCount']),
    )
    rmSync(path)
  }
}

async function small(): Promise<void> {
  const path = join(folder, 'some.ndjson')
  mixed(path, 130_000)
  const hundred = join(folder, 'hundred.ndjson')
  writeFileSync(hundred, `${readFileSync(path, 'utf8').split('\n').slice(0, 100).join('\n')}\n`)
  const ms = async (command: Side['command']): Promise<string> => {
    const all: number[] = []
    for (let i = 0; i < 7; i++) all.push((await measure(command)).seconds * 1000)
    return `${median(all).toFixed(0)} ms`
  }
  console.log(`assay --version             ${await ms([node, `${OURS}/assay.js`, '--version'])}`)
  console.log(`assay run, a hundred lines  ${await ms(assay(PUBLISHED, hundred))}\n`)
}

async function memory(): Promise<void> {
  const logs = join(make('enriched', megabytes), 'events.ndjson')
  const queries: readonly (readonly [string, string])[] = [
    ['published query', PUBLISHED],
    ['count by two fields', COUNT],
    ['sort(@timestamp, limit=max) of three fields', query('sort', SORT)],
    ['whole events, the last 200', query('whole', '#event_simpleName = NetworkConnectIP4\n')],
  ]
  const lines: Line[] = []
  for (const [name, path] of queries) {
    const { seconds, peak, cpu, out } = await measure([...assay(path, logs), '--memory', '512MB'])
    lines.push({ name, seconds, all: [seconds], peak, cpu, out: '' })
    console.error(`${name}: ${(JSON.parse(out) as unknown[]).length} rows, ${peak.toFixed(0)} MB`)
  }
  console.log(table(`peak memory over ${(statSync(logs).size / 1e9).toFixed(1)} GB, --memory 512MB`, lines))
}
const SORT = 'select([@timestamp, aid, event_simpleName])\n| sort(@timestamp, order=desc, limit=max)\n| tail(10)\n'

console.log(
  `${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GB, Node ${process.version}, ` +
    `load ${loadavg()[0]?.toFixed(1)}, medians of ${runs}, file cached, ratio: assay to this\n`,
)
if (process.argv.includes('memory')) await memory()
else {
  const half = process.argv.find((a) => a === 'events' || a === 'firewalls')
  await small()
  if (half !== 'firewalls') await speed()
  if (half !== 'events') await firewalls()
}
if (!same) process.exitCode = 1
