// Counts the Sigma rules of a collection that are read and lowered: `npx tsx tools/corpus-sigma.ts RULES.jsonl`, one `{path, rule}` a line.
import { readFileSync } from 'node:fs'
import { compile, optimised } from '../core/workbench/compile.ts'
import { verify } from '../core/passes/0-verify.ts'

const [file] = process.argv.slice(2)
if (!file) {
  console.error('usage: corpus-sigma.ts RULES.jsonl')
  process.exit(2)
}
const reasons = new Map<string, { count: number; example: string }>()
let [all, runs, everywhere, broken] = [0, 0, 0, 0]
const started = performance.now()
for (const line of readFileSync(file, 'utf8').split('\n')) {
  if (line.trim() === '') continue
  const { path, rule } = JSON.parse(line) as { path: string; rule: string }
  all++
  try {
    const compiled = compile({ name: path, text: rule }, 'sigma')
    const loose = compile({ name: path, text: rule }, 'sigma', {
      context: { semantics: { 'unknown-logsource': 'every-event' } },
    })
    if (compiled.plan) runs++
    if (loose.plan) {
      everywhere++
      const problems = [...verify(loose.plan), ...verify(optimised(loose.plan))]
      if (problems.length > 0) throw new Error(problems[0])
    }
    for (const d of new Map(compiled.diagnostics.map((d) => [d.code, d])).values()) {
      const key = `${d.code} ${d.severity} ${d.slug}`
      const known = reasons.get(key)
      reasons.set(key, { count: (known?.count ?? 0) + 1, example: known?.example ?? `${path}: ${d.message}` })
    }
  } catch (e) {
    broken++
    console.log(`${path}: ${e instanceof Error ? e.stack : String(e)}`)
  }
}
const share = (n: number): string => `${n} (${((100 * n) / all).toFixed(1)} %)`
console.log(`${all} rules in ${Math.round(performance.now() - started)} ms`)
console.log(`run: ${share(runs)}; with unknown-logsource=every-event: ${share(everywhere)}; broken: ${broken}`)
for (const [key, { count, example }] of [...reasons].sort((a, b) => b[1].count - a[1].count))
  console.log(`${String(count).padStart(6)}  ${key}\n        ${example}`)
