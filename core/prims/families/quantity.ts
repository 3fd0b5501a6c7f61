// Numbers in other spellings: radix, durations, units, places on the earth.
import { numConst, flagConst, int128, textConst } from '../kit.ts'
import { type Prim, scalar, type Tail, tail } from '../prim.ts'
import { convertUnit, durationText } from '../units.ts'

const slow: { duckdb: Tail; clickhouse: Tail } = {
  duckdb: tail('not written in SQL'),
  clickhouse: tail('not written in SQL'),
}
const text1 = [['text', 'str']] as const

function parseRadix(text: string, radix: number, little: boolean): bigint | null {
  const bare = radix === 16 ? text.trim().replace(/^0x/i, '') : text.trim()
  const digits = little ? (bare.length % 2 === 0 ? (bare.match(/../g) ?? []).reverse().join('') : '') : bare
  if (digits === '' || digits.length > 128) return null
  let value = 0n
  for (const c of digits.toLowerCase()) {
    const d = c >= '0' && c <= '9' ? c.charCodeAt(0) - 48 : c >= 'a' && c <= 'z' ? c.charCodeAt(0) - 87 : 99
    if (d >= radix) return null
    value = value * BigInt(radix) + BigInt(d)
  }
  return int128(value)
}

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

const EARTH = 6_371_008.8
function haversine(lat1: number, lon1: number, lat2: number, lon2: number): number | null {
  const rad = (x: number): number => (x * Math.PI) / 180
  const half = (x: number): number => Math.sin(rad(x) / 2) ** 2
  const h = half(lat2 - lat1) + Math.cos(rad(lat1)) * Math.cos(rad(lat2)) * half(lon2 - lon1)
  const metres = 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(h)))
  return Number.isFinite(metres) ? metres : null
}

export const quantities: readonly Prim[] = [
  scalar({
    id: 'int.parseRadix',
    doc: 'The unsigned whole number that digits of a radix say; absent if one is none of them. Hexadecimal ones may begin with `0x`.',
    params: text1,
    consts: { radix: '2 to 36 (default 16).', little: 'Pairs of digits come in reverse order.' },
    returns: 'int',
    nulls: 'propagate',
    js: (c) => {
      const [radix, little] = [numConst(c, 'radix', 16), flagConst(c, 'little')]
      return (text: string) => parseRadix(text, radix, little)
    },
    sql: slow,
    laws: [
      { args: ['0x1f'], consts: { radix: 16 }, gives: 31n },
      { args: ['0100'], consts: { radix: 16, little: true }, gives: 1n },
      { args: ['101'], consts: { radix: 2 }, gives: 5n },
      { args: ['12'], consts: { radix: 2 }, gives: null },
      { args: ['-1'], consts: { radix: 16 }, gives: null },
      { args: [''], consts: { radix: 16 }, gives: null },
      { args: [null], consts: { radix: 16 }, gives: null },
    ],
  }),
  scalar({
    id: 'str.duration',
    doc: 'A whole number of a unit as days, hours, minutes and so on; absent if the text is no whole number.',
    params: text1,
    consts: { from: 'd h m s ms us ns.', precision: 'Steps of the scale that are shown; 0: all.' },
    returns: 'str',
    nulls: 'propagate',
    js: (c) => {
      const [from, precision] = [textConst(c, 'from', 'ms'), numConst(c, 'precision', 0)]
      return (text: string) => durationText(text, from, precision)
    },
    sql: slow,
    laws: [
      { args: ['23452553'], consts: { from: 'ms', precision: 0 }, gives: '6h30m52s553ms' },
      { args: ['23452553'], consts: { from: 'ms', precision: 2 }, gives: '6h30m' },
      { args: ['-90'], consts: { from: 's', precision: 0 }, gives: '-1m30s' },
      { args: ['0'], consts: { from: 'ms', precision: 0 }, gives: '0ms' },
      { args: ['1.5'], consts: { from: 'ms', precision: 0 }, gives: null },
      { args: [null], consts: { from: 'ms', precision: 0 }, gives: null },
    ],
  }),
  scalar({
    id: 'str.convertUnit',
    doc: 'A quantity such as `5 MB` in another unit prefix; absent if it is none.',
    params: text1,
    consts: {
      from: 'Unit of a bare number.',
      to: 'Prefix, or prefix and unit; empty: the base unit.',
      binary: 'Prefixes are powers of 1024.',
      keepUnit: 'The unit stands behind the number.',
      unit: 'The unit that the text must have, if it is given.',
    },
    returns: 'str',
    nulls: 'propagate',
    js: (c) => {
      const conversion = {
        from: textConst(c, 'from'),
        to: textConst(c, 'to'),
        binary: flagConst(c, 'binary'),
        keepUnit: flagConst(c, 'keepUnit'),
        unit: textConst(c, 'unit'),
      }
      return (text: string) => convertUnit(text, conversion)
    },
    sql: slow,
    laws: [
      { args: ['5 MB'], consts: { from: '', to: 'k', binary: false, keepUnit: false }, gives: '5000' },
      { args: ['2048'], consts: { from: 'M', to: 'G', binary: true, keepUnit: false }, gives: '2' },
      { args: ['1 KiB'], consts: { from: '', to: '', binary: false, keepUnit: true }, gives: '1024 B' },
      { args: ['1 MB/s'], consts: { from: '', to: 'k', binary: false, keepUnit: true }, gives: '1000 kB/s' },
      { args: ['514 ms'], consts: { from: '', to: '', binary: false, keepUnit: false }, gives: '0.514' },
      { args: ['4'], consts: { from: 'KiB', to: '', binary: false, keepUnit: false }, gives: '4096' },
      { args: ['2 kmi'], consts: { from: '', to: '', binary: false, keepUnit: true, unit: 'mi' }, gives: '2000 mi' },
      { args: ['2 s'], consts: { from: '', to: '', binary: false, keepUnit: true, unit: 'B' }, gives: null },
      { args: ['fast'], consts: { from: '', to: 'k', binary: false, keepUnit: false }, gives: null },
      { args: [null], consts: { from: '', to: 'k', binary: false, keepUnit: false }, gives: null },
    ],
  }),
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
    sql: slow,
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
    sql: slow,
    laws: [
      { args: [0, 0, 0, 0], gives: 0 },
      { args: [0, 0, 0, 180], gives: Math.PI * EARTH },
      { args: [0, 0, null, 0], gives: null },
    ],
  }),
]
