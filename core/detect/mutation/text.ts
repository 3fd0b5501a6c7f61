// The text of a query as tokens, and the parts of it that an operator can take away.
import type { ReadLanguage } from '../../workbench/language.ts'
import { deciding, isYaml } from './yaml.ts'
import type { Token, Part } from './token.ts'

/** Tokens without blanks and comments. */
export function tokensOf(language: ReadLanguage, text: string): Token[] {
  const all = language.read
    .tokens(text)
    .filter((t) => t.kind !== 'space' && t.kind !== 'comment' && t.text.trim() !== '')
    .map((t) => ({ kind: t.kind, text: t.text, start: t.start, end: t.start + t.text.length }))
  return isYaml(all) ? deciding(all, text) : all
}

const OPEN = new Set(['(', '[', '{'])
const CLOSE = new Set([')', ']', '}'])
export const isConnective = (t: Token): boolean => t.kind === 'word' && /^(?:and|or)$/i.test(t.text)
export const isPunct = (t: Token | undefined, text: string): boolean => t?.kind === 'punct' && t.text === text
export const isWord = (t: Token | undefined, text: string): boolean =>
  t?.kind === 'word' && t.text.toLowerCase() === text

/** Index of the token that closes the bracket at `open`; the last token when none does. */
export function closing(tokens: readonly Token[], open: number): number {
  let depth = 0
  for (let i = open; i < tokens.length; i++) {
    const t = tokens[i] as Token
    if (t.kind !== 'punct') continue
    if (OPEN.has(t.text)) depth++
    else if (CLOSE.has(t.text) && --depth === 0) return i
  }
  return tokens.length - 1
}

/** The last index before a separator, going `step` by `step` at one depth. A bracket of a lower depth and `stops` end it too. */
function reach(tokens: readonly Token[], from: number, step: -1 | 1, stops: (t: Token) => boolean): number {
  const [into, outOf] = step > 0 ? [OPEN, CLOSE] : [CLOSE, OPEN]
  let depth = 0
  let last = from
  for (let i = from; i >= 0 && i < tokens.length; i += step) {
    const t = tokens[i] as Token
    if (t.kind === 'punct' && outOf.has(t.text) && depth === 0 && i !== from) return last
    if (depth === 0 && i !== from && stops(t)) return last
    if (t.kind === 'punct' && into.has(t.text)) depth++
    else if (t.kind === 'punct' && outOf.has(t.text) && depth > 0) depth--
    last = i
  }
  return last
}

const ENDS_STEP = new Set(['|', ';', ','])
const KEYWORDS = new Set(['by', 'where'])
const endsOperand = (t: Token): boolean =>
  isConnective(t) ||
  t.kind === 'key' ||
  t.kind === 'item' ||
  (t.kind === 'punct' && ENDS_STEP.has(t.text)) ||
  (t.kind === 'word' && KEYWORDS.has(t.text.toLowerCase()))

/** Operands of `and` and `or`; `without`: with the connective to remove together with the operand. */
export function operands(tokens: readonly Token[]): { readonly part: Part; readonly without: Part }[] {
  const found = new Map<string, { part: Part; without: Part }>()
  tokens.forEach((t, i) => {
    if (!isConnective(t) || i === 0 || i === tokens.length - 1) return
    const left = reach(tokens, i - 1, -1, endsOperand)
    const right = reach(tokens, i + 1, 1, endsOperand)
    const add = (from: number, to: number, without: Part) => {
      const part = { start: (tokens[from] as Token).start, end: (tokens[to] as Token).end }
      found.set(`${part.start}`, { part, without })
    }
    add(left, i - 1, { start: (tokens[left] as Token).start, end: (tokens[i + 1] as Token).start })
    add(i + 1, right, { start: (tokens[i - 1] as Token).end, end: (tokens[right] as Token).end })
  })
  return [...found.values()]
}

/** The predicates of `where` steps without connectives. */
export function lonePredicates(tokens: readonly Token[]): Part[] {
  return tokens.flatMap((t, i) => {
    if (!isWord(t, 'where') || i + 1 >= tokens.length) return []
    const to = reach(tokens, i + 1, 1, endsOperand)
    const after = tokens[to + 1]
    if (after && isConnective(after)) return []
    return [{ start: (tokens[i + 1] as Token).start, end: (tokens[to] as Token).end }]
  })
}

/** Pipeline steps, also inside braces, each with the pipe to remove together with the step. */
export function steps(
  tokens: readonly Token[],
): { readonly part: Part; readonly without: Part; readonly inner: boolean }[] {
  const out: { part: Part; without: Part; inner: boolean }[] = []
  const seen = new Set<number>()
  let depth = 0
  const endsStep = (t: Token): boolean => t.kind === 'punct' && (t.text === '|' || t.text === ';')
  tokens.forEach((t, i) => {
    if (t.kind === 'punct' && OPEN.has(t.text)) depth++
    if (t.kind === 'punct' && CLOSE.has(t.text)) depth--
    if (!isPunct(t, '|')) return
    for (const at of [i - 1, i + 1]) {
      const first = tokens[at]
      if (!first) continue
      const from = at < i ? reach(tokens, at, -1, endsStep) : at
      const to = at < i ? at : reach(tokens, at, 1, endsStep)
      const start = (tokens[from] as Token).start
      if (seen.has(start)) continue
      seen.add(start)
      const end = (tokens[to] as Token).end
      const without =
        at < i ? { start, end: (tokens[i + 1] as Token | undefined)?.start ?? end } : { start: t.start, end }
      out.push({ part: { start, end }, without, inner: depth > 0 })
    }
  })
  return out
}

/** Members of comma-separated lists of at least two, each with the comma to remove together with the member. */
export function members(tokens: readonly Token[]): { readonly part: Part; readonly without: Part }[] {
  const out = new Map<number, { part: Part; without: Part }>()
  const ends = (t: Token): boolean =>
    t.kind === 'punct' ? ENDS_STEP.has(t.text) : t.kind === 'word' && t.text.toLowerCase() === 'by'
  tokens.forEach((t, i) => {
    if (!isPunct(t, ',') || i === 0 || i === tokens.length - 1) return
    const left = reach(tokens, i - 1, -1, ends)
    const right = reach(tokens, i + 1, 1, ends)
    const part = (from: number, to: number): Part => ({
      start: (tokens[from] as Token).start,
      end: (tokens[to] as Token).end,
    })
    const first = part(left, i - 1)
    const second = part(i + 1, right)
    if (!out.has(first.start)) out.set(first.start, { part: first, without: { start: first.start, end: second.start } })
    out.set(second.start, { part: second, without: { start: first.end, end: second.end } })
  })
  return [...out.values()]
}

/** Branches of `case { …; … }`, each with the semicolon to remove together with the branch. */
export function branches(tokens: readonly Token[]): Part[] {
  const out: Part[] = []
  tokens.forEach((t, i) => {
    if (!isPunct(t, '{')) return
    const end = closing(tokens, i)
    let from = i + 1
    let depth = 0
    for (let j = i + 1; j <= end; j++) {
      const u = tokens[j] as Token
      if (u.kind !== 'punct') continue
      if (OPEN.has(u.text)) depth++
      else if (CLOSE.has(u.text) && j !== end) depth--
      if ((u.text === ';' && depth === 0) || j === end) {
        const to = u.text === ';' ? j : j - 1
        if (to >= from) out.push({ start: (tokens[from] as Token).start, end: (tokens[to] as Token).end })
        from = j + 1
      }
    }
  })
  return out
}
