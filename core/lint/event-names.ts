// The event types that a query selects: equality tests on the field of the type, at the start of the pipeline.
import type { Expr, Pred, Relation, SourceNode } from '../plan/plan.ts'

/** Type names as written in the query, each once. Empty: the query selects none. */
export function eventNames(rel: Relation, typeFields: readonly string[]): string[] {
  const { from } = rel
  if (from.kind !== 'source') return []
  const names = new Set<string>()
  collect(from.where, from, typeFields, names)
  for (const stage of rel.stages) {
    if (stage.kind !== 'filter') break
    collect(stage.where, from, typeFields, names)
  }
  return [...names]
}

function collect(p: Pred, source: SourceNode, typeFields: readonly string[], names: Set<string>): void {
  if (p.kind === 'and' || p.kind === 'or') for (const q of p.of) collect(q, source, typeFields, names)
  if (p.kind !== 'test' || !p.args[0] || !isType(p.args[0], source, typeFields)) return
  const [, second] = p.args
  if (p.prim === 'str.eq' && second?.kind === 'lit' && typeof second.value === 'string') names.add(second.value)
  const { values } = p.consts
  if (p.prim === 'str.in' && Array.isArray(values)) for (const v of values) if (typeof v === 'string') names.add(v)
}

function isType(e: Expr, source: SourceNode, typeFields: readonly string[]): boolean {
  if (e.kind !== 'col') return false
  const column = source.columns.find((c) => c.id === e.id)
  return column?.from.kind === 'field' && typeFields.includes(column.from.name)
}
