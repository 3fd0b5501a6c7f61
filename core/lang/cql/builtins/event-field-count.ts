import { call, col, lit, not, test } from '../../../plan/build.ts'
import { ELEMENT } from '../../../plan/plan.ts'
import { builtin } from '../4-lower/builtin.ts'
import { elementsWhere } from '../4-lower/functions/arrays.ts'
import { fieldList } from '../4-lower/functions/field-list.ts'
import { as, page } from '../4-lower/params.ts'

export const eventFieldCount = builtin({
  name: 'eventFieldCount',
  category: 'fields',
  kind: 'transform',
  doc: 'How many fields an event has; none behind an aggregate.',
  notes: ['Fields whose name begins with `#` do not count.'],
  params: [as('_eventFieldCount')],
  output: '_eventFieldCount',
  fidelity: { differs: 'LogScale counts the fields that it stores, Assay those that the event has here.' },
  evidence: page('eventFieldCount'),
  examples: [
    {
      title: 'Two fields, the line and the time',
      given: [{ '@timestamp': 1000, '@rawstring': 'x', a: '1', b: '2', '#type': 't' }],
      query: 'eventFieldCount() | select(_eventFieldCount)',
      gives: [{ _eventFieldCount: 4 }],
      from: { assumed: 'the time and the line are fields' },
    },
    {
      title: 'Behind an aggregate',
      given: [{ a: '1' }],
      query: 'count() | eventFieldCount(as=n)',
      gives: [{ _count: 1 }],
      from: page('eventFieldCount'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow }) => {
      if (flow.aggregated) return lit(null, 'int')
      if (!flow.names.has('@rawstring')) flow.names.set('@rawstring', flow.read('@rawstring'))
      const isTag = test('str.startsWith', [col(ELEMENT, 'str'), lit('["#', 'str')])
      return call('list.length', 'int', [elementsWhere(fieldList(flow), not(isTag))])
    },
  },
})
