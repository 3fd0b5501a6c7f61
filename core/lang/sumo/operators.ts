// Words that begin a stage. The builtins describe them; the parser needs to know them before anything is described.
export const AGGREGATES: ReadonlySet<string> = new Set([
  'avg',
  'count',
  'count_distinct',
  'count_frequent',
  'first',
  'last',
  'least_recent',
  'max',
  'median',
  'min',
  'most_recent',
  'pct',
  'pct_sampling',
  'stddev',
  'sum',
  'values',
])

/** Read with their own grammar. */
export const OPERATORS: ReadonlySet<string> = new Set([
  'accum',
  'backshift',
  'bin',
  'cat',
  'compare',
  'csv',
  'dedup',
  'diff',
  'extract',
  'fields',
  'fillmissing',
  'filter',
  'geoip',
  'join',
  'json',
  'keyvalue',
  'kv',
  'limit',
  'lookup',
  'merge',
  'order',
  'outlier',
  'parse',
  'predict',
  'rollingstd',
  'save',
  'smooth',
  'sort',
  'split',
  'threatip',
  'threatlookup',
  'timeslice',
  'top',
  'topk',
  'total',
  'transactionize',
  'transpose',
  'where',
  'withtime',
])

/** Known, read to the end of the stage, and not run. */
export const OTHERS: ReadonlySet<string> = new Set([
  'benchmark',
  'details',
  'geolookup',
  'infer',
  'logcompare',
  'logexplain',
  'logreduce',
  'sample',
  'sessionize',
  'summarize',
  'trace',
  'transaction',
])

export const isOperator = (word: string): boolean => AGGREGATES.has(word) || OPERATORS.has(word) || OTHERS.has(word)

/** The nearest of some words, if it is near enough to be a slip. */
export function similarTo(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = word.length <= 4 ? 2 : 3
  for (const k of known) {
    const d = distance(word.toLowerCase(), k.toLowerCase(), least)
    if (d < least) {
      least = d
      best = k
    }
  }
  return best
}

function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(
          (row[j] as number) + 1,
          (next[j - 1] as number) + 1,
          (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      )
    row = next
  }
  return row[b.length] as number
}
