// A length of time as most languages write it.

const UNITS = [
  [86_400_000_000n, 'd'],
  [3_600_000_000n, 'h'],
  [60_000_000n, 'm'],
  [1_000_000n, 's'],
] as const

/** `90m`, `1d`: the largest unit that has no remainder, else milliseconds. */
export function duration(micros: bigint): string {
  for (const [size, unit] of UNITS) if (micros % size === 0n) return `${micros / size}${unit}`
  return `${micros / 1000n}ms`
}
