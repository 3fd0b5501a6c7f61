// The search in bytes for a prefilter of text: its patterns for the kernel, and the expressions for lines that have one of them.
import type { LineExpressions } from '../prefilter/prefilter.ts'
import { bytePatterns } from './byte-patterns.ts'
import { mostPatterns, TextKernel, type TextSettings } from './text-kernel.ts'

export interface TextScan {
  readonly kernel: TextKernel
  readonly settings: TextSettings
  /** False: the line, with its bytes as Latin-1, certainly does not match. */
  mayMatch(line: string): boolean
}

/** One for a thread: it reads one file at a time. Null: there is none on this machine. */
let kernel: TextKernel | null | undefined

const scans = new WeakMap<LineExpressions, TextScan | null>()

/** Undefined: the kernel cannot tell lines that cannot match. `sample`: lines of the file. */
export function textScan(expressions: LineExpressions, sample: readonly string[]): TextScan | undefined {
  const before = scans.get(expressions)
  if (before !== undefined) return before ?? undefined
  const made = make(expressions, sample)
  scans.set(expressions, made ?? null)
  return made
}

function make({ patterns: sources, marks }: LineExpressions, sample: readonly string[]): TextScan | undefined {
  if (kernel === undefined) kernel = TextKernel.make() ?? null
  if (!kernel) return undefined
  for (const source of sources) {
    const patterns = bytePatterns(source, sample, mostPatterns(marks))
    const settings = patterns && { patterns, marks }
    if (!settings || !TextKernel.canHold(settings)) continue
    const checks = sources.map((s) => new RegExp(s, 'm'))
    return { kernel, settings, mayMatch: (line) => checks.every((c) => c.test(line)) }
  }
  return undefined
}
