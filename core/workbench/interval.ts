// Values of --from, --to, --last and --now as microseconds UTC.
import { byName } from '../text/by-name.ts'
import { wallToUtc } from '../text/zone.ts'

const UNITS: Record<string, number> = byName({
  ms: 1e3,
  millis: 1e3,
  s: 1e6,
  sec: 1e6,
  second: 1e6,
  m: 6e7,
  min: 6e7,
  minute: 6e7,
  h: 3.6e9,
  hr: 3.6e9,
  hour: 3.6e9,
  d: 8.64e10,
  day: 8.64e10,
  w: 6.048e11,
  week: 6.048e11,
})

/** `15m`, `24h`, `7d`, `1h30m`, `2 weeks`, a leading `-` allowed: microseconds; undefined if it is neither. */
export function parseDuration(text: string): bigint | undefined {
  const parts = [
    ...text
      .trim()
      .replace(/^-/, '')
      .matchAll(/\s*(\d+)\s*([a-z]+)\s*/gi),
  ]
  if (
    parts.length === 0 ||
    parts
      .map((p) => p[0])
      .join('')
      .trim() !== text.trim().replace(/^-/, '').trim()
  )
    return undefined
  let total = 0n
  for (const [, n = '0', unit = ''] of parts) {
    const factor = UNITS[unit.toLowerCase()] ?? UNITS[unit.toLowerCase().replace(/s$/, '')]
    if (factor === undefined) return undefined
    total += BigInt(n) * BigInt(factor)
  }
  return total
}

/** A date, an ISO time with or without zone (then the reader's), or epoch seconds or milliseconds: microseconds; undefined if it is neither. */
export function parseInstant(text: string, zone: string): bigint | undefined {
  const t = text.trim()
  if (/^\d{10}$/.test(t)) return BigInt(t) * 1_000_000n
  if (/^\d{13}$/.test(t)) return BigInt(t) * 1_000n
  const m =
    /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i.exec(t)
  if (!m) return undefined
  const [, y, mo, d, h = '0', mi = '0', s = '0', fraction = '', offset] = m
  const wall = Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s))
  const date = new Date(wall)
  if (
    date.getUTCMonth() !== Number(mo) - 1 ||
    date.getUTCDate() !== Number(d) ||
    Number(h) > 24 ||
    Number(mi) > 59 ||
    Number(s) > 60
  )
    return undefined
  return BigInt(wallToUtc(offset ?? zone, wall)) * 1000n + BigInt(fraction.slice(0, 6).padEnd(6, '0') || '0')
}

/** ISO 8601 UTC with as many decimals as needed. */
export function isoTime(micros: bigint): string {
  const ms = micros >= 0n ? micros / 1000n : -((-micros + 999n) / 1000n)
  const rest = Number(micros - ms * 1000n)
  const date = new Date(Number(ms))
  if (Number.isNaN(date.getTime())) return `${micros} µs`
  const iso = date.toISOString()
  if (rest > 0) return iso.replace('Z', `${String(rest).padStart(3, '0')}Z`)
  return iso.replace('.000Z', 'Z')
}
