// Mutants in workers with a budget of time. One that spends it is named and counts as killed; the next one gets a new worker.
import { availableParallelism } from 'node:os'
import type { Files } from '../../core/detect/folder/folder-types.ts'
import type { Mutant } from '../../core/detect/mutation/mutants.ts'
import { mutantsGivenUp, stuck } from '../../core/diag/catalogue/run.ts'
import { type Diagnostic, diagnostic, inLog } from '../../core/diag/diagnostic.ts'
import { threadChannel } from '../workers/channel.ts'
import { loaded, RunError, SupervisedWorker } from '../workers/supervised-worker.ts'
import type { FromMutation, JudgedMutant, ProveTask, ToMutation, Verdict } from './mutation-protocol.ts'

export interface Tried extends Verdict {
  readonly mutant: Mutant
}

export interface MutantsOf {
  readonly file: string
  readonly mutants: readonly Mutant[]
}

interface Options {
  /** Seconds for one mutant on one case. */
  readonly budget: number
  readonly onProgress?: (file: string, done: number, total: number) => void
}

/** Another worker pays off for so many mutants. */
const FEW = 20

/** Mutants of one query that may spend their budget before the query is given up. */
const MOST_SPENT = 3

const KILLED: Verdict = { outcome: 'killed', confirmed: true, isSpent: true }

/** Judges all mutants of all queries. Each worker opens the cases of a query once and judges every n-th mutant. */
export async function judgeMutants(
  files: Files,
  queries: readonly MutantsOf[],
  { budget, onProgress }: Options,
): Promise<ReadonlyMap<string, readonly Tried[] | Diagnostic>> {
  const results = new Map(queries.map(({ file }) => [file, new Results()]))
  const total = queries.reduce((n, q) => n + q.mutants.length, 0)
  const workers = Math.min(availableParallelism(), Math.ceil(total / FEW), 8)
  const record = ({ file, index, verdict }: JudgedMutant): void => {
    const result = results.get(file) as Results
    result.verdicts[index] = verdict
    onProgress?.(file, ++result.done, queries.find((q) => q.file === file)?.mutants.length ?? 0)
  }
  const task = (first: number): Task => ({ files, first, step: workers })
  const left = (): string[] => queries.map((q) => q.file).filter((file) => !results.get(file)?.givenUp)
  await Promise.all(
    Array.from({ length: workers }, (_, first) => judgeSome(task(first), { budget, results, record, left })),
  )
  return new Map(
    queries.map(({ file, mutants }) => {
      const { givenUp, verdicts } = results.get(file) as Results
      return [file, givenUp ?? mutants.map((mutant, i): Tried => ({ mutant, ...(verdicts[i] as Verdict) }))]
    }),
  )
}

type Task = Omit<ProveTask, 'from' | 'kind' | 'queries' | 'shared'>

/** Of one query. */
class Results {
  readonly verdicts: Verdict[] = []
  done = 0
  spent = 0
  givenUp: Diagnostic | undefined
}

interface Judging {
  readonly budget: number
  readonly results: ReadonlyMap<string, Results>
  readonly record: (judged: JudgedMutant) => void
  /** The queries that are not given up, in their order. */
  readonly left: () => string[]
}

/** The mutants of one worker and of those that follow it. */
async function judgeSome(task: Task, { budget, results, record, left }: Judging): Promise<void> {
  let queries = left()
  let from = 0
  while (queries.length > 0) {
    const at: { file: string; index: number | undefined } = { file: queries[0] as string, index: undefined }
    const worker = new SupervisedWorker<ToMutation, FromMutation>(threadChannel('worker-mutation'))
    const on = (m: FromMutation): boolean => {
      if (m.kind === 'query') Object.assign(at, { file: m.file, index: undefined })
      if (m.kind === 'mutant') at.index = m.index
      if (m.kind === 'judged') record(m)
      return m.kind === 'done'
    }
    try {
      await loaded(worker, { kind: 'open' })
      const message = { ...task, kind: 'prove' as const, queries, from, shared: worker.shared }
      await worker.request(message, { phase: 'judging mutants', on }, { signal: undefined, patience: budget })
      return
    } catch (e) {
      if (!(e instanceof RunError)) throw e
      const result = results.get(at.file) as Results
      if (e.diagnostic.code !== stuck.id || at.index === undefined)
        result.givenUp ??= { ...e.diagnostic, at: inLog(at.file) }
      else {
        record({ file: at.file, index: at.index, verdict: KILLED })
        from = at.index + task.step
        if (++result.spent >= MOST_SPENT) {
          const params = { file: at.file, spent: result.spent, seconds: budget }
          result.givenUp ??= diagnostic(mutantsGivenUp, inLog(at.file), params)
        }
      }
      queries = left().filter((file) => queries.indexOf(file) >= queries.indexOf(at.file))
      if (queries[0] !== at.file) from = 0
    } finally {
      await worker.end()
    }
  }
}
