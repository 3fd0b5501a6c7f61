import { wrongKind } from '../../../diag/catalogue/cql-lower.ts'
import { builtin } from '../4-lower/builtin.ts'
import { callOf } from '../4-lower/call.ts'
import { as, page, param } from '../4-lower/params.ts'

const NAMES = ['avg', 'count', 'max', 'min', 'range', 'sum']

export const callFunction = builtin({
  name: 'callFunction',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'An aggregate that is chosen by its name, for a parameter of a dashboard.',
  notes: [`One of ${NAMES.join(', ')}.`],
  params: [
    param('function', 'text', 'The name of the aggregate.', { required: true, unnamed: true }),
    param('field', 'field', 'The field it reads.', { required: true }),
    as('_function'),
  ],
  output: '_function',
  fidelity: 'exact',
  evidence: page('callFunction'),
  examples: [
    {
      title: 'Chosen by a parameter',
      given: [{ x: '1' }, { x: '4' }],
      query: 'callFunction(?{f=sum}, field=x)',
      gives: [{ _function: 5 }],
      from: page('callFunction'),
    },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: ({ flow, args, as: output }) => {
      const name = args.text('function').toLowerCase()
      const field = args.call.args.filter((a) => a.name === 'field' && args.has('field'))
      const found = NAMES.includes(name)
        ? callOf(flow, { ...args.call, name, args: field }, { as: output ?? '_function' })
        : undefined
      if (found?.builtin.lower.kind === 'aggregate') return found.builtin.lower.aggregate(found.context)
      const takes = `one of ${NAMES.join(', ')}`
      flow.lowering.report(wrongKind, args.span('function'), { fn: 'callFunction', name: 'function', takes })
      return { calls: [] }
    },
  },
})
