import { builtin } from '../4-lower/builtin.ts'
import { countCall, DEFAULT_GROUPS } from '../4-lower/functions/group.ts'
import { impliedLimit } from '../../../diag/catalogue/cql-lower.ts'
import { param, page } from '../4-lower/params.ts'

export const sankey = builtin({
  name: 'sankey',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'Pairs of source and target with a weight, as a Sankey widget draws them.',
  notes: ['The same as groupBy([source, target], function=weight).'],
  params: [
    param('source', 'field', 'Where it comes from.', { required: true }),
    param('target', 'field', 'Where it goes.', { required: true }),
    param('weight', 'aggregates', 'How heavy.', { default: 'count(as=_count)' }),
  ],
  fidelity: { differs: 'Columns have the names of the fields, not those of the widget.' },
  evidence: page('sankey'),
  examples: [
    {
      title: 'Pairs',
      given: [
        { a: 'x', b: 'y' },
        { a: 'x', b: 'y' },
      ],
      query: 'sankey(source=a, target=b)',
      gives: [{ a: 'x', b: 'y', _count: 2 }],
      from: page('sankey'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow, args } = c
      const keys = [args.field('source'), args.field('target')].map((name) => ({ name, expr: flow.read(name) }))
      flow.parts.group(flow, keys, args.has('weight') ? args.items('weight') : [countCall(c)], {
        limit: DEFAULT_GROUPS,
      })
      flow.lowering.report(impliedLimit, args.call.nameSpan, { fn: 'sankey', limit: DEFAULT_GROUPS })
    },
  },
})
