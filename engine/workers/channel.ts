// A worker as its supervisor sees it: messages both ways, and an end. TypeScript runs in threads, native code in processes: ending a thread
// inside native code ends the whole process with it, so the engine gets a process that can be ended at any moment.
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { startWorker, type WorkerName } from './start-worker.ts'

export interface Channel {
  /** Its work counts as time of this process. */
  readonly isThread: boolean
  post(message: unknown): void
  on(event: 'error', listener: (e: Error) => void): void
  on(event: 'exit', listener: () => void): void
  on(event: 'message', listener: (message: never) => void): void
  /** Resolves when it has ended, whatever it was doing. */
  end(): Promise<void>
  /** It works in this thread, which does nothing else meanwhile. */
  readonly isHere?: boolean
  /** An idle worker does not keep the process alive. */
  idle?(isIdle: boolean): void
}

export function threadChannel(name: WorkerName): Channel {
  const worker = startWorker(name)
  return {
    isThread: true,
    post: (message) => worker.postMessage(message),
    on: (event: string, listener: (...args: never[]) => void) => void worker.on(event, listener as () => void),
    end: async () => void (await worker.terminate()),
    idle: (isIdle) => (isIdle ? worker.unref() : worker.ref()),
  }
}

/** The programs of processes that can be ended at any moment, and the rooms of their sources. */
const ROOMS = { 'process-duckdb': 'engine/duckdb', 'process-tools': 'cli/mcp' } as const
export type ProcessName = keyof typeof ROOMS

const running = new Set<ChildProcess>()
let areEndedAtExit = false

export function processChannel(name: ProcessName): Channel {
  const child = startProcess(name)
  if (!areEndedAtExit) process.once('exit', endAll)
  areEndedAtExit = true
  running.add(child)
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  void exit.then(() => running.delete(child))
  return {
    isThread: false,
    post: (message) => void child.send(message as object, () => {}),
    on: (event: string, listener: (...args: never[]) => void) => void child.on(event, listener as () => void),
    idle: (isIdle) => {
      const change = isIdle ? 'unref' : 'ref'
      child[change]()
      child.channel?.[change]()
    },
    end: async () => {
      child.ref()
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await exit
    },
  }
}

function endAll(): void {
  for (const child of running) child.kill('SIGKILL')
}

function startProcess(name: ProcessName): ChildProcess {
  const isSource = import.meta.url.endsWith('.ts')
  const dist = isSource ? process.env['ASSAY_TEST_BUILD'] : import.meta.dirname
  const file =
    dist === undefined ? join(import.meta.dirname, '../..', ROOMS[name], `${name}.ts`) : join(dist, `${name}.js`)
  return fork(file, [], {
    execArgv: dist === undefined ? ['--import', import.meta.resolve('tsx')] : [],
    // The default turns messages into JSON, which has neither bigint nor absent values.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
}
