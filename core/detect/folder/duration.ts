// Durations of a detection folder: schedules, windows and paces, in microseconds.
import { parseDuration } from '../../workbench/interval.ts'

/** Microseconds; the schema has made sure that it is a duration. */
export const micros = (text: string): bigint => parseDuration(text) ?? 0n

/** The largest unit that tells a duration whole. */
export function durationText(duration: bigint): string {
  for (const [unit, size] of [
    ['d', 86_400_000_000n],
    ['h', 3_600_000_000n],
    ['m', 60_000_000n],
  ] as const)
    if (duration >= size && duration % size === 0n) return `${duration / size}${unit}`
  return `${duration / 1_000_000n}s`
}

/** `more` pauses lie between `more + 1` events; a run sees [start, end), so this must be shorter than the window. Microseconds. */
export const totalPause = (more: number, pace: string): bigint => BigInt(more) * micros(pace)
