import { call, col, lit, test } from '../../../plan/build.ts'
import { ARRAY, elementsOf } from '../4-lower/functions/arrays.ts'
import { builtin } from '../4-lower/builtin.ts'
import { aggCall } from '../4-lower/group/select-event.ts'
import { as, page } from '../4-lower/params.ts'

export const arrayIntersection = builtin({
  name: 'array:intersection',
  category: 'array',
  kind: 'aggregate',
  doc: 'The elements that the arrays of all events have, as one array.',
  notes: ['Events without an element in the array do not count. The elements come in code-point order.'],
  params: [ARRAY, as('_intersection')],
  output: '_intersection',
  fidelity: 'exact',
  evidence: page('array:intersection'),
  examples: [
    {
      title: 'Of one event',
      given: [{ 'mailto[0]': 'foo@example.com', 'mailto[1]': 'bar@example.com', 'mailto[2]': 'bar@example.com' }],
      query:
        'array:intersection("mailto[]", as=unique_mails) | concatArray(unique_mails, separator=",", as=r) | select(r)',
      gives: [{ r: 'bar@example.com,foo@example.com' }],
      from: page('array:intersection'),
    },
    {
      title: 'Of several, one of which has no array',
      given: [{ 'a[0]': 'x', 'a[1]': 'y', 'a[2]': 'z' }, { 'a[0]': 'z', 'a[1]': 'x' }, { b: '1' }],
      query: 'array:intersection("a[]") | concatArray(_intersection, separator=",", as=r) | select(r)',
      gives: [{ r: 'x,z' }],
      from: page('array:intersection'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow } = c
      const elements = call('list.distinct', 'list', [elementsOf(c)])
      const [all, into, events, made] = ['all', 'element', 'events', 'intersection'].map((h) => flow.hidden(h)) as [
        string,
        string,
        string,
        string,
      ]
      flow.filter(test('int.gt', [call('list.length', 'int', [elements]), lit(0n, 'int')]))
      const count = { ...aggCall(all, 'agg.count', 'int', []), frame: { before: null, after: null } }
      flow.push({ kind: 'window', partition: [], order: [], columns: [count] })
      flow.push({ kind: 'unnest', list: elements, into, index: null, keep: false })
      flow.push({
        kind: 'aggregate',
        keys: [
          { id: into, expr: col(into, 'str') },
          { id: all, expr: col(all, 'int') },
        ],
        nullKeys: 'drop',
        aggs: [aggCall(events, 'agg.count', 'int', [])],
        limit: null,
      })
      const where = test('int.eq', [col(events, 'int'), col(all, 'int')])
      const aggs = [aggCall(made, 'agg.list', 'list', [col(into, 'str')], { limit: null }, where)]
      flow.push({ kind: 'aggregate', keys: [], nullKeys: 'drop', aggs, limit: null })
      flow.rel.neverAbsent.clear()
      flow.renew([[`${c.as ?? '_intersection'}[]`, col(made, 'list')]])
    },
  },
})
