import {
  atKind,
  atMarks,
  calledBy,
  type CqlNearMiss,
  isField,
  type Match,
  parentOf,
  partnerOf,
  quote,
  replace,
  token,
  type View,
} from '../2-repair/near-miss.ts'
import { isPunct, type Token } from '../1-lex/token.ts'

export const patternInExpression: CqlNearMiss = {
  id: 'CQL346',
  slug: 'pattern-in-expression',
  title: 'A pattern in an expression',
  origin: 'filters of CQL itself',
  verdict: 'An expression compares values. Functions that filter test a pattern there: regex() and wildcard().',
  evidence: { vendorDoc: 'library.humio.com/data-analysis/syntax-expressions.html' },
  early: true,
  bad: 'x := if(CommandLine=/ftp/i, then=1, else=0)',
  good: 'x := if(regex("ftp", field=CommandLine, flags="i"), then=1, else=0)',
  message: (found) => `\`${found}\`: an expression cannot compare with a pattern`,
  find: (v) => [...atKind(v, 'regex', (t, i) => regexAt(v, t, i)), ...atMarks(v, '=', (_, i) => globAt(v, i))],
}

function regexAt(v: View, t: Token, i: number): Match[] {
  const parts = /^\/(.*)\/([a-zA-Z]*)$/s.exec(t.text)
  const [field, sign] = [token(v, i - 2), token(v, i - 1)]
  if (!parts || !isField(field) || !/^(?:=|==|!=|=~)$/.test(sign.text) || !isComparedIn(v, i)) return []
  const span = { start: field.start, end: t.end }
  if (isWholeTest(v, i)) return [inFilter(v, i, sign)]
  const flags = parts[2] ? `, flags="${parts[2]}"` : ''
  const call = `regex(${quote((parts[1] ?? '').replace(/\\\//g, '/'))}, field=${field.text}${flags})`
  return [{ span, edits: [replace(span.start, span.end, sign.text === '!=' ? `!${call}` : call)] }]
}

/** `f=*x*`, `f="*x"`: with `==` it is a comparison with that text. */
function globAt(v: View, i: number): Match[] {
  const [field, sign] = [token(v, i - 1), token(v, i)]
  if (!isField(field) || !isComparedIn(v, i + 1)) return []
  const last = endOfGlob(v, i + 1)
  if (last === undefined) return []
  const span = { start: field.start, end: token(v, last).end }
  if (isWholeTest(v, i + 1, last)) return [inFilter(v, i + 1, sign, last)]
  const text = v.text.slice(token(v, i + 1).start, span.end)
  const call = `wildcard(field=${field.text}, pattern=${text.startsWith('"') ? text : quote(text)})`
  return [{ span, edits: [replace(span.start, span.end, call)] }]
}

/** The last token of a pattern with wildcards that ends its argument. */
function endOfGlob(v: View, first: number): number | undefined {
  const t = token(v, first)
  if (t.kind === 'string') return /^"\*|\*"$/.test(t.text) && isEnd(token(v, first + 1)) ? first : undefined
  let last = first
  while (last < v.tokens.length && !isEnd(token(v, last + 1)) && token(v, last + 1).start === token(v, last).end) last++
  const text = v.text.slice(t.start, token(v, last).end)
  return isEnd(token(v, last + 1)) && /^(?:\*[\w.:\\-]*\*?|[\w.:\\-]+\*)$/.test(text) ? last : undefined
}
const isEnd = (t: Token): boolean => t.kind === 'end' || /^[,)|;}]$/.test(t.text)

/** Where an expression is a condition: in test(), the first argument of if(), and their brackets. */
function isComparedIn(v: View, i: number): boolean {
  if (token(v, i).mode !== 'expression') return false
  const open = parentOf(v, i)
  if (open < 0 || !isPunct(token(v, open), '(')) return false
  if (!token(v, open).call) return isComparedIn(v, open)
  if (!/^(?:test|if|coalesce)$/.test(calledBy(v, open))) return false
  return isPunct(token(v, i - 1), '=') ? !isParameter(token(v, i - 2), calledBy(v, open)) : true
}
const isParameter = (t: Token, of: string): boolean =>
  of === 'if'
    ? /^(?:condition|then|else|as|field)$/i.test(t.text)
    : /^(?:expression|expressions|field|as)$/i.test(t.text)

/** `test(f=/x/)` is the filter `f=/x/`. */
const isWholeTest = (v: View, i: number, last = i): boolean => {
  const open = parentOf(v, i)
  return (
    calledBy(v, open) === 'test' &&
    open + 3 === i &&
    partnerOf(v, open) === last + 1 &&
    token(v, open - 1).mode === 'filter'
  )
}
function inFilter(v: View, i: number, sign: Token, last = i): Match {
  const open = parentOf(v, i)
  const [call, close] = [token(v, open - 1), token(v, last + 1)]
  const edits = [replace(call.start, token(v, open).end, ''), replace(close.start, close.end, '')]
  if (sign.text === '==' || sign.text === '=~') edits.push(replace(sign.start, sign.end, '='))
  return { span: { start: call.start, end: close.end }, edits }
}
