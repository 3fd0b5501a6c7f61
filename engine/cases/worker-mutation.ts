// The worker that judges mutants: by the evaluator, and those that survive by DuckDB too.
import { parentPort } from 'node:worker_threads'
import { judge } from '../../core/detect/case/judge.ts'
import type { Mutant } from '../../core/detect/mutation/mutants.ts'
import { openTrials, type Trials } from '../../core/detect/mutation/trials.ts'
import { type Executor, openDuckdb } from './case-executors.ts'
import type { JudgedMutant, ProveTask } from './mutation-protocol.ts'

const port = parentPort
if (!port) throw new Error('internal: worker-mutation is not a program')

port.on('message', async ({ files, queries, first, step }: ProveTask) => {
  const duckdb = await openDuckdb()
  for (const file of queries) {
    const trials = openTrials(files, file)
    for (let index = first; index < trials.mutants.length; index += step) {
      const mutant = trials.mutants[index] as Mutant
      const outcome = trials.fate(mutant)
      const confirmed = outcome !== 'survived' || !(await isNoticed(trials, mutant, duckdb))
      const outOfReach = outcome === 'survived' ? trials.outOfReach(mutant) : undefined
      const verdict = { outcome, confirmed, ...(outOfReach !== undefined && { outOfReach }) }
      port.postMessage({ file, index, verdict } satisfies JudgedMutant)
    }
  }
  duckdb.close()
  port.postMessage(null)
})

async function isNoticed(trials: Trials, mutant: Mutant, executor: Executor): Promise<boolean> {
  for (const q of trials.queries(mutant))
    if (q.plan && judge(q, await executor.run(q.plan, q.rows, q.env)).length > 0) return true
  return false
}
