import type { Expr, OrderKey } from '../../../plan/plan.ts'
import { ORDER, TYPE, REVERSE, sortDirections, rowLimit } from '../4-lower/functions/order.ts'
import { builtin } from '../4-lower/builtin.ts'
import { first, limit, param, page } from '../4-lower/params.ts'
import { lit } from '../../../plan/build.ts'
import { orElse } from '../4-lower/values.ts'
import { orderKeys, byTime } from '../4-lower/ordering.ts'
import { toStr } from '../../shared/convert.ts'

export const table = builtin({
  name: 'table',
  category: 'order',
  kind: 'aggregate',
  doc: 'Exactly these fields, sorted, and only the first rows.',
  notes: ['Without `sortby` rows that have no order yet come newest first.'],
  params: [
    first('fields', 'fields', 'The columns, in order.', { required: true }),
    limit('200'),
    param('sortby', 'fields', 'The fields to sort by.', { default: '@timestamp' }),
    ORDER,
    TYPE,
    REVERSE,
  ],
  fidelity: {
    differs:
      'No public text says what becomes of an order that sort() or head() has made; see the semantic `table-order`.',
  },
  evidence: page('table'),
  examples: [
    {
      title: 'Two columns, newest first',
      given: [
        { '@timestamp': 1000, a: '1', b: 'x', c: 'no' },
        { '@timestamp': 2000, a: '2', c: 'no' },
      ],
      query: 'table([a, b])',
      gives: [{ a: '2' }, { a: '1', b: 'x' }],
      from: page('table'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow, args } = c
      const names = args.fields('fields')
      const blank = flow.lowering.choice('table-missing') === 'empty'
      const shown = (e: Expr): Expr => (blank ? orElse(toStr(e), lit('', 'str')) : e)
      const columns = names.map((name) => [name, shown(flow.read(name))] as const)
      let by: OrderKey[] = []
      if (args.has('sortby')) by = orderKeys(flow, args.fields('sortby'), args.texts('type'), sortDirections(c))
      else if (!flow.ordered || (flow.lowering.choice('table-order') === 'time' && flow.orderTime()))
        by = byTime(flow, sortDirections(c)[0]?.startsWith('asc') ? 'asc' : 'desc')
      const ordered = flow.ordered || by.length > 0
      flow.push({ kind: 'take', count: rowLimit(c, 'table'), by })
      const keys = by.length > 0 ? by : flow.orderKeys
      flow.renew(columns)
      flow.ordered = ordered
      flow.orderKeys = keys
    },
  },
})
