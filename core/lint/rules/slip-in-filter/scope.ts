// Slips in the scope of a search, whose words need no quotes.
import type { Compare, Condition, Value } from '../../../lang/shared/outline.ts'
import { bareText, type Slip } from './slip.ts'

/** `_source==web`; `'error'`, `_source='web'`: single quotes are punctuation, and no published search has them in its scope. */
export function signsInScope(c: Condition, text: string): Slip | undefined {
  if (c.kind === 'compare') {
    const sign = /^\s*==(?=\s*$)/.exec(text.slice(c.fieldAt.end, c.values[0]?.at.start))?.[0] ?? ''
    const at = { start: c.fieldAt.end + sign.length - 2, end: c.fieldAt.end + sign.length }
    // In a stage both signs are taken; only a scope ignores case.
    if (sign !== '' && c.foldsCase) return { meant: '`=`', becomes: '=', safety: 'safe', at, isSign: true }
  }
  const value = c.kind === 'text' ? c.value : c.kind === 'compare' ? beginsWithQuote(c) : undefined
  if (value?.kind !== 'bare' || !value.text.startsWith("'")) return undefined
  const meant = 'the text in double quotes'
  const { start } = value.at
  const [whole] = /^'(?:[^'"\\\n|]|\\.)+'(?!\w)/.exec(text.slice(start)) ?? []
  if (whole === undefined) return /^'\w/.test(value.text) ? { meant } : undefined
  return { meant, becomes: `"${whole.slice(1, -1)}"`, safety: 'safe', at: { start, end: start + whole.length } }
}

/** `_source='web'`, and `'type=event'`, which is read as a field and its value. */
const beginsWithQuote = ({ field, fieldAt, values }: Compare): Value | undefined =>
  field.startsWith("'") ? { kind: 'bare', text: field, at: fieldAt } : values[0]

/** An operator in a scope, followed as in a stage: `… json "a" as b`. */
export function stageInScope(of: readonly Condition[], i: number, text: string): Slip | undefined {
  const [c, next] = [of[i], of[i + 1]]
  const word = bareText(c)
  if (!c || word === undefined || !next) return undefined
  const after = bareText(next) ?? ''
  const expression = { meant: '`|` before the expression' }
  // A text that begins with a word may be of another language: `select a from b where c=d`.
  const isSearch = of[0]?.kind !== 'text' || of[0].value.kind === 'text'
  const meant = `\`|\` before \`${word}\``
  const stage: Slip = isSearch ? { meant, becomes: `| ${word}`, safety: 'safe' } : { meant }
  if (/^as$/i.test(word) && isAlias(word, of, i)) return expression
  // `sum(size) as bytes`
  if (/^[A-Za-z]\w*$/.test(word) && CALL.test(text.slice(c.at.start))) return stage
  const isQuoted = next.kind === 'text' && next.value.kind === 'text'
  const isStage =
    (/^(?:json|parse)$/i.test(word) &&
      (isQuoted || (next.kind === 'compare' && next.field.toLowerCase() === 'field'))) ||
    (/^parse$/i.test(word) && /^regex$/i.test(after)) ||
    (/^extract$/i.test(word) && next.kind === 'text' && next.value.kind === 'text' && /[(*]/.test(next.value.text)) ||
    (/^csv$/i.test(word) && /^_raw$/i.test(after)) ||
    (/^where$/i.test(word) && (next.kind !== 'text' || /^!?\w+$/.test(after))) ||
    (/^count$/i.test(word) && /^by$/i.test(after)) ||
    (/^timeslice$/i.test(word) && /^\d+[smhdw]$/i.test(after)) ||
    (/^json$/i.test(word) && /^auto$/i.test(after)) ||
    (/^limit$/i.test(word) && /^\d+$/.test(after))
  return isStage ? stage : undefined
}

const CALL = /^\w+\s*\((?:[^()]|\([^()]*\))*\)\s+as\s+\w/i

/** `_raw as message_text` at the end. A log may say `logged in as root`. */
function isAlias(word: string, of: readonly Condition[], i: number): boolean {
  const name = bareText(of[i + 1]) ?? ''
  if (!/^\w+$/.test(name)) return false
  return word === 'AS' || (i + 2 === of.length && /_/.test(name + (bareText(of[i - 1]) ?? '')))
}
