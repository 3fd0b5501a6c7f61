// The words that fit at a place of a Sigma file.
import type { SigmaSource } from '../../logs/format.ts'
import { type YamlLine, yamlLines } from '../../yaml/lines.ts'
import type { Expected, Want, Word } from '../shared/editor.ts'
import { CORRELATION_TYPES, type Logsource } from './ast.ts'
import { MODIFIERS } from './modifiers.ts'
import { all as builtins } from './builtins/_index.ts'
import { CORRELATION_KEYS, FILTER_KEYS, LEVELS, RULE_KEYS, SECTION_KEYS } from './schema.ts'
import { isCondition, searchName } from './marks.ts'
import { fieldNames, vocabularySources } from './vocabulary.ts'

const STATUS = ['stable', 'test', 'experimental', 'deprecated', 'unsupported']
const KINDS = ['derived', 'obsolete', 'merged', 'renamed', 'similar', 'correlation']

const wordsOf = (all: Iterable<string>, kind: Word['kind'] = 'value', doc?: string): Want => ({
  kind: 'words',
  words: [...new Set(all)].map((text): Word => ({ text, ...(kind && { kind }), ...(doc !== undefined && { doc }) })),
})

/** `declared`: the log sources of the log formats. */
export function expected(text: string, at: number, declared: readonly SigmaSource[]): Expected | undefined {
  const lines = yamlLines(text)
  const line = lines.find((l) => l.span.end >= at)
  if (!line || (line.comment && at > line.comment.start)) return undefined
  const start = wordStart(text, at, line)
  const end = at + (/^[\w.-]*/.exec(text.slice(at, line.span.end))?.[0].length ?? 0)
  const replace = { start, end }
  const wants = wantsAt(text, at, line, lines, declared)
  return wants.length === 0 ? undefined : { replace, wants }
}

function wordStart(text: string, at: number, line: YamlLine): number {
  let i = at
  while (i > line.span.start && /[\w.-]/.test(text[i - 1] as string)) i--
  // The dash of an item is no part of its word.
  return text[i] === '-' && /\s/.test(text[i + 1] ?? ' ') ? Math.min(at, i + 1) : i
}

function wantsAt(
  text: string,
  at: number,
  line: YamlLine,
  lines: readonly YamlLine[],
  declared: readonly SigmaSource[],
): readonly Want[] {
  const { key, value, path } = line
  const isValue = key !== undefined && at > key.span.end
  if (isCondition(line) && (isValue || line.inBlock)) return [conditionWords(line, lines)]
  const parent = parentPath(line, lines, at)
  const place = isValue ? [...path, key.text] : parent
  const [section, second] = place
  if (isValue || (line.item && !key && value)) {
    const listed = valuesOf(place, line, lines, declared)
    if (listed.length > 0 || isValue) return listed
  }
  if (isValue) return []
  const before = text.slice(line.span.start, at)
  if ((section === 'detection' || section === 'filter') && place.length >= 2 && second !== 'condition') {
    if (before.includes('|')) return [modifierWords()]
    return [wordsOf(fieldNames(logsourceAt(line, lines)), 'field', 'A field of this log source.')]
  }
  return keysAt(place, line, lines)
}

/** The keys around a line that may be empty: by the indentation of the cursor. */
function parentPath(line: YamlLine, lines: readonly YamlLine[], at: number): readonly string[] {
  if (line.key || line.item || line.value?.text.trim() === '') return line.path
  const indent = line.value ? line.value.span.start - line.span.start : at - line.span.start
  const above = lines.slice(0, lines.indexOf(line)).findLast((l) => l.key && !l.inBlock && keyColumn(l) < indent)
  return above?.key ? [...above.path, above.key.text] : []
}
const keyColumn = (l: YamlLine): number => (l.key?.span.start ?? 0) - l.span.start

