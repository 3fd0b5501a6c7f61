// Checks that rules match their events: `npx tsx tools/check-sigma-cases.ts CASES.ndjson`, one `{id, rule, input, expected}` a line.
// `input`: events in the JSON of EVTX tools.
import { readFileSync } from 'node:fs'
import { readEvents } from '../core/detect/case/read-events.ts'
import { binder } from '../core/eval/bind.ts'
import { evaluate } from '../core/eval/evaluate.ts'
import { compile, optimised } from '../core/workbench/compile.ts'

interface Regression {
  readonly id: string
  readonly rule: string
  readonly input: readonly unknown[]
  readonly expected: { readonly matches: boolean }
}

const [file] = process.argv.slice(2)
if (!file) {
  console.error('usage: check-sigma-cases.ts CASES.ndjson')
  process.exit(2)
}
const END = 4_102_444_800_000_000n
let [right, wrong] = [0, 0]
for (const line of readFileSync(file, 'utf8').split('\n')) {
  if (line.trim() === '') continue
  const { id, rule, input, expected } = JSON.parse(line) as Regression
  const compiled = compile({ name: `${id}.yml`, text: rule }, 'sigma')
  const read = readEvents(input.map((e) => JSON.stringify(e)).join('\n'), {
    file: id,
    format: undefined,
    context: { zone: 'UTC', year: 2026 },
    tags: {},
    from: 0n,
  })
  const found = compiled.plan
    ? evaluate(
        optimised(compiled.plan),
        (s) => read.events.map(({ event, meta }) => binder(s, read.format?.aliases ?? {}, read.tags).row(event, meta)),
        { now: END, start: 0n, end: END, zone: 'UTC' },
      ).rows.length
    : -1
  if (found > 0 === expected.matches && found >= 0) right++
  else {
    wrong++
    const why = compiled.diagnostics.map((d) => `${d.code} ${d.message}`).join('; ')
    console.log(
      `${id}: ${found} of ${JSON.stringify(expected)} (${read.format?.name}, ${read.events.length} read) ${why}`,
    )
  }
}
console.log(`${right} as expected, ${wrong} not`)
process.exit(wrong > 0 ? 1 : 0)
