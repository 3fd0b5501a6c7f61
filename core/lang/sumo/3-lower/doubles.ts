// Infinity and NaN. A division by zero makes them; from then on every computed double of the search may be one.
// https://help.sumologic.com/docs/search/search-query-language/math-expressions/isnan-isinfinity/ (5/0 is infinite)
import { absent, and, call, col, iff, lit, or, present, test, TRUE } from '../../../plan/build.ts'
import type { AggCall, Expr, Pred } from '../../../plan/plan.ts'
import { toNum } from '../../shared/convert.ts'
import type { AggregateColumn } from './builtin.ts'
import type { Flow } from './flow.ts'
import type { Lowering } from './lowering.ts'

const FINITE = new Set(['dec.toNum', 'double.finite', 'num.fromInt', 'num.parse'])

/** May the value be infinite or NaN? */
export const mayBeSpecial = (l: Lowering, e: Expr): boolean =>
  l.divided && e.ty === 'num' && e.kind !== 'lit' && !(e.kind === 'call' && FINITE.has(e.prim))

/** As a double for a primitive that knows only finite ones; absent if it is none. */
export function finiteNum(l: Lowering, e: Expr): Expr {
  const x = toNum(e)
  return mayBeSpecial(l, x) ? call('double.finite', 'num', [x]) : x
}

const PLAIN = { '+': 'add', '-': 'sub', '*': 'mul', '/': 'div', '%': 'mod' } as const

/** `/` and `%` give a double. `+`, `-` and `*` of two integers give an integer. */
export function arithmetic(l: Lowering, op: keyof typeof PLAIN, a: Expr, b: Expr): Expr {
  const divides = op === '/' || op === '%'
  if (!divides && a.ty === 'int' && b.ty === 'int') return call(`int.${PLAIN[op]}`, 'int', [a, b])
  const [x, y] = [toNum(a), toNum(b)]
  if (divides && !(y.kind === 'lit' && y.value !== 0)) l.divided = true
  const special =
    l.divided &&
    (divides ? !(y.kind === 'lit' && y.value !== 0) || mayBeSpecial(l, x) : [x, y].some((e) => mayBeSpecial(l, e)))
  return call(`${special ? 'double' : 'num'}.${PLAIN[op]}`, 'num', [x, y])
}

/** A comparison of two numbers. One with NaN is not true. */
export function relation(l: Lowering, op: 'eq' | 'ge' | 'gt' | 'le' | 'lt', a: Expr, b: Expr): Pred {
  const [x, y] = [toNum(a), toNum(b)]
  return test(`${mayBeSpecial(l, x) || mayBeSpecial(l, y) ? 'double' : 'num'}.${op}`, [x, y])
}

/** `of` of a finite number; an infinite one and NaN stay as they are. */
export function keepSpecial(l: Lowering, e: Expr, of: (finite: Expr) => Expr): Expr {
  const x = toNum(e)
  if (!mayBeSpecial(l, x)) return of(x)
  const finite = call('double.finite', 'num', [x])
  return iff(present(finite), of(finite), x)
}

const special = (x: number): Expr => lit(x, 'num')

/**
 * An aggregate of finite numbers with infinity and NaN beside them. `sum` and `avg` are computed as Java computes; `min` and `max`
 * ignore NaN unless there is nothing else.
 */
export function aggregateSpecial(
  f: Flow,
  of: Expr,
  column: AggregateColumn,
  kind: 'max' | 'mean' | 'min',
): AggregateColumn {
  const { lowering: l } = f
  if (!mayBeSpecial(l, of)) return column
  l.choice('nan-aggregate')
  const finite = call('double.finite', 'num', [of])
  const infinite = test('double.isInfinite', [of])
  const counted = (where: Pred): { call: AggCall; any: Pred } => {
    const id = l.hiddenId('special')
    return {
      call: { id, prim: 'agg.count', args: [], consts: {}, where, ty: 'int' },
      any: test('int.gt', [col(id, 'int'), lit(0n, 'int')]),
    }
  }
  const nan = counted(test('double.isNaN', [of]))
  const above = counted(and(infinite, test('double.gt', [of, special(0)])))
  const below = counted(and(infinite, test('double.lt', [of, special(0)])))
  const calls = column.calls.map((c) => ({ ...c, args: [finite], where: TRUE }))
  const value = column.after ?? col(column.id, 'num')
  const [INF, NAN] = [Number.POSITIVE_INFINITY, Number.NaN]
  const known = col(column.id, 'num')
  const after =
    kind === 'mean'
      ? iff(
          or(nan.any, and(above.any, below.any)),
          special(NAN),
          iff(above.any, special(INF), iff(below.any, special(-INF), value)),
        )
      : orElse(kind === 'max', above.any, below.any, nan.any, known)
  return { ...column, calls: [...calls, nan.call, above.call, below.call], after }
}

function orElse(max: boolean, above: Pred, below: Pred, nan: Pred, known: Expr): Expr {
  const [INF, NAN] = [Number.POSITIVE_INFINITY, Number.NaN]
  const none = iff(nan, special(NAN), absent('num'))
  const rest = iff(present(known), known, iff(max ? below : above, special(max ? -INF : INF), none))
  return iff(max ? above : below, special(max ? INF : -INF), rest)
}
