import { and, call, col, lit, present } from '../../../plan/build.ts'
import type { AggCall, Expr } from '../../../plan/plan.ts'
import { toNum, toStr } from '../../shared/convert.ts'
import { builtin } from '../4-lower/builtin.ts'
import { aggCall } from '../4-lower/group/select-event.ts'
import { page, param } from '../4-lower/params.ts'

const arithmetic =
  (op: 'add' | 'div' | 'mul' | 'sub') =>
  (a: Expr, b: Expr): Expr =>
    call(`num.${op}`, 'num', [a, b])
const [mul, sub, div] = [arithmetic('mul'), arithmetic('sub'), arithmetic('div')]

export const linReg = builtin({
  name: 'linReg',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'The straight line that fits pairs of numbers best, by least squares.',
  notes: ['`_r2` is adjusted to the number of pairs. Without two different x there is no line.'],
  params: [
    param('x', 'field', 'The field that explains.', { required: true }),
    param('y', 'field', 'The field that is explained.', { required: true }),
    param('prefix', 'text', 'In front of the names of the outputs.', { default: '_' }),
  ],
  fidelity: 'exact',
  evidence: page('linReg'),
  examples: [
    {
      title: 'Four points',
      given: [
        { x: '1', y: '2' },
        { x: '2', y: '4' },
        { x: '3', y: '5' },
        { x: '4', y: '9' },
        { x: 'none', y: '1' },
      ],
      query: 'linReg(x=x, y=y) | r := format("%.3f", field=_r2) | select([_slope, _intercept, _n, r])',
      gives: [{ _slope: 2.2, _intercept: -0.5, _n: 4, r: '0.896' }],
      from: page('linReg'),
    },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: ({ flow, args }) => {
      const [x, y] = [toNum(flow.read(args.field('x'))), toNum(flow.read(args.field('y')))]
      const both = and(present(x), present(y))
      const sum = (of: Expr): AggCall => aggCall(flow.hidden('sum'), 'agg.sum', 'dec', [toStr(of)], {}, both)
      const count = aggCall(flow.hidden('n'), 'agg.count', 'int', [], {}, both)
      const calls = [sum(x), sum(y), sum(mul(x, x)), sum(mul(y, y)), sum(mul(x, y))]
      const [sx, sy, sxx, syy, sxy] = calls.map((c) => toNum(col(c.id, 'dec'))) as [Expr, Expr, Expr, Expr, Expr]
      const n = toNum(col(count.id, 'int'))
      const spread = (squares: Expr, a: Expr, b: Expr): Expr => sub(mul(n, squares), mul(a, b))
      const [xx, yy, xy] = [spread(sxx, sx, sx), spread(syy, sy, sy), spread(sxy, sx, sy)]
      const slope = div(xy, xx)
      const r2 = div(mul(xy, xy), mul(xx, yy))
      const one = lit(1, 'num')
      const adjusted = sub(one, div(mul(sub(one, r2), sub(n, one)), sub(n, lit(2, 'num'))))
      const prefix = args.text('prefix', '_')
      const outputs = [
        { id: `${prefix}slope`, expr: slope },
        { id: `${prefix}intercept`, expr: div(sub(sy, mul(slope, sx)), n) },
        { id: `${prefix}r2`, expr: adjusted },
        // All x or all y equal: no output at all.
        { id: `${prefix}n`, expr: call('num.add', 'num', [n, mul(lit(0, 'num'), r2)]) },
      ]
      return { calls: [...calls, count], outputs, noneIsNoRow: true }
    },
  },
})
