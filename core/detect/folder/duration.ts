// Durations in a detection folder, in microseconds: schedules, timespans and pauses between events.
import { parseDuration } from '../../workbench/interval.ts'

/** Microseconds. The schema has checked that the text is a duration. */
export const micros = (text: string): bigint => parseDuration(text) ?? 0n

/** A duration in the largest unit that gives a whole number. */
export function durationText(duration: bigint): string {
  for (const [unit, size] of [
    ['d', 86_400_000_000n],
    ['h', 3_600_000_000n],
    ['m', 60_000_000n],
  ] as const)
    if (duration >= size && duration % size === 0n) return `${duration / size}${unit}`
  return `${duration / 1_000_000n}s`
}

/** The time of `more` pauses between `more + 1` events. It must be shorter than the lookback: a run reads [start, end). */
export const totalPause = (more: number, pace: string): bigint => BigInt(more) * micros(pace)
