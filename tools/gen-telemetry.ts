// Writes made-up Falcon telemetry and what must be found in it:
//   tsx tools/gen-telemetry.ts --out DIR [--feed raw|ngsiem|enriched] [--shape ndjson|array|csv] [--mb 10] [--seed 1]
//                              [--start 2026-01-15T00:00:00Z] [--hours 24] [--groups 5]
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { generate } from './gen/telemetry.ts'

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    feed: { type: 'string', default: 'raw' },
    shape: { type: 'string', default: 'ndjson' },
    mb: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    start: { type: 'string', default: '2026-01-15T00:00:00Z' },
    hours: { type: 'string', default: '24' },
    groups: { type: 'string', default: '5' },
  },
})
const { out, feed, shape } = values
if (out === undefined) throw new Error('--out is missing')
if (feed !== 'raw' && feed !== 'ngsiem' && feed !== 'enriched') throw new Error(`no feed ${feed}`)
if (shape !== 'ndjson' && shape !== 'array' && shape !== 'csv') throw new Error(`no shape ${shape}`)
if (shape !== 'ndjson' && feed !== 'ngsiem') throw new Error(`--shape ${shape} is for --feed ngsiem`)
const start = Date.parse(values.start)
if (Number.isNaN(start)) throw new Error(`--start ${values.start} is no time`)

mkdirSync(out, { recursive: true })
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