function keysAt(place: readonly string[], line: YamlLine, lines: readonly YamlLine[]): readonly Want[] {
  const [section] = place
  const has = (name: string): boolean =>
    lines.some((l) => l.document === line.document && l.path.length === 0 && l.key?.text === name)
  if (place.length === 0) {
    const keys = has('correlation') ? CORRELATION_KEYS : has('filter') ? FILTER_KEYS : RULE_KEYS
    const more = has('detection') || has('correlation') || has('filter') ? [] : ['correlation', 'filter']
    return [
      wordsOf(
        [...keys, ...more].filter((k) => !has(k)),
        'keyword',
      ),
    ]
  }
  if (section === 'logsource') return [wordsOf(['category', 'product', 'service', 'definition'], 'keyword')]
  if (section === 'detection') return [wordsOf(['selection', 'filter', 'condition'], 'keyword')]
  if (section === 'filter') return [wordsOf(['rules', 'selection', 'condition'], 'keyword')]
  if (section === 'correlation' && place.length === 1) return [wordsOf(SECTION_KEYS, 'keyword')]
  if (section === 'correlation' && place[1] === 'condition')
    return [wordsOf(['gt', 'gte', 'lt', 'lte', 'eq', 'neq', 'field', 'percentile'], 'keyword')]
  return []
}

function valuesOf(
  place: readonly string[],
  line: YamlLine,
  lines: readonly YamlLine[],
  declared: readonly SigmaSource[],
): readonly Want[] {
  const path = place.join('.')
  if (path === 'level') return [wordsOf(LEVELS)]
  if (path === 'status') return [wordsOf(STATUS)]
  if (path === 'related.type') return [wordsOf(KINDS)]
  if (path === 'correlation.type') return [wordsOf(CORRELATION_TYPES)]
  if (path === 'correlation.rules')
    return [wordsOf(lines.flatMap((l) => (l.path.length === 0 && l.key?.text === 'name' ? (l.value?.text ?? []) : [])))]
  if (path === 'fields' || path === 'correlation.group-by')
    return [wordsOf(fieldNames(logsourceAt(line, lines)), 'field')]
  const m = /^logsource\.(category|product|service)$/.exec(path)
  if (m) {
    const sources = [...vocabularySources, ...declared]
    const own = logsourceAt(line, lines)
    const part = m[1] as 'category' | 'product' | 'service'
    const fits = sources.filter(
      (s) => part === 'product' || own.product === undefined || s.product === undefined || s.product === own.product,
    )
    return [wordsOf(fits.flatMap((s) => s[part] ?? []).sort())]
  }
  const field = place.at(-1)?.split('|')[0]
  return place[0] === 'detection' && place.length >= 3 && field !== undefined ? [{ kind: 'values', of: field }] : []
}

function conditionWords(line: YamlLine, lines: readonly YamlLine[]): Want {
  const names = lines.filter((l) => l.document === line.document).flatMap((l) => searchName(l) ?? [])
  return {
    kind: 'words',
    words: [
      ...names.map((text): Word => ({ text, kind: 'value', doc: 'A search of this rule.' })),
      ...['and', 'or', 'not', '1 of ', 'all of ', 'them'].map((text): Word => ({ text, kind: 'keyword' })),
    ],
  }
}

const modifierWords = (): Want => ({
  kind: 'words',
  words: Object.keys(MODIFIERS).map((text): Word => {
    const doc = (builtins as readonly { readonly name: string; readonly doc?: string }[]).find(
      (b) => b.name === text,
    )?.doc
    return { text, kind: 'keyword', ...(doc !== undefined && { doc }) }
  }),
})

function logsourceAt(line: YamlLine, lines: readonly YamlLine[]): Logsource {
  const part = (name: string): string | undefined =>
    lines.find((l) => l.document === line.document && l.path[0] === 'logsource' && l.key?.text === name)?.value?.text
  return { category: part('category'), product: part('product'), service: part('service'), span: { start: 0, end: 0 } }
}
