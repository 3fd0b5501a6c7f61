// The words that fit at a place of a Sumo search.
import type { Expected, Want, Word } from '../shared/editor.ts'
import type { Token } from './1-lex/lex.ts'
import { SumoMarksReader } from './marks.ts'
import { registry } from './registry.ts'

const words = (...all: readonly string[]): Want => ({
  kind: 'words',
  words: all.map((text): Word => ({ text, kind: 'keyword' })),
})

/** Metadata of every message: https://help.sumologic.com/docs/search/get-started-with-search/search-basics/built-in-metadata/ */
const METADATA: Want = {
  kind: 'words',
  words: ['_sourceCategory', '_sourceHost', '_sourceName', '_source', '_collector', '_index', '_view'].map(
    (text): Word => ({ text, kind: 'field', doc: 'Metadata of every message.' }),
  ),
}
const EXPRESSION: readonly Want[] = [{ kind: 'field' }, { kind: 'function' }]

export function expected(text: string, at: number): Expected | undefined {
  const reader = new SumoMarksReader(text)
  const { tokens } = reader
  const found = tokens.findIndex((t) => t.span.end >= at)
  const first = tokens[found]
  // Behind a bracket or an operator begins the next token.
  const index = found < 0 ? tokens.length : first && first.span.end === at && first.kind === 'punct' ? found + 1 : found
  const t = tokens[index]
  const inside = t !== undefined && t.span.start < at && t.kind !== 'punct'
  if (inside && (t.kind === 'comment' || t.kind === 'regex')) return undefined
  reader.read(index)
  const replace = inside ? t.span : { start: at, end: at }
  const wants = wantsAt(reader, tokens[index - 1], tokens[index - 2])
  const isText = inside && t.kind === 'string'
  const fitting = isText ? wants.filter((w) => w.kind === 'values') : wants
  if (fitting.length === 0) return undefined
  const bar = tokens.slice(0, index).findLast((x) => x.kind === 'punct' && x.text === '|')
  return { replace, wants: fitting, before: bar ? text.slice(0, bar.span.start) : '' }
}

const COMPARISON = new Set(['=', '!=', '<', '<=', '>', '>=', '==', '<>'])

function wantsAt(
  { stage, frames }: SumoMarksReader,
  before: Token | undefined,
  field: Token | undefined,
): readonly Want[] {
  const isBar = before?.kind === 'punct' && before.text === '|'
  if (isBar && frames.length === 0) return [{ kind: 'step' }, { kind: 'field' }, { kind: 'function' }]
  if (before?.kind === 'punct' && COMPARISON.has(before.text)) {
    const values: readonly Want[] = field === undefined ? [] : [{ kind: 'values', of: field.text }]
    return stage.scope ? values : [...values, ...EXPRESSION]
  }
  if (stage.scope) return [METADATA, { kind: 'field' }, words('AND', 'OR', 'NOT')]
  const last = before?.kind === 'word' ? before.text.toLowerCase() : ''
  if (last === 'as') return []
  if (last === 'by' || last === 'field' || last === 'on') return [{ kind: 'field' }]
  if (frames.at(-1)?.name) return EXPRESSION
  if (stage.count === 0) return [{ kind: 'step' }]
  const isOperand = stage.count === stage.headTokens.length
  if (registry.aggregate(stage.head)) return [{ kind: 'field' }, { kind: 'aggregate' }, words('by', 'as')]
  return isOperand ? EXPRESSION : [...EXPRESSION, words('as', 'by', 'from', 'nodrop', 'and', 'or', 'in', 'matches')]
}
