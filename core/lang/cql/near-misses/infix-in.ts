import {
  atWords,
  type CqlNearMiss,
  insert,
  isField,
  isNamed,
  itemsOf,
  type Match,
  parentOf,
  partnerOf,
  quote,
  replace,
  spanOfRun,
  textOf,
  token,
  type View,
} from '../2-repair/near-miss.ts'
import { comparisons, isPunct, isWord } from '../1-lex/token.ts'

export const infixIn: CqlNearMiss = {
  id: 'CQL301',
  slug: 'infix-in',
  title: 'Infix `in`',
  origin: 'SQL, SPL, KQL',
  verdict: 'A filter compares with `= != < <= > >= like` only; `in` is a function that takes a field and `values`.',
  evidence: { vendorDoc: 'library.humio.com/data-analysis/functions-in.html' },
  bad: 'RemotePort in (20, 21)',
  good: 'in(RemotePort, values=[20, 21])',
  message: (found) => `\`${found}\`: \`in\` is a function, not an operator`,
  find: (v) => atWords(v, 'in', (_, i) => fieldBefore(v, i).flatMap((field) => infix(v, field))),
}

/** The index of the field before `in` or `not in`. */
function fieldBefore(v: View, at: number): number[] {
  const i = isWord(token(v, at - 1), 'not') ? at - 2 : at - 1
  return i >= 0 && isField(token(v, i)) ? [i] : []
}

function infix(v: View, i: number): Match[] {
  const field = token(v, i)
  const negated = isWord(token(v, i + 1), 'not')
  const at = negated ? i + 2 : i + 1
  const open = at + 1
  if (!isWord(token(v, at), 'in') || !/^[([]$/.test(token(v, open).text) || partnerOf(v, open) < 0) return []
  const before = token(v, i - 1)
  if (i > 0 && before.kind === 'punct' && (comparisons.has(before.text) || before.text === ':=')) return []
  if (isWord(field, 'not') || parentOf(v, i) !== parentOf(v, open)) return []
  const items = itemsOf(v, open)
  if (items.length === 0 || items.some((r) => isNamed(v, r))) return []
  const close = token(v, partnerOf(v, open))
  const edits = [
    insert(field.start, negated ? '!in(' : 'in('),
    replace(field.end, token(v, open).end, ', values=['),
    replace(close.start, close.end, '])'),
  ]
  for (const item of items) {
    const text = textOf(v, item)
    const words = item.first === item.last || /^[\w.*]+$/.test(text)
    if (words || isPunct(token(v, item.first), '-') || /["(){}[\]|]/.test(text)) continue
    const { start, end } = spanOfRun(v, item)
    edits.push(replace(start, end, quote(text)))
  }
  return [{ span: { start: field.start, end: close.end }, edits }]
}
