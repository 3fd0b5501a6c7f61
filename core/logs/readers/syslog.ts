// The head of a syslog message in all the forms that devices and relays write (RFC 3164, RFC 5424, and neither).
import type { FormatContext } from '../format.ts'
import { stamp } from './stamp.ts'
import { zoneOf } from '../../text/zone-words.ts'

export interface SyslogHead {
  readonly priority?: string
  /** As logged, followed by the zone if the head has one. */
  readonly time?: string
  readonly host?: string
  readonly app?: string
  readonly pid?: string
  readonly msgid?: string
  /** RFC 5424 structured data, brackets and all. */
  readonly data?: string
  /** Start of the message. */
  readonly body: number
}

const COUNT = /\d{1,7} (?=<\d{1,3}>)/y
const PRIORITY = /<(\d{1,3})>:? */y
/** Cisco's IOS counts its messages, and marks clocks that are not set or not trusted. */
const COUNTER = /(?:\d{1,10}: )?[*.]?(?=[A-Z][a-z]{2} )/y
/** `logging origin-id`: the name of the device between counter and time. */
const ORIGIN = /\d{1,10}: ([\w.-]+): (?=[*.]?[A-Z][a-z]{2} {1,2}\d)/y
const WEEKDAY = /(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? (?=[A-Z\d])/iy
const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)'
/** `Nov  9 8:00:00`, `Nov 29 2026 18:01:08`, `2026 Nov 29 18:01:08`, `Nov 29 18:01:08 2026`. */
const BSD = new RegExp(
  `((?:\\d{4} )?${MONTH} {1,2}\\d{1,2}(?:,? \\d{4})?,? \\d{1,2}:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?)(?![\\d:]*\\d)`,
  'iy',
)
const DAY_FIRST = new RegExp(
  `(\\d{1,2}[ /-]${MONTH}[ /-]\\d{4}[ :]\\d{1,2}:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?)(?=[\\s:+-]|$)`,
  'iy',
)
const YEAR_BEHIND = / (\d{4})(?=[ :]|$)/y
const ISO = /(\d{4}([-/])\d\d\2\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d(?::?\d\d)?)?)(?=[\s:,]|$)/y
/** In the place of a zone: a word before the end of the head, or any word that names a zone. A reader may give the head alone. */
const ZONE_AT_END = / ([A-Z]{2,5})(?=:|$| *%| [\w.:-]+ ?: ?(?:%|$))/y
const ZONE = / ?((?:UTC|GMT)?[+-]\d\d?(?::?\d\d)?|[A-Z]{2,5}|[A-Z][A-Za-z]+\/[A-Z][\w/+-]+)(?=[: ]|$)/y
const ZONE_BEFORE = /[[(]?((?:UTC|GMT)?[+-]\d\d?(?::?\d\d)?|[A-Z]{2,5})[\])]?:? (?=[A-Za-z\d])/y
/** `1 2026-03-02T00:00:04Z host app pid msgid data`; `-` for nothing. */
const IETF = /1 (-|\d{4}-\d\d-\d\dT\S+) (\S+) (\S+) (\S+) (\S+)(?: |$)/y
const HOST = /(?!%|[\w./-]+(?:\[\d*\])?:(?: |$)|[\w./-]+\[\d+\])([\w.:%<>-]+)(?:[ \t]|$)/y
/** `LOCAL4.WARNING: `, `Local7.Info<tab>`: some collectors write facility and severity in words. */
const WORDS =
  /(?:kern|user|mail|daemon|auth|syslog|lpr|news|uucp|cron|clock|security|ftp|ntp|logaudit|logalert|local[0-7])\.(?:emerg|emergency|alert|crit|critical|err|error|warn|warning|notice|info|informational|debug):?(?=\s)/iy
/** `app: `, `app[3]: `, `app[3]:text`, `app[3] text`: rsyslog and syslog-ng end the tag at the bracket or the colon. */
const APP = /([\w./()@-]{1,256})(?:(?:\[(\d*)\])?:(?: |$)|\[(\d+)\]:? ?)/y

/** Reads the parts that the head has; a text without a head has its message at 0. */
export function syslogHead(text: string): SyslogHead {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0
  while (text.charCodeAt(at) === 32) at++
  at += matchAt(COUNT, text, at)?.[0].length ?? 0
  const priority = matchAt(PRIORITY, text, at)
  if (priority) at += priority[0].length
  const pri = priority ? { priority: priority[1] as string } : {}
  const ietf = matchAt(IETF, text, at)
  if (ietf) return { ...pri, ...ietfHead(ietf, text, at + ietf[0].length) }
  return { ...pri, ...bsdHead(text, at) }
}

/** A head, and the name of a program or the tag of Cisco's systems (`%SYS-5-CONFIG_I`): surely no part of another record. */
export function isSyslog(text: string): boolean {
  const head = syslogHead(text)
  if (head.priority === undefined && head.time === undefined) return false
  return head.app !== undefined || /^%[A-Z][A-Z\d_]*-(?:[A-Z\d_]+-)?[0-7]-[A-Z\d_]+: /.test(text.slice(head.body))
}

function matchAt(regex: RegExp, text: string, at: number): RegExpExecArray | null {
  regex.lastIndex = at
  return regex.exec(text)
}

