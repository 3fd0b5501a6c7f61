import { col, lit } from '../../../plan/build.ts'
import { toStr } from '../../shared/convert.ts'
import { builtin } from '../4-lower/builtin.ts'
import { first, page } from '../4-lower/params.ts'

export const copyEvent = builtin({
  name: 'copyEvent',
  category: 'fields',
  kind: 'transform',
  doc: 'A second event beside each one, with another `#type`.',
  notes: [],
  params: [first('type', 'text', 'The type of the copy.', { required: true })],
  fidelity: 'exact',
  evidence: page('copyEvent'),
  examples: [
    {
      title: 'One event and its copy',
      given: [{ '#type': 'a', x: '1' }],
      query: 'copyEvent(type="b") | groupBy([#type, x])',
      gives: [
        { '#type': 'a', x: '1', _count: 1 },
        { '#type': 'b', x: '1', _count: 1 },
      ],
      from: page('copyEvent'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: ({ flow, args }) => {
      const id = flow.hidden('type')
      const old = toStr(flow.read('#type'))
      flow.split()
      const copy = flow.fork()
      flow.push({ kind: 'set', columns: [{ id, expr: old }] })
      copy.push({ kind: 'set', columns: [{ id, expr: lit(args.text('type'), 'str') }] })
      flow.push({ kind: 'union', others: [copy.rel.finish()] })
      flow.names.set('#type', col(id, 'str'))
    },
  },
})
