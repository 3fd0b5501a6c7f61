import { aggCall } from '../4-lower/group/select-event.ts'
import { builtin } from '../4-lower/builtin.ts'
import { col } from '../../../plan/build.ts'
import { first, param, page } from '../4-lower/params.ts'
import { sequenceOrder } from '../4-lower/group/sequence.ts'
import { toStr } from '../../shared/convert.ts'

export const neighbor = builtin({
  name: 'neighbor',
  category: 'sequence',
  kind: 'sequence',
  doc: 'Fields of the row before or behind.',
  notes: [
    'Rows need an order: put sort() or head() in front. Without `prefix` the fields of the row itself are replaced.',
  ],
  params: [
    first('include', 'fields', 'The fields to take.', { required: true }),
    param('direction', 'text', 'Which neighbour.', {
      default: 'preceding',
      oneOf: { preceding: 'The row before.', succeeding: 'The row behind.' },
    }),
    param('distance', 'number', 'How many rows away.', { default: '1' }),
    param('prefix', 'text', 'Prefix of the output fields, with a dot behind it.'),
  ],
  fidelity: {
    differs: 'Rows of groupBy() have no order in LogScale; here they are taken in the order of their values.',
  },
  evidence: page('neighbor'),
  examples: [
    {
      title: 'The value before',
      given: [{ n: '1', u: 'a' }, { n: '2' }, { n: '3', u: 'c' }],
      query: 'sort(n, order=asc) | neighbor([n, u], prefix=prev) | select([n, prev.n, prev.u])',
      gives: [{ n: '1' }, { n: '2', 'prev.n': '1', 'prev.u': 'a' }, { n: '3', 'prev.n': '2' }],
      from: page('neighbor'),
    },
    {
      title: 'Two rows behind, in place',
      given: [{ n: '1' }, { n: '2' }, { n: '3' }],
      query: 'sort(n, order=asc) | m := n | neighbor(m, direction=succeeding, distance=2) | select([n, m])',
      gives: [{ n: '1', m: '3' }, { n: '2' }, { n: '3' }],
      from: page('neighbor'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: ({ flow, args }) => {
      const order = sequenceOrder(flow, 'neighbor', args.call.nameSpan)
      if (!order) return
      const distance = Math.max(1, Math.min(10_000, args.number('distance', 1)))
      const back = args.text('direction', 'preceding').toLowerCase() === 'preceding'
      const frame = back ? { before: distance, after: 0 } : { before: 0, after: distance }
      const include = args
        .fields('include')
        .map((name) => ({ name, id: flow.hidden('neighbor'), value: toStr(flow.read(name)) }))
      const prim = back ? 'win.lag' : 'win.lead'
      const columns = include.map((t) => ({ ...aggCall(t.id, prim, 'str', [t.value], { distance }), frame }))
      flow.push({ kind: 'window', partition: [], order, columns })
      const prefix = args.has('prefix') ? `${args.text('prefix')}.` : ''
      const keys = flow.orderKeys
      flow.assignAll(
        include.map((t) => ({ name: `${prefix}${t.name}`, expr: col(t.id, 'str') })),
        true,
      )
      if (prefix !== '') flow.orderKeys = keys
    },
  },
})
