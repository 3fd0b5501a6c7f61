import {
  type CqlNearMiss,
  insert,
  isField,
  isNamed,
  itemsOf,
  type Match,
  partnerOf,
  replace,
  type Run,
  shallow,
  spanOfRun,
  splitAt,
  token,
  type View,
} from '../2-repair/near-miss.ts'
import { isPunct, isWord } from '../1-lex/token.ts'

type Range = Pick<Run, 'first' | 'last'>

/** Aggregates that give one row, or one for each value: those that are grouped. */
const GROUPED =
  /^(?:avg|collect|count|max|min|percentile|range|selectlast|selectfrommax|selectfrommin|series|stddev|sum)$/i

export const wordsBehindCall: CqlNearMiss = {
  id: 'CQL352',
  slug: 'words-behind-call',
  title: '`as` or `by` behind a call',
  origin: 'SPL, KQL, Sumo Logic',
  verdict:
    'Words behind a call are texts to search for. The name of a result is the argument `as`, and groupBy() groups.',
  evidence: { vendorDoc: 'library.humio.com/data-analysis/functions-groupby.html' },
  bad: 'count() by aid',
  good: 'groupBy([aid], function=count())',
  message: (found) => `\`${found}\`: \`as\` and \`by\` cannot follow a call`,
  find: (v) => v.steps.flatMap((s) => behind(v, s)),
}

function behind(v: View, s: Run): Match[] {
  const by = shallow(v, s).find((i) => i > s.first && isWord(token(v, i), 'by'))
  const calls = splitAt(v, { first: s.first, last: (by ?? s.last + 1) - 1 }, (t) => isPunct(t, ','))
  const named = calls.map((r) => nameAsArgument(v, r))
  const edits = named.flatMap((e) => e ?? [])
  const keys = by === undefined ? [] : keysOf(v, { first: by + 1, last: s.last })
  if (!keys || named.includes(undefined) || (by === undefined && (calls.length !== 1 || edits.length === 0))) return []
  const span = spanOfRun(v, s)
  if (by === undefined) return [{ span, edits }]
  if (keys.length === 0 || !calls.every((r) => GROUPED.test(token(v, r.first).text))) return []
  const [open, close] = calls.length > 1 ? ['[', '])'] : ['', ')']
  const begin = insert(span.start, `groupBy([${keys.join(', ')}], function=${open}`)
  return [{ span, edits: [begin, ...edits, replace(token(v, by - 1).end, span.end, close)] }]
}

/** `f(x) as n` → `f(x, as=n)`; nothing to do for `f(x)`; undefined for anything else. */
function nameAsArgument(v: View, r: Range): Match['edits'] | undefined {
  const open = r.first + 1
  const close = partnerOf(v, open)
  if (token(v, r.first).kind !== 'word' || !isPunct(token(v, open), '(') || !token(v, open).call || close < 0)
    return undefined
  if (close === r.last) return []
  const [before, after, name] = [token(v, close), token(v, close + 1), token(v, r.last)]
  const hasName = itemsOf(v, open).some((a) => isNamed(v, a) && isWord(token(v, a.first), 'as'))
  if (close + 2 !== r.last || !isWord(after, 'as') || !isField(name) || hasName) return undefined
  const sign = close > open + 1 ? ', ' : ''
  return [insert(before.start, `${sign}as=${name.text}`), replace(before.end, name.end, '')]
}

function keysOf(v: View, r: Range): string[] | undefined {
  const keys = splitAt(v, r, (t) => isPunct(t, ','))
  return keys.every((k) => k.first === k.last && isField(token(v, k.first)))
    ? keys.map((k) => token(v, k.first).text)
    : undefined
}
