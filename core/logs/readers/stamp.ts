// Time stamps of logs. Never Date.parse: it reads a stamp without a zone in the zone of the machine.
import { wallToUtc } from '../../text/zone.ts'
import type { FormatContext } from '../format.ts'
import { zoneOf } from '../../text/zone-words.ts'

/** Microseconds of epoch text whose unit follows from its size: seconds (before the year 5138), milliseconds, microseconds, nanoseconds. */
export function epochBySize(text: string): bigint | undefined {
  // The usual case: thirteen digits, milliseconds.
  if (text.length === 13 && /^[1-8]\d{12}$/.test(text)) return BigInt(Number(text) * 1000)
  const m = /^(-?)(\d{1,20})(?:\.(\d*))?$/.exec(text)
  if (!m) return undefined
  const [, sign = '', whole = '', fraction = ''] = m
  const size = whole.replace(/^0+/, '').length
  const value = size > 17 ? BigInt(whole.slice(0, -3)) : scale(whole, fraction, size <= 11 ? 6 : size <= 14 ? 3 : 0)
  return sign === '' ? value : -value
}

/** Microseconds of seconds with a fraction, of any size: a duration, or a stamp that its format defines so. */
export function epochSeconds(text: string): bigint | undefined {
  const m = /^(-?)(\d{1,18})(?:\.(\d*))?$/.exec(text)
  if (!m) return undefined
  const value = scale(m[2] as string, m[3] ?? '', 6)
  return m[1] === '' ? value : -value
}

function scale(whole: string, fraction: string, decimals: number): bigint {
  const digits = whole + fraction.slice(0, decimals).padEnd(decimals, '0')
  // Doubles are exact to 2^53 and four times as fast as BigInt of a text.
  return digits.length <= 15 ? BigInt(Number(digits)) : BigInt(digits)
}

/** Most stamps, and quick to test. */
const USUAL = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/
const ISO =
  /^([+-]?\d{4})([-/]?)(\d\d)\2(\d\d)(?:[T ] ?(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|[A-Za-z]{2,5}|(?:UTC|GMT)?[+-]\d\d?(?::?\d\d)?|[A-Z][A-Za-z]+\/[\w/+-]+)?$/i
/** Syslog's own: `Mar  2 04:05:06`, with a year or a zone or neither. */
const BSD = /^([A-Za-z]{3}) +(\d{1,2})(?: (\d{4}))? (\d{1,2}):(\d\d):(\d\d)(?:[.,](\d{1,9}))?$/
const CLOCK = /(^|[\sT:,])(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:\s*([AP])\.?M\.?(?![A-Za-z]))?/i
const SLASHES = /(?:^|\s)(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})(?=[\s,:]|$)/
const DOTNET = /^\\?\/Date\((-?\d{1,17})(?:[+-]\d{4})?\)\\?\/$/
const EXPONENT = /^\d(?:\.\d+)?[eE]\+?\d{1,2}$/
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/**
 * Microseconds of a time stamp or an epoch; undefined for any other text and for a day that does not exist. Parts may come in any order that
 * products write, with the zone before or after them. A date of numbers is year first, else month first, else (13/01/2026) day first.
 */
export function stamp(text: string, context: FormatContext): bigint | undefined {
  const t = text.trim()
  let m = USUAL.exec(t)
  if (m) return instant(m[1], m[2], m[3], { hour: m[4], minute: m[5], second: m[6], fraction: m[7] }, m[8], context)
  m = ISO.exec(t)
  if (m && !/^\d{8}$/.test(t))
    return instant(m[1], m[3], m[4], { hour: m[5], minute: m[6], second: m[7], fraction: m[8] }, m[9], context)
  m = BSD.exec(t)
  if (m)
    return instant(
      m[3],
      month(m[1]),
      m[2],
      { hour: m[4], minute: m[5], second: m[6], fraction: m[7] },
      undefined,
      context,
    )
  const number = epochBySize(t)
  if (number !== undefined) return number
  if (EXPONENT.test(t)) return epochBySize(String(Number(t)))
  m = DOTNET.exec(t)
  if (m) return BigInt(m[1] as string) * 1000n
  return t.length > 100 ? undefined : inParts(t, context)
}

