import { editDistance } from './edit-distance.ts'

/** The name that is nearest, if it is within a third of its length (at least one edit). Case does not count. */
export function nearest(name: string, among: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.max(1, Math.floor(name.length / 3)) + 1
  for (const other of among) {
    // A difference in length alone is as many edits.
    if (Math.abs(name.length - other.length) >= least) continue
    const d = editDistance(name.toLowerCase(), other.toLowerCase(), true)
    if (d < least) {
      least = d
      best = other
    }
  }
  return best
}
