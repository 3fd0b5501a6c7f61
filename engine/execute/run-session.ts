// The workers and the private folder of one run. Both go when it ends.
import { noTempFolder } from '../../core/diag/catalogue/run.ts'
import { reasonOf } from '../files/reason.ts'
import { makeTemp, removeTemp, tempRoot } from '../files/temp.ts'
import { NO_ENV } from '../../core/plan/build.ts'
import type { Recognised } from '../inputs/input.ts'
import type { TableRun } from './run-tables.ts'
import { isTable } from './table-input.ts'
import { isEvaluatedHere } from '../scan/here-channel.ts'
import { type ScanWorker, scan, type ScanOptions, workerHere } from '../scan/scan.ts'
import type { ScanResult } from '../scan/scan-result.ts'
import type { EvaluateJob, Evaluated, ScanJob } from '../scan/scan-protocol.ts'
import { runError, type Supervision } from '../workers/supervised-worker.ts'

export class RunSession {
  readonly supervision: Supervision
  #spool: string | undefined
  readonly #workers: ScanWorker[] = []

  constructor({ signal, patience = 30 }: { readonly signal?: AbortSignal | undefined; readonly patience?: number }) {
    this.supervision = { signal, patience }
  }

  /** Folder for rows that do not fit into memory. Throws RunError. */
  get spool(): string {
    try {
      this.#spool ??= makeTemp()
      return this.#spool
    } catch (e) {
      throw runError(noTempFolder, { folder: tempRoot(), reason: reasonOf(e) })
    }
  }

  /** Throws RunError. */
  async scan(
    job: Omit<ScanJob, 'shared' | 'spool'>,
    options: Omit<ScanOptions, keyof Supervision>,
  ): Promise<ScanResult> {
    const files = await Promise.all(job.files.map((f, i) => this.#withRows(f, i)))
    return scan({ ...job, files, spool: this.spool }, this.#workers, { ...this.supervision, ...options })
  }

  /** A scan that reads whole events reads all rows of a table. */
  async #withRows(file: Recognised, place: number): Promise<Recognised> {
    if (!isTable(file) || file.isPulled) return file
    const run: TableRun = {
      inputs: [file],
      env: NO_ENV,
      bounds: null,
      memoryLimit: '1GB',
      supervision: this.supervision,
    }
    const reasons = ['every event is read']
    const { pull } = await import('./run-tables.ts')
    return (await pull(file, place, undefined, { folder: this.spool, reasons, run })).file
  }

  /** Evaluates where a query without end can be stopped. Throws RunError. */
  async evaluate(job: EvaluateJob): Promise<Evaluated> {
    const worker = (isEvaluatedHere(job) ? this.#workers[0] : this.#workers.at(-1)) ?? this.#newWorker()
    let result: Evaluated | undefined
    await worker.request(
      { kind: 'evaluate', job, shared: worker.shared },
      {
        phase: 'computing the result',
        on: (m) => {
          if (m.kind !== 'evaluated') return false
          result = m.result
          return true
        },
      },
      this.supervision,
    )
    return result as unknown as Evaluated
  }

  #newWorker(): ScanWorker {
    const worker = workerHere()
    this.#workers.push(worker)
    return worker
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((w) => w.end()))
    if (this.#spool !== undefined) removeTemp(this.#spool)
  }
}
