// Work of this thread that V8 ends after a time, wherever it is, also inside a regular expression. For work that is too small for a worker of
// its own: nothing that it has begun may matter when it is ended.
import { Script } from 'node:vm'

/** Seconds for work that takes a second or two: a machine may be busy. */
export const MOST_SECONDS = 120

/** A script reaches the work by a global name only. A context of its own would take longer to make than the rest of this file. */
const place = globalThis as { assayWithin?: () => unknown }
const script = new Script('assayWithin()')

/** Undefined: it was ended. */
export function within<T>(ms: number, call: () => T): T | undefined {
  place.assayWithin = call
  try {
    return script.runInThisContext({ timeout: ms }) as T
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined
    throw e
  }
}
