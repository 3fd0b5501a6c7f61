// A signal aborts the work. Work that does not end in time is abandoned.

/** Milliseconds that aborted work has to end. */
const GRACE = 800

/** `signalled`: the exit status for the signal that arrived (128 + its number), if any. */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
): Promise<{ done: T; signalled: number | undefined }> {
  const abort = new AbortController()
  let signalled: number | undefined
  const stop = (status: number) => (): void => {
    signalled ??= status
    abort.abort()
    setTimeout(() => process.exit(status), GRACE).unref()
  }
  const handlers = [
    ['SIGINT', stop(130)],
    ['SIGTERM', stop(143)],
  ] as const
  for (const [name, handler] of handlers) process.on(name, handler)
  try {
    const done = await work(abort.signal)
    return { done, signalled }
  } finally {
    for (const [name, handler] of handlers) process.off(name, handler)
  }
}
