// Keeps the rows for which a condition is true.
import type { Expr as Ast } from '../2-parse/ast.ts'
import { expression } from '../2-parse/parse-expr.ts'
import { operator, param, search, users } from '../3-lower/builtin-kit.ts'
import { lowerCond } from '../3-lower/expr.ts'
import type { Flow } from '../3-lower/flow.ts'
import { refuseKeywords, semiJoin } from '../3-lower/subquery.ts'

function lowerWhere(f: Flow, c: Ast): void {
  const parts = conjuncts(c)
  for (const p of parts) {
    const sub = subqueryOf(p)
    if (!sub) continue
    refuseKeywords(f, sub.sub)
    semiJoin(f, sub.sub, sub.negated)
  }
  for (const p of parts) if (!subqueryOf(p)) f.filter(lowerCond(f, p).yes)
}

/** An AND becomes several filters only if it contains a subquery. Otherwise one step of the text stays one stage. */
function conjuncts(c: Ast): readonly Ast[] {
  if (!hasSubquery(c)) return [c]
  if (c.kind === 'group') return conjuncts(c.of)
  return c.kind === 'binary' && c.op === 'and' ? [...conjuncts(c.left), ...conjuncts(c.right)] : [c]
}
function hasSubquery(c: Ast): boolean {
  if (c.kind === 'subquery') return true
  if (c.kind === 'group' || c.kind === 'unary') return hasSubquery(c.of)
  return c.kind === 'binary' && (hasSubquery(c.left) || hasSubquery(c.right))
}
function subqueryOf(c: Ast): { sub: Extract<Ast, { kind: 'subquery' }>['sub']; negated: boolean } | undefined {
  if (c.kind === 'subquery') return { sub: c.sub, negated: false }
  if (c.kind === 'group') return subqueryOf(c.of)
  if (c.kind !== 'unary') return undefined
  const inner = subqueryOf(c.of)
  return inner && { sub: inner.sub, negated: !inner.negated }
}

export const where = operator<Ast>({
  name: 'where',
  kind: 'filter',
  doc: 'Keeps the rows for which a condition is true.',
  params: [param('condition', 'expression', 'The condition.')],
  examples: [
    search('where user = "bo" | fields n', users, [{ n: '7' }]),
    search('where n > 6 | count', users, [{ _count: 2 }]),
  ],
  parse: expression,
  lower: lowerWhere,
})
