/** The name that is nearest, if it is within a third of its length (at least one edit). Case does not count. */
export function nearest(name: string, among: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.max(1, Math.floor(name.length / 3)) + 1
  for (const other of among) {
    const d = distance(name.toLowerCase(), other.toLowerCase(), least)
    if (d < least) {
      least = d
      best = other
    }
  }
  return best
}

/** Edits between two texts, at most `limit`; neighbours swapped count as one. */
export function distance(a: string, b: string, limit = Number.MAX_SAFE_INTEGER): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let d = Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, (row[j - 1] as number) + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        d = Math.min(d, (before[j - 2] as number) + 1)
      next.push(d)
    }
    before = row
    row = next
  }
  return row[b.length] as number
}
