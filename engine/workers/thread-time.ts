// Processor time of this thread: on a busy machine, other programs do not count.
import { openSync, readSync } from 'node:fs'

/** Milliseconds. Its differences count. Where the system does not tell, other programs do count. */
export function threadClock(): () => number {
  const own = (process as { threadCpuUsage?: () => { user: number; system: number } }).threadCpuUsage
  // Node 24 has it.
  if (own)
    return () => {
      const { user, system } = own()
      return (user + system) / 1000
    }
  return ofLinux() ?? (() => performance.now())
}

/** `schedstat`: the first number is nanoseconds on a processor (Documentation/scheduler/sched-stats.rst of the kernel). */
function ofLinux(): (() => number) | undefined {
  try {
    const fd = openSync('/proc/thread-self/schedstat', 'r')
    const bytes = Buffer.alloc(64)
    const read = (): number => parseInt(bytes.toString('latin1', 0, readSync(fd, bytes, 0, bytes.length, 0)), 10) / 1e6
    return read() > 0 ? read : undefined
  } catch {
    return undefined
  }
}
