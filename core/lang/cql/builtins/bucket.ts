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
import { first, param, FUNCTION, page } from '../4-lower/params.ts'

export const bucket = builtin({
  name: 'bucket',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'Aggregates per span of time and, if fields are given, per their values.',
  notes: ['`_bucket` is the start of the span in epoch milliseconds.'],
  params: [
    first('span', 'text', 'Length of a bucket.', { default: 'auto' }),
    BUCKETS_PARAM,
    param('field', 'fields', 'Further keys.'),
    FUNCTION,
    SERIES_LIMIT,
    MIN_SPAN,
    ZONE,
    UNIT,
  ],
  fidelity: { differs: SPAN_NOTE },
  evidence: page('bucket'),
  examples: [
    {
      title: 'Per minute',
      given: [{ '@timestamp': 0 }, { '@timestamp': 59_999 }, { '@timestamp': 60_000 }],
      query: 'bucket(span=1m)',
      gives: [
        { _bucket: 0, _count: 2 },
        { _bucket: 60_000, _count: 1 },
      ],
      from: page('bucket'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => lowerBuckets(c, 'bucket', c.args.fields('field')),
  },
})
