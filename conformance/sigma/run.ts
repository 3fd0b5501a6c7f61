// For tests: runs a Sigma file on the evaluator over events that are records.
import { binder } from '../../core/eval/bind.ts'
import { evaluate } from '../../core/eval/evaluate.ts'
import { readEvents } from '../../core/detect/case/read-events.ts'
import type { Env, Row, SourceNode } from '../../core/plan/plan.ts'
import { type Compiled, compile, optimised } from '../../core/workbench/compile.ts'
import type { CompileContext } from '../../core/lang/shared/lowered.ts'
import { present } from '../../core/workbench/present.ts'
import { rowsOf } from '../cql/run.ts'

export type Given = Readonly<Record<string, string | number | readonly string[]>>
const DAY = 1_782_000_000_000_000n
export const ENV: Env = { now: DAY * 2n, start: 0n, end: DAY * 2n, zone: 'UTC' }

export function rowsFor(given: readonly Given[]): (source: SourceNode) => Row[] {
  const read = readEvents(given.map((g) => JSON.stringify(g)).join('\n'), {
    file: 'test',
    format: undefined,
    context: { zone: 'UTC', year: 2026 },
    tags: {},
    from: 0n,
  })
  return (s) => read.events.map(({ event, meta }) => binder(s, read.format?.aliases ?? {}, read.tags).row(event, meta))
}

export function run(
  text: string,
  given: readonly Given[],
  known: CompileContext = {},
): { compiled: Compiled; rows: unknown[] } {
  const compiled = compile({ name: 'test.yml', text }, 'sigma', { context: known })
  if (!compiled.plan) return { compiled, rows: [] }
  const plan = optimised(compiled.plan)
  const result = evaluate(plan, rowsFor(given), ENV)
  return { compiled, rows: rowsOf(present(result.columns, result.rows, compiled.presentation)) }
}
