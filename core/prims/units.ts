// Durations and quantities with unit prefixes.
import { byName } from '../text/by-name.ts'
import { numberText, parseNumber } from './number-text.ts'

const NANOS: readonly (readonly [unit: string, nanos: bigint])[] = [
  ['d', 86_400_000_000_000n],
  ['h', 3_600_000_000_000n],
  ['m', 60_000_000_000n],
  ['s', 1_000_000_000n],
  ['ms', 1_000_000n],
  ['us', 1000n],
  ['ns', 1n],
]

/** `6h30m52s553ms`: parts that are 0 are left out; with `precision` only so many steps of the scale from the greatest part on. */
export function formatDuration(text: string, from: string, precision: number): string | null {
  const scale = NANOS.find(([unit]) => unit === from)
  if (!scale || !/^[+-]?[0-9]{1,30}$/.test(text)) return null
  const whole = BigInt(text.replace(/^\+/, '')) * scale[1]
  if (whole === 0n) return `0${from}`
  let rest = whole < 0n ? -whole : whole
  const first = NANOS.findIndex(([, nanos]) => rest >= nanos)
  const shown = precision > 0 ? NANOS.slice(first, first + precision) : NANOS.slice(first)
  let out = whole < 0n ? '-' : ''
  for (const [unit, nanos] of shown) {
    if (rest >= nanos) out += `${rest / nanos}${unit}`
    rest %= nanos
  }
  return out
}

const PREFIXES: Readonly<Record<string, number>> = byName({
  n: -3,
  u: -2,
  µ: -2,
  m: -1,
  '': 0,
  k: 1,
  K: 1,
  M: 2,
  G: 3,
  T: 4,
  P: 5,
  E: 6,
  Z: 7,
  Y: 8,
})
/** A letter for a power of the base, `i` for a base of 1024, and the unit itself, which stays. */
const UNIT = /^(?:(?<prefix>[nu\u00b5mkKMGTPEZY])(?<binary>i(?=[A-Z]|$))?)?(?<unit>[A-Za-z]*(?:\/[A-Za-z]+)?)$/
interface Scale {
  readonly factor: number
  readonly unit: string
}
function scaleOf(text: string, binary: boolean, only: string): Scale | null {
  if (only !== '' && text.endsWith(only)) {
    const bare = scaleOf(text.slice(0, -only.length), binary, '')
    return bare?.unit === '' ? { ...bare, unit: only } : null
  }
  const g = UNIT.exec(text)?.groups
  if (!g) return null
  const base = binary || g['binary'] === 'i' ? 1024 : 1000
  return { factor: base ** (PREFIXES[g['prefix'] ?? ''] as number), unit: g['unit'] ?? '' }
}

interface Conversion {
  /** Unit of texts that have none. */
  readonly from: string
  /** Prefix, or prefix and unit, to convert to; empty: the base unit. */
  readonly to: string
  readonly binary: boolean
  readonly keepUnit: boolean
  /** The unit without its prefix, if it must be that one. */
  readonly unit: string
}
/** `5 MB` to `k` is 5000; null where the text is no quantity, or of another unit. */
export function convertUnit(text: string, c: Conversion): string | null {
  const m = /^\s*([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)\s*([^\s0-9].*?)?\s*$/.exec(text)
  const value = m?.[1] === undefined ? null : parseNumber(m[1])
  const given = scaleOf(m?.[2] ?? c.from, c.binary, c.unit)
  const wanted = scaleOf(c.to, c.binary, c.unit)
  if (value === null || !given || !wanted || (c.unit !== '' && given.unit !== c.unit)) return null
  if (given.unit !== '' && wanted.unit !== '' && given.unit !== wanted.unit) return null
  const made = (value * given.factor) / wanted.factor
  if (!Number.isFinite(made)) return null
  const unit = wanted.unit === '' ? c.to + given.unit : c.to
  return c.keepUnit && unit !== '' ? `${numberText(made)} ${unit}` : numberText(made)
}
