// A test file as a suite of a process that runs many.
import { describe } from 'node:test'

const loads: Promise<unknown>[] = []

/** Hooks of the file hold for the file. No test begins before all files are loaded, so none sees what another one does. */
export function suite(file: string, load: () => Promise<unknown>): void {
  describe(file, async () => {
    const own = load()
    loads.push(own)
    await own
    await Promise.allSettled(loads)
  })
}
