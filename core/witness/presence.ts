// Functions that have a value wherever their arguments have one, and tests that ask for no more than that.
import { compileExpr, rowScope } from '../eval/compile.ts'
import { NO_ENV } from '../plan/build.ts'
import type { Expr, Pred } from '../plan/plan.ts'
import { columnsOf } from '../plan/walk.ts'
import { textConst } from '../prims/kit.ts'

export const TOTAL: ReadonlySet<string> = new Set([
  'num.fromInt',
  'int.toText',
  'num.toText',
  'dec.toText',
  'str.lower',
  'str.upper',
  'str.trim',
  'str.replace',
  'str.concat',
  'str.length',
  'bool.toText',
  'time.toMillis',
  'agg.count',
  'agg.countDistinct',
])

/** Functions that have a value whatever their arguments are. */
export const SURE: ReadonlySet<string> = new Set(['str.concat', 'list.of', 'list.append'])

/** The text of an expression that reads nothing. */
function constantText(e: Expr): string | undefined {
  if (e.kind === 'lit') return typeof e.value === 'string' ? e.value : undefined
  if (e.kind !== 'if' || columnsOf(e).size > 0) return undefined
  const value = compileExpr(e, rowScope, NO_ENV)({})
  return typeof value === 'string' ? value : undefined
}

const starsOf = (e: Expr | undefined): boolean =>
  e !== undefined &&
  (/^\*+$/.test(constantText(e) ?? '') ||
    (e.kind === 'call' && TOTAL.has(e.prim) && e.args.length === 1 && starsOf(e.args[0])))

/** The expression whose presence is all that a predicate asks, if it holds for every value. */
export function onlyPresence(p: Pred): Expr | undefined {
  if (p.kind === 'present') return p.expr
  const isAny =
    p.kind === 'test' &&
    ((p.prim === 'str.glob' && /^\*+$/.test(textConst(p.consts, 'pattern'))) ||
      (p.prim === 'str.globOf' && starsOf(p.args[1])) ||
      (p.prim === 're.test' && /^(?:\.\*)?$/.test(textConst(p.consts, 'pattern'))))
  return isAny ? p.args[0] : undefined
}
