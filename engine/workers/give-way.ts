/** Milliseconds of work between two turns of the event loop. */
const STRETCH = 50

/**
 * Signals and messages are heard between two turns of the event loop only, so a loop over many texts gives way after each. It costs a turn in
 * fifty milliseconds.
 */
export function givingWay(): () => Promise<void> | undefined {
  let since = performance.now()
  return () => {
    if (performance.now() - since < STRETCH) return undefined
    return new Promise((done) => {
      setImmediate(() => {
        since = performance.now()
        done()
      })
    })
  }
}
