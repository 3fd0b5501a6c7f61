// Runs a test file as a suite, in a process that runs many.
import { describe } from 'node:test'
import { optimiseLater } from '../engine/workers/load-code.ts'

// The workers of this process take the bytecode of the bundle, which is that of the program's flags.
optimiseLater()

const loads: Promise<unknown>[] = []

/** The hooks of a file apply only to it. No test starts before all files are loaded, so loading cannot see effects of tests. */
export function suite(file: string, load: () => Promise<unknown>): void {
  describe(file, async () => {
    const own = load()
    loads.push(own)
    await own
    await Promise.allSettled(loads)
  })
}
