// A worker that tries mutants.
import { parentPort } from 'node:worker_threads'
import type { Files } from '../core/detect/folder.ts'
import { judgeMutants } from '../core/detect/mutation/trials.ts'

export interface ProveTask {
  readonly files: Files
  readonly file: string
  readonly first: number
  readonly step: number
}

parentPort?.on('message', ({ files, file, first, step }: ProveTask) => {
  judgeMutants(files, file, first, step, (index, fate) => parentPort?.postMessage({ index, fate }))
  parentPort?.postMessage({ index: -1, fate: null })
})
