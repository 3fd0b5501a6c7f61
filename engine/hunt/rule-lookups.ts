// The lookup tables that the rules of a hunt read.
import type { Diagnostic } from '../../core/diag/diagnostic.ts'
import type { Tuple } from '../../core/eval/sink.ts'
import type { Env, Plan, SourceNode } from '../../core/plan/plan.ts'
import { isLookup, planSources, sourceKey } from '../../core/plan/sources.ts'
import { readLookup } from '../inputs/lookups.ts'

export interface RuleLookups {
  readonly sources: readonly SourceNode[]
  /** By source. */
  readonly tables: readonly (readonly Tuple[])[]
  /** By rule: why a table cannot be read. */
  readonly problems: ReadonlyMap<number, Diagnostic>
}

/** Each table once, however many rules read it. */
export function lookupsOf(
  rules: Iterable<readonly [rule: number, { readonly plan: Plan }]>,
  folders: Parameters<typeof readLookup>[1],
  env: Env,
): RuleLookups {
  const found = new Map<string, readonly [SourceNode, readonly Tuple[]]>()
  const problems = new Map<number, Diagnostic>()
  for (const [rule, { plan }] of rules)
    for (const source of planSources(plan).filter(isLookup)) {
      const key = sourceKey(source)
      if (found.has(key)) continue
      const table = readLookup(source, folders, env)
      const [problem] = table.ok ? [] : table.diagnostics
      if (table.ok) found.set(key, [source, table.value])
      else if (problem && !problems.has(rule)) problems.set(rule, problem)
    }
  const all = [...found.values()]
  return { sources: all.map(([s]) => s), tables: all.map(([, rows]) => rows), problems }
}
