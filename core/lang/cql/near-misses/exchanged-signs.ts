import { byName } from '../../../text/by-name.ts'
import { atMarks, type CqlNearMiss, isField, type Match, replace, token, type View } from '../2-repair/near-miss.ts'
import type { Token } from '../1-lex/token.ts'

/** The signs that another language or a slip writes, and the operator of a filter. */
const OPERATORS: Readonly<Record<string, string>> = byName({
  '=>': '>=',
  '=<': '<=',
  '=!': '!=',
  '!==': '!=',
  '===': '=',
  '=!=': '!=',
})

export const exchangedSigns: CqlNearMiss = {
  id: 'CQL347',
  slug: 'exchanged-signs',
  title: '`=>` for `>=`, `=<` for `<=`, `===` for `=`',
  origin: 'slips of the keyboard, JavaScript, Erlang, Prolog',
  verdict: 'The comparisons are `= != < <= > >=`; in an expression, equality is `==`.',
  evidence: { vendorDoc: 'library.humio.com/data-analysis/syntax-operators.html' },
  early: true,
  bad: 'RemotePort => 1024',
  good: 'RemotePort >= 1024',
  message: (found) => `\`${found}\`: a comparison has other signs`,
  find: (v) => ['=', '==', '=>', '!='].flatMap((mark) => atMarks(v, mark, (t, i) => signsAt(v, t, i))),
}

function signsAt(v: View, t: Token, i: number): Match[] {
  let last = i
  while (/^(?:=|==|<|>|!|!=)$/.test(token(v, last + 1).text) && token(v, last + 1).start === token(v, last).end) last++
  const [field, value] = [token(v, i - 1), token(v, last + 1)]
  const signs = v.text.slice(t.start, token(v, last).end)
  const operator = OPERATORS[signs]
  if (i === 0 || operator === undefined || !isField(field) || field.end > t.start) return []
  if (i > 1 && /^[=!<>]/.test(token(v, i - 2).text)) return []
  // Elsewhere `=>` is an arrow, and `!` negates: `then=!f`.
  if (signs === '=>' && !isNumber(value)) return []
  if (signs === '=!' && !isNumber(value) && value.kind !== 'string' && token(v, last).end === value.start) return []
  if (signs === '=>' && isGuard(v, i)) return []
  const written = operator === '=' && t.mode === 'expression' ? '==' : operator
  const end = token(v, last).end
  return [{ span: { start: field.start, end: value.end }, edits: [replace(t.start, end, written)] }]
}

const isNumber = (t: Token): boolean => t.kind === 'word' && /^-?\d/.test(t.text)

/** The guard of a branch: `*`, a value, or the whole condition of a body that assigns. */
function isGuard(v: View, i: number): boolean {
  const step = v.steps.find((s) => s.last === i - 1 && s.after === '=>')
  const body = v.steps.find((s) => s.first === i + 1)
  if (!step || step.first !== i - 1) return step !== undefined && body !== undefined && body.first !== body.last
  if (!/^[A-Za-z_@#]/.test(token(v, i - 1).text)) return true
  return body === undefined || body.first !== body.last
}