/** Finds the clock, then the date, then the zone; any other word makes it no stamp. */
function inParts(text: string, context: FormatContext): bigint | undefined {
  const clock = CLOCK.exec(text)
  if (!clock) return undefined
  const [found, , hour, minute, second, fraction, half] = clock
  let rest = `${text.slice(0, clock.index)} ${text.slice(clock.index + found.length)}`
  let [year, mon, day]: Part[] = []
  const date = SLASHES.exec(rest)
  if (date) {
    const [all, a = '', , b = '', c = ''] = date
    if (a.length === 4) [year, mon, day] = [a, b, c]
    else if (c.length !== 4) return undefined
    else [year, mon, day] = Number(a) > 12 ? [c, b, a] : [c, a, b]
    rest = rest.replace(all, ' ')
  }
  rest = rest.replace(/(\d{1,2})[/-]([A-Za-z]{3,9})[/-](\d{4})/, ' $1 $2 $3 ')
  const zones: string[] = []
  for (const word of rest.split(/[\s,[\]()*]+/)) {
    if (word === '' || word === '.' || word === ':' || WEEKDAY.test(word)) continue
    const named = month(word)
    if (named !== '0' && mon === undefined) mon = named
    else if (/^\d{4}$/.test(word) && year === undefined) year = word
    else if (/^\d{1,2}(?:st|nd|rd|th)?\.?$/.test(word) && day === undefined) day = String(Number.parseInt(word, 10))
    else if (zones.length < 2 && /^(?:[A-Za-z]{1,5}|[A-Za-z]*[+-]\d\d?:?(?:\d\d)?|[A-Z][\w/+-]+)$/.test(word))
      zones.push(word)
    else return undefined
  }
  // `+0200 (CEST)`: the number counts.
  const zone = zones.find((z) => /\d/.test(z)) ?? zones[0]
  return instant(
    year,
    mon,
    day,
    { hour: half ? hour12(hour as string, half) : hour, minute, second, fraction },
    zone,
    context,
  )
}

const WEEKDAY = /^(?:mon|tue|wed|thu|fri|sat|sun)(?:[a-z]*day)?\.?$/i

function month(name: Part): string {
  const at =
    name === undefined || !/^[A-Za-z]{3,9}\.?$/.test(name) ? -1 : MONTHS.indexOf(name.slice(0, 3).toLowerCase())
  return String(at + 1)
}

function hour12(hour: string, half: string): string {
  const h = Number(hour) % 12
  return String(half.toLowerCase() === 'p' ? h + 12 : h)
}

type Part = string | undefined

export interface Clock {
  readonly hour?: Part
  readonly minute?: Part
  readonly second?: Part
  /** Digits of the fraction of a second. */
  readonly fraction?: Part
}

/** Microseconds of a stamp in parts. Months from 1. Without a year, the context chooses it. */
export function instant(
  year: Part,
  monthNumber: Part,
  day: Part,
  clock: Clock,
  zone: Part,
  context: FormatContext,
): bigint | undefined {
  const mon = Number(monthNumber) - 1
  const hour = Number(clock.hour ?? 0)
  const minute = Number(clock.minute ?? 0)
  const second = Number(clock.second ?? 0)
  // 60: a leap second, which counts as the first of the next minute.
  if (!(mon >= 0 && mon <= 11 && hour <= 23 && minute <= 59 && second <= 60) || day === undefined) return undefined
  const offset = zone === undefined ? context.zone : zoneOf(zone)
  if (offset === undefined) context.unknownZone?.(zone as string)
  // An unknown zone is not UTC: the zone of the source counts if one is given.
  const own = offset ?? (context.zone === 'UTC' ? undefined : context.zone)
  if (own === undefined) return undefined
  const micros = Number((clock.fraction ?? '').slice(0, 6).padEnd(6, '0'))
  const inYear = (y: number): bigint | undefined => {
    if (!hasDay(y, mon, Number(day))) return undefined
    const wall = utcOf(y, mon, Number(day)) + ((hour * 60 + minute) * 60 + second) * 1000
    const utc = own === 'UTC' || own === 'Z' ? wall : wallToUtc(own, wall)
    const exact = utc * 1000 + micros
    return Number.isSafeInteger(exact) ? BigInt(exact) : BigInt(utc) * 1000n + BigInt(micros)
  }
  if (year !== undefined) return inYear(Number(year))
  return context.withoutYear ? context.withoutYear(inYear) : inYear(context.year)
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const hasDay = (y: number, mon: number, day: number): boolean =>
  day >= 1 &&
  day <= (DAYS[mon] as number) &&
  (mon !== 1 || day < 29 || (y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0)))

/** `Date.UTC` takes years below 100 for those of the last century. */
const utcOf = (y: number, mon: number, day: number): number =>
  y >= 100 ? Date.UTC(y, mon, day) : new Date(0).setUTCFullYear(y, mon, day)
