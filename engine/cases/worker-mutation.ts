// The worker that judges mutants: by the evaluator, and those that survive by DuckDB too.
import { parentPort } from 'node:worker_threads'
import { judge } from '../../core/detect/case/judge.ts'
import type { Mutant } from '../../core/detect/mutation/mutants.ts'
import { openTrials, type Trials } from '../../core/detect/mutation/trials.ts'
import { BEATS } from '../workers/shared-memory.ts'
import { type Executor, openDuckdb } from './case-executors.ts'
import type { FromMutation, ProveTask, ToMutation, Verdict } from './mutation-protocol.ts'

const port = parentPort
if (!port) throw new Error('internal: worker-mutation is not a program')
const post = (message: FromMutation): void => port.postMessage(message)
const opened = openDuckdb()

port.on('message', (message: ToMutation) => {
  if (message.kind === 'open') void opened.then(() => post({ kind: 'ready' }))
  else void prove(message)
})

async function prove(task: ProveTask): Promise<void> {
  const duckdb = await opened
  try {
    await judgeAll(task, duckdb)
    post({ kind: 'done' })
  } catch (e) {
    post({ kind: 'failed', reason: e instanceof Error ? (e.stack ?? e.message) : String(e) })
  } finally {
    duckdb.close()
  }
}

async function judgeAll({ files, queries, first, step, from, shared }: ProveTask, duckdb: Executor): Promise<void> {
  const beats = new Int32Array(shared, 0, 2)
  const beat = () => void Atomics.add(beats, BEATS, 1)
  for (const [i, file] of queries.entries()) {
    post({ kind: 'query', file })
    const trials = openTrials(files, file, beat)
    for (let index = i === 0 ? Math.max(first, from) : first; index < trials.mutants.length; index += step) {
      post({ kind: 'mutant', index })
      const verdict = await verdictOn(trials, trials.mutants[index] as Mutant, duckdb, beat)
      post({ kind: 'judged', file, index, verdict })
    }
  }
}

async function verdictOn(trials: Trials, mutant: Mutant, duckdb: Executor, beat: () => void): Promise<Verdict> {
  const outcome = trials.fate(mutant)
  const confirmed = outcome !== 'survived' || !(await isNoticed(trials, mutant, duckdb, beat))
  const outOfReach = outcome === 'survived' ? trials.outOfReach(mutant) : undefined
  return { outcome, confirmed, ...(outOfReach !== undefined && { outOfReach }) }
}

async function isNoticed(trials: Trials, mutant: Mutant, executor: Executor, beat: () => void): Promise<boolean> {
  for (const q of trials.queries(mutant)) {
    beat()
    if (q.plan && judge(q, await executor.run(q.plan, q.rows, q.env)).length > 0) return true
  }
  return false
}
