// Times of PAN-OS rows.
import type { FormatContext } from '../../format.ts'
import { stamp } from '../../readers/stamp.ts'

export function panTime(text: string, context: FormatContext): bigint | undefined {
  return stamp(text, context) ?? spreadsheetTime(text, context)
}

/** `9/16/19 10:00`: a time that went through a spreadsheet. */
function spreadsheetTime(text: string, context: FormatContext): bigint | undefined {
  const m = /^(\d{1,2})\/(\d{1,2})\/(\d{2}|\d{4}) (\d{1,2}):(\d\d)(?::(\d\d))?$/.exec(text)
  if (!m) return undefined
  const [, month, day, year = '', hour, minute, second = '00'] = m
  const two = (n: string | undefined): string => (n ?? '').padStart(2, '0')
  return stamp(
    `${year.length === 2 ? `20${year}` : year}-${two(month)}-${two(day)}T${two(hour)}:${minute}:${second}`,
    context,
  )
}
