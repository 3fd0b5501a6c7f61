// Operators over neighbouring rows, in the order of the rows.
import { sumoRuledOut } from '../../../diag/catalogue/sumo-lower.ts'
import { call, col, present, TRUE } from '../../../plan/build.ts'
import type { Expr, WindowStage } from '../../../plan/plan.ts'
import { toNum, toStr } from '../../shared/convert.ts'
import type { Name, Place } from '../2-parse/ast.ts'
import { type Cursor, name, names } from '../2-parse/cursor.ts'
import { wholeNumber } from '../2-parse/tokens.ts'
import { finiteNum } from '../3-lower/doubles.ts'
import { FIELD, operator, param, search, users } from '../3-lower/builtin-kit.ts'
import type { Flow } from '../3-lower/flow.ts'
import { fromText } from '../3-lower/values.ts'

type Column = WindowStage['columns'][number]

/** One column over neighbouring rows, and the value computed from it. */
interface Window {
  readonly column: Omit<Column, 'id'>
  after?(e: Expr): Expr
}

export interface Rolling {
  readonly field: Name
  readonly count: number | undefined
  readonly target: Name | undefined
  readonly by: readonly Name[]
}

function parseRolling(c: Cursor): Rolling | undefined {
  const inParens = c.eat('(')
  const field = name(c)
  if (!field) return undefined
  const count = c.eat(',') ? wholeNumber(c) : undefined
  if (inParens) c.expect(')')
  let target: Name | undefined
  let by: Name[] = []
  for (let w = c.eatWord('as', 'by'); w; w = c.eatWord('as', 'by')) {
    if (w.text.toLowerCase() === 'as') target = name(c)
    else by = names(c)
  }
  return { field, count, target, by }
}

/** Longest window of the vendor. */
const LONGEST = 1000

/** `numbers`: drop rows whose value is no number, as the vendor's page documents for the operator. */
function rolling(name: string, numbers: boolean, window: (f: Flow, s: Rolling, expr: Expr) => Window) {
  return (f: Flow, s: Rolling, { head }: Place): void => {
    if ((s.count ?? 0) > LONGEST)
      f.lowering.report(sumoRuledOut, head, {
        what: `${name} cannot look ${s.count} rows back: ${LONGEST} is the most`,
        remedy: `write a number up to ${LONGEST}`,
      })
    const read = f.read(s.field).expr
    const expr = read.ty === 'num' ? finiteNum(f.lowering, read) : read
    if (numbers) f.filter(present(toNum(expr)))
    const partition = s.by.map((n) => f.read(n).expr)
    const { column, after = (e) => e } = window(f, s, expr)
    const hidden = f.hidden(name)
    f.push({ kind: 'window', partition, order: f.orderKeys(), columns: [{ ...column, id: hidden }] })
    f.set([{ name: s.target?.name ?? `_${name}`, expr: after(col(hidden, column.ty)) }])
  }
}

const sum = (expr: Expr, frame: Column['frame']): Window => {
  const common = { consts: {}, where: TRUE, frame }
  return expr.ty === 'int'
    ? { column: { ...common, prim: 'agg.sumInt', args: [expr], ty: 'int' } }
    : { column: { ...common, prim: 'agg.sumNum', args: [toNum(expr)], ty: 'num' } }
}

const earlier = (expr: Expr, distance: number): Window['column'] => ({
  prim: 'win.lag',
  args: [toStr(expr)],
  consts: { distance },
  where: TRUE,
  ty: 'str',
  frame: { before: null, after: null },
})

/** Means do not count values that are no number. */
const overLast = (prim: string, s: Rolling, expr: Expr): Window => ({
  column: {
    prim,
    args: [toNum(expr)],
    consts: {},
    where: TRUE,
    ty: 'num',
    frame: { before: Math.max(1, s.count ?? 10) - 1, after: 0 },
  },
})

const difference = (expr: Expr, before: Expr): Expr =>
  expr.ty === 'int'
    ? call('int.sub', 'int', [expr, fromText(before, 'int')])
    : call('num.sub', 'num', [toNum(expr), fromText(before, 'num')])

export const accum = operator<Rolling>({
  name: 'accum',
  doc: 'Running sum in the order of the rows.',
  params: [FIELD],
  examples: [
    search('count by user | sort by user asc | accum _count as c', users, [
      { user: 'al', _count: 2, c: 2 },
      { user: 'bo', _count: 1, c: 3 },
    ]),
  ],
  output: '_accum',
  parse: parseRolling,
  lower: rolling('accum', true, (_, __, expr) => sum(expr, { before: null, after: 0 })),
})

export const total = operator<Rolling>({
  name: 'total',
  doc: 'The sum of all rows, on each.',
  params: [FIELD],
  examples: [search('count by user | total _count as t | where user = "bo"', users, [{ user: 'bo', _count: 1, t: 3 }])],
  output: '_total',
  parse: parseRolling,
  lower: rolling('total', true, (_, __, expr) => sum(expr, { before: null, after: null })),
})

export const diff = operator<Rolling>({
  name: 'diff',
  doc: 'Difference to the row before.',
  params: [FIELD],
  examples: [
    search('count by user | sort by user asc | diff _count as d', users, [
      { user: 'al', _count: 2 },
      { user: 'bo', _count: 1, d: -1 },
    ]),
  ],
  output: '_diff',
  parse: parseRolling,
  lower: rolling('diff', true, (_, __, expr) => ({ column: earlier(expr, 1), after: (e) => difference(expr, e) })),
})

export const backshift = operator<Rolling>({
  name: 'backshift',
  doc: 'The value of an earlier row.',
  params: [FIELD, param('rows', 'number', 'How many before, 1 if left out.', false)],
  examples: [
    search('count by user | sort by user asc | backshift _count as b', users, [
      { user: 'al', _count: 2 },
      { user: 'bo', _count: 1, b: 2 },
    ]),
  ],
  output: '_backshift',
  parse: parseRolling,
  lower: rolling('backshift', false, (_, s, expr) => ({
    column: earlier(expr, s.count ?? 1),
    after: (e) => fromText(e, expr.ty),
  })),
})

export const smooth = operator<Rolling>({
  name: 'smooth',
  doc: 'Mean over the last rows.',
  params: [FIELD, param('rows', 'number', '10 if left out.', false)],
  examples: [
    search('count by user | sort by user asc | smooth _count, 2 as s', users, [
      { user: 'al', _count: 2, s: 2 },
      { user: 'bo', _count: 1, s: 1.5 },
    ]),
  ],
  output: '_smooth',
  parse: parseRolling,
  lower: rolling('smooth', false, (_, s, expr) => overLast('agg.avg', s, expr)),
})

export const rollingstd = operator<Rolling>({
  name: 'rollingstd',
  doc: 'Standard deviation over the last rows.',
  params: [FIELD, param('rows', 'number', '10 if left out.', false)],
  examples: [
    search('count by user | sort by user asc | rollingstd _count, 2 as s', users, [
      { user: 'al', _count: 2, s: 0 },
      { user: 'bo', _count: 1, s: 0.5 },
    ]),
  ],
  output: '_rollingstd',
  parse: parseRolling,
  lower: rolling('rollingstd', false, (f, s, expr) =>
    overLast(f.lowering.choice('rolling-std') === 'population' ? 'agg.stddevPop' : 'agg.stddevSamp', s, expr),
  ),
})