function ietfHead(m: RegExpExecArray, text: string, from: number): Omit<SyslogHead, 'priority'> {
  const [, time, host, app, pid, msgid] = m.map((v) => (v === '-' ? undefined : v))
  const end = text[from] === '-' ? from + 1 : structuredEnd(text, from)
  const data = end > from + 1 ? { data: text.slice(from, end) } : {}
  let body = end
  if (text.charCodeAt(body) === 32) body++
  if (text.charCodeAt(body) === 0xfeff) body++
  return {
    ...(time === undefined ? {} : { time }),
    ...(host === undefined ? {} : { host }),
    ...(app === undefined ? {} : { app }),
    ...(pid === undefined ? {} : { pid }),
    ...(msgid === undefined ? {} : { msgid }),
    ...data,
    body,
  }
}

/** After the last bracket of `[id a="b"][id2 …]`; quotes inside values are escaped with a backslash. */
function structuredEnd(text: string, from: number): number {
  let at = from
  while (text[at] === '[') {
    let quoted = false
    for (at++; at < text.length; at++) {
      const c = text[at]
      if (c === '\\' && quoted) at++
      else if (c === '"') quoted = !quoted
      else if (c === ']' && !quoted) break
    }
    at++
  }
  return Math.min(at, text.length)
}

/** The innermost of several heads counts: a relay puts its own before that of the device. */
function bsdHead(text: string, from: number): Omit<SyslogHead, 'priority'> {
  let at = words(text, from)
  let time: string | undefined
  let host: string | undefined
  // A word before the message is a host only after a time, or after facility and severity.
  if (at > from) {
    const found = matchAt(HOST, text, at)
    if (found) host = (found[1] as string).replace(/:$/, '')
    at = separators(text, at + (found?.[0].length ?? 0))
  }
  const origin = matchAt(ORIGIN, text, at)
  if (origin) {
    host = origin[1]
    at += origin[0].length
  }
  for (let heads = 0; heads < 4; heads++) {
    const m = headStamp(text, at)
    if (!m) break
    time = m.time
    at = words(text, separators(text, m.end))
    const found = matchAt(HOST, text, at)
    if (!found) break
    host = (found[1] as string).replace(/:$/, '')
    at = separators(text, at + found[0].length)
    at += matchAt(PRIORITY, text, at)?.[0].length ?? 0
    // A relay that does not know RFC 5424 keeps the whole head after its own.
    const inner = matchAt(IETF, text, at)
    if (inner) return ietfHead(inner, text, at + inner[0].length)
  }
  const app = matchAt(APP, text, at)
  if (app) at += app[0].length
  const pid = app?.[2] ?? app?.[3]
  return {
    ...(time === undefined ? {} : { time }),
    ...(host === undefined ? {} : { host }),
    ...(app ? { app: app[1] as string } : {}),
    ...(pid === undefined || pid === '' ? {} : { pid }),
    body: at,
  }
}

interface HeadStamp {
  readonly time: string
  readonly end: number
}

/** The stamp with its zone and year, wherever the head has them. */
function headStamp(text: string, from: number): HeadStamp | undefined {
  const found = bareStamp(text, from) ?? stampBehindZone(text, from)
  if (!found) return undefined
  let { time, end } = found
  const year = /(?<!\d)\d{4}(?!\d)/.test(time) ? null : matchAt(YEAR_BEHIND, text, end)
  if (year) {
    end += year[0].length
    time += year[0]
  }
  const zone = matchAt(ZONE_AT_END, text, end) ?? knownZone(text, end)
  if (zone) {
    end += zone[0].length
    time += ` ${zone[1]}`
  }
  return { time, end }
}

function bareStamp(text: string, from: number): HeadStamp | undefined {
  let at = from + (matchAt(COUNTER, text, from)?.[0].length ?? 0)
  at += matchAt(WEEKDAY, text, at)?.[0].length ?? 0
  const m = matchAt(BSD, text, at) ?? matchAt(ISO, text, at) ?? matchAt(DAY_FIRST, text, at)
  return m ? { time: (m[1] as string).replace(/,(?= )/g, ''), end: at + m[0].length } : undefined
}

function stampBehindZone(text: string, from: number): HeadStamp | undefined {
  const zone = matchAt(ZONE_BEFORE, text, from)
  if (!zone || zoneOf(zone[1] as string) === undefined) return undefined
  const found = bareStamp(text, from + zone[0].length)
  return found && { time: `${found.time} ${zone[1]}`, end: found.end }
}

/** A host may have a name of capitals; one that names a zone is none. */
function knownZone(text: string, at: number): RegExpExecArray | null {
  const m = matchAt(ZONE, text, at)
  return m && zoneOf(m[1] as string) !== undefined ? m : null
}

function words(text: string, from: number): number {
  const m = matchAt(WORDS, text, from)
  return m ? separators(text, from + m[0].length) : from
}

function separators(text: string, from: number): number {
  let at = from
  for (let c = text.charCodeAt(at); c === 32 || c === 58 || c === 9; c = text.charCodeAt(at)) at++
  return at
}

/** Microseconds of a head's time. */
export const headTime = (time: string | undefined, context: FormatContext): bigint | undefined =>
  time === undefined ? undefined : stamp(time, context)

/** Keeps the last time: a source logs many records a second, and comparing texts is cheaper than reading them. */
export function rememberingTime(read: (text: string) => bigint | undefined): (text: string) => bigint | undefined {
  let text: string | undefined
  let time: bigint | undefined
  return (t) => {
    if (t !== text) {
      time = read(t)
      text = t
    }
    return time
  }
}
