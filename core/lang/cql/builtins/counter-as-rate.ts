import { toNum } from '../../shared/convert.ts'
import { notRunHere } from '../../../diag/catalogue/cql-lower.ts'
import { builtin } from '../4-lower/builtin.ts'
import { aggCall } from '../4-lower/group/select-event.ts'
import { as, FIELD, page } from '../4-lower/params.ts'

export const counterAsRate = builtin({
  name: 'counterAsRate',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'How fast a counter grows, a second.',
  notes: ['Nothing with fewer than two values, or where the counter falls: it was set back.'],
  params: [FIELD, as('_rate')],
  output: '_rate',
  fidelity: {
    differs:
      'How the rate is computed is not documented: here it is the growth from the first value to the last, by the time between.',
  },
  evidence: page('counterAsRate'),
  examples: [
    {
      title: 'Of each host, one of which began anew',
      given: [
        { '@timestamp': 1_000, h: 'a', n: '10' },
        { '@timestamp': 6_000, h: 'a', n: '60' },
        { '@timestamp': 11_000, h: 'a', n: '110' },
        { '@timestamp': 1_000, h: 'b', n: '10' },
        { '@timestamp': 2_000, h: 'b', n: '3' },
      ],
      query: 'groupBy(h, function=counterAsRate(n))',
      gives: [{ h: 'a', _rate: 10 }, { h: 'b' }],
      from: page('counterAsRate'),
    },
    {
      title: 'One value is no rate',
      given: [{ '@timestamp': 1_000, n: '10' }],
      query: 'counterAsRate(n)',
      gives: [],
      from: page('counterAsRate'),
    },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: ({ flow, args, as: name }) => {
      const time = flow.orderTime()
      if (!time) {
        const what = '`counterAsRate()` without a time'
        flow.lowering.report(notRunHere, args.call.nameSpan, { name: 'counterAsRate', what })
        return { calls: [] }
      }
      const value = toNum(flow.read(args.field('field')))
      return {
        calls: [aggCall(name ?? '_rate', 'agg.counterRate', 'num', [value, time, flow.seq()])],
        noneIsNoRow: true,
      }
    },
  },
})
