// Measures in child processes, in turns, and prints medians and ratios: npm run bench -- [MEGABYTES] [RUNS]. Data is made in a
// temporary folder and removed. The work is bench/mission.ts; ours and the SQL written by hand must give the same groups.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle } from '../tools/bundle.ts'
import { generate } from './generate.ts'

const [megabytes = '1000', runs = '5'] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const data = join(folder, 'events.ndjson')
const ours = '.tmp/bench'
mkdirSync('.tmp', { recursive: true })
await bundle('bench/run-plan.ts', ours)
await bundle('bench/by-hand.ts', '.tmp/bench-by-hand')
const { events, bytes } = generate(data, Number(megabytes) * 1e6)
const hundred = join(folder, 'hundred.ndjson')
writeFileSync(hundred, generateHundred())

function generateHundred(): string {
  const path = join(folder, 'some.ndjson')
  generate(path, 130_000)
  return `${readFileSync(path, 'utf8').split('\n').slice(0, 100).join('\n')}\n`
}

interface Measured {
  readonly seconds: number
  readonly out: string
}
function measure(command: string, args: readonly string[]): Measured | null {
  const start = process.hrtime.bigint()
  const r = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 })
  if (r.error) return null
  if (r.status !== 0 && command !== 'grep') throw new Error(`${command} ${args.join(' ')}: ${r.stderr}`)
  return { seconds: Number(process.hrtime.bigint() - start) / 1e9, out: r.stdout }
}
const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1] as number

const node = process.execPath
const sides: Record<string, readonly [string, readonly string[]]> = {
  assay: [node, [`${ours}/run-plan.js`, data]],
  'SQL by hand': [node, ['.tmp/bench-by-hand/by-hand.js', data]],
  'grep -c': ['grep', ['-c', 'NetworkConnectIP4', data]],
}
const seconds = new Map<string, number[]>()
const last = new Map<string, string>()
for (let i = 0; i < Number(runs); i++) {
  for (const [name, [command, args]] of Object.entries(sides)) {
    const m = measure(command, args)
    if (!m) continue
    seconds.set(name, [...(seconds.get(name) ?? []), m.seconds])
    last.set(name, m.out)
  }
}
console.log(
  `${bytes} bytes, ${events} events, ${availableParallelism()} cores, Node ${process.version}, median of ${runs}, file cached`,
)
const base = median(seconds.get('assay') ?? [0])
for (const [name, list] of seconds) {
  const m = median(list)
  console.log(
    `${name.padEnd(14)} ${m.toFixed(2)} s  (assay is ${(base / m).toFixed(2)} × this; ${list.map((s) => s.toFixed(2)).join(' ')})`,
  )
}
const jq = measure('jq', ['-c', 'select(.event_simpleName == "NetworkConnectIP4")', data])
if (jq)
  console.log(
    `${'jq'.padEnd(14)} ${jq.seconds.toFixed(2)} s  (assay is ${(base / jq.seconds).toFixed(3)} × this; one run)`,
  )

type Answer = { rows: number; connections: number; sent: string; peakMB: number; engine?: string; parsed?: number }
const [a, b] = ['assay', 'SQL by hand'].map((n) => JSON.parse(last.get(n) ?? '{}') as Answer) as [Answer, Answer]
console.log(`assay: ${a.rows} groups, engine ${a.engine}, ${a.parsed} lines parsed, peak ${a.peakMB.toFixed(0)} MB`)
console.log(`by hand: ${b.rows} groups, peak ${b.peakMB.toFixed(0)} MB`)
const equal = a.rows === b.rows && a.connections === b.connections && a.sent === b.sent
console.log(equal ? 'same groups, counts and sums' : `DIFFERENT: ${JSON.stringify(a)} ${JSON.stringify(b)}`)
const forced = measure(node, [`${ours}/run-plan.js`, data, 'duckdb'])
if (forced)
  console.log(
    `assay through DuckDB: ${forced.seconds.toFixed(2)} s, peak ${(JSON.parse(forced.out) as Answer).peakMB.toFixed(0)} MB`,
  )

const repeat = (args: readonly string[]): number =>
  median(Array.from({ length: 7 }, () => measure(node, args)?.seconds ?? 0))
console.log(`hundred lines: ${(repeat([`${ours}/run-plan.js`, hundred]) * 1000).toFixed(0)} ms`)
if (existsSync('dist/assay.js'))
  console.log(`--version: ${(repeat(['dist/assay.js', '--version']) * 1000).toFixed(0)} ms`)
if (!equal) process.exitCode = 1
