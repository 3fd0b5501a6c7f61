import { aggCall } from '../4-lower/group/select-event.ts'
import { builtin } from '../4-lower/builtin.ts'
import { call, col, lit } from '../../../plan/build.ts'
import { first, as, page } from '../4-lower/params.ts'
import { toNum } from '../../shared/convert.ts'

export const percentage = builtin({
  name: 'percentage',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'How many of 100 events pass a filter.',
  notes: [],
  params: [first('condition', 'pipeline', 'The filter, in braces.', { required: true }), as('_percentage')],
  output: '_percentage',
  fidelity: 'exact',
  evidence: page('percentage'),
  examples: [
    {
      title: 'One in four',
      given: [{ a: '1' }, { a: '2' }, { a: '2' }, { b: '1' }],
      query: 'percentage({a=1})',
      gives: [{ _percentage: 25 }],
      from: page('percentage'),
    },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: ({ flow, args, as: name }) => {
      const branch = flow.branch(args.span('condition'))
      const pipeline = args.pipeline('condition')
      if (pipeline) flow.parts.steps(branch, pipeline)
      const [some, all] = [flow.hidden('some'), flow.hidden('all')]
      const part = call('num.mul', 'num', [toNum(col(some, 'int')), lit(100, 'num')])
      return {
        calls: [aggCall(some, 'agg.count', 'int', [], {}, branch.cond), aggCall(all, 'agg.count', 'int', [])],
        outputs: [{ id: name ?? '_percentage', expr: call('num.div', 'num', [part, toNum(col(all, 'int'))]) }],
        noneIsNoRow: true,
      }
    },
  },
})
