import {
  atMarks,
  calledBy,
  type CqlNearMiss,
  insert,
  itemsOf,
  type Match,
  partnerOf,
  replace,
  shallow,
  token,
  type View,
} from '../2-repair/near-miss.ts'
import { isPunct } from '../1-lex/token.ts'

/** Parameters that follow another argument. */
const PARAMETERS =
  /^(?:as|by|distinct|else|field|flags|function|include|index|key|limit|mode|order|reverse|separator|span|strict|subnet|then|timezone|type|unit|value|values|with)$/i

export const lostComma: CqlNearMiss = {
  id: 'CQL353',
  slug: 'lost-comma',
  early: true,
  title: 'A missing `,` between arguments',
  origin: 'a slip; `sort x desc` of SQL, SPL and Sumo Logic',
  verdict: 'Arguments are separated by commas, and all but the first have names.',
  evidence: { vendorDoc: 'library.humio.com/data-analysis/functions-sort.html' },
  bad: 'sort(x order=asc limit=5)',
  good: 'sort(x, order=asc, limit=5)',
  message: (found) => `\`${found}\`: a \`,\` is missing between two arguments`,
  find: (v) => atMarks(v, '(', (t, i) => (t.call && partnerOf(v, i) > 0 ? inCall(v, i) : [])),
}

function inCall(v: View, open: number): Match[] {
  const edits = itemsOf(v, open).flatMap((item) =>
    shallow(v, item).flatMap((i) => {
      if (i === item.first || !endsArgument(v, i - 1)) return []
      const [before, t] = [token(v, i - 1), token(v, i)]
      if (t.kind !== 'word') return []
      if (PARAMETERS.test(t.text) && isPunct(token(v, i + 1), '=')) return [insert(before.end, ',')]
      const isDirection = i === item.last && calledBy(v, open) === 'sort' && /^(?:asc|desc)$/i.test(t.text)
      return isDirection && !isPunct(token(v, i - 2), '=') ? [replace(before.end, t.start, ', order=')] : []
    }),
  )
  if (edits.length === 0) return []
  return [{ span: { start: token(v, open - 1).start, end: token(v, partnerOf(v, open)).end }, edits }]
}

const endsArgument = (v: View, i: number): boolean => {
  const t = token(v, i)
  return t.kind === 'punct' ? /^[)\]}]$/.test(t.text) : t.kind !== 'word' || !/^(?:and|or|not|like)$/i.test(t.text)
}
