// Fields read out of a text: which rows a parse drops, and what it does to fields that are there already.
import { col, holds, iff, or, present, truth } from '../../../plan/build.ts'
import type { Expr, Pred } from '../../../plan/plan.ts'
import { toStr } from '../../shared/convert.ts'
import type { Name } from '../2-parse/ast.ts'
import type { Flow } from './flow.ts'

export interface Extracted {
  readonly columns: readonly { readonly name: string; readonly expr: Expr }[]
  readonly matched: Pred
  readonly nodrop: boolean
  /** Each column is searched for alone, not by one match. */
  readonly each?: true
}

/** Drops the rows that do not match. By choice a row stays that a nodrop parse directly before has matched. */
export function extract(f: Flow, found: Extracted): void {
  if (found.nodrop) {
    const chained = f.parseFollows && f.lowering.choice('nodrop-chain') === 'or'
    const flag = chained || overwrites(f, found) ? f.setHidden('matched', truth(found.matched)) : undefined
    f.set(keepOldValues(f, found, flag))
    if (chained && flag?.kind === 'col') f.matched.push(flag.id)
    return
  }
  const before = f.matched.map((id) => holds(col(id, 'bool')))
  f.matched = []
  f.filter(before.length > 0 ? or(...before, found.matched) : found.matched)
  const flag = before.length > 0 && overwrites(f, found) ? f.setHidden('matched', truth(found.matched)) : undefined
  f.set(flag ? keepOldValues(f, found, flag) : found.columns)
}

/** The field that already has the name: of an earlier stage, or of the messages. */
function fieldBefore(f: Flow, name: string): Expr | undefined {
  const field = f.fields.get(name.toLowerCase())
  if (field) return col(field.id, field.ty)
  if (!f.open || f.lowering.spellingOf(name) === undefined) return undefined
  const { expr } = f.read({ name, quoted: true, span: f.at })
  if (expr.kind === 'col') f.lowering.fallbacks.add(expr.id)
  return expr
}

const overwrites = (f: Flow, found: Extracted): boolean =>
  found.columns.some((c) => fieldBefore(f, c.name) !== undefined)

/** The columns to set. By choice a field keeps its old value where the parse finds none. */
export function keepOldValues(f: Flow, found: Extracted, flag: Expr | undefined): Extracted['columns'] {
  return found.columns.map((c) => {
    const old = fieldBefore(f, c.name)
    if (!old || f.lowering.choice('nodrop-keeps') !== 'keep') return c
    const has = found.each || !flag ? present(c.expr) : holds(flag)
    return { name: c.name, expr: iff(has, c.expr, toStr(old)) }
  })
}

export const inputOf = (f: Flow, field: Name | undefined): Expr => (field ? toStr(f.read(field).expr) : f.raw)
