// The exact sum of doubles, rounded once. It does not depend on the order of the numbers, and what large numbers that cancel had beside
// them stays. The partial sums are Shewchuk's (Adaptive Precision Floating-Point Arithmetic, 1997), as in Python's math.fsum.
import { finite } from './kit.ts'

export interface ExactSum {
  n: number
  /** Doubles whose exact sum is that of all numbers, without common bits, from the least. */
  readonly parts: number[]
  /** The same of numbers from LARGE on, times SCALE. Their sums would overflow. */
  readonly large: number[]
}
const LARGE = 2 ** 960
const SCALE = 2 ** -100

export const newSum = (): ExactSum => ({ n: 0, parts: [], large: [] })

export function addTo(s: ExactSum, x: number): ExactSum {
  s.n++
  if (Math.abs(x) < LARGE) grow(s.parts, x)
  else grow(s.large, x * SCALE)
  return s
}

function grow(parts: number[], value: number): void {
  let x = value
  let kept = 0
  for (let part of parts) {
    if (Math.abs(x) < Math.abs(part)) [x, part] = [part, x]
    const sum = x + part
    const rest = part - (sum - x)
    if (rest !== 0) parts[kept++] = rest
    x = sum
  }
  parts.length = kept
  if (x !== 0) parts.push(x)
}

/** Infinite if it is beyond the doubles. */
export function exactTotal(s: ExactSum): number {
  if (s.large.length === 0) return rounded(s.parts)
  const all = [...s.large]
  for (const part of s.parts) grow(all, part * SCALE)
  return rounded(all) / SCALE
}

function rounded(parts: readonly number[]): number {
  let i = parts.length - 1
  let high = parts[i] ?? 0
  let rest = 0
  while (i > 0 && rest === 0) {
    const part = parts[--i] as number
    const sum = high + part
    rest = part - (sum - high)
    high = sum
  }
  // Half way between two doubles: the parts below decide.
  if (i > 0 && rest * (parts[i - 1] as number) > 0) {
    const twice = rest * 2
    if (high + twice - high === twice) return high + twice
  }
  return high
}

/** With an integer of any size. */
export function exactTotalWith(s: ExactSum, whole: bigint): number {
  const all = { n: s.n, parts: [...s.parts], large: [...s.large] }
  for (let left = whole; left !== 0n; ) {
    const x = Number(left)
    addTo(all, x)
    left -= BigInt(x)
  }
  return exactTotal(all)
}

/** The sum of squared distances from the mean is (n·Σx² - (Σx)²) ÷ n. */
export interface Spread {
  readonly sum: ExactSum
  readonly squares: ExactSum
  isBeyond: boolean
}
/** Squares of greater numbers are near the end of the doubles. */
export const MOST_SQUARED = 1e140

export const newSpread = (): Spread => ({ sum: newSum(), squares: newSum(), isBeyond: false })

export function addToSpread(s: Spread, x: number): Spread {
  addTo(s.sum, x)
  if (Math.abs(x) < MOST_SQUARED) addProduct(s.squares, x, x)
  else s.isBeyond = true
  return s
}

/** Absent below one value, or two of a sample, and if a number is MOST_SQUARED or more. */
export function deviation({ sum, squares, isBeyond }: Spread, isSample: boolean): number | null {
  const { n, parts } = sum
  const by = isSample ? n - 1 : n
  if (by <= 0 || isBeyond) return null
  const distances = newSum()
  for (const p of squares.parts) addProduct(distances, p, n)
  for (const p of parts) for (const q of parts) addProduct(distances, -p, q)
  return finite(Math.sqrt(Math.max(0, exactTotal(distances)) / n / by))
}

/** The exact product as two doubles (Dekker, 1971). */
function addProduct(s: ExactSum, a: number, b: number): void {
  const product = a * b
  const [a1, a2] = halves(a)
  const [b1, b2] = halves(b)
  addTo(s, product)
  addTo(s, a1 * b1 - product + a1 * b2 + a2 * b1 + a2 * b2)
}
function halves(x: number): readonly [number, number] {
  const t = x * 134_217_729
  const high = t - (t - x)
  return [high, x - high]
}
