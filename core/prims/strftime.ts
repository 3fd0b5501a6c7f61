// The directives of time patterns: one table for printing and reading.
// %Y %y %m %d %e %j %H %k %I %l %M %S %L (ms) %f (µs) %N (ns) %p %a %A %b %B %z %Z %s (epoch s) %Q (epoch ms) %F %T %R %D %n %t %%
// %:z -05:00, %::z -05, both Z for UTC · %:Z EST, %::Z Eastern Standard Time · `-` leaves out leading zeros: %-d
import { byName } from '../text/by-name.ts'
import { DAY, dayNumber, fromLocal, offsetOf, calendarParts, SECOND } from './calendar.ts'
import { zoneOf } from '../text/zone-words.ts'
import { floorDiv } from './kit.ts'

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = 'January February March April May June July August September October November December'.split(' ')
const whole: Readonly<Record<string, string>> = byName({ F: '%Y-%m-%d', T: '%H:%M:%S', R: '%H:%M', D: '%m/%d/%y' })
const expand = (pattern: string): string => pattern.replace(/%([FTRD])/g, (_, d: string) => whole[d] as string)
const pad = (n: number, width: number, fill = '0'): string => String(n).padStart(width, fill)

function offsetText(offset: bigint): string {
  const minutes = Number((offset < 0n ? -offset : offset) / (60n * SECOND))
  return `${offset < 0n ? '-' : '+'}${pad(Math.floor(minutes / 60), 2)}${pad(minutes % 60, 2)}`
}

export interface Directive {
  readonly all: string
  readonly flag: string
  readonly directive: string
}

/** The texts and the directives of a pattern, in order. `flag`: `-` or colons. */
export function patternParts(pattern: string): (Directive | { readonly text: string })[] {
  const parts: (Directive | { readonly text: string })[] = []
  for (const [all, flag = '', directive] of expand(pattern).matchAll(/%(-|:{1,3})?([A-Za-z%])|[^%]+|%/g))
    parts.push(directive === undefined ? { text: all } : { all, flag, directive })
  return parts
}

/** Null for an unknown zone. Unknown directives stay as they are. */
export function formatTime(time: bigint, pattern: string, zone: string): string | null {
  const offset = offsetOf(time, zone)
  if (offset === null) return null
  const p = calendarParts(time + offset)
  const directives: Readonly<Record<string, () => string>> = {
    Y: () => (p.year < 0 ? `-${pad(-p.year, 4)}` : pad(p.year, 4)),
    y: () => pad(((p.year % 100) + 100) % 100, 2),
    m: () => pad(p.month, 2),
    d: () => pad(p.day, 2),
    e: () => pad(p.day, 2, ' '),
    j: () => pad(p.yearDay, 3),
    H: () => pad(p.hour, 2),
    k: () => pad(p.hour, 2, ' '),
    I: () => pad(p.hour % 12 || 12, 2),
    l: () => pad(p.hour % 12 || 12, 2, ' '),
    M: () => pad(p.minute, 2),
    S: () => pad(p.second, 2),
    L: () => pad(Math.floor(p.micro / 1000), 3),
    f: () => pad(p.micro, 6),
    N: () => `${pad(p.micro, 6)}000`,
    p: () => (p.hour < 12 ? 'AM' : 'PM'),
    a: () => (DAYS[p.weekday] as string).slice(0, 3),
    A: () => DAYS[p.weekday] as string,
    b: () => (MONTHS[p.month - 1] as string).slice(0, 3),
    B: () => MONTHS[p.month - 1] as string,
    z: () => offsetText(offset),
    Z: () => (offset === 0n && /^(?:|Z|UTC)$/i.test(zone) ? 'UTC' : zone),
    s: () => floorDiv(time, SECOND).toString(),
    Q: () => floorDiv(time, 1000n).toString(),
    n: () => '\n',
    t: () => '\t',
    '%': () => '%',
  }
  const extended: Readonly<Record<string, () => string>> = {
    ':z': () => (offset === 0n ? 'Z' : offsetText(offset).replace(/(?=..$)/, ':')),
    '::z': () => (offset === 0n ? 'Z' : offsetText(offset).slice(0, 3)),
    ':::z': () => (offset === 0n ? 'Z' : offsetText(offset)),
    ':Z': () => zoneName(time, zone, 'short'),
    '::Z': () => zoneName(time, zone, 'long'),
  }
  return expand(pattern).replace(/%(-|:{1,3})?([A-Za-z%])/g, (all, flag: string | undefined, d: string) => {
    if (flag === '-') return directives[d]?.().replace(/^[0 ]+(?=\d)/, '') ?? all
    return (flag === undefined ? directives[d] : extended[flag + d])?.() ?? all
  })
}

