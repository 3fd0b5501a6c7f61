// Aggregates and their groups: where messages become a table.
import * as codes from '../../../diag/catalogue/sumo-lower.ts'
import { countOf, absent, col, lit, test } from '../../../plan/build.ts'
import type { AggCall, Expr, Ty } from '../../../plan/plan.ts'
import { toStr } from '../../shared/convert.ts'
import type { Agg, AggregateStage } from '../2-parse/ast.ts'
import type { AggregateColumn, Registry } from './builtin.ts'
import type { Field, Flow } from './flow.ts'
import { groupKey } from './keys.ts'

const ROWS = '$:rows'

export function lowerAggregate(registry: Registry, f: Flow, s: AggregateStage): void {
  for (const a of s.aggs) {
    const table = registry.aggregate(a.name)?.table
    if (table) {
      table(f, s, a)
      return
    }
  }
  const keys = s.by.map((n) => groupKey(f, n))
  const columns = s.aggs.flatMap((a) => columnsOf(registry, f, a))
  const duplicate = [...keys.map((k) => k.id), ...columns.map((m) => m.id)].find(
    (id, i, all) => all.findIndex((o) => o.toLowerCase() === id.toLowerCase()) !== i,
  )
  if (duplicate !== undefined) f.lowering.report(codes.sumoDuplicate, s.span, { name: duplicate })
  const calls = columns.flatMap((m) => m.calls)
  const empty = s.by.length === 0 && f.lowering.choice('empty-input') === 'no-row'
  const aggs = empty ? [...calls, countOf(ROWS)] : calls
  const nullKeys = s.by.length > 0 ? (f.lowering.choice('null-group-keys') as 'drop' | 'keep') : 'keep'
  f.push({ kind: 'aggregate', keys, nullKeys, aggs, limit: null })
  const fields: Field[] = keys.map((k) => ({ id: k.id, ty: k.expr.ty }))
  f.table(fields)
  f.groups = new Set(keys.map((k) => k.id))
  if (empty) f.filter(test('int.gt', [col(ROWS, 'int'), lit(0n, 'int')]))
  const computed = columns.flatMap((m) => (m.after ? [{ id: m.id, expr: m.after }] : []))
  if (computed.length > 0) f.push({ kind: 'set', columns: computed })
  for (const m of columns) {
    const ty = m.after?.ty ?? (m.calls[0] as AggCall).ty
    f.fields.set(m.id.toLowerCase(), { id: m.id, ty, ...(m.double ? { double: true as const } : {}) })
  }
}

function columnsOf(registry: Registry, f: Flow, a: Agg): readonly AggregateColumn[] {
  const found = registry.aggregate(a.name)
  const id = a.as?.name ?? found?.defaultName ?? `_${a.name}`
  if (!found || (!a.field && !found.optional)) {
    f.lowering.report(codes.sumoArguments, a.span, { name: a.name, takes: 'a field', given: 0 })
    return [{ id, calls: [countOf(id)] }]
  }
  const named = a.field?.name === '*' && found.optional ? undefined : a.field
  const argument = named && f.read(named)
  return found.columns({ flow: f, ast: a, id, expr: argument?.expr ?? absent('str'), field: argument?.field })
}

/** The value of a group that has only one. Of several it takes the greatest number or the least text. */
export function pick(id: string, of: Expr, where: AggCall['where']): AggCall {
  const prim =
    of.ty === 'int' ? 'agg.maxInt' : of.ty === 'num' ? 'agg.maxNum' : of.ty === 'dec' ? 'agg.maxDec' : 'agg.any'
  const ty: Ty = of.ty === 'int' || of.ty === 'num' || of.ty === 'dec' ? of.ty : 'str'
  return { id, prim, args: [ty === 'dec' || ty === 'str' ? toStr(of) : of], consts: {}, where, ty }
}
