/**
 * Insertions, deletions and substitutions that turn one sequence into the other (code units of a text, or a list of code points).
 * With `swaps`, two neighbours exchanged are one edit, and no part is edited twice (optimal string alignment).
 */
export function editDistance(a: ArrayLike<string>, b: ArrayLike<string>, swaps: boolean): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min((last[j] as number) + 1, (row[j - 1] as number) + 1, (last[j - 1] as number) + same)
      if (swaps && i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] as number) + 1)
      row.push(best)
    }
    before = last
    last = row
  }
  return last[b.length] as number
}
