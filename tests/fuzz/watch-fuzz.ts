// A thread of the process that fuzzes: it ends the process when one input has used too much processor time. Time on the clock would blame
// an input for a busy machine.
import { writeFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'

export interface Watched {
  /** The number of the input that is being tried, at index 0. */
  readonly inputs: Int32Array
  /** Seconds of processor time of all threads. */
  readonly limit: number
  /** The reason is written here. */
  readonly path: string
}

const { inputs, limit, path } = workerData as Watched
const seconds = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
let current = -1
let before = 0
const timer = setInterval(() => {
  const input = Atomics.load(inputs, 0)
  if (input !== current) {
    current = input
    before = seconds()
  } else if (seconds() - before > limit) {
    writeFileSync(path, `hang: ${limit} seconds of processor time`)
    process.kill(process.pid, 'SIGKILL')
  }
}, 1000)
parentPort?.on('message', () => {
  clearInterval(timer)
  parentPort?.close()
})
