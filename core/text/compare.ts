/** Code-point order, which is UTF-8's byte order and both engines' order of strings; JavaScript's `<` compares UTF-16 units. */
export function compareText(a: string, b: string): number {
  const n = Math.min(a.length, b.length)
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return x >= 0xd800 && y >= 0xd800 ? surrogateLast(x) - surrogateLast(y) : x - y
  }
  return a.length - b.length
}
/** Units from U+E000 sort before the surrogates of astral characters. */
const surrogateLast = (unit: number): number => (unit >= 0xe000 ? unit - 0x2000 : unit + 0x2000)
