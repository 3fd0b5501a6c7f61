// npm run bench -- [--mb MEGABYTES] [--runs RUNS] [--only ID,ID…] [--growth MB,MB…] [--memory] [--page FILE]
// Measures the bundled Assay against other ways to the same rows: SQL by hand, awk, grep, jq, whatever the machine has. All sides run in child
// processes and in turns. `--growth` runs two queries over logs of each size instead, `--memory` four with 512 MB. `--page` writes the
// figures as Markdown too. Telemetry is generated in a temporary folder. If two sides compute the same rows and these differ, the exit
// status is 1.
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bundle } from '../tools/bundle.ts'
import { keepBytecode } from '../tools/bytecode.ts'
import { inTurns, type Line, measure, table } from './measure.ts'
import { page, type Section } from './page.ts'
import { assay, falcon, madeFor, type Place, queryFile, type Work, works } from './works.ts'

const { values: flags } = parseArgs({
  options: {
    mb: { type: 'string', default: '1000' },
    runs: { type: 'string', default: '5' },
    only: { type: 'string' },
    growth: { type: 'string' },
    memory: { type: 'boolean' },
    page: { type: 'string' },
  },
})
const megabytes = Number(flags.mb)
const runs = Number(flags.runs)
const chosen = flags.only?.split(',') ?? works.map((w) => w.id)
const unknown = chosen.filter((id) => works.every((w) => w.id !== id))
if (unknown.length > 0 || !(megabytes > 0) || !(runs >= 1)) {
  console.error(
    `unknown: ${unknown.join(', ')}; --only takes ${works.map((w) => w.id).join(', ')}; --mb and --runs take numbers`,
  )
  process.exit(2)
}

const place: Place = { ours: '.tmp/bench', byHand: '.tmp/bench-by-hand', folder: mkdtempSync(join(tmpdir(), 'bench-')) }
process.on('exit', () => rmSync(place.folder, { recursive: true, force: true }))
mkdirSync('.tmp', { recursive: true })
await bundle('cli/assay.ts', place.ours)
keepBytecode(place.ours)
await bundle('bench/by-hand.ts', place.byHand)

let same = true
/** Compares the rows of both sides as texts, in any order. */
function compared(lines: readonly Line[], { side, fields, rows }: NonNullable<Work['same']>): string[] {
  const other = lines.find((l) => l.name === side)
  if (!other) return []
  const a = (JSON.parse(lines[0]?.out ?? '[]') as Record<string, unknown>[])
    .map((r) => fields.map((f) => String(r[f])).join('|'))
    .sort()
  const b = rows(other.out)
    .map((r) => r.join('|'))
    .sort()
  const equal = a.length === b.length && a.every((t, i) => t === b[i])
  if (!equal) same = false
  return [equal ? `${a.length} rows, the same here and by ${side}.` : `DIFFERENT: ${a.length} and ${b.length} rows.`]
}

const sections: Section[] = []
function add(section: Section): void {
  sections.push(section)
  console.log([table(section.title, section.lines), ...section.notes.map((n) => `  ${n}\n`)].join(''))
}
const sized = (path: string): string => `${Math.round(statSync(path).size / 1e6)} MB`

async function run(work: Work): Promise<void> {
  const logs = await madeFor(work, megabytes, place)
  const lines = await inTurns(work.sides(logs, place), work.id === 'start' ? Math.max(runs, 7) : runs)
  const size = work.id === 'start' || statSync(logs).isDirectory() ? '' : `, ${sized(logs)}`
  add({ title: `${work.title}${size}`, lines, notes: work.same ? compared(lines, work.same) : [] })
  rmSync(join(place.folder, `${work.id}-${megabytes}`), { recursive: true })
}

/** Time as a power of the size, between the first and the last size. */
const exponent = (sizes: readonly number[], lines: readonly Line[]): string => {
  const [a, b] = [lines[0]?.cpu ?? 0, lines.at(-1)?.cpu ?? 0]
  const [m, n] = [sizes[0] ?? 1, sizes.at(-1) ?? 1]
  return (Math.log(b / a) / Math.log(n / m)).toFixed(2)
}

async function growth(sizes: readonly number[]): Promise<void> {
  for (const id of ['published', 'count']) {
    const work = works.find((w) => w.id === id) as Work
    const lines: Line[] = []
    for (const mb of sizes) {
      const logs = await madeFor(work, mb, place)
      const side = work.sides(logs, place)[0]
      if (side) lines.push(...(await inTurns([{ ...side, name: sized(logs) }], runs)))
      rmSync(join(place.folder, `${id}-${mb}`), { recursive: true })
    }
    const notes = [`CPU seconds grow with the power ${exponent(sizes, lines)} of the size.`]
    add({ title: `growth: ${work.title}`, lines, notes })
  }
}

async function memory(): Promise<void> {
  const folder = join(place.folder, 'memory')
  mkdirSync(folder)
  const logs = falcon('enriched', megabytes, folder)
  const queries: readonly (readonly [string, string])[] = [
    ['published query', 'examples/t1071.002/logscale.cql'],
    [
      'count by two fields',
      queryFile(place, 'count', 'groupBy([event_simpleName, aid], function=count(as=n), limit=max)'),
    ],
    ['sort(@timestamp, limit=max) of three fields', queryFile(place, 'sort', SORT)],
    ['whole events, the last 200', queryFile(place, 'whole', '#event_simpleName = NetworkConnectIP4')],
  ]
  const lines: Line[] = []
  for (const [name, path] of queries) {
    const found = await measure([...assay(place, path, logs), '--memory', '512MB'])
    lines.push({ ...found, name, all: [found.seconds], out: '' })
  }
  add({ title: `peak memory over ${sized(logs)}, --memory 512MB`, lines, notes: [] })
}
const SORT = 'select([@timestamp, aid, event_simpleName])\n| sort(@timestamp, order=desc, limit=max)\n| tail(10)'

const machine =
  `${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GB, Node ${process.version}, ` +
  `load ${loadavg()[0]?.toFixed(1)} at the start, ${runs} runs, files cached.`
console.log(`${machine}\n`)
if (flags.memory) await memory()
else if (flags.growth !== undefined) await growth(flags.growth.split(',').map(Number))
else for (const work of works) if (chosen.includes(work.id)) await run(work)
if (flags.page !== undefined) writeFileSync(flags.page, page(machine, sections))
if (!same) process.exitCode = 1
