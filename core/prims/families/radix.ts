// Numbers and texts written in the digits of a radix.
import { flagConst, int128, noSql, numConst, textMap } from '../kit.ts'
import { inEngines } from '../forms/engines.ts'
import { decimalOfHex, hexOfDecimal } from '../forms/radix.ts'
import { latinOfHex } from '../forms/text-bytes.ts'
import { type Prim, scalar } from '../prim.ts'

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

const hex = (t: string): bigint | null => {
  const digits = /^(?:0x)?([0-9a-f]{1,16})$/i.exec(t.trim())?.[1]
  return digits === undefined ? null : BigInt(`0x${digits}`)
}

export const radices: readonly Prim[] = [
  scalar({
    id: 'int.parseRadix',
    doc: 'The unsigned whole number that digits of a radix say; absent if one is none of them. Hexadecimal ones may begin with `0x`.',
    params: [['text', 'str']],
    consts: { radix: '2 to 36 (default 16).', little: 'Pairs of digits come in reverse order.' },
    returns: 'int',
    nulls: 'propagate',
    js: (c) => {
      const [radix, little] = [numConst(c, 'radix', 16), flagConst(c, 'little')]
      return (text: string) => parseRadix(text, radix, little)
    },
    sql: noSql,
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
  textMap(
    'str.parseHex',
    'The decimal digits of up to 16 hexadecimal ones, unsigned.',
    (t) => hex(t)?.toString() ?? null,
    [
      ['0x1F', '31'],
      ['12D230', '1233456'],
      ['zz', null],
      [' 0xffffffffffffffff\u00a0', '18446744073709551615'],
      ['0x', null],
    ],
    inEngines((sql, dialect, x) => decimalOfHex(sql, dialect, x, false)),
  ),
  textMap(
    'str.hexToDec',
    'The decimal digits of hexadecimal ones, 16 of them as a signed 64-bit number.',
    (t) => {
      const n = hex(t)
      return n === null ? null : BigInt.asIntN(64, n).toString()
    },
    [
      ['0000000000001337', '4919'],
      ['ffffffffffffffff', '-1'],
      ['8000000000000000', '-9223372036854775808'],
    ],
    inEngines((sql, dialect, x) => decimalOfHex(sql, dialect, x, true)),
  ),
  textMap(
    'str.decToHex',
    'Upper-case hexadecimal digits of a whole number of 64 bits.',
    (t) => (/^-?\d{1,20}$/.test(t) ? BigInt.asUintN(64, BigInt(t)).toString(16).toUpperCase() : null),
    [
      ['4919', '1337'],
      ['70', '46'],
      ['5', '5'],
      ['0', '0'],
      ['-1', 'FFFFFFFFFFFFFFFF'],
      ['99999999999999999999', '6BC75E2D630FFFFF'],
      ['x', null],
    ],
    inEngines(hexOfDecimal),
  ),
  textMap(
    'str.fromHex',
    'The characters whose codes are pairs of hexadecimal digits.',
    (t) =>
      /^(?:[0-9a-f]{2})*$/i.test(t) ? t.replace(/../g, (p) => String.fromCharCode(Number.parseInt(p, 16))) : null,
    [
      ['68656c6c6f0a', 'hello\n'],
      ['6', null],
      ['e9FF00', 'éÿ\0'],
    ],
    inEngines(latinOfHex),
  ),
]
