// The head of a syslog message in all the forms that devices and relays write (RFC 3164, RFC 5424, and neither).
import type { FormatContext } from '../format.ts'
import { stamp } from './stamp.ts'

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
const BSD = /([A-Z][a-z]{2} {1,2}\d{1,2}(?:,? \d{4})?,? \d\d:\d\d:\d\d(?:[.,]\d{1,9})?)/y
const ISO = /(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)(?=[\s:]|$)/y
const ZONE = / ([A-Z]{3,4}|[+-]\d\d:?\d\d)(?=:|$| *%)/y
/** `1 2026-03-02T00:00:04Z host app pid msgid data`; `-` for nothing. */
const IETF = /1 (-|\d{4}-\d\d-\d\dT\S+) (\S+) (\S+) (\S+) (\S+)(?: |$)/y
const HOST = /(?![\w./-]+(?:\[\d*\])?:(?: |$))([\w.:%<>-]+)(?:[ \t]|$)/y
/** `LOCAL4.WARNING: `, `Local7.Info<tab>`: some collectors write facility and severity in words. */
const WORDS =
  /(?:kern|user|mail|daemon|auth|syslog|lpr|news|uucp|cron|clock|security|ftp|ntp|logaudit|logalert|local[0-7])\.(?:emerg|emergency|alert|crit|critical|err|error|warn|warning|notice|info|informational|debug):?(?=\s)/iy
const APP = /([\w./()-]{1,48})(?:\[(\d*)\])?:(?: |$)/y

/** Abbreviations with one offset in practice. For others the zone of the source counts. */
const ZONES: Readonly<Record<string, string>> = {
  UTC: 'Z',
  GMT: 'Z',
  EST: '-05:00',
  EDT: '-04:00',
  CST: '-06:00',
  CDT: '-05:00',
  MST: '-07:00',
  MDT: '-06:00',
  PST: '-08:00',
  PDT: '-07:00',
  CET: '+01:00',
  CEST: '+02:00',
  WET: '+00:00',
  WEST: '+01:00',
  EET: '+02:00',
  EEST: '+03:00',
}

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

/** Behind the last bracket of `[id a="b"][id2 …]`; quotes inside values are escaped with a backslash. */
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
  for (let heads = 0; heads < 4; heads++) {
    const m = matchAt(BSD, text, at) ?? matchAt(ISO, text, at)
    if (!m) break
    at += m[0].length
    const zone = matchAt(ZONE, text, at)
    if (zone) at += zone[0].length
    time =
      (m[1] as string).replace(/(\d),/g, '$1') +
      (zone ? (ZONES[zone[1] as string] ?? (/\d/.test(zone[1] as string) ? zone[1] : '')) : '')
    at = words(text, separators(text, at))
    const found = matchAt(HOST, text, at)
    if (!found) break
    host = (found[1] as string).replace(/:$/, '')
    at = separators(text, at + found[0].length)
    at += matchAt(PRIORITY, text, at)?.[0].length ?? 0
  }
  const app = matchAt(APP, text, at)
  if (app) at += app[0].length
  return {
    ...(time === undefined ? {} : { time }),
    ...(host === undefined ? {} : { host }),
    ...(app ? { app: app[1] as string } : {}),
    ...(app?.[2] === undefined || app[2] === '' ? {} : { pid: app[2] }),
    body: at,
  }
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

const BSD_PARTS = /^([A-Z][a-z]{2}) +(\d{1,2})(?: (\d{4}))? (\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Microseconds of a head's time. */
export function headTime(time: string | undefined, context: FormatContext): bigint | undefined {
  if (time === undefined) return undefined
  const m = BSD_PARTS.exec(time)
  if (!m) return stamp(time, context)
  const month = MONTHS.indexOf(m[1] as string) + 1
  if (month === 0) return undefined
  const two = (n: string | number): string => String(n).padStart(2, '0')
  const clock = `${m[4]}:${m[5]}:${m[6]}${m[7] === undefined ? '' : `.${m[7]}`}${m[8] ?? ''}`
  return stamp(
    `${m[3] ?? String(context.year).padStart(4, '0')}-${two(month)}-${two(m[2] as string)}T${clock}`,
    context,
  )
}

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
