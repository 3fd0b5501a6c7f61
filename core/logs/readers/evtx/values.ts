// Typed values of binary XML as the texts that Windows renders. Sources: [MS-EVEN6] 2.2.14 to 2.2.22, and the format notes of libevtx.

/** A value of a template instance: its type and its bytes in the chunk. */
export interface EvtxValue {
  readonly type: number
  readonly from: number
  readonly to: number
}

export const STRING = 0x01
const ANSI = 0x02
export const BINARY_XML = 0x21
const ARRAY = 0x80

/** 100 ns between 1601 and 1970. */
const EPOCH = 116_444_736_000_000_000n
/** The last moment that has four digits of the year. */
const LAST = 2_650_467_743_999_999_999n

const utf16 = new TextDecoder('utf-16le')
const SHORT = 128
/** By length. V8 makes a text of a list of small numbers in half the time of a typed array. */
const unitsOf = Array.from({ length: SHORT + 1 }, (_, length) => Array.from({ length }, () => 0))

export function utf16Text(view: DataView, from: number, to: number): string {
  const length = (to - from) >> 1
  if (length <= SHORT && (to - from) % 2 === 0) {
    const units = unitsOf[length] as number[]
    let isWell = true
    for (let i = 0; i < length; i++) {
      const unit = view.getUint16(from + 2 * i, true)
      if (unit >= 0xd800 && (unit < 0xe000 || unit === 0xfeff)) isWell = false
      units[i] = unit
    }
    // The decoder has a long way to start, and most texts are short. It leaves out a byte order mark and mends pairs.
    if (isWell) return String.fromCharCode.apply(null, units)
  }
  return utf16.decode(new Uint8Array(view.buffer, view.byteOffset + from, to - from))
}

const pad = (n: number, width: number): string => String(n).padStart(width, '0')
const hex = (n: number, width: number): string => n.toString(16).toUpperCase().padStart(width, '0')

/** `2017-12-26T13:10:29.1368792Z` of a FILETIME; its number where it has no year of four digits. */
export const fileTime = (ticks: bigint): string =>
  timeOf(Number(ticks & 0xffff_ffffn), Number(ticks >> 32n)) ?? distantTime(ticks)

/** Seconds from 1601 to 1970. */
const EPOCH_SECONDS = 11_644_473_600
/** The high half of FILETIMEs before the year 5000: their parts are exact numbers. */
const NEAR = 250_000_000
/** 2³² ticks are so many seconds and ticks. */
const [SECONDS, TICKS] = [429, 4_967_296]
/** Records follow each other in time. */
let lastSecond = Number.NaN
let lastText = ''

/** Undefined: the time is before 1970, or far from now. */
function timeOf(low: number, high: number): string | undefined {
  if (high > NEAR) return undefined
  const rest = high * TICKS + low
  const second = high * SECONDS + Math.floor(rest / 1e7) - EPOCH_SECONDS
  if (second < 0) return undefined
  if (second !== lastSecond) {
    lastText = new Date(second * 1000).toISOString().slice(0, 20)
    lastSecond = second
  }
  return `${lastText}${pad(rest % 1e7, 7)}Z`
}

function distantTime(ticks: bigint): string {
  if (ticks > LAST) return ticks.toString()
  const millis = Number((ticks - EPOCH) / 10_000n)
  // Division rounds towards zero, also before 1970.
  const whole = new Date((ticks - EPOCH) % 10_000n < 0n ? millis - 1 : millis).toISOString()
  return `${whole.slice(0, 20)}${pad(Number(ticks % 10_000_000n), 7)}Z`
}

