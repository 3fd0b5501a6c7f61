import {
  BUCKETS_PARAM,
  SERIES_LIMIT,
  MIN_SPAN,
  ZONE,
  UNIT,
  SPAN_NOTE,
  lowerBuckets,
} from '../4-lower/functions/buckets.ts'
import { builtin } from '../4-lower/builtin.ts'
import { param, first, FUNCTION, page } from '../4-lower/params.ts'

const SPAN = param('span', 'text', 'Length of a bucket.', { default: 'auto' })

export const timeChart = builtin({
  name: 'timeChart',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'Aggregates per span of time and, with a series, per its values.',
  notes: ['Rows are bucket, series, values: a chart would draw them.'],
  params: [first('series', 'field', 'The series.'), SPAN, BUCKETS_PARAM, FUNCTION, SERIES_LIMIT, MIN_SPAN, ZONE, UNIT],
  fidelity: { differs: SPAN_NOTE },
  evidence: page('timeChart'),
  examples: [
    {
      title: 'Per second and user',
      given: [
        { '@timestamp': 100, u: 'x', b: '1' },
        { '@timestamp': 900, u: 'x', b: '2' },
        { '@timestamp': 1000, u: 'y', b: '5' },
      ],
      query: 'timeChart(u, span=1000ms, function=sum(b))',
      gives: [
        { _bucket: 0, u: 'x', _sum: 3 },
        { _bucket: 1000, u: 'y', _sum: 5 },
      ],
      from: page('timeChart'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => lowerBuckets(c, 'timeChart', c.args.has('series') ? [c.args.field('series')] : []),
  },
})
