import { outsideBuckets } from '../../../diag/catalogue/cql-lower.ts'
import { builtin } from '../4-lower/builtin.ts'
import { first, page, param } from '../4-lower/params.ts'

export const window = builtin({
  name: 'window',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'Aggregates over a bucket and the ones before it, inside bucket() and timeChart().',
  notes: ['A window that is longer than the interval of the query has no result.'],
  params: [
    first('function', 'aggregates', 'Aggregates, in brackets if several.', { default: 'count(as=_count)' }),
    param('span', 'text', 'Length of the window, rounded to whole buckets.'),
    param('buckets', 'number', 'How many buckets, in place of `span`.'),
  ],
  fidelity: {
    differs: 'The first windows of the interval hold the buckets that there are. Zones other than UTC are refused.',
  },
  evidence: page('window'),
  examples: [
    {
      title: 'Of two buckets',
      given: [
        { '@timestamp': 0, b: '1' },
        { '@timestamp': 1000, b: '2' },
        { '@timestamp': 2000, b: '4' },
      ],
      query: 'bucket(span=1s, function=[sum(b, as=own), window(sum(b, as=two), buckets=2)])',
      gives: [
        { _bucket: 0, own: 1, two: 1 },
        { _bucket: 1000, own: 2, two: 3 },
        { _bucket: 2000, own: 4, two: 6 },
      ],
      from: page('window'),
    },
    {
      title: 'Of a span, for each series',
      given: [
        { '@timestamp': 0, u: 'x', b: '1' },
        { '@timestamp': 1000, u: 'x', b: '3' },
        { '@timestamp': 1000, u: 'y', b: '5' },
      ],
      query: 'timeChart(u, span=1s, function=window([avg(b), max(b)], span=2s)) | u=x',
      gives: [
        { _bucket: 0, u: 'x', _avg: 1, _max: 1 },
        { _bucket: 1000, u: 'x', _avg: 2, _max: 3 },
      ],
      from: page('window'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: ({ flow, args }) => flow.lowering.report(outsideBuckets, args.call.nameSpan, {}),
  },
})
