// Texts as bytes, and bytes as Base64, for the encoding modifiers.

export type Encoding = 'utf16' | 'utf16be' | 'utf16le' | 'utf8'

/** The bytes of a text, one character of 0–255 for each. */
export function bytesOf(text: string, encoding: Encoding): string {
  if (encoding === 'utf8') return [...new TextEncoder().encode(text)].map((b) => String.fromCharCode(b)).join('')
  const units = [...Array(text.length).keys()].map((i) => text.charCodeAt(i))
  const pair = (u: number): string => {
    const [high, low] = [String.fromCharCode(u >> 8), String.fromCharCode(u & 255)]
    return encoding === 'utf16be' ? high + low : low + high
  }
  // `utf16` has a byte order mark, the one of little endian.
  return (encoding === 'utf16' ? '\u00ff\u00fe' : '') + units.map(pair).join('')
}

export const base64 = (bytes: string): string => btoa(bytes)

/**
 * The Base64 texts of the bytes at each of the three positions in a group of three bytes, without the parts that depend on neighbours.
 * These are the first and last characters, which share bits with the bytes before and after.
 */
export function base64Offsets(bytes: string): string[] {
  return [0, 1, 2].map((shift) => {
    const text = base64(' '.repeat(shift) + bytes)
    const begin = [0, 2, 3][shift] as number
    const over = (bytes.length + shift) % 3
    const end = text.length - ([0, 3, 2][over] as number)
    return text.slice(begin, end)
  })
}
