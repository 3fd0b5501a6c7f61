import { builtin } from '../4-lower/builtin.ts'
import { call } from '../../../plan/build.ts'
import { param, as, page } from '../4-lower/params.ts'
import { toNum } from '../../shared/convert.ts'

export const distance = builtin({
  name: 'geography:distance',
  category: 'enrich',
  kind: 'transform',
  doc: 'Metres between two places.',
  notes: ['On a sphere; its radius, 6371.009 km, follows from the example of the page.'],
  params: [
    ...['lat1', 'lon1', 'lat2', 'lon2'].map((n) => param(n, 'field', 'Degrees.', { required: true })),
    as('_distance'),
  ],
  output: '_distance',
  fidelity: 'exact',
  evidence: page('geography:distance'),
  examples: [
    {
      title: 'The same place',
      given: [{ a: '47', b: '8' }],
      query: 'geography:distance(lat1=a, lon1=b, lat2=a, lon2=b, as=d) | select(d)',
      gives: [{ d: '0' }],
      from: page('geography:distance'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) =>
      call(
        'geo.distance',
        'num',
        ['lat1', 'lon1', 'lat2', 'lon2'].map((n) => toNum(flow.read(args.field(n)))),
      ),
  },
})
