import {
  type CqlNearMiss,
  insert,
  isField,
  joins,
  type Match,
  operandEnd,
  parentOf,
  partnerOf,
  type Run,
  shallow,
  token,
  type View,
} from '../2-repair/near-miss.ts'
import { isPunct, isWord, type Token } from '../1-lex/token.ts'

/** Calls that change or replace events: beside another filter they can only be the next step. */
const stepNames =
  /^(?:groupby|sort|table|select|drop|rename|top|head|tail|timechart|bucket|stats|join|eval|format|formattime|parsejson|parsetimestamp|kvparse|replace|default|iplocation|asn|rdns|sankey|worldmap|selectlast|definetable|count|sum|avg|session|window|splitstring|split|concat|round|lower|upper)$/

export const missingPipe: CqlNearMiss = {
  id: 'CQL316',
  slug: 'missing-pipe',
  early: true,
  title: 'A missing `|` between steps',
  origin: 'a slip: the next step begins on a new line',
  verdict: 'Steps are separated by `|`; a newline means nothing.',
  evidence: { vendorDoc: 'library.humio.com/lql-grammar/syntax-grammar-guide-subset.html' },
  bad: 'x := a / b\ndrop(a)',
  good: 'x := a / b | drop(a)',
  message: (found) => `\`${found}\`: a \`|\` is missing between two steps`,
  find: (v) => v.steps.flatMap((s) => (s.after === '=>' ? [] : seams(v, s).map((i) => seam(v, i)))),
}

function seam(v: View, i: number): Match {
  const before = token(v, i - 1)
  const found = { span: { start: before.start, end: token(v, i).end }, edits: [insert(before.end, ' |')] }
  // An empty line may part two queries, which `|` would make one with another meaning.
  const gap = v.text.slice(before.end, token(v, i).start)
  // A new line in a block may begin the next branch, which `|` would make a part of this one.
  const open = parentOf(v, i)
  if (gap.includes('\n') && open > 0 && isBlock(v, open))
    return {
      ...found,
      edits: [insert(before.end, ';')],
      uncertain: 'write `;` between two branches, `|` between two steps of one',
    }
  const isParted = /\n[ \t]*\r?\n/.test(gap)
  return isParted ? { ...found, uncertain: 'write `|` between two steps, or put each query into its own file' } : found
}

/** Indices of the tokens that start another step inside a step. */
function seams(v: View, s: Run): number[] {
  const inner = shallow(v, s)
  const assigns = isField(token(v, s.first)) && isPunct(token(v, s.first + 1), ':=')
  // A command of another language, with a call as its argument: `stats count() by host`.
  const isCommand =
    /^(?:aggregate|chart|eval|eventstats|extend|let|make-series|stats|streamstats|summarize|timechart|where)$/i
  if (!assigns && !token(v, s.first + 1).call && isCommand.test(token(v, s.first).text)) return []
  const found: number[] = []
  for (const [n, i] of inner.entries()) {
    if (n === 0 || found.length > 20) continue
    const previous = inner[n - 1] as number
    if (starts(v, s, previous, i, assigns && found.length === 0)) found.push(i)
  }
  return found
}

function starts(v: View, s: Run, previous: number, i: number, inAssign: boolean): boolean {
  const before = token(v, previous)
  const t = token(v, i)
  if (!operandEnd(v, previous) || previous !== i - 1) return false
  if (typographic(v).has(t)) return false
  if (isField(t) && isPunct(token(v, i + 1), ':=')) return i > s.first && !infixWord(before)
  const opensBlock = isWord(t, 'case') && isPunct(token(v, i + 1), '{')
  if (opensBlock) return true
  if (before.text === '}' && before.kind === 'punct') return isBlock(v, partnerOf(v, previous)) && startsOperand(v, i)
  if (inAssign) return startsOperand(v, i) && !infixWord(t) && !infixWord(before)
  return calls(v, i) && stepNames.test(t.text.toLowerCase()) && !joins(before) && closesCallOrValue(v, previous)
}

const typographicTexts = new WeakMap<View, ReadonlySet<Token>>()

/** The tokens behind an opening typographic quote, up to the closing one or the end of the line: there, words are a text. */
function typographic(v: View): ReadonlySet<Token> {
  const known = typographicTexts.get(v)
  if (known) return known
  const inside = new Set<Token>()
  if (v.kinds.has('bad')) {
    let i = 0
    for (const { index, 0: text } of v.text.matchAll(/[\u201c\u201e][^\u201d\n]*/g)) {
      for (; i < v.tokens.length && token(v, i).start <= index + text.length; i++)
        if (token(v, i).start > index) inside.add(token(v, i))
    }
  }
  typographicTexts.set(v, inside)
  return inside
}

const infixWord = (t: { kind: string; text: string }): boolean =>
  t.kind === 'word' &&
  /^(?:and|or|not|in|like|match|contains|&&|%|is|between|case|when|then|else|end|div|mod)$/i.test(t.text)
const calls = (v: View, i: number): boolean =>
  token(v, i).kind === 'word' && isPunct(token(v, i + 1), '(') && token(v, i + 1).call
const isBlock = (v: View, open: number): boolean =>
  open > 0 && (isWord(token(v, open - 1), 'case') || isWord(token(v, open - 1), 'match'))
const startsOperand = (v: View, i: number): boolean => {
  const t = token(v, i)
  if (t.kind === 'saved') return true
  return (t.kind === 'word' && t.text !== '%' && !joins(t)) || t.kind === 'string'
}
const closesCallOrValue = (v: View, i: number): boolean => {
  const t = token(v, i)
  return t.kind !== 'punct' || t.text === ')' || t.text === '}'
}
