// The worker that runs cases: ended as a whole when one of them has no answer in time.
import { parentPort } from 'node:worker_threads'
import { parseCaseFile } from '../../core/detect/case/case-file.ts'
import { openDuckdb } from './case-executors.ts'
import type { CasesTask, FromCases, ToCases } from './cases-protocol.ts'
import { testCases } from './test-cases.ts'

const port = parentPort
if (!port) throw new Error('internal: worker-cases is not a program')
const post = (message: FromCases): void => port.postMessage(message)
const duckdb = openDuckdb()

port.on('message', (message: ToCases) => {
  if (message.kind === 'open') void duckdb.then(() => post({ kind: 'ready' }))
  else void testAll(message)
})

async function testAll({ page, options, from }: CasesTask): Promise<void> {
  try {
    const onCase = ({ title, line }: { title: string; line: number }) => post({ kind: 'case', case: { title, line } })
    const executors = [await duckdb]
    for await (const tested of testCases(parseCaseFile(page), { ...options, executors }, { from, onCase }))
      post({ kind: 'tested', tested })
    post({ kind: 'done' })
  } catch (e) {
    post({ kind: 'failed', reason: e instanceof Error ? (e.stack ?? e.message) : String(e) })
  }
}
