// Time stamps in the form that their record declares, as a pattern of Java's SimpleDateFormat (LEEF's devTimeFormat).
import { byName } from '../../text/by-name.ts'
import type { FormatContext } from '../format.ts'
import { instant } from './stamp.ts'

type Part = 'day' | 'fraction' | 'half' | 'hour' | 'minute' | 'month' | 'second' | 'year' | 'zone'

/** Letter → part and the text of numbers and words it takes. Letters that are not here make the pattern unknown. */
const LETTERS: Readonly<Record<string, readonly [part: Part | undefined, text: string]>> = byName({
  y: ['year', '\\d{2,4}'],
  u: ['year', '\\d{2,4}'],
  Y: ['year', '\\d{2,4}'],
  M: ['month', '\\d{1,2}|[A-Za-z]{3,9}'],
  L: ['month', '\\d{1,2}|[A-Za-z]{3,9}'],
  d: ['day', '\\d{1,2}'],
  H: ['hour', '\\d{1,2}'],
  k: ['hour', '\\d{1,2}'],
  K: ['hour', '\\d{1,2}'],
  h: ['hour', '\\d{1,2}'],
  m: ['minute', '\\d{1,2}'],
  s: ['second', '\\d{1,2}'],
  S: ['fraction', '\\d{1,9}'],
  a: ['half', '[AaPp][Mm]'],
  z: ['zone', '[A-Za-z][\\w/+:-]*|[+-]\\d{2}:?\\d{2}'],
  Z: ['zone', '[A-Za-z][\\w/+:-]*|[+-]\\d{2}:?\\d{2}'],
  X: ['zone', 'Z|[+-]\\d{2}(?::?\\d{2})?'],
  x: ['zone', '[+-]\\d{2}(?::?\\d{2})?'],
  E: [undefined, '[A-Za-z]+'],
})

interface Pattern {
  readonly regex: RegExp
  readonly parts: readonly (Part | undefined)[]
}

const patterns = new Map<string, Pattern | undefined>()

/** Microseconds; undefined: the pattern is unknown, or the text does not have its form. */
export function declaredStamp(text: string, pattern: string, context: FormatContext): bigint | undefined {
  if (!patterns.has(pattern)) {
    if (patterns.size > 100) patterns.clear()
    patterns.set(pattern, compile(pattern))
  }
  const known = patterns.get(pattern)
  const m = known?.regex.exec(text.trim())
  if (!known || !m) return undefined
  const at: Partial<Record<Part, string>> = {}
  known.parts.forEach((part, i) => {
    if (part) at[part] = m[i + 1] as string
  })
  const { year, month, day, half } = at
  const hour = half === undefined ? at.hour : String((Number(at.hour) % 12) + (/^p/i.test(half) ? 12 : 0))
  return instant(
    year?.length === 2 ? `20${year}` : year,
    month === undefined || /^\d/.test(month) ? month : monthNumber(month),
    day,
    { ...at, hour: hour === '24' ? '0' : hour },
    at.zone,
    context,
  )
}

const monthNumber = (name: string): string =>
  String('janfebmaraprmayjunjulaugsepoctnovdec'.indexOf(name.slice(0, 3).toLowerCase()) / 3 + 1)

function compile(pattern: string): Pattern | undefined {
  let regex = ''
  const parts: (Part | undefined)[] = []
  for (const [token, quoted] of pattern.matchAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|[\s\S]/g)) {
    if (quoted !== undefined) regex += literal(quoted === '' ? "'" : quoted.replaceAll("''", "'"))
    else if (!/^[A-Za-z]/.test(token)) regex += token === ' ' ? ' +' : literal(token)
    else {
      const letter = LETTERS[token[0] as string]
      if (!letter) return undefined
      parts.push(letter[0])
      regex += `(${letter[1]})`
    }
  }
  return { regex: new RegExp(`^${regex}$`), parts }
}

const literal = (text: string): string => text.replace(/[\\^$.|?*+()[\]{}/]/g, '\\$&')
