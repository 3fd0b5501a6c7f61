// Formatting a value as printf does. Engines have no such function with these rules, so it runs in the tail.
import { parseNumber } from '../number-text.ts'
import { numConst, textConst } from '../kit.ts'
import { scalar, tail, type Consts } from '../prim.ts'

const REASON = 'no engine formats numbers by these rules'

/** Digits rounded half up on the decimal value, as java.util.Formatter does; JavaScript's toFixed rounds the binary value, the same to 1e-15. */
function toFixedDigits(x: number, precision: number): string {
  return Math.abs(x) < 1e21 ? x.toFixed(Math.min(precision, 100)) : BigInt(Math.round(x)).toString()
}

function groupThousands(digits: string): string {
  const [whole = '', fraction] = digits.split('.')
  const out = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return fraction === undefined ? out : `${out}.${fraction}`
}

function formatNumber(text: string, conversion: string, precision: number, flags: string): string | null {
  const x = parseNumber(text)
  if (x === null) return null
  const whole = /^[+-]?\d+$/.test(text) ? BigInt(text.replace(/^\+/, '')) : BigInt(Math.trunc(x))
  const sign = (negative: boolean): string => (negative ? '-' : flags.includes('+') ? '+' : '')
  const abs = whole < 0n ? -whole : whole
  switch (conversion) {
    case 'd':
    case 'i':
      return sign(whole < 0n) + (flags.includes(',') ? groupThousands(abs.toString()) : abs.toString())
    case 'x':
      return sign(whole < 0n) + abs.toString(16)
    case 'X':
      return sign(whole < 0n) + abs.toString(16).toUpperCase()
    case 'o':
      return sign(whole < 0n) + abs.toString(8)
    case 'e': {
      const [mantissa, power = '+0'] = Math.abs(x)
        .toExponential(precision < 0 ? 6 : precision)
        .split('e')
      return `${sign(x < 0)}${mantissa}e${power[0]}${power.slice(1).padStart(2, '0')}`
    }
    default: {
      const digits = toFixedDigits(Math.abs(x), precision < 0 ? 6 : precision)
      return sign(x < 0) + (flags.includes(',') ? groupThousands(digits) : digits)
    }
  }
}

function printf(c: Consts): (text: string) => string {
  const conversion = textConst(c, 'conversion', 's')
  const flags = textConst(c, 'flags')
  const width = numConst(c, 'width', 0)
  const precision = numConst(c, 'precision', -1)
  const numeric = conversion !== 's' && conversion !== 'S'
  return (text) => {
    const made = numeric ? formatNumber(text, conversion, precision, flags) : null
    const plain = made ?? (!numeric && precision >= 0 ? [...text].slice(0, precision).join('') : text)
    const missing = width - [...plain].length
    if (missing <= 0) return plain
    if (flags.includes('-')) return plain + ' '.repeat(missing)
    if (flags.includes('0') && made !== null) {
      const signed = /^[+-]/.test(plain) ? 1 : 0
      return plain.slice(0, signed) + '0'.repeat(missing) + plain.slice(signed)
    }
    return ' '.repeat(missing) + plain
  }
}

export const strPrintf = scalar({
  id: 'str.printf',
  doc: 'A value formatted as printf does: numbers by conversion, precision and flags, then padded. A text that is no number stays as it is.',
  params: [['text', 'str']],
  consts: {
    conversion: 's d i f e x X o.',
    flags: 'Any of `,` (thousands), `0`, `-` (left), `+`.',
    width: 'Least number of characters; 0: none.',
    precision: 'Digits after the point, or most characters of a text; -1: not given.',
  },
  returns: 'str',
  nulls: 'propagate',
  js: printf,
  sql: { duckdb: tail(REASON), clickhouse: tail(REASON) },
  laws: [
    { args: ['1234567.891'], consts: { conversion: 'f', flags: ',', width: 0, precision: 2 }, gives: '1,234,567.89' },
    { args: ['-5'], consts: { conversion: 'd', flags: '0', width: 4, precision: -1 }, gives: '-005' },
    { args: ['255'], consts: { conversion: 'X', flags: '', width: 0, precision: -1 }, gives: 'FF' },
    {
      args: ['12345678901234567890'],
      consts: { conversion: 'd', flags: '', width: 0, precision: -1 },
      gives: '12345678901234567890',
    },
    { args: ['abc'], consts: { conversion: 's', flags: '-', width: 5, precision: -1 }, gives: 'abc  ' },
    { args: ['abc'], consts: { conversion: 's', flags: '', width: 5, precision: 2 }, gives: '   ab' },
    { args: ['n/a'], consts: { conversion: 'f', flags: '', width: 0, precision: 2 }, gives: 'n/a' },
    { args: [null], consts: { conversion: 's', flags: '', width: 0, precision: -1 }, gives: null },
  ],
})
