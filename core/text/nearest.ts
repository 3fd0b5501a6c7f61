import { editDistance } from './edit-distance.ts'

/** The nearest name, if its edits are at most a third of its length (at least one edit). Case is ignored. */
export function nearest(name: string, among: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.max(1, Math.floor(name.length / 3)) + 1
  for (const other of among) {
    // A difference in length needs at least as many edits.
    if (Math.abs(name.length - other.length) >= least) continue
    const d = editDistance(name.toLowerCase(), other.toLowerCase(), true)
    if (d < least) {
      least = d
      best = other
    }
  }
  return best
}