function systemTime(view: DataView, at: number): string {
  const [year, month, , day, hour, minute, second, millis] = [0, 2, 4, 6, 8, 10, 12, 14].map((i) =>
    view.getUint16(at + i, true),
  ) as [number, number, number, number, number, number, number, number]
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}.${pad(millis, 3)}Z`
}

const BYTES = Array.from({ length: 256 }, (_, b) => hex(b, 2))
const byteAt = (view: DataView, at: number): string => BYTES[view.getUint8(at)] as string

/** The first three parts are numbers with their low bytes first. */
const GUID = [3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15]

function guid(view: DataView, at: number): string {
  let text = '{'
  for (const i of GUID) text += i < 0 ? '-' : byteAt(view, at + i)
  return `${text}}`
}

/** Undefined: the bytes are no security identifier. */
function sid(view: DataView, { from, to }: EvtxValue): string | undefined {
  if (to - from < 8) return undefined
  const count = view.getUint8(from + 1)
  if (to - from < 8 + count * 4) return undefined
  const authority = view.getUint16(from + 2, false) * 2 ** 32 + view.getUint32(from + 4, false)
  let text = `S-${view.getUint8(from)}-${authority}`
  for (let i = 0; i < count; i++) text += `-${view.getUint32(from + 8 + i * 4, true)}`
  return text
}

const binary = (view: DataView, { from, to }: EvtxValue): string =>
  Array.from({ length: to - from }, (_, i) => byteAt(view, from + i)).join('')

const ansi = new TextDecoder('windows-1252')
function withoutEnd(text: string): string {
  const end = text.indexOf('\0')
  return end < 0 ? text : text.slice(0, end)
}

/** Small numbers need no `bigint`. */
const unsigned = (v: DataView, at: number, radix: number): string =>
  v.getUint32(at + 4, true) === 0 ? v.getUint32(at, true).toString(radix) : v.getBigUint64(at, true).toString(radix)

interface Fixed {
  readonly size: number
  readonly text: (view: DataView, at: number) => string
}
/** Types whose size does not vary. */
const FIXED: Readonly<Record<number, Fixed>> = {
  3: { size: 1, text: (v, at) => String(v.getInt8(at)) },
  4: { size: 1, text: (v, at) => String(v.getUint8(at)) },
  5: { size: 2, text: (v, at) => String(v.getInt16(at, true)) },
  6: { size: 2, text: (v, at) => String(v.getUint16(at, true)) },
  7: { size: 4, text: (v, at) => String(v.getInt32(at, true)) },
  8: { size: 4, text: (v, at) => String(v.getUint32(at, true)) },
  9: { size: 8, text: (v, at) => String(v.getBigInt64(at, true)) },
  10: { size: 8, text: (v, at) => unsigned(v, at, 10) },
  11: { size: 4, text: (v, at) => String(Number(v.getFloat32(at, true).toPrecision(7))) },
  12: { size: 8, text: (v, at) => String(v.getFloat64(at, true)) },
  // Any number but 0 is true: files hold 1, 2 and 0xffffffff.
  13: { size: 4, text: (v, at) => String(v.getUint32(at, true) !== 0) },
  15: { size: 16, text: guid },
  17: {
    size: 8,
    text: (v, at) => timeOf(v.getUint32(at, true), v.getUint32(at + 4, true)) ?? distantTime(v.getBigUint64(at, true)),
  },
  18: { size: 16, text: systemTime },
  20: { size: 4, text: (v, at) => `0x${v.getUint32(at, true).toString(16)}` },
  21: { size: 8, text: (v, at) => `0x${unsigned(v, at, 16)}` },
}

/** The text of a value. Bytes that do not fit the type are shown as they are, in hexadecimal digits. */
export function valueText(view: DataView, value: EvtxValue): string {
  const { type, from, to } = value
  const size = to - from
  if (size === 0) return ''
  if (type === STRING) return withoutEnd(utf16Text(view, from, to - (size % 2)))
  if (type === ANSI) return withoutEnd(ansi.decode(new Uint8Array(view.buffer, view.byteOffset + from, size)))
  if (type === 0x13) return sid(view, value) ?? binary(view, value)
  // A size has the width of the writing process.
  if (type === 0x10 || type === 0x20) {
    const fixed = FIXED[size === 8 ? 0x15 : 0x14] as Fixed
    return size === fixed.size ? fixed.text(view, from) : binary(view, value)
  }
  // Some providers write a boolean of one byte.
  if (type === 0x0d && size < 4) return String(view.getUint8(from) !== 0)
  const fixed = FIXED[type]
  return fixed && size >= fixed.size ? fixed.text(view, from) : binary(view, value)
}

/** Its text can have any character. Other values are digits, letters and signs that XML writes as they are. */
export const isFreeText = ({ type }: EvtxValue): boolean => type === STRING || type === ANSI || (type & ARRAY) !== 0

/** The values of an array; undefined: the value is none. */
export function arrayTexts(view: DataView, { type, from, to }: EvtxValue): readonly string[] | undefined {
  if ((type & ARRAY) === 0) return undefined
  const inner = type & ~ARRAY
  if (inner === STRING) {
    const texts = utf16Text(view, from, to - ((to - from) % 2)).split('\0')
    // Each text ends with a zero.
    if (texts.at(-1) === '') texts.pop()
    return texts
  }
  const size = inner === 0x10 ? 8 : FIXED[inner]?.size
  if (size === undefined || (to - from) % size !== 0) return [binary(view, { type, from, to })]
  return Array.from({ length: (to - from) / size }, (_, i) =>
    valueText(view, { type: inner, from: from + i * size, to: from + (i + 1) * size }),
  )
}
