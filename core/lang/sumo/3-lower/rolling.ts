// Operators over neighbouring rows, in the order in which the rows stand.
import { call, col, present, TRUE } from '../../../plan/build.ts'
import type { Expr, WindowStage } from '../../../plan/plan.ts'
import { fromText } from './aggregate.ts'
import type { Flow } from './flow.ts'
import { toNum, toStr } from './values.ts'
import type { Stage } from '../2-parse/ast.ts'

type Column = WindowStage['columns'][number]
type Rolling = Extract<Stage, { kind: 'rolling' }>

export function rolling(f: Flow, s: Rolling): void {
  const { expr } = f.read(s.field)
  // The pages say that these skip rows whose value is no number.
  if (s.op === 'accum' || s.op === 'diff' || s.op === 'total') f.filter(present(toNum(expr)))
  const partition = s.by.map((n) => f.read(n).expr)
  const id = s.target?.name ?? `_${s.op}`
  const made = columnOf(f, s, expr)
  const hidden = f.hidden(s.op)
  f.push({ kind: 'window', partition, order: f.orderKeys(), columns: [{ ...made.column, id: hidden }] })
  f.set([{ name: id, expr: made.after(col(hidden, made.column.ty)) }])
}

const same = (e: Expr): Expr => e

/** Rows that are no number are not seen by sums and means. */
function columnOf(f: Flow, s: Rolling, expr: Expr): { column: Omit<Column, 'id'>; after: (e: Expr) => Expr } {
  const whole = expr.ty === 'int'
  const add = (frame: Column['frame']) => ({
    column: {
      prim: whole ? 'agg.sumInt' : 'agg.sumNum',
      args: [whole ? expr : toNum(expr)],
      consts: {},
      where: TRUE,
      ty: expr.ty === 'int' ? ('int' as const) : ('num' as const),
      frame,
    },
    after: same,
  })
  const back = (distance: number): Omit<Column, 'id'> => ({
    prim: 'win.lag',
    args: [toStr(expr)],
    consts: { distance },
    where: TRUE,
    ty: 'str',
    frame: { before: null, after: null },
  })
  const width = Math.max(1, s.count ?? 10)
  const over = (prim: string): Omit<Column, 'id'> => ({
    prim,
    args: [toNum(expr)],
    consts: {},
    where: TRUE,
    ty: 'num',
    frame: { before: width - 1, after: 0 },
  })
  switch (s.op) {
    case 'accum':
      return add({ before: null, after: 0 })
    case 'total':
      return add({ before: null, after: null })
    case 'backshift':
      return { column: back(s.count ?? 1), after: (e) => fromText(e, expr.ty) }
    case 'diff':
      return {
        column: back(1),
        after: (e) =>
          whole
            ? call('int.sub', 'int', [expr, fromText(e, 'int')])
            : call('num.sub', 'num', [toNum(expr), fromText(e, 'num')]),
      }
    case 'smooth':
      return { column: over('agg.avg'), after: same }
    case 'rollingstd':
      return {
        column: over(f.low.choice('rolling-std') === 'population' ? 'agg.stddevPop' : 'agg.stddevSamp'),
        after: same,
      }
  }
}
