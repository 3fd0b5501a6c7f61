import { builtin } from '../4-lower/builtin.ts'
import { call } from '../../../plan/build.ts'
import { param, as, page } from '../4-lower/params.ts'
import { toNum } from '../../shared/convert.ts'

export const geohash = builtin({
  name: 'geohash',
  category: 'enrich',
  kind: 'transform',
  doc: 'The geohash of coordinates.',
  notes: [],
  params: [
    param('lat', 'field', 'Latitude in degrees.', { default: 'ip.lat' }),
    param('lon', 'field', 'Longitude in degrees.', { default: 'ip.lon' }),
    param('precision', 'number', 'Number of letters.', { default: '12' }),
    as('_geohash'),
  ],
  output: '_geohash',
  fidelity: 'exact',
  evidence: page('geohash'),
  examples: [
    {
      title: 'Of a place',
      given: [{ a: '57.64911', b: '10.40744' }],
      query: 'geohash(lat=a, lon=b, precision=5) | select(_geohash)',
      gives: [{ _geohash: 'u4pru' }],
      from: page('geohash'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) =>
      call(
        'geo.hash',
        'str',
        [toNum(flow.read(args.field('lat', 'ip.lat'))), toNum(flow.read(args.field('lon', 'ip.lon')))],
        { precision: args.number('precision', 12) },
      ),
  },
})