/** Intl knows the names of zones only in the locale of their country. Zones of other countries are `GMT+9`. */
const COUNTRIES = ['en-US', 'en-GB', 'en-AU', 'en-CA', 'en-IN', 'en-ZA', 'en-NZ']
const NAMES: Readonly<Record<string, string>> = byName({
  'Asia/Tokyo': 'JST',
  'Asia/Seoul': 'KST',
  'Asia/Hong_Kong': 'HKT',
  'Asia/Shanghai': 'CST',
  'Asia/Singapore': 'SGT',
})

/** `EST`, `Eastern Standard Time`; `GMT+09:30` where the zone has no name. */
function zoneName(time: bigint, zone: string, style: 'long' | 'short'): string {
  const offset = offsetOf(time, zone) ?? 0n
  if (/^(?:|Z|(?:etc\/)?(?:utc|gmt))$/i.test(zone)) return style === 'short' ? 'UTC' : 'Coordinated Universal Time'
  if (style === 'short' && NAMES[zone] !== undefined) return NAMES[zone]
  if (!/^[+-]/.test(zone))
    for (const country of COUNTRIES) {
      const parts = new Intl.DateTimeFormat(country, { timeZone: zone, timeZoneName: style }).formatToParts(
        Number(time / 1000n),
      )
      const name = parts.find((p) => p.type === 'timeZoneName')?.value ?? ''
      if (!/^(?:GMT|UTC)[+-]/.test(name)) return name
    }
  return `GMT${offsetText(offset).replace(/(?=..$)/, ':')}`
}

