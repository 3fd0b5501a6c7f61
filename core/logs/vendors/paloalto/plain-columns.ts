// The columns of a PAN-OS row without quotes, in one pass over its text.

/** The ends of the columns of the row that was split last; it has at most so many. */
export const places = new Int32Array(4096)

const COMMA = 44
const QUOTE = 34
const BRACE = 123

/** Finds the ends of the columns. -1: a column has quotes or braces, which may hold commas. */
export function splitPlain(text: string, body: number): number {
  const { length } = text
  let count = 0
  for (let at = body; at < length; at++) {
    const c = text.charCodeAt(at)
    if (c === COMMA) {
      if (count < places.length) places[count++] = at
      if (text.charCodeAt(at + 1) === BRACE) return -1
    } else if (c === QUOTE) return -1
  }
  if (count < places.length) places[count++] = length
  return count
}
