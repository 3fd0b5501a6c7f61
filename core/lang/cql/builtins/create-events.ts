import { FALSE, TRUE, lit, col } from '../../../plan/build.ts'
import { builtin } from '../4-lower/builtin.ts'
import { first, page } from '../4-lower/params.ts'

export const createEvents = builtin({
  name: 'createEvents',
  category: 'source',
  kind: 'source',
  doc: 'Events with the texts given, instead of those of the telemetry.',
  notes: ['Followed by kvParse() or parseJson() it makes a test in one query.'],
  params: [first('rawstring', 'texts', 'The texts.', { required: true })],
  fidelity: 'exact',
  evidence: page('createEvents'),
  examples: [
    {
      title: 'A test in one query',
      given: [{ a: 'not seen' }],
      query: 'createEvents(["x=1 y=N/A", "x=2 y=N/A"]) | kvParse() | stats([sum(x, as=s)])',
      gives: [{ s: 3 }],
      from: page('createEvents'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: ({ flow, args }) => {
      // A grouping without keys over no events gives one row, whatever the telemetry.
      const [one, list] = [flow.hidden('none'), flow.hidden('texts')]
      flow.push({ kind: 'filter', where: FALSE })
      flow.push({
        kind: 'aggregate',
        keys: [],
        nullKeys: 'drop',
        aggs: [{ id: one, prim: 'agg.count', args: [], consts: {}, where: TRUE, ty: 'int' }],
        limit: null,
      })
      flow.push({ kind: 'set', columns: [{ id: list, expr: lit(args.texts('rawstring'), 'list') }] })
      flow.push({ kind: 'unnest', list: col(list, 'list'), into: '@rawstring', index: '@id', keep: false })
      flow.close([
        ['@rawstring', col('@rawstring', 'str')],
        ['@id', col('@id', 'int')],
      ])
      flow.aggregated = true
      // A later step may parse fields, so an unknown name is no error here.
      flow.unknown = () => lit(null, 'str')
    },
  },
})
