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
  let phaseBegan = { phase: '', at: began, done: 0 }
  const isTerminal = io.stderr.isTTY === true
  return {
    show(phase: string, done: number, total: number): void {
      const now = Date.now()
      if (phase !== phaseBegan.phase) phaseBegan = { phase, at: now, done }
      if (!isTerminal || now - began < DELAY || now - shown < EVERY) return
      shown = now
      const share = total > 0 ? ` ${Math.floor((100 * done) / total)} %` : ''
      const rate = READS_BYTES.has(phase) ? rateText(done - phaseBegan.done, total - done, now - phaseBegan.at) : ''
      io.stderr.write(`\r\u001b[K${printForeign(phase, 'terminal')}${share}${rate}`)
    },
    clear(): void {
      if (shown > 0) io.stderr.write('\r\u001b[K')
    },
  }
}

/** Of a phase so far, in bytes and milliseconds. */
function rateText(done: number, left: number, ms: number): string {
  if (done <= 0 || ms <= 0) return ''
  const seconds = Math.ceil((left / done) * (ms / 1000))
  const time = seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  return ` · ${(done / 1e3 / ms).toFixed(0)} MB/s · ${time} left`
}
