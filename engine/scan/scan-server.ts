// The work of a scan worker: it scans parts of files, then evaluates. Both in one, so that a run needs no second thread for its result.
import { evaluateTuples, type Hooks } from '../../core/eval/evaluate.ts'
import type { Tuple } from '../../core/eval/sink.ts'
import type { SourceNode } from '../../core/plan/plan.ts'
import { planSources, sourceKey } from '../../core/plan/sources.ts'
import { BEATS } from '../workers/shared-memory.ts'
import { Scanner } from './scanner.ts'
import type { Evaluated, EvaluateJob, FromScan, StepCount, ToScan } from './scan-protocol.ts'

/** V8's limits in words. Any other error is our bug, so its stack is shown. */
function reasonOf(e: unknown): string {
  if (!(e instanceof Error)) return String(e)
  if (e instanceof RangeError && e.message === 'Invalid string length') return 'a text grew beyond 512 MB'
  if (e instanceof RangeError && e.message.startsWith('Maximum call stack')) return 'an expression is nested too deeply'
  if (e instanceof SyntaxError && e.message.endsWith('too large')) return 'a regular expression is too large'
  return e.stack ?? e.message
}

export class ScanServer {
  readonly #post: (message: FromScan) => void
  #scanner: Scanner | undefined

  constructor(post: (message: FromScan) => void) {
    this.#post = post
  }

  /** Errors are answers, too. */
  async handle(message: ToScan): Promise<void> {
    try {
      await this.#answer(message)
    } catch (e) {
      this.#post({ kind: 'failed', reason: reasonOf(e) })
    }
  }

  async #answer(message: ToScan): Promise<void> {
    switch (message.kind) {
      case 'job':
        this.#scanner = new Scanner(
          message.job,
          message.name,
          (id, rows) => this.#post({ kind: 'rows', id, rows }),
          (id, found) => this.#post({ kind: 'found', id, found }),
        )
        return
      case 'task': {
        if (!this.#scanner) throw new Error('internal: a task before its job')
        this.#post({ kind: 'done', id: message.task.id, ...(await this.#scanner.run(message.task)) })
        return
      }
      case 'evaluate':
        this.#post({ kind: 'evaluated', result: evaluatePlan(message.job, new Int32Array(message.shared, 0, 2)) })
    }
  }
}

function evaluatePlan(job: EvaluateJob, beats: Int32Array): Evaluated {
  const tables = new Map(planSources(job.plan).map((s, i) => [sourceKey(s), job.rows[i] ?? []]))
  const rowsOf = new Map<SourceNode, readonly Tuple[]>()
  const alive = (): void => {
    beats[BEATS] = ((beats[BEATS] as number) + 1) | 0
  }
  function* table(source: SourceNode): Iterable<Tuple> {
    const rows = rowsOf.get(source) ?? tables.get(sourceKey(source))
    if (!rows) throw new Error(`internal: no rows for source ${source.name}`)
    rowsOf.set(source, rows)
    for (const row of rows) {
      alive()
      yield row
    }
  }
  const steps: StepCount[] = []
  const stage = (path: string, _: unknown, rowsIn: number, rowsOut: number): void =>
    void steps.push({ path, rowsIn, rowsOut })
  const hooks: Hooks = job.steps ? { alive, stage } : { alive }
  const { rows, columns, rest, tallies } = evaluateTuples(job.plan, table, job.env, hooks)
  return { rows, columns, rest, tallies, steps }
}
