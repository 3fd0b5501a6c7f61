import { type CqlNearMiss, isField, type Match, partnerOf, replace, token, type View } from '../2-repair/near-miss.ts'
import { isPunct } from '../1-lex/token.ts'

/** Aggregates with the parameter `as`. */
const NAMED_AGGREGATES =
  /^(?:avg|callfunction|count|counterasrate|max|min|percentage|percentile|range|stddev|sum|array:(?:intersection|reducecolumn|union))$/i
/** Aggregates whose rows have names of their own. */
const OTHER_AGGREGATES =
  /^(?:bucket|collect|fieldset|fieldstats|groupby|head|linreg|sankey|selectfrommax|selectfrommin|selectlast|series|session|sort|stats|table|tail|timechart|top|transpose|window|worldmap|array:reduceall)$/i

export const comparedAggregate: CqlNearMiss = {
  id: 'CQL348',
  slug: 'compared-aggregate',
  title: '`=` before an aggregate',
  origin: 'SPL, KQL, SQL and most programming languages',
  verdict: '`=` compares a field of each event. The result of an aggregate gets its name with `:=`, or with `as`.',
  evidence: { vendorDoc: 'library.humio.com/data-analysis/syntax-operators.html' },
  bad: 'n = count()',
  good: 'n := count()',
  message: (found) => `\`${found}\`: an aggregate is not the value of a condition`,
  find: (v) => v.steps.flatMap((s) => compared(v, s.first, s.last)),
}

function compared(v: View, first: number, last: number): Match[] {
  const [field, sign, name] = [token(v, first), token(v, first + 1), token(v, first + 2)]
  if (!isField(field) || !(isPunct(sign, '=') || isPunct(sign, '==')) || name.kind !== 'word') return []
  if (!isPunct(token(v, first + 3), '(') || partnerOf(v, first + 3) !== last) return []
  const span = { start: field.start, end: token(v, last).end }
  if (NAMED_AGGREGATES.test(name.text)) return [{ span, edits: [replace(sign.start, sign.end, ':=')] }]
  if (!OTHER_AGGREGATES.test(name.text)) return []
  return [
    {
      span,
      edits: [],
      uncertain: `write \`${v.text.slice(name.start, span.end)}\` alone: its rows have names of their own`,
    },
  ]
}
