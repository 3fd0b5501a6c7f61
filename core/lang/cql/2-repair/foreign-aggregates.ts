// Aggregations as SPL and KQL write them, in CQL. Output names are those that the other language would give.
import { byName } from '../../../text/by-name.ts'
import { isNamed, shallow, splitAt, textOf, token, type View } from './near-miss.ts'
import { isPunct, isWord } from '../1-lex/token.ts'

interface Range {
  readonly first: number
  readonly last: number
}
const functions: Readonly<Record<string, (x: string, as: string) => string>> = byName({
  avg: (x, as) => `avg(${x}, as=${as})`,
  c: (x, as) => `count(${x}, as=${as})`,
  count: (x, as) => (x ? `count(${x}, as=${as})` : `count(as=${as})`),
  dc: (x, as) => `count(${x}, distinct=true, as=${as})`,
  dcount: (x, as) => `count(${x}, distinct=true, as=${as})`,
  distinct_count: (x, as) => `count(${x}, distinct=true, as=${as})`,
  max: (x, as) => `max(${x}, as=${as})`,
  mean: (x, as) => `avg(${x}, as=${as})`,
  min: (x, as) => `min(${x}, as=${as})`,
  sum: (x, as) => `sum(${x}, as=${as})`,
})

/** `count as n, sum(bytes) by a, b`; undefined for anything that has no exact counterpart here. */
export function aggregates(v: View, r: Range, dialect: 'kql' | 'spl'): string | undefined {
  if (r.last < r.first) return undefined
  const by = shallow(v, r).find((i) => isWord(token(v, i), 'by'))
  const items = splitAt(v, { first: r.first, last: by === undefined ? r.last : by - 1 }, (t) => isPunct(t, ','))
  const written = items.flatMap((item) => spaced(v, item)).map((item) => one(v, item, dialect))
  if (written.length === 0 || written.some((x) => x === undefined)) return undefined
  const list = written.length === 1 ? written[0] : `[${written.join(', ')}]`
  if (by === undefined) return written.length === 1 ? list : `stats(${list})`
  const keys: string[] = []
  for (let i = by + 1; i <= r.last; i++) {
    const t = token(v, i)
    if (t.kind === 'word' || t.kind === 'string') keys.push(t.text)
    else if (!isPunct(t, ',')) return undefined
  }
  return keys.length > 0 ? `groupBy([${keys.join(', ')}], function=${list})` : undefined
}

/** SPL lets the commas out: `count sum(x) as s`. */
function spaced(v: View, r: Range): Range[] {
  const found: Range[] = []
  let first = r.first
  for (const i of shallow(v, r)) {
    const t = token(v, i)
    const before = token(v, i - 1)
    const starts = i > first && t.kind === 'word' && functions[t.text.toLowerCase()] !== undefined
    if (starts && !isWord(t, 'as') && !isWord(before, 'as') && !isPunct(before, '=')) {
      found.push({ first, last: i - 1 })
      first = i
    }
  }
  return [...found, { first, last: r.last }]
}

function one(v: View, r: Range, dialect: 'kql' | 'spl'): string | undefined {
  const named = isNamed(v, r) ? token(v, r.first).text : undefined
  let { first, last } = named ? { first: r.first + 2, last: r.last } : r
  let as = named
  if (last - first >= 2 && isWord(token(v, last - 1), 'as')) {
    as = token(v, last).text
    last -= 2
  }
  const name = token(v, first).text.toLowerCase()
  const write = functions[name]
  if (!write) return undefined
  if (last === first) return name === 'count' || name === 'c' ? write('', as ?? 'count') : undefined
  if (!isPunct(token(v, first + 1), '(') || !isPunct(token(v, last), ')') || last - first > 3) return undefined
  const field = last - first === 3 ? textOf(v, { first: first + 2, last: first + 2 }) : ''
  if (field === '' && name !== 'count') return undefined
  if (field !== '' && token(v, first + 2).kind === 'punct') return undefined
  const spl = field ? `"${name}(${field})"` : 'count'
  return write(field, as ?? (dialect === 'spl' ? spl : `${name}_${field}`))
}
