// https://docs.oracle.com/javase/8/docs/api/java/util/Formatter.html: %[index$][flags][width][.precision]conversion

const DIRECTIVE = /%(?:(\d+)\$)?([-#+ 0,(]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g

/** Texts, and directives with the number of their value, from 0. */
export function formatParts(format: string): (string | { readonly directive: string; readonly value: number })[] {
  const parts: ReturnType<typeof formatParts> = []
  let next = 0
  let last = 0
  for (const m of format.matchAll(DIRECTIVE)) {
    parts.push(format.slice(last, m.index))
    last = m.index + m[0].length
    const [directive, index, , , , conversion] = m
    if (conversion === '%' || conversion === 'n') parts.push(conversion === '%' ? '%' : '\n')
    else parts.push({ directive, value: index === undefined ? next++ : Number(index) - 1 })
  }
  return [...parts, format.slice(last)].filter((p) => p !== '')
}

/** null: a value is missing or does not fit. */
export function javaFormat(format: string, values: readonly string[]): string | null {
  let next = 0
  let bad = false
  const out = format.replace(
    DIRECTIVE,
    (
      _,
      index: string | undefined,
      flags: string,
      width: string | undefined,
      precision: string | undefined,
      conversion: string,
    ) => {
      if (conversion === '%') return '%'
      if (conversion === 'n') return '\n'
      const value = values[index === undefined ? next++ : Number(index) - 1]
      const text =
        value === undefined
          ? null
          : convertValue(value, flags, precision === undefined ? undefined : Number(precision), conversion)
      if (text === null) bad = true
      return pad(text ?? '', flags, width === undefined ? 0 : Number(width))
    },
  )
  return bad ? null : out
}

function convertValue(value: string, flags: string, precision: number | undefined, conversion: string): string | null {
  const upper = conversion !== conversion.toLowerCase()
  const lower = conversion.toLowerCase()
  if (lower === 's' || lower === 'b') {
    const cut = precision === undefined ? value : value.slice(0, precision)
    return upper ? cut.toUpperCase() : cut
  }
  if (value.trim() === '') return null
  const x = Number(value)
  if (!Number.isFinite(x)) return null
  if (lower === 'd')
    return /^[+-]?\d+$/.test(value)
      ? addSign(groupThousands(value.replace(/^[+-]/, ''), flags), value.startsWith('-'), flags)
      : Number.isInteger(x)
        ? addSign(groupThousands(String(Math.abs(x)), flags), x < 0, flags)
        : null
  if (lower === 'f') return addSign(groupThousands(Math.abs(x).toFixed(precision ?? 6), flags), x < 0, flags)
  if (lower === 'e') {
    const t = x.toExponential(precision ?? 6).replace(/e([+-])(\d)$/, 'e$10$2')
    return upper ? t.toUpperCase() : t
  }
  if (lower === 'x' && Number.isInteger(x)) return upper ? x.toString(16).toUpperCase() : x.toString(16)
  return null
}

const groupThousands = (digits: string, flags: string): string => {
  if (!flags.includes(',')) return digits
  const [whole = '', fraction] = digits.split('.')
  const commas = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? commas : `${commas}.${fraction}`
}
const addSign = (digits: string, negative: boolean, flags: string): string =>
  negative ? `-${digits}` : flags.includes('+') ? `+${digits}` : flags.includes(' ') ? ` ${digits}` : digits

function pad(text: string, flags: string, width: number): string {
  if (text.length >= width) return text
  if (flags.includes('-')) return text.padEnd(width)
  if (!flags.includes('0')) return text.padStart(width)
  const sign = /^[+-]/.exec(text)?.[0] ?? ''
  return sign + text.slice(sign.length).padStart(width - sign.length, '0')
}
