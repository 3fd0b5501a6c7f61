import { col, iff, lit } from '../../../plan/build.ts'
import type { OrderKey } from '../../../plan/plan.ts'
import { builtin } from '../4-lower/builtin.ts'
import { aggCall } from '../4-lower/group/select-event.ts'
import { sequenceOrder } from '../4-lower/group/sequence.ts'
import { AGGREGATES } from '../4-lower/functions/sequence.ts'
import { page, param } from '../4-lower/params.ts'
import { orElse } from '../4-lower/values.ts'

export const partition = builtin({
  name: 'partition',
  category: 'sequence',
  kind: 'sequence',
  doc: 'Cuts the rows where a condition holds, and runs the functions over each part.',
  notes: ['Rows need an order: put sort() or head() in front. The order stays.'],
  params: [
    AGGREGATES,
    param('condition', 'pipeline', 'The filter, in braces, that a part begins or ends with.', { required: true }),
    param('split', 'text', 'Where it cuts.', {
      default: 'before',
      oneOf: { before: 'Before the row that passes.', after: 'Behind it.' },
    }),
  ],
  fidelity: 'exact',
  evidence: page('partition'),
  examples: [
    {
      title: 'A count that starts anew where the key changes',
      given: ['a', 'a', 'a', 'b', 'a', 'b', 'b'].map((key, i) => ({ '@timestamp': i * 1000, key })),
      query:
        'head() | neighbor(key, prefix=prev) | partition(accumulate(count()), condition=test(key != prev.key)) | select([key, _count])',
      gives: [
        { key: 'a', _count: 1 },
        { key: 'a', _count: 2 },
        { key: 'a', _count: 3 },
        { key: 'b', _count: 1 },
        { key: 'a', _count: 1 },
        { key: 'b', _count: 1 },
        { key: 'b', _count: 2 },
      ],
      from: page('partition'),
    },
    {
      title: 'Parts that end with a row',
      given: ['x', 'end', 'y', 'z', 'end', 'w'].map((v, i) => ({ '@timestamp': i * 1000, v })),
      query: 'head() | partition(count(as=n), condition={v=end}, split=after)',
      gives: [{ n: 2 }, { n: 3 }, { n: 1 }],
      from: page('partition'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: ({ flow, args }) => {
      const order = sequenceOrder(flow, 'partition', args.call.nameSpan)
      if (!order) return
      const branch = flow.branch(args.span('condition'))
      const pipeline = args.pipeline('condition')
      if (pipeline) flow.parts.steps(branch, pipeline)
      const cuts = flow.hidden('cuts')
      flow.push({
        kind: 'set',
        columns: [{ id: cuts, expr: iff(branch.cond, lit(1n, 'int'), lit(0n, 'int')) }],
      })
      const run = flow.hidden('run')
      const after = args.text('split', 'before').toLowerCase() === 'after' ? -1 : 0
      const sum = { ...aggCall(run, 'agg.sumInt', 'int', [col(cuts, 'int')]), frame: { before: null, after } }
      flow.push({ kind: 'window', partition: [], order, columns: [sum] })
      const name = flow.hidden('part')
      flow.parts.group(flow, [{ name, expr: orElse(col(run, 'int'), lit(0n, 'int')) }], args.items('function'), {
        limit: null,
        keepAbsent: true,
      })
      const part: OrderKey = { expr: flow.read(name), dir: 'asc', nulls: 'first' }
      flow.names.delete(name)
      // Whole events still have the columns of their order.
      const by = [part, ...(flow.open ? order : [])]
      flow.push({ kind: 'order', by })
      flow.ordered = true
      flow.orderKeys = by
    },
  },
})
