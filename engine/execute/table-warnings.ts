import type { Diagnostic } from '../../core/diag/diagnostic.ts'
import type { SourceNode } from '../../core/plan/plan.ts'
import type { Recognised } from '../inputs/input.ts'
import { isTable } from './table-input.ts'

/** Warnings where the sources read something that events of logs have, and a table among the files lacks. */
export async function tableWarnings(
  files: readonly Recognised[],
  sources: readonly SourceNode[],
): Promise<readonly Diagnostic[]> {
  const tables = files.filter(isTable)
  if (tables.length === 0) return []
  const { warnLacking } = await import('./table-plan.ts')
  return tables.flatMap((t) => warnLacking(t, sources))
}
