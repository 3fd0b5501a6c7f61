// Time stamps of logs. Never Date.parse: it reads a stamp without a zone in the zone of the machine.
import { wallToUtc } from '../../text/zone.ts'
import type { FormatContext } from '../format.ts'

/** Microseconds of epoch text in a known unit (`1772495995.633` seconds). Undefined for anything but digits with a fraction. */
export function epoch(text: string, unit: 'ms' | 's'): bigint | undefined {
  return scale(text, unit === 'ms' ? 3 : 6)
}

function scale(text: string, decimals: number): bigint | undefined {
  // The usual case: thirteen digits, milliseconds.
  if (decimals === 3 && text.length === 13 && /^[1-8]\d{12}$/.test(text)) return BigInt(Number(text) * 1000)
  const m = /^(-?)(\d{1,18})(?:\.(\d+))?$/.exec(text)
  if (!m) return undefined
  const [, sign = '', whole = '', fraction = ''] = m
  const digits = whole + fraction.slice(0, decimals).padEnd(decimals, '0')
  // Doubles are exact to 2^53 and four times as fast as BigInt of a text.
  const value = digits.length <= 15 ? BigInt(Number(digits)) : BigInt(digits)
  return sign === '' ? value : -value
}

/** Microseconds of epoch text whose unit follows from its size: seconds (before the year 5138), milliseconds, microseconds, nanoseconds. */
export function epochBySize(text: string): bigint | undefined {
  const m = /^-?(\d{1,20})(\.\d+)?$/.exec(text)
  if (!m) return undefined
  const size = (m[1] as string).replace(/^0+/, '').length
  if (size <= 11) return scale(text, 6)
  if (size <= 14) return scale(text, 3)
  if (size <= 17) return scale(text, 0)
  const whole = BigInt((m[1] as string).slice(0, -3))
  return text.startsWith('-') ? -whole : whole
}

const ISO =
  /^([+-]?\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/i
/** Sumo Logic writes `03/31/2026 14:05:09.123 +0000` and, for some readers, a clock of twelve hours. */
const AMERICAN =
  /^(\d{1,2})\/(\d{1,2})\/(\d{4}),? (\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(AM|PM)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/i
/** `02/Mar/2026:04:05:06 +0000` and `Mar  2 04:05:06`, the latter without a year. */
const CLF =
  /^(\d{1,2})[/ -]([A-Za-z]{3})[/ -](\d{4})[: ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/
const BSD = /^([A-Za-z]{3}) +(\d{1,2})(?: (\d{4}))? (\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?$/
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** Microseconds of a time stamp in one of the forms above or an epoch; undefined for any other text and for a day that does not exist. */
export function stamp(text: string, context: FormatContext): bigint | undefined {
  const t = text.trim()
  let m = ISO.exec(t)
  if (m && !/^\d{8}$/.test(t)) return wall(m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8], context)
  const number = epochBySize(t)
  if (number !== undefined) return number
  m = AMERICAN.exec(t)
  if (m) return wall(m[3], m[1], m[2], hour12(m[4] as string, m[8]), m[5], m[6], m[7], m[9], context)
  m = CLF.exec(t)
  if (m) return wall(m[3], month(m[2]), m[1], m[4], m[5], m[6], m[7], m[8], context)
  m = BSD.exec(t)
  if (m) return wall(m[3] ?? String(context.year), month(m[1]), m[2], m[4], m[5], m[6], m[7], undefined, context)
  return undefined
}

const month = (name: string | undefined): string => String(MONTHS.indexOf((name ?? '').toLowerCase()) + 1)

function hour12(hour: string, half: string | undefined): string {
  if (half === undefined) return hour
  const h = Number(hour) % 12
  return String(half.toLowerCase() === 'pm' ? h + 12 : h)
}

type Part = string | undefined

function wall(
  y: Part,
  mo: Part,
  d: Part,
  h: Part,
  mi: Part,
  s: Part,
  fraction: Part,
  zone: Part,
  context: FormatContext,
) {
  const parts = [Number(y), Number(mo) - 1, Number(d), Number(h ?? 0), Number(mi ?? 0), Number(s ?? 0)] as const
  // 60: a leap second, which counts as the first of the next minute.
  if (parts[1] < 0 || parts[1] > 11 || parts[3] > 23 || parts[4] > 59 || parts[5] > 60) return undefined
  const ms = Date.UTC(...parts)
  if (new Date(Date.UTC(parts[0], parts[1], parts[2])).getUTCDate() !== parts[2]) return undefined
  const utc = wallToUtc(zone === undefined ? context.zone : offset(zone), ms)
  return BigInt(utc) * 1000n + BigInt((fraction ?? '').slice(0, 6).padEnd(6, '0'))
}

const offset = (zone: string): string => (/^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone)
