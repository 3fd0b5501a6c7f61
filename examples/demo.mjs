// `npm start`: runs the two published T1071.002 queries over bundled telemetry, with and without views.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const assay = join(here, '../dist/assay.js')
const scratch = mkdtempSync(join(tmpdir(), 'assay-demo-'))
const reportFile = join(scratch, 'report.json')
const folder = 'examples/t1071.002'

const RUNS = [
  ['logscale.cql', 'enriched', 'auto', 'LogScale over events that carry every field the query names (no real feed does)'],
  ['logscale.cql', 'ngsiem', 'auto', 'LogScale over a Next-Gen SIEM export: what a tenant would give'],
  ['logscale.cql', 'raw', 'auto', 'LogScale over a raw Falcon feed: host, process and user are looked up'],
  ['sumo-logic.sumo', 'panos', 'vendor', 'Sumo over PAN-OS, as the tenant sees it'],
  ['sumo-logic.sumo', 'panos', 'network', 'Sumo over PAN-OS, --view network: one row per connection'],
  ['sumo-logic.sumo', 'asa', 'vendor', 'Sumo over Cisco ASA, as the tenant sees it'],
  ['sumo-logic.sumo', 'asa', 'network', 'Sumo over Cisco ASA, --view network'],
  ['sumo-logic.sumo', 'fortigate', 'vendor', 'Sumo over FortiGate, as the tenant sees it'],
  ['sumo-logic.sumo', 'fortigate', 'network', 'Sumo over FortiGate, --view network'],
  ['sumo-logic.sumo', 'zeek', 'network', 'Sumo over Zeek, --view network'],
  ['sumo-logic.sumo', 'suricata', 'network', 'Sumo over Suricata, --view network'],
]

const said = new Set()
let failed = false
for (const [query, telemetry, view, title] of RUNS) {
  const args = ['run', `${folder}/${query}`, `${folder}/${telemetry}`, '--view', view]
  console.log(`\n━━ ${title}\n$ assay ${args.join(' ')}\n`)
  const run = spawnSync(process.execPath, [assay, ...args, '--quiet', '--report', reportFile], { cwd: join(here, '..'), encoding: 'utf8' })
  process.stdout.write(run.stdout)
  process.stderr.write(run.stderr)
  failed ||= run.status !== 0
  const report = JSON.parse(readFileSync(reportFile, 'utf8'))
  console.log(`${report.rows.length} rows · view ${report.view} · would be refused by the vendor: ${report.would_be_refused}`)
  for (const d of report.diagnostics) {
    const line = `  ${d.severity}[${d.code}]: ${d.message}${d.line ? ` (line ${d.line})` : ''}`
    // Every run of a text repeats its diagnostics, so they are printed once.
    if (d.severity === 'info' || said.has(query + line)) continue
    if (/^(CQL|SUM)/.test(d.code)) said.add(query + line)
    console.log(`${line}\n    fix: ${d.remedy.length > 160 ? `${d.remedy.slice(0, 160)}…` : d.remedy}`)
  }
}
rmSync(scratch, { recursive: true, force: true })
process.exitCode = failed ? 1 : 0
