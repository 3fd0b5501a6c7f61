// Ctrl-C ends the work, and what does not end by itself is left behind.

export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
): Promise<{ done: T; aborted: boolean }> {
  const abort = new AbortController()
  const stop = (): void => {
    abort.abort()
    setTimeout(() => process.exit(130), 800).unref()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  try {
    return { done: await work(abort.signal), aborted: abort.signal.aborted }
  } finally {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
}
