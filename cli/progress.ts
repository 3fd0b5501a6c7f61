// A progress line on a terminal, for work of more than a second.
import { printForeign } from '../core/text/foreign.ts'
import type { Io } from './io.ts'

const DELAY = 1000
const EVERY = 100
/** Phases whose progress is counted in bytes. */
const READS_BYTES: ReadonlySet<string> = new Set(['scan', 'span'])

export function progress(io: Io) {
  const began = Date.now()
  let shown = 0
  const isTerminal = io.stderr.isTTY === true
  return {
    show(phase: string, done: number, total: number): void {
      const now = Date.now()
      if (!isTerminal || now - began < DELAY || now - shown < EVERY) return
      shown = now
      const share = total > 0 ? ` ${Math.floor((100 * done) / total)} %` : ''
      const rate = READS_BYTES.has(phase) ? ` · ${(done / 1e6 / ((now - began) / 1000)).toFixed(0)} MB/s` : ''
      io.stderr.write(`\r\u001b[K${printForeign(phase, 'terminal')}${share}${rate}`)
    },
    clear(): void {
      if (shown > 0) io.stderr.write('\r\u001b[K')
    },
  }
}
