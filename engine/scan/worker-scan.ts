// The thread of a scan worker.
import { parentPort } from 'node:worker_threads'
import type { ToScan } from './scan-protocol.ts'
import { ScanServer } from './scan-server.ts'

const port = parentPort
if (!port) throw new Error('internal: worker-scan is not a program')
const server = new ScanServer((message) => port.postMessage(message))
let last = Promise.resolve()
port.on('message', (message: ToScan) => {
  last = last.then(() => server.handle(message))
})
