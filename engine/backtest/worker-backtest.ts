// The worker that plays the runs of a schedule.
import { parentPort } from 'node:worker_threads'
import { backtest } from '../../core/detect/backtest/backtest.ts'
import { cut, marked } from '../../core/detect/backtest/cut.ts'
import { openFixtures } from '../../core/detect/tune/fixtures.ts'
import { type Tune, tune } from '../../core/detect/tune/tune.ts'
import { compile } from '../../core/workbench/compile.ts'
import { applyView } from '../../core/workbench/view.ts'
import type { FromBacktest, ToBacktest, TuneTask } from './backtest-protocol.ts'
import { BEATS } from '../workers/shared-memory.ts'

parentPort?.on('message', (message: ToBacktest) => {
  const beats = new Int32Array(message.shared, 0, 2)
  parentPort?.postMessage(answer(message, () => void Atomics.add(beats, BEATS, 1)))
})

function answer(message: ToBacktest, beat: () => void): FromBacktest {
  try {
    return message.kind === 'backtest'
      ? { kind: 'backtest', result: backtest(message.job, beat) }
      : { kind: 'tune', result: runTune(message.task, beat) }
  } catch (e) {
    return { kind: 'failed', reason: e instanceof Error ? (e.stack ?? e.message) : String(e) }
  }
}

function runTune(task: TuneTask, beat: () => void): Tune {
  const { source, language, context, ingest, folder } = task
  const cutOf = (text: string) => {
    const compiled = compile({ ...source, text }, language, { context })
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
