// Development: lints the queries of collections in one process and counts the diagnostics by code. `--show CODE` prints their places,
// `--sample N` draws warnings at random (the same with the same `--seed`).
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { lint } from '../core/workbench/lint.ts'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { show: { type: 'string' }, sample: { type: 'string' }, seed: { type: 'string', default: '1' } },
})
if (positionals.length === 0)
  throw new Error('usage: tsx tools/lint-rates.ts cql=FILE.jsonl sumo=FILE.jsonl sigma=FILE.jsonl')

interface Found {
  readonly id: string
  readonly code: string
  readonly line: string
}
const found: Found[] = []
for (const argument of positionals) {
  const [language = '', path = ''] = argument.split('=')
  const rows = readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { id?: string; path?: string; query?: string; rule?: string })
    .map((r) => ({ name: r.id ?? r.path ?? '', text: r.query ?? r.rule ?? '' }))
  const started = performance.now()
  const counts = new Map<string, { rows: number; all: number }>()
  for (const source of rows) {
    const codes = new Set<string>()
    for (const d of lint(source, language).diagnostics) {
      const key = `${d.severity.padEnd(7)} ${d.code} ${d.slug}`
      const count = counts.get(key) ?? { rows: 0, all: 0 }
      counts.set(key, { rows: count.rows + (codes.has(key) ? 0 : 1), all: count.all + 1 })
      codes.add(key)
      const { start, end } = d.at.kind === 'text' ? d.at.span : { start: 0, end: 0 }
      const around = `${source.text.slice(Math.max(0, start - 40), start)}⟦${source.text.slice(start, end)}⟧${source.text.slice(end, end + 50)}`
      found.push({
        id: source.name,
        code: d.code,
        line: `${d.severity} ${d.code} ${source.name}: ${d.message}\n      ${around.replace(/\s+/g, ' ')}`,
      })
    }
  }
  const ms = Math.round(performance.now() - started)
  console.log(`${language}: ${rows.length} texts in ${ms} ms`)
  for (const [key, { rows: n, all }] of [...counts].sort((a, b) => b[1].rows - a[1].rows))
    console.log(`  ${String(n).padStart(6)} ${((100 * n) / rows.length).toFixed(2).padStart(6)} %  ${key} (${all})`)
}
const shown = values.show ? found.filter((f) => f.code === values.show) : []
for (const f of shown) console.log(f.line)
if (values.sample) {
  let state = Number(values.seed)
  const random = (): number => {
    state = (state * 1103515245 + 12345) % 2147483648
    return state / 2147483648
  }
  const pool = found.filter((f) => f.line.startsWith('warning') && (!values.show || f.code === values.show))
  for (let i = 0; i < Number(values.sample) && pool.length > 0; i++)
    console.log(`${i + 1}. ${pool.splice(Math.floor(random() * pool.length), 1)[0]?.line}`)
}
