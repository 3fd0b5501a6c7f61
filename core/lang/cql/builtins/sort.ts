import { ORDER, TYPE, REVERSE, sortDirections, rowLimit } from '../4-lower/functions/order.ts'
import { builtin } from '../4-lower/builtin.ts'
import { first, limit, page } from '../4-lower/params.ts'
import { orderKeys } from '../4-lower/ordering.ts'

export const sort = builtin({
  name: 'sort',
  category: 'order',
  kind: 'aggregate',
  doc: 'Orders the rows by fields and keeps the first.',
  notes: ['Without a limit only 200 rows are kept.', 'Values that are no numbers come last, unless `type=string`.'],
  params: [
    first('field', 'fields', 'The fields to sort by.', { default: '_count' }),
    ORDER,
    TYPE,
    limit('200'),
    REVERSE,
  ],
  fidelity: 'exact',
  evidence: page('sort'),
  examples: [
    {
      title: 'By number, greatest first; what is no number comes last',
      given: [{ x: '9' }, { x: '10' }, { x: 'n/a' }],
      query: 'sort(x) | select(x)',
      gives: [{ x: '10' }, { x: '9' }, { x: 'n/a' }],
      from: page('sort'),
    },
    {
      title: 'By text',
      given: [{ x: '9' }, { x: '10' }],
      query: 'sort(x, type=string, order=asc, limit=1) | select(x)',
      gives: [{ x: '10' }],
      from: page('sort'),
    },
    {
      title: 'By hexadecimal number',
      given: [{ x: '0x9' }, { x: '1F' }, { x: 'a' }],
      query: 'sort(x, type=hex) | select(x)',
      gives: [{ x: '1F' }, { x: 'a' }, { x: '0x9' }],
      from: page('sort'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow, args } = c
      const names = args.has('field') ? args.fields('field') : ['_count']
      const by = orderKeys(flow, names, args.texts('type'), sortDirections(c))
      flow.push({ kind: 'take', count: rowLimit(c, 'sort'), by })
      flow.ordered = true
      flow.orderKeys = by
      flow.newestFirst = false
    },
  },
})
