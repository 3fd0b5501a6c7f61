import { aggCall } from '../4-lower/group/select-event.ts'
import { bare, wordOf } from '../4-lower/args.ts'
import { builtin, type CallContext, type Aggregates } from '../4-lower/builtin.ts'
import { col } from '../../../plan/build.ts'
import { first, limit, param, page } from '../4-lower/params.ts'
import { notRunHere } from '../../../diag/catalogue/cql-lower.ts'
import { toStr } from '../../shared/convert.ts'

export const collect = builtin({
  name: 'collect',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'The different values of each field, joined into one text.',
  notes: ['Values come in code-point order, so that results can be compared.'],
  params: [
    first('fields', 'fields', 'The fields to collect.', { required: true }),
    limit('2000', 'The most different values.'),
    param('multival', 'bool', '`false` gives a row per value.', { default: 'true' }),
    param('separator', 'text', 'Between two values.', { default: '\\n' }),
  ],
  fidelity: {
    differs: 'The order of values is fixed, where LogScale leaves it open. `multival=false` takes one field.',
  },
  evidence: page('collect'),
  examples: [
    {
      title: 'Users of a host',
      given: [
        { h: 'a', u: 'zoe' },
        { h: 'a', u: 'adam' },
        { h: 'a', u: 'zoe' },
      ],
      query: 'groupBy(h, function=collect(u, separator=", "))',
      gives: [{ h: 'a', u: 'adam, zoe' }],
      from: page('collect'),
    },
    {
      title: 'A row per value',
      given: [{ h: 'a', u: 'zoe' }, { h: 'a', u: 'adam' }, { h: 'a', u: 'zoe' }, { h: 'b' }],
      query: 'groupBy(h, function=[count(), collect(u, multival=false)]) | sort(u, type=string, order=asc)',
      gives: [
        { h: 'a', _count: 3, u: 'adam' },
        { h: 'a', _count: 3, u: 'zoe' },
        { h: 'b', _count: 1 },
      ],
      from: { assumed: 'a function of a grouping without rows counts as one empty row, as in stats()' },
    },
  ],
  lower: {
    kind: 'aggregate',
    severalRows: (call) =>
      call.args.some((a) => a.name === 'multival' && wordOf(bare(a.value))?.toLowerCase() === 'false'),
    aggregate: (c) => {
      const { flow, args } = c
      const most = args.limit('limit', 2000, 1_000_000)
      const names = args.fields('fields')
      if (!args.flag('multival', true)) return eachValue(c, names, most)
      const consts = { limit: most, separator: args.text('separator', '\n') }
      return {
        calls: names.map((name) => aggCall(name, 'agg.collect', 'str', [toStr(flow.read(name))], consts)),
        noneIsNoRow: true,
      }
    },
  },
})

/** One row per different value. It is not documented whether several fields give pairs. */
function eachValue({ flow, args }: CallContext, names: readonly string[], most: number): Aggregates {
  const [name, ...others] = names
  if (name === undefined || others.length > 0) {
    flow.lowering.report(notRunHere, args.span('multival'), {
      name: 'collect',
      what: '`multival=false` with several fields',
    })
    return { calls: [] }
  }
  const id = flow.hidden('values')
  return {
    calls: [aggCall(id, 'agg.list', 'list', [toStr(flow.read(name))], { limit: most })],
    outputs: [],
    after: (behind) => {
      behind.push({ kind: 'unnest', list: col(id, 'list'), into: name, index: null, keep: false })
      behind.names.set(name, col(name, 'str'))
    },
  }
}
