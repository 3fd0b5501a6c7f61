// Microseconds since 1970 and calendars. Zones are the host's IANA tables by way of Intl, which is pure: no clock is read.
import { floorDiv, floorMod } from './kit.ts'

export const SECOND = 1_000_000n
export const DAY = 86_400n * SECOND

interface Parts {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly micro: number
  /** 0 is Sunday. */
  readonly weekday: number
  readonly yearDay: number
}

/** Proleptic Gregorian date → days since 1970 (Hinnant's algorithm, written anew). */
export function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const inEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146097 + inEra * 365 + Math.floor(inEra / 4) - Math.floor(inEra / 100) + dayOfYear - 719468
}
function dateOf(days: number): [year: number, month: number, day: number] {
  const z = days + 719468
  const era = Math.floor(z / 146097)
  const d = z - era * 146097
  const inEra = Math.floor((d - Math.floor(d / 1460) + Math.floor(d / 36524) - Math.floor(d / 146096)) / 365)
  const dayOfYear = d - (365 * inEra + Math.floor(inEra / 4) - Math.floor(inEra / 100))
  const m = Math.floor((5 * dayOfYear + 2) / 153)
  const month = m < 10 ? m + 3 : m - 9
  return [inEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - Math.floor((153 * m + 2) / 5) + 1]
}

const formats = new Map<string, Intl.DateTimeFormat | null>()
function formatOf(zone: string): Intl.DateTimeFormat | null {
  const known = formats.get(zone)
  if (known !== undefined) return known
  let made: Intl.DateTimeFormat | null = null
  try {
    const digits = 'numeric'
    made = new Intl.DateTimeFormat('en-US-u-hc-h23', {
      timeZone: zone,
      era: 'short',
      year: digits,
      month: digits,
      day: digits,
      hour: digits,
      minute: digits,
      second: digits,
    })
  } catch {}
  formats.set(zone, made)
  return made
}

export const isUtc = (zone: string): boolean => /^(?:|Z|UTC|GMT|Etc\/UTC|[+-]00:?00)$/i.test(zone)
/** Offset of local time from UTC in µs; null for an unknown zone. `UTC`, `+05:30` and IANA names. */
export function offsetOf(time: bigint, zone: string): bigint | null {
  if (isUtc(zone)) return 0n
  const fixed = /^([+-])(\d\d):?(\d\d)$/.exec(zone)
  if (fixed) {
    const minutes = BigInt(Number(fixed[2]) * 60 + Number(fixed[3]))
    return (fixed[1] === '-' ? -minutes : minutes) * 60n * SECOND
  }
  const format = formatOf(zone)
  const seconds = floorDiv(time, SECOND)
  if (!format || seconds < -8_640_000_000_000n || seconds > 8_640_000_000_000n) return null
  const found: Record<string, string> = {}
  for (const { type, value } of format.formatToParts(Number(seconds) * 1000)) found[type] = value
  const n = (type: string): number => Number(found[type])
  const year = found['era'] === 'BC' ? 1 - n('year') : n('year')
  const local =
    BigInt(dayNumber(year, n('month'), n('day'))) * 86_400n + BigInt(n('hour') * 3600 + n('minute') * 60 + n('second'))
  return (local - seconds) * SECOND
}
/** The offset of a zone that has the same at all times. Undefined: any other zone. */
export const onlyOffset = (zone: string): bigint | undefined =>
  isUtc(zone) || /^[+-]\d\d:?\d\d$/.test(zone) ? (offsetOf(0n, zone) ?? undefined) : undefined
/** Local µs → UTC µs. Of an hour that happens twice, the first. In an hour that does not happen, the old offset still applies. */
export function fromLocal(local: bigint, zone: string): bigint | null {
  const before = offsetOf(local - DAY, zone)
  const after = offsetOf(local + DAY, zone)
  if (before === null || after === null) return null
  for (const offset of [before, after]) if (offsetOf(local - offset, zone) === offset) return local - offset
  return local - before
}

/** Parts of a local time in µs. */
export function calendarParts(local: bigint): Parts {
  const days = Number(floorDiv(local, DAY))
  const inDay = floorMod(local, DAY)
  const [year, month, day] = dateOf(days)
  const seconds = Number(inDay / SECOND)
  return {
    year,
    month,
    day,
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    micro: Number(inDay % SECOND),
    weekday: (((days + 4) % 7) + 7) % 7,
    yearDay: days - dayNumber(year, 1, 1) + 1,
  }
}

/** ISO 8601: the week of the year's first Thursday is 1. */
export function isoWeek(local: bigint): number {
  const thursday = local + BigInt(4 - (calendarParts(local).weekday || 7)) * DAY
  return Math.floor((calendarParts(thursday).yearDay - 1) / 7) + 1
}
