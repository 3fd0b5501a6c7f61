// Compiles the queries of cases: each time, or each text once for many cases.
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
 * Compiles a text once for all cases with the same context. Every case has its own interval, and few queries depend on it, such as
 * `bucket()` without a span. So the interval is part of the key only for those.
 */
export function compileOnce(): CompileText {
  const results = new Map<string, CompiledText>()
  const readsInterval = new Set<string>()
  return (source, language, options) => {
    const { interval, ...rest } = options.context ?? {}
    const common = JSON.stringify([source.name, source.text, language, options.strict, rest])
    const exact = `${interval?.start} ${interval?.end} ${common}`
    const earlier = results.get(readsInterval.has(common) ? exact : common)
    if (earlier) return earlier
    const result = compileAndOptimise(source, language, options)
    if (result.compiled.readsInterval) readsInterval.add(common)
    results.set(result.compiled.readsInterval ? exact : common, result)
    return result
  }
}
