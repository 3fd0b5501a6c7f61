// Places on the earth.
import { noSql, numConst } from '../kit.ts'
import { type Prim, scalar } from '../prim.ts'

const BASE32 = '0123456789bcdefghjkmnpqrstuvwxyz'
/** Halves longitude and latitude in turn, five bits a letter. */
function geohash(lat: number, lon: number, precision: number): string | null {
  if (Math.abs(lat) > 90 || Math.abs(lon) > 180) return null
  const ranges: [[number, number], [number, number]] = [
    [-180, 180],
    [-90, 90],
  ]
  let out = ''
  for (let i = 0, bits = 0; out.length < precision; i++) {
    const range = ranges[i % 2] as [number, number]
    const middle = (range[0] + range[1]) / 2
    const upper = (i % 2 === 0 ? lon : lat) >= middle
    range[upper ? 0 : 1] = middle
    bits = bits * 2 + (upper ? 1 : 0)
    if (i % 5 === 4) {
      out += BASE32[bits]
      bits = 0
    }
  }
  return out
}

/** The radius with which the distance in the vendor's example comes out: London to Tokyo 9558729.514524894. */
const EARTH = 6_371_009
function haversine(lat1: number, lon1: number, lat2: number, lon2: number): number | null {
  const rad = (x: number): number => (x * Math.PI) / 180
  const half = (x: number): number => Math.sin(rad(x) / 2) ** 2
  const h = half(lat2 - lat1) + Math.cos(rad(lat1)) * Math.cos(rad(lat2)) * half(lon2 - lon1)
  const metres = 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(h)))
  return Number.isFinite(metres) ? metres : null
}

export const places: readonly Prim[] = [
  scalar({
    id: 'geo.hash',
    doc: 'The geohash of a place; absent outside the earth.',
    params: [
      ['lat', 'num'],
      ['lon', 'num'],
    ],
    consts: { precision: 'Number of letters, 1 to 12.' },
    returns: 'str',
    nulls: 'propagate',
    js: (c) => {
      const precision = Math.min(12, Math.max(1, numConst(c, 'precision', 12)))
      return (lat: number, lon: number) => geohash(lat, lon, precision)
    },
    sql: noSql,
    laws: [
      { args: [57.64911, 10.40744], consts: { precision: 11 }, gives: 'u4pruydqqvj' },
      { args: [0, 0], consts: { precision: 4 }, gives: 's000' },
      { args: [91, 0], consts: { precision: 4 }, gives: null },
      { args: [null, 0], consts: { precision: 4 }, gives: null },
    ],
  }),
  scalar({
    id: 'geo.distance',
    doc: 'Metres between two places on a sphere of the earth’s mean radius.',
    params: [
      ['lat1', 'num'],
      ['lon1', 'num'],
      ['lat2', 'num'],
      ['lon2', 'num'],
    ],
    consts: {},
    returns: 'num',
    nulls: 'propagate',
    js: () => haversine,
    sql: noSql,
    laws: [
      { args: [0, 0, 0, 0], gives: 0 },
      { args: [0, 0, 0, 180], gives: Math.PI * EARTH },
      { args: [51.507222, -0.1275, 35.689722, 139.692222], gives: 9_558_729.514_524_894 },
      { args: [0, 0, null, 0], gives: null },
    ],
  }),
]
