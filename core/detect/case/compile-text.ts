// Compiling the queries of cases: each for itself, or one text once for many cases.
import type { Plan } from '../../plan/plan.ts'
import type { Source } from '../../text/source.ts'
import { type Compiled, type CompileOptions, compile, optimised } from '../../workbench/compile.ts'

export interface CompiledText {
  readonly compiled: Compiled
  /** Ready for executors. */
  readonly plan: Plan | undefined
}

export type CompileText = (source: Source, language: string, options: CompileOptions) => CompiledText

export const compileAndOptimise: CompileText = (source, language, options) => {
  const compiled = compile(source, language, options)
  return { compiled, plan: compiled.plan && optimised(compiled.plan) }
}

/**
 * Compiles a text once for all cases that make the same known of it. The interval differs from case to case, and only few queries
 * read it (`bucket()` without a span): for the others it is no difference.
 */
export function compileOnce(): CompileText {
  const known = new Map<string, CompiledText>()
  const readsInterval = new Set<string>()
  return (source, language, options) => {
    const { interval, ...rest } = options.known ?? {}
    const common = JSON.stringify([source.name, source.text, language, options.strict, rest])
    const exact = `${interval?.start} ${interval?.end} ${common}`
    const before = known.get(readsInterval.has(common) ? exact : common)
    if (before) return before
    let read = false
    const watched = {
      ...rest,
      get interval() {
        read = true
        return interval as NonNullable<typeof interval>
      },
    }
    const made = compileAndOptimise(source, language, interval ? { ...options, known: watched } : options)
    if (read) readsInterval.add(common)
    known.set(read ? exact : common, made)
    return made
  }
}
