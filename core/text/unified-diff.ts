// The difference of two texts by lines, as `diff -u` shows it.

const CONTEXT = 3

interface Line {
  readonly sign: ' ' | '+' | '-'
  readonly text: string
}

/** Empty for equal texts. */
export function unifiedDiff(name: string, before: string, after: string): string {
  if (before === after) return ''
  const lines = differences(linesIn(before), linesIn(after))
  let out = `--- ${name}\n+++ ${name}\n`
  let [a, b] = [1, 1]
  const numbers = lines.map(({ sign }) => {
    const at = [a, b] as const
    if (sign !== '+') a++
    if (sign !== '-') b++
    return at
  })
  for (let i = 0; i < lines.length; ) {
    const first = lines.findIndex((l, j) => j >= i && l.sign !== ' ')
    if (first < 0) break
    let last = first
    for (let j = first; j < lines.length && j - last <= 2 * CONTEXT; j++) if (lines[j]?.sign !== ' ') last = j
    const from = Math.max(i, first - CONTEXT)
    const to = Math.min(lines.length, last + CONTEXT + 1)
    const hunk = lines.slice(from, to)
    const count = (sign: '+' | '-'): number => hunk.filter((l) => l.sign === ' ' || l.sign === sign).length
    const [x, y] = numbers[from] ?? [1, 1]
    out += `@@ -${x},${count('-')} +${y},${count('+')} @@\n${hunk.map((l) => `${l.sign}${l.text}`).join('')}`
    i = to
  }
  return out
}

/** Each line with its end; a last line without one has the note that `patch` and `git apply` need. */
const linesIn = (text: string): readonly string[] =>
  (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((l) => (l.endsWith('\n') ? l : `${l}\n\\ No newline at end of file\n`))

/** By lines or other parts: a longest common subsequence of what lies between the equal ends. Queries are short, so the square table is small. */
export function differences(a: readonly string[], b: readonly string[]): Line[] {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const x = a.slice(start, a.length - end)
  const y = b.slice(start, b.length - end)
  const same = (text: string): Line => ({ sign: ' ', text })
  return [...a.slice(0, start).map(same), ...between(x, y), ...a.slice(a.length - end).map(same)]
}

function between(x: readonly string[], y: readonly string[]): Line[] {
  const removed = (text: string): Line => ({ sign: '-', text })
  const added = (text: string): Line => ({ sign: '+', text })
  if (x.length * y.length > 4_000_000) return [...x.map(removed), ...y.map(added)]
  const table = Array.from({ length: x.length + 1 }, () => new Uint32Array(y.length + 1))
  for (let i = x.length - 1; i >= 0; i--)
    for (let j = y.length - 1; j >= 0; j--) {
      const [row, next] = [table[i] as Uint32Array, table[i + 1] as Uint32Array]
      row[j] = x[i] === y[j] ? (next[j + 1] ?? 0) + 1 : Math.max(next[j] ?? 0, row[j + 1] ?? 0)
    }
  const out: Line[] = []
  let [i, j] = [0, 0]
  while (i < x.length && j < y.length) {
    if (x[i] === y[j]) {
      out.push({ sign: ' ', text: x[i] as string })
      i++
      j++
    } else if ((table[i + 1]?.[j] ?? 0) >= (table[i]?.[j + 1] ?? 0)) out.push(removed(x[i++] as string))
    else out.push(added(y[j++] as string))
  }
  return [...out, ...x.slice(i).map(removed), ...y.slice(j).map(added)]
}