interface Read {
  year: number
  month: number
  day: number
  yearDay: number | null
  hour: number
  pm: boolean | null
  minute: number
  second: number
  micro: number
  offset: bigint | null
  /** A zone in words; '': an unknown word. */
  zone: string | null
  epoch: bigint | null
}
type Reader = readonly [pattern: string, read: (into: Read, text: string) => void]
const months = MONTHS.map((m) => m.slice(0, 3).toLowerCase())
const fraction = (text: string): number => Number(text.slice(0, 6).padEnd(6, '0'))
const readers: Readonly<Record<string, Reader>> = byName({
  Y: [
    '\\d{4}',
    (r, t) => {
      r.year = Number(t)
    },
  ],
  y: [
    '\\d{2}',
    (r, t) => {
      r.year = Number(t) + (Number(t) < 69 ? 2000 : 1900)
    },
  ],
  m: [
    '\\d{1,2}',
    (r, t) => {
      r.month = Number(t)
    },
  ],
  d: [
    '\\d{1,2}',
    (r, t) => {
      r.day = Number(t)
    },
  ],
  e: [
    ' ?\\d{1,2}',
    (r, t) => {
      r.day = Number(t)
    },
  ],
  j: [
    '\\d{1,3}',
    (r, t) => {
      r.yearDay = Number(t)
    },
  ],
  H: [
    '\\d{1,2}',
    (r, t) => {
      r.hour = Number(t)
    },
  ],
  k: [
    ' ?\\d{1,2}',
    (r, t) => {
      r.hour = Number(t)
    },
  ],
  I: [
    '\\d{1,2}',
    (r, t) => {
      r.hour = Number(t) % 12
    },
  ],
  l: [
    ' ?\\d{1,2}',
    (r, t) => {
      r.hour = Number(t) % 12
    },
  ],
  M: [
    '\\d{1,2}',
    (r, t) => {
      r.minute = Number(t)
    },
  ],
  S: [
    '\\d{1,2}',
    (r, t) => {
      r.second = Number(t)
    },
  ],
  L: [
    '\\d{1,9}',
    (r, t) => {
      r.micro = fraction(t)
    },
  ],
  f: [
    '\\d{1,9}',
    (r, t) => {
      r.micro = fraction(t)
    },
  ],
  N: [
    '\\d{1,9}',
    (r, t) => {
      r.micro = fraction(t)
    },
  ],
  p: [
    '[AaPp][Mm]',
    (r, t) => {
      r.pm = /^p/i.test(t)
    },
  ],
  a: ['[A-Za-z]{3}', () => {}],
  A: ['[A-Za-z]+', () => {}],
  b: [
    '[A-Za-z]{3}',
    (r, t) => {
      r.month = months.indexOf(t.toLowerCase()) + 1
    },
  ],
  B: [
    '[A-Za-z]+',
    (r, t) => {
      r.month = months.indexOf(t.slice(0, 3).toLowerCase()) + 1
    },
  ],
  z: [
    'Z|[+-]\\d{2}(?::?\\d{2})?',
    (r, t) => {
      r.offset = offsetOf(0n, /^[+-]\d{2}$/.test(t) ? `${t}:00` : t)
    },
  ],
  Z: [
    '[A-Za-z_]+(?:[/+-][A-Za-z0-9_:+-]+)*',
    (r, t) => {
      r.zone = zoneOf(t) ?? ''
    },
  ],
  s: [
    '-?\\d{1,12}',
    (r, t) => {
      r.epoch = BigInt(t) * SECOND
    },
  ],
  Q: [
    '-?\\d{1,15}',
    (r, t) => {
      r.epoch = BigInt(t) * 1000n
    },
  ],
  n: ['\\s', () => {}],
  t: ['\\s', () => {}],
  '%': ['%', () => {}],
})
const valid = (r: Read): boolean =>
  r.month >= 1 &&
  r.month <= 12 &&
  r.day >= 1 &&
  r.day <= monthDays(r.year, r.month) &&
  r.hour < 24 &&
  r.minute < 60 &&
  r.second < 60
const monthDays = (year: number, month: number): number =>
  (month === 12 ? dayNumber(year + 1, 1, 1) : dayNumber(year, month + 1, 1)) - dayNumber(year, month, 1)

/** A reader for the pattern, which the whole text must match. An offset in the text overrides `zone`. The default is 1970-01-01 00:00. */
export function timeReader(pattern: string, zone: string): (text: string) => bigint | null {
  const reads: Reader[1][] = []
  const source = expand(pattern).replace(/%(?:-|:{1,3})?([A-Za-z%])|[^%]|%/g, (all, d: string | undefined) => {
    const reader = d === undefined ? undefined : readers[d]
    if (!reader) return all.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
    reads.push(reader[1])
    return `(${reader[0]})`
  })
  const re = new RegExp(`^(?:${source})$`)
  return (text) => {
    const m = re.exec(text)
    if (!m) return null
    const r: Read = {
      year: 1970,
      month: 1,
      day: 1,
      yearDay: null,
      hour: 0,
      pm: null,
      minute: 0,
      second: 0,
      micro: 0,
      offset: null,
      zone: null,
      epoch: null,
    }
    reads.forEach((read, i) => {
      read(r, m[i + 1] as string)
    })
    return timeOf(r, zone)
  }
}
function timeOf(r: Read, zone: string): bigint | null {
  if (r.epoch !== null) return r.epoch + BigInt(r.micro)
  if (!valid(r) || r.zone === '') return null
  const hour = r.pm === null ? r.hour : (r.hour % 12) + (r.pm ? 12 : 0)
  const days = r.yearDay === null ? dayNumber(r.year, r.month, r.day) : dayNumber(r.year, 1, 1) + r.yearDay - 1
  const local = BigInt(days) * DAY + BigInt(hour * 3600 + r.minute * 60 + r.second) * SECOND + BigInt(r.micro)
  return r.offset !== null ? local - r.offset : fromLocal(local, r.zone ?? zone)
}
