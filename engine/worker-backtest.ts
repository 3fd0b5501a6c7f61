// A worker that plays schedules.
import { parentPort } from 'node:worker_threads'
import { type Backtest, backtest, type Job } from '../core/detect/backtest/backtest.ts'
import { BEATS } from './messages.ts'

export type ToBacktest = { readonly kind: 'backtest'; readonly job: Job; readonly shared: SharedArrayBuffer }
export type FromBacktest =
  | { readonly kind: 'backtest'; readonly result: Backtest }
  | { readonly kind: 'failed'; readonly reason: string }

parentPort?.on('message', ({ job, shared }: ToBacktest) => {
  const beats = new Int32Array(shared, 0, 2)
  const beat = (): void => void Atomics.add(beats, BEATS, 1)
  try {
    const answer: FromBacktest = { kind: 'backtest', result: backtest(job, beat) }
    parentPort?.postMessage(answer)
  } catch (e) {
    const failed: FromBacktest = { kind: 'failed', reason: e instanceof Error ? (e.stack ?? e.message) : String(e) }
    parentPort?.postMessage(failed)
  }
})
