// Development: runs parser scripts over their inputs.
// Scripts: JSONL of {"id", "source", "query"}; inputs: NDJSON of {"parser", "input", "expected"?}.
// npx tsx tools/check-parsers.ts SCRIPTS.jsonl INPUTS.ndjson... [--show]
import { readFileSync } from 'node:fs'
import { parserFormat } from '../core/workbench/parser-format.ts'

interface Script {
  readonly id: string
  readonly source: string
  readonly query: string
}
interface Input {
  readonly parser: string
  readonly input: string
  readonly expected?: Readonly<Record<string, string>>
}
const files = process.argv.slice(2).filter((a) => !a.startsWith('--'))
const show = process.argv.includes('--show')
const [scriptsFile, ...inputFiles] = files
if (!scriptsFile || inputFiles.length === 0) throw new Error('usage: check-parsers.ts SCRIPTS.jsonl INPUTS.ndjson...')
const read = <T>(file: string): T[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((l) => JSON.parse(l) as T)
const scripts = read<Script>(scriptsFile)
const scriptOf = (parser: string): Script | undefined =>
  scripts.find((s) => new RegExp(`(?:^|/)${parser.replace(/[^\w-]/g, '.')}\\.ya?ml\\b`).test(s.source)) ??
  scripts.find((s) => s.id.startsWith(`cql-${parser}-`))
const inputs = inputFiles.flatMap((f) => read<Input>(f))
const total = { right: 0, wrong: 0, absent: 0 }
for (const parser of [...new Set(inputs.map((i) => i.parser))].sort()) {
  const own = inputs.filter((i) => i.parser === parser)
  const script = scriptOf(parser)
  if (!script) {
    console.log(`${parser}\tno script (${own.length} inputs)`)
    continue
  }
  const made = parserFormat({ source: { name: script.id, text: script.query } })
  if (!made.ok) {
    console.log(`${parser}\trefused: ${made.diagnostics.map((d) => `${d.code} ${d.message}`).join('; ')}`)
    continue
  }
  const reader = made.value.reader({ zone: 'UTC', year: 2025 }, [])
  const n = { inputs: own.length, events: 0, untimed: 0, skipped: 0, bad: 0, fields: 0, right: 0, wrong: 0, absent: 0 }
  for (const { input, expected } of own) {
    const event = reader.read(input)
    if ('skip' in event) n.skipped++
    else if ('bad' in event) n.bad++
    const fields = 'fields' in event ? event.fields : new Map<string, string>()
    if ('fields' in event) {
      n.events++
      n.fields += fields.size
      if (event.time === undefined || fields.has('@error')) n.untimed++
      if (show && !expected) console.log(JSON.stringify({ time: String(event.time), ...Object.fromEntries(fields) }))
    }
    for (const [name, value] of Object.entries(expected ?? {})) {
      const got = name === '@timestamp' && 'fields' in event ? String((event.time ?? 0n) / 1000n) : fields.get(name)
      if (got === value) n.right++
      else if (got === undefined) n.absent++
      else n.wrong++
      if (got !== value && show) console.log(`  ${name}: ${JSON.stringify(got)}, expected ${JSON.stringify(value)}`)
    }
  }
  for (const k of ['right', 'wrong', 'absent'] as const) total[k] += n[k]
  console.log(
    `${parser}\t${Object.entries(n)
      .map(([k, v]) => `${k} ${v}`)
      .join(', ')}`,
  )
}
const all = total.right + total.wrong + total.absent
if (all > 0)
  console.log(
    `asserted values: ${total.right} of ${all} right (${((100 * total.right) / all).toFixed(2)} %), ${total.wrong} wrong, ${total.absent} not given`,
  )
