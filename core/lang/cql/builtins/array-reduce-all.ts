import { ARRAY, elementsOf } from '../4-lower/functions/arrays.ts'
import { builtin } from '../4-lower/builtin.ts'
import { col } from '../../../plan/build.ts'
import { param, page } from '../4-lower/params.ts'

export const arrayReduceAll = builtin({
  name: 'array:reduceAll',
  category: 'array',
  kind: 'aggregate',
  doc: 'Aggregates over all elements of all events.',
  notes: ['Every element is an event of its own to the aggregates, with the other fields of the event it comes from.'],
  params: [
    ARRAY,
    param('function', 'aggregates', 'Aggregates, in brackets if several.', { required: true }),
    param('var', 'field', 'Name of the element.', { required: true }),
  ],
  fidelity: { differs: 'That the other fields of the event are there is not documented.' },
  evidence: page('array:reduceAll'),
  examples: [
    {
      title: 'How often each value occurs',
      given: [{ 'a[0]': 'x', 'a[1]': 'y' }, { 'a[0]': 'x' }],
      query: 'array:reduceAll("a[]", function=[groupBy(e)], var=e)',
      gives: [
        { e: 'x', _count: 2 },
        { e: 'y', _count: 1 },
      ],
      from: page('array:reduceAll'),
    },
    {
      title: 'The greatest',
      given: [{ 'a[0]': '3', 'a[1]': '9' }, { 'a[0]': '5' }],
      query: 'array:reduceAll("a[]", function=max(e, as=m), var=e)',
      gives: [{ m: 9 }],
      from: page('array:reduceAll'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow, args } = c
      const name = args.field('var')
      const into = flow.hidden('element')
      flow.push({ kind: 'unnest', list: elementsOf(c), into, index: null, keep: false })
      flow.names.set(name, col(into, 'str'))
      const items = args.items('function')
      const [only] = items
      if (items.length !== 1 || only?.kind !== 'call') return flow.parts.group(flow, [], items, { limit: null })
      // A single call is a step of its own: groupBy() is more than an aggregate there.
      const filter = { kind: 'call' as const, call: only.call, span: only.span }
      flow.parts.steps(flow, { steps: [{ kind: 'filter', filter, span: only.span }], span: only.span })
    },
  },
})
