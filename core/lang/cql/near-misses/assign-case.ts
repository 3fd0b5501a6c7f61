import {
  type CqlNearMiss,
  hasWord,
  insert,
  isField,
  isLiteral,
  type Match,
  parentOf,
  partnerOf,
  replace,
  shallow,
  splitAt,
  stepsWithin,
  token,
  type View,
} from '../2-repair/near-miss.ts'
import { isPunct, isWord } from '../1-lex/token.ts'

const verdict =
  'The right side of `:=` is an expression or a call; `case` and `match` are steps, and the body of a branch is a pipeline, not a value.'
const evidence = { vendorDoc: 'library.humio.com/data-analysis/syntax-conditional.html' }

export const assignCase: CqlNearMiss = {
  id: 'CQL302',
  slug: 'assign-case',
  title: '`case` as a value',
  origin: 'KQL and SQL, where case is an expression',
  verdict,
  evidence,
  bad: 'x := case { a=1 => "A"; * => "B" }',
  good: 'case { a=1 | x := "A"; * | x := "B" }',
  message: (found) => `\`${found}\`: \`case\` is a step, not a value`,
  find: (v) =>
    hasWord(v, 'case')
      ? v.steps.flatMap((s) => (isWord(token(v, s.first + 2), 'case') ? assigned(v, s.first, s.first + 3) : []))
      : [],
}

export const assignMatch: CqlNearMiss = {
  id: 'CQL303',
  slug: 'assign-match',
  title: '`match` as a value',
  origin: 'languages where match is an expression',
  verdict,
  evidence,
  bad: 'x := f match { 1 => "A"; * => "B" }',
  good: 'f match { 1 => x := "A"; * => x := "B" }',
  message: (found) => `\`${found}\`: \`match\` is a step, not a value`,
  find: (v) =>
    hasWord(v, 'match')
      ? v.steps.flatMap((s) => (isWord(token(v, s.first + 3), 'match') ? assigned(v, s.first, s.first + 4) : []))
      : [],
}

/** `target := case {`: every bare value at the end of a branch is what the target gets. */
function assigned(v: View, first: number, open: number): Match[] {
  const target = token(v, first)
  if (!isField(target) || !isPunct(token(v, first + 1), ':=')) return []
  if (!isPunct(token(v, open), '{') || partnerOf(v, open) < 0) return []
  const span = { start: target.start, end: token(v, partnerOf(v, open)).end }
  const edits = [replace(target.start, token(v, first + 2).start, '')]
  let unsure = false
  for (const s of stepsWithin(v, open)) {
    const body = s.before === '=>' || (s.before === '|' && s.after !== '|' && s.after !== '=>')
    if (!body || parentOf(v, s.first) !== open) continue
    const inner = shallow(v, s)
    if (inner.some((i) => isPunct(token(v, i), ':='))) continue
    const one = s.first === s.last
    const t = token(v, s.first)
    const compares = inner.some((i) => /^(?:=|!=|<|<=|>|>=|=~)$/.test(token(v, i).text))
    const bareWord = one && t.kind === 'word' && t.text !== '*' && !isLiteral(t)
    if (s.before === '|' && bareWord) unsure = true
    if (compares || (s.before === '|' && !(one && isLiteral(t)))) continue
    if (one && t.kind === 'word' && !isLiteral(t) && !/^(?:true|false)$/i.test(t.text)) unsure = true
    edits.push(insert(t.start, `${target.text} := `))
  }
  if (edits.length === 1 && splitAt(v, { first: open + 1, last: partnerOf(v, open) - 1 }, () => false).length === 0)
    return []
  if (edits.length === 1) unsure = true
  if (!unsure) return [{ span, edits }]
  return [
    {
      span,
      edits: [],
      uncertain: `assign inside each branch, with texts in quotes: \`case { a=1 | ${target.text} := "A"; * | ${target.text} := "B" }\``,
    },
  ]
}
