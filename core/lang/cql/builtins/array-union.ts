import { ARRAY, elementsOf } from '../4-lower/functions/arrays.ts'
import { aggCall } from '../4-lower/group/select-event.ts'
import { as, page } from '../4-lower/params.ts'
import { builtin } from '../4-lower/builtin.ts'
import { col } from '../../../plan/build.ts'

export const arrayUnion = builtin({
  name: 'array:union',
  category: 'array',
  kind: 'aggregate',
  doc: 'The different elements of the array over all events, as one array.',
  notes: ['They come in code-point order.'],
  params: [ARRAY, as('_union')],
  output: '_union',
  fidelity: 'exact',
  evidence: page('array:union'),
  examples: [
    {
      title: 'Of two events',
      given: [{ 'a[0]': 'y', 'a[1]': 'x' }, { 'a[0]': 'y' }],
      query: 'array:union("a[]") | concatArray(_union, separator=",", as=r) | select(r)',
      gives: [{ r: 'x,y' }],
      from: page('array:union'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow } = c
      const [into, made] = [flow.hidden('element'), flow.hidden('union')]
      flow.push({ kind: 'unnest', list: elementsOf(c), into, index: null, keep: false })
      const aggs = [aggCall(made, 'agg.list', 'list', [col(into, 'str')], { limit: null })]
      flow.push({ kind: 'aggregate', keys: [], nullKeys: 'drop', aggs, limit: null })
      flow.renew([[`${c.as ?? '_union'}[]`, col(made, 'list')]])
    },
  },
})
