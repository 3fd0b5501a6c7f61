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

/** A row that a nodrop parse directly before has matched survives a dropping one, if the choice says so. */
export function extract(f: Flow, found: Extracted): void {
  if (found.nodrop) {
    const chained = f.parseFollows && f.low.choice('nodrop-chain') === 'or'
    const flag = chained || keeps(f, found) ? f.setHidden('matched', truth(found.matched)) : undefined
    f.set(kept(f, found, flag))
    if (chained && flag?.kind === 'col') f.matched.push(flag.id)
    return
  }
  const before = f.matched.map((id) => holds(col(id, 'bool')))
  f.matched = []
  f.filter(before.length > 0 ? or(...before, found.matched) : found.matched)
  const flag = before.length > 0 && keeps(f, found) ? f.setHidden('matched', truth(found.matched)) : undefined
  f.set(flag ? kept(f, found, flag) : found.columns)
}

/** The field that a parse finds under a name that it gives: one of a stage before, or of the messages. */
function earlier(f: Flow, name: string): Expr | undefined {
  const known = f.fields.get(name.toLowerCase())
  if (known) return col(known.id, known.ty)
  if (!f.open || f.low.spelled(name) === undefined) return undefined
  const { expr } = f.read({ name, quoted: true, span: f.at })
  if (expr.kind === 'col') f.low.fallbacks.add(expr.id)
  return expr
}

const keeps = (f: Flow, found: Extracted): boolean => found.columns.some((c) => earlier(f, c.name) !== undefined)

/** What a parse does not find leaves a field as it was, if the choice says so. */
export function kept(f: Flow, found: Extracted, flag: Expr | undefined): Extracted['columns'] {
  return found.columns.map((c) => {
    const old = earlier(f, c.name)
    if (!old || f.low.choice('nodrop-keeps') !== 'keep') return c
    const has = found.each || !flag ? present(c.expr) : holds(flag)
    return { name: c.name, expr: iff(has, c.expr, toStr(old)) }
  })
}

export const inputOf = (f: Flow, field: Name | undefined): Expr => (field ? toStr(f.read(field).expr) : f.raw)
