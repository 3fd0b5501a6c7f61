// Generates telemetry.
const HELP = `Falcon telemetry with planted attacks, and what must be found in it (truth.json):
  tsx tools/gen-telemetry.ts --out DIR [--feed raw|ngsiem|enriched] [--shape ndjson|array|csv] [--mb 10] [--seed 1]
                             [--start 2026-01-15T00:00:00Z] [--hours 24] [--groups 5]
The everyday traffic of a company, without any attack, for backtests (a file with the feed's name):
  tsx tools/gen-telemetry.ts --scene office --out DIR [--feed ngsiem|panos|asa|fortigate|zeek|suricata] [--mb 10] [--seed 1]
                             [--start 2026-03-02T00:00:00Z] [--days 14]
The same options give the same bytes.
`
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { FIREWALL_FORMATS } from './gen/firewall-lines.ts'
import { generateOffice, type OfficeFeed } from './gen/office.ts'
import { generate } from './gen/telemetry.ts'

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
    scene: { type: 'string', default: 'attacks' },
    days: { type: 'string', default: '14' },
    feed: { type: 'string', default: 'raw' },
    shape: { type: 'string', default: 'ndjson' },
    mb: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    start: { type: 'string' },
    hours: { type: 'string', default: '24' },
    groups: { type: 'string', default: '5' },
  },
})
if (values.help) process.stdout.write(HELP)
else if (values.scene === 'office') office()
else if (values.scene === 'attacks') attacks()
else throw new Error(`no scene ${values.scene}: attacks or office`)

function time(text: string): number {
  const at = Date.parse(text)
  if (Number.isNaN(at)) throw new Error(`--start ${text} is no time`)
  return at
}

function folder(): string {
  const { out } = values
  if (out === undefined) throw new Error('--out is missing')
  mkdirSync(out, { recursive: true })
  return out
}

function office(): void {
  const feeds: readonly string[] = ['ngsiem', ...FIREWALL_FORMATS]
  const feed = values.feed as OfficeFeed
  if (!feeds.includes(feed)) throw new Error(`no feed ${feed} of an office: ${feeds.join(', ')}`)
  const start = time(values.start ?? '2026-03-02T00:00:00Z')
  const path = join(
    folder(),
    `${feed}.${feed === 'panos' || feed === 'asa' || feed === 'fortigate' ? 'log' : 'ndjson'}`,
  )
  const file = openSync(path, 'w')
  const { seed, mb, days } = values
  const lines = generateOffice({ feed, seed: Number(seed), mb: Number(mb), start, days: Number(days) }, (text) =>
    writeSync(file, text),
  )
  closeSync(file)
  console.error(`${lines} lines in ${path}`)
}

function attacks(): void {
  const { feed, shape } = values
  const out = folder()
  if (feed !== 'raw' && feed !== 'ngsiem' && feed !== 'enriched') throw new Error(`no feed ${feed}`)
  if (shape !== 'ndjson' && shape !== 'array' && shape !== 'csv') throw new Error(`no shape ${shape}`)
  if (shape !== 'ndjson' && feed !== 'ngsiem') throw new Error(`--shape ${shape} is for --feed ngsiem`)
  const start = time(values.start ?? '2026-01-15T00:00:00Z')
  const events = openSync(join(out, `events.${shape === 'array' ? 'json' : shape}`), 'w')
  const began = performance.now()
  let bytes = 0
  const truth = generate(
    {
      feed,
      shape,
      seed: Number(values.seed),
      mb: Number(values.mb),
      start,
      hours: Number(values.hours),
      groups: Number(values.groups),
    },
    (file, text) => {
      bytes += text.length
      if (file === 'events') writeSync(events, text)
      else writeFileSync(join(out, 'aidmaster.ndjson'), text)
    },
  )
  closeSync(events)
  writeFileSync(join(out, 'truth.json'), `${JSON.stringify(truth, null, 1)}\n`)
  const seconds = (performance.now() - began) / 1000
  console.error(`${truth.records} records, ${(bytes / 1e6).toFixed(1)} MB, ${(bytes / 1e6 / seconds).toFixed(0)} MB/s`)
}
