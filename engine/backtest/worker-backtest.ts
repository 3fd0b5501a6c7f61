// A worker that plays schedules.
import { parentPort } from 'node:worker_threads'
import { type Backtest, backtest, type Job } from '../../core/detect/backtest/backtest.ts'
import { cut, marked } from '../../core/detect/backtest/cut.ts'
import type { Columns } from '../../core/detect/tune/candidates.ts'
import { openFixtures } from '../../core/detect/tune/fixtures.ts'
import { type Tune, tune } from '../../core/detect/tune/tune.ts'
import type { Source } from '../../core/text/source.ts'
import { compile, type CompileContext } from '../../core/workbench/compile.ts'
import { applyView } from '../../core/workbench/view.ts'
import { BEATS } from '../workers/shared-memory.ts'
import type { DetectionFolder } from '../../core/detect/folder/folder-types.ts'

export interface TuneTask {
  readonly job: Job
  readonly columns: Columns
  readonly source: Source
  readonly language: string
  readonly known: CompileContext
  readonly ingest: readonly string[]
  readonly view: string
  readonly formats: readonly string[]
  /** The detection, and its query's path in it; undefined: a query without a folder. */
  readonly folder: (Pick<DetectionFolder, 'detection' | 'files'> & { readonly file: string }) | undefined
}

export type ToBacktest =
  | { readonly kind: 'backtest'; readonly job: Job; readonly shared: SharedArrayBuffer }
  | { readonly kind: 'tune'; readonly task: TuneTask; readonly shared: SharedArrayBuffer }
export type FromBacktest =
  | { readonly kind: 'backtest'; readonly result: Backtest }
  | { readonly kind: 'tune'; readonly result: Tune }
  | { readonly kind: 'failed'; readonly reason: string }

parentPort?.on('message', (message: ToBacktest) => {
  const beats = new Int32Array(message.shared, 0, 2)
  parentPort?.postMessage(answered(message, () => void Atomics.add(beats, BEATS, 1)))
})

function answered(message: ToBacktest, beat: () => void): FromBacktest {
  try {
    return message.kind === 'backtest'
      ? { kind: 'backtest', result: backtest(message.job, beat) }
      : { kind: 'tune', result: tuned(message.task, beat) }
  } catch (e) {
    return { kind: 'failed', reason: e instanceof Error ? (e.stack ?? e.message) : String(e) }
  }
}

function tuned(task: TuneTask, beat: () => void): Tune {
  const { source, language, known, ingest, folder } = task
  const cutOf = (text: string) => {
    const compiled = compile({ ...source, text }, language, { context: known })
    if (!compiled.plan) return undefined
    const plan = marked(compiled.plan, ingest)
    const view = applyView(plan, task.view, task.formats)
    return { compiled, cut: cut(view?.plan ?? plan, ingest, { viewed: view !== undefined, keep: true }) }
  }
  const own = cutOf(source.text)
  if (!own) throw new Error('internal: the query no longer compiles')
  const { detection } = folder ?? {}
  return tune(
    {
      job: task.job,
      columns: task.columns,
      text: source.text,
      compiled: own.compiled,
      cut: own.cut,
      recompile: (text) => cutOf(text)?.cut,
      fixtures:
        folder && detection ? openFixtures(folder.files, folder.file, detection) : { all: [], effects: () => [] },
      taken: new Set(detection?.tuning.map((t) => t.id) ?? []),
    },
    beat,
  )
}
