// Starting workers from the bundle and, while developing, from the sources.
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'

export type WorkerName = 'worker-backtest' | 'worker-cases' | 'worker-mutation' | 'worker-scan'

/** The rooms of the sources. In the bundle all workers are beside the command. */
const ROOMS: Readonly<Record<WorkerName, string>> = {
  'worker-backtest': 'backtest',
  'worker-cases': 'cases',
  'worker-mutation': 'cases',
  'worker-scan': 'scan',
}

const prepared = new Map<WorkerName, Worker[]>()

/** Starts workers before they are needed: they load while the query is compiled. Unused ones do not keep the process alive. */
export function prepareWorkers(name: WorkerName, count: number): void {
  const waiting = prepared.get(name) ?? []
  prepared.set(name, waiting)
  while (waiting.length < count) {
    const worker = start(name)
    worker.unref()
    waiting.push(worker)
  }
}

export function startWorker(name: WorkerName): Worker {
  const worker = prepared.get(name)?.shift()
  if (!worker) return start(name)
  worker.ref()
  return worker
}

function start(name: WorkerName): Worker {
  // Records are short-lived: with a larger young generation, fewer are copied.
  const options = { stdout: false, stderr: false, resourceLimits: { maxYoungGenerationSizeMb: 96 } }
  // Tests run from the sources, and share a bundle: a worker that compiles its sources takes a second to start.
  const dist = import.meta.url.endsWith('.ts') ? process.env['ASSAY_TEST_BUILD'] : import.meta.dirname
  if (dist !== undefined) return new Worker(join(dist, `${name}.js`), options)
  // Node 20 does not pass a TypeScript loader on to workers.
  const tsx = import.meta.resolve('tsx/esm/api')
  const url = new URL(`../${ROOMS[name]}/${name}.ts`, import.meta.url).href
  const code = `import { register } from ${JSON.stringify(tsx)}; register(); await import(${JSON.stringify(url)})`
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), options)
}
