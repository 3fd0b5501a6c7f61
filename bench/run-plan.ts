// Runs a plan over a file in a process of its own, also for tests of signals. Usage: FILE [ENGINE] [KEYS: count by these instead].
// Prints rows, engine, milliseconds and peak memory.
import { listInputs } from '../engine/inputs/files.ts'
import { recogniseInputs } from '../engine/inputs/recognise.ts'
import { runPlan } from '../engine/execute/run-plan.ts'
import { countPlan } from './count-plan.ts'
import { missionPlan } from './mission.ts'

const [path = '', engine = 'auto', keys = ''] = process.argv.slice(2)
const start = performance.now()
const { inputs } = await listInputs([path])
const { files } = recogniseInputs(inputs)
const result = await runPlan(keys === '' ? missionPlan() : countPlan(keys.split(',')), {
  files,
  engine: engine as 'auto' | 'duckdb' | 'evaluator',
})
const [file] = result.files
console.log(
  JSON.stringify({
    ok: result.ok,
    rows: result.rows.length,
    connections: result.rows.reduce((n, r) => n + Number(r['ConnectionCount']), 0),
    sent: String(result.rows.reduce((n, r) => n + Number(r['TotalBytesSent'] ?? 0), 0)),
    engine: result.engine.used,
    diagnostics: result.diagnostics.map((d) => `${d.code} ${d.message}`),
    lines: file?.stats.lines,
    parsed: (file?.stats.lines ?? 0) - (file?.stats.unread ?? 0),
    timings: result.timings,
    ms: performance.now() - start,
    peakMB: process.resourceUsage().maxRSS / 1024,
  }),
)
