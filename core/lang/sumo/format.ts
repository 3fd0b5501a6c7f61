// Canonical layout: one stage a line, one space where there was white space, the author's line breaks inside a stage indented.
// Works on tokens, so comments stay and nothing but white space changes.
import type { Source } from '../../text/source.ts'
import { lex, type Token } from './1-lex/lex.ts'

type Gap = 'line' | 'none' | 'space'

/** The text in canonical layout. Idempotent; the tokens that count are the same, in the same order. */
export function format(source: Source): string {
  const tokens = lex(source.text)
  let out = ''
  let depth = 0
  let gap = 'none' as Gap
  let previous: Token | undefined
  for (const t of tokens) {
    if (t.kind === 'space') {
      gap = /\n|\r/.test(t.text) || gap === 'line' ? 'line' : 'space'
      continue
    }
    if (t.text === ')' || t.text === ']') depth = t.kind === 'punct' ? Math.max(0, depth - 1) : depth
    out += between(out, previous, t, gap, depth)
    out += t.kind === 'comment' ? t.text.trimEnd() : t.text
    if (t.kind === 'punct' && (t.text === '(' || t.text === '[')) depth++
    gap = t.kind === 'comment' && t.text.startsWith('//') ? 'line' : 'none'
    previous = t
  }
  return `${out.trimEnd()}\n`
}

const punct = (t: Token | undefined, ...texts: readonly string[]): boolean =>
  t !== undefined && t.kind === 'punct' && texts.includes(t.text)

function between(out: string, previous: Token | undefined, t: Token, gap: Gap, depth: number): string {
  if (out === '') return ''
  const bar = punct(t, '|')
  if (bar && depth === 0) return '\n'
  if (punct(previous, '|') && depth === 0) return gap === 'line' && t.kind === 'comment' ? '\n' : ' '
  if (bar || punct(previous, '|')) return gap === 'line' && previous?.kind === 'comment' ? '\n    ' : ' '
  if (
    gap === 'line' &&
    previous?.kind === 'comment' &&
    t.scope &&
    t.kind !== 'comment' &&
    depth === 0 &&
    !/^[^/]*\S/.test(out.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, ''))
  )
    return '\n'
  if (gap === 'line')
    return t.kind === 'comment' || previous?.kind === 'comment' || !t.scope
      ? `\n${t.kind === 'comment' && depth === 0 ? '' : '    '}`
      : ' '
  if (!t.scope) {
    if (punct(t, ',', ')') || punct(previous, '(')) return t.kind === 'comment' ? ' ' : ''
    if (punct(previous, ',')) return ' '
  }
  return gap === 'space' ? ' ' : ''
}
