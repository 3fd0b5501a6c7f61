import { byName } from '../../../text/by-name.ts'
import {
  atMarks,
  calledBy,
  comparesInCall,
  type CqlNearMiss,
  insert,
  isField,
  isNamed,
  itemsOf,
  type Match,
  partnerOf,
  spanOfRun,
  textOf,
  token,
  type View,
} from '../2-repair/near-miss.ts'
import { comparisons, isPunct, isWord } from '../1-lex/token.ts'

type Arg = { readonly first: number; readonly last: number }

/** Functions whose unnamed parameter is a list: several names can only be that list. */
const lists = /^(?:groupby|table|select|drop|selectlast|collect|dropevent|concat|hash|worldmap)$/
/** Names of the second and later unnamed arguments. If the last name is a list, it takes the rest. */
const names: Readonly<Record<string, readonly string[]>> = byName({
  cidr: ['subnet'],
  if: ['then', 'else'],
  in: ['values[]'],
  regex: ['field'],
  replace: ['with', 'field'],
  rename: ['as'],
  format: ['field'],
  formattime: ['field'],
  splitstring: ['by'],
  'text:contains': ['substring'],
  'array:contains': ['value'],
  default: ['value'],
  sort: ['order'],
  top: ['limit'],
})

export const unnamedArguments: CqlNearMiss = {
  id: 'CQL315',
  slug: 'unnamed-arguments',
  title: 'Several unnamed arguments',
  origin: 'SPL, KQL, SQL and most programming languages',
  verdict: 'A call takes at most one argument without a name; several fields are one list in brackets.',
  evidence: { vendorDoc: 'library.humio.com/lql-grammar/syntax-grammar-guide-subset.html' },
  bad: 'groupBy(aid, event_platform)',
  good: 'groupBy([aid, event_platform])',
  message: (found) => `\`${found}\`: at most one argument may have no name`,
  find: (v) => atMarks(v, '(', (t, i) => (t.call && partnerOf(v, i) > 0 ? several(v, i) : [])),
}

function several(v: View, open: number): Match[] {
  const name = calledBy(v, open)
  if (name === 'correlate' || name.startsWith('$')) return []
  if (name === 'in' && infixIn(v, open - 2)) return []
  const items = itemsOf(v, open)
  const unnamed = items.filter((r) => !isNamed(v, r) || comparesInCall(name, token(v, r.first).text))
  if (unnamed.length < 2) return []
  // A list that is not closed takes the arguments behind it: the parser says so.
  if (v.tokens.slice(open, partnerOf(v, open)).some((t, i) => isPunct(t, '[') && partnerOf(v, open + i) < 0)) return []
  const span = { start: token(v, open - 1).start, end: token(v, partnerOf(v, open)).end }
  const [first, last] = [unnamed[0], unnamed.at(-1)] as [Arg, Arg]
  const together = items.indexOf(last) - items.indexOf(first) === unnamed.length - 1
  const plain = unnamed.every((r) => !isPunct(token(v, r.first), '[') && !isPunct(token(v, r.first + 1), '('))
  const aggregate = name === 'groupby' && together ? aggregateLast(v, unnamed) : undefined
  if (aggregate) return [{ span, edits: aggregate }]
  if (lists.test(name) && together && plain) return [{ span, edits: inList(v, unnamed, true) }]
  const own = names[name]
  const certain = own && named(v, name, unnamed, own, span)
  const call = token(v, open - 1).text
  return certain
    ? [certain]
    : [
        {
          span,
          edits: [],
          uncertain: `name all but the first argument of ${call}(): \`name=value\`, or give several fields as one list: \`[a, b]\``,
        },
      ]
}

/** `groupBy(a, b, count())`, `groupBy(a, [count(), sum(n)])`: what comes after the fields is the aggregate. */
function aggregateLast(v: View, unnamed: readonly Arg[]): Match['edits'] | undefined {
  const isCall = (r: Arg): boolean => isPunct(token(v, r.first + 1), '(')
  const isList = (r: Arg): boolean => isPunct(token(v, r.first), '[')
  const at = unnamed.findIndex((r, i) => i > 0 && (isCall(r) || isList(r)))
  if (at < 0) return undefined
  const [fields, last] = [unnamed.slice(0, at), unnamed.slice(at)]
  const isOne = last.length === 1 && last.every((r) => isCall(r) || itemsOf(v, r.first).every(isCall))
  if (fields.some(isCall) || (at > 1 && fields.some(isList)) || !(isOne || last.every(isCall))) return undefined
  return [
    ...inList(v, fields, at > 1),
    insert(token(v, last[0]?.first ?? 0).start, 'function='),
    ...inList(v, last, !isOne),
  ]
}

function inList(v: View, runs: readonly Arg[], needed: boolean): Match['edits'] {
  const [first, last] = [runs[0], runs.at(-1)]
  return needed && first && last ? [insert(token(v, first.first).start, '['), insert(token(v, last.last).end, ']')] : []
}

/** `a in (…)`, `a not in (…)`: the word before `in` is the field, not a separate filter. */
function infixIn(v: View, i: number): boolean {
  const field = isWord(token(v, i), 'not') ? i - 1 : i
  if (field < 0 || !isField(token(v, field))) return false
  const before = token(v, field - 1)
  return field === 0 || before.kind !== 'punct' || !comparisons.has(before.text)
}

function named(
  v: View,
  name: string,
  unnamed: readonly { first: number; last: number }[],
  own: readonly string[],
  span: { start: number; end: number },
): Match | undefined {
  const rest = unnamed.slice(1)
  if (own[0] === 'values[]') {
    if (rest.some((r) => isPunct(token(v, r.first), '['))) {
      return rest.length === 1 ? { span, edits: [insert(token(v, rest[0]?.first ?? 0).start, 'values=')] } : undefined
    }
    const start = token(v, rest[0]?.first ?? 0).start
    const { end } = token(v, rest[rest.length - 1]?.last ?? 0)
    return { span, edits: [insert(start, 'values=['), insert(end, ']')] }
  }
  if (rest.length > own.length) return undefined
  if (name === 'sort' && !/^"?(?:asc|desc)"?$/i.test(textOf(v, rest[0] as { first: number; last: number })))
    return undefined
  if (name === 'top' && !/^\d+$/.test(textOf(v, rest[0] as { first: number; last: number }))) return undefined
  return { span, edits: rest.map((r, i) => insert(spanOfRun(v, r).start, `${own[i]}=`)) }
}
