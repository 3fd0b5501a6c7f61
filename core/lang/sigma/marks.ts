// The parts of a Sigma file for editors, by its lines: a half-written file has them too.
import type { Mark, Marked, StepMark } from '../shared/editor.ts'
import { type YamlLine, yamlLines } from '../../yaml/lines.ts'
import { words } from './condition.ts'

const SPECIAL = new Set(['condition', 'timeframe'])
const OPERATORS = /^(?:and|or|not|of|them|all|any|[()|])$/i

/** The section of selections: `detection` of a rule, `filter` of a filter. */
const isSearches = (section: string | undefined): boolean => section === 'detection' || section === 'filter'

/** The name of a selection on this line. */
export const searchName = ({ path, key }: YamlLine): string | undefined =>
  key && path.length === 1 && isSearches(path[0]) && !SPECIAL.has(key.text) && key.text !== 'rules'
    ? key.text
    : undefined

/** The line is the condition, or a line of it. */
export const isCondition = ({ path, key }: YamlLine): boolean =>
  (path.length === 1 && isSearches(path[0]) && key?.text === 'condition') ||
  (path.length === 2 && isSearches(path[0]) && path[1] === 'condition')

export function marked(text: string): Marked {
  const lines = yamlLines(text)
  const marks: Mark[] = []
  for (const line of lines) {
    if (line.key) marks.push(...keyMarks(line))
    if (line.value && !line.inBlock && /^[|>][-+\d]*$/.test(line.value.text))
      marks.push({ kind: 'operator', span: line.value.span })
    else if (line.value) marks.push(...valueMarks(line))
    if (line.comment) marks.push({ kind: 'comment', span: line.comment })
  }
  return { marks, calls: [], steps: steps(lines), folds: folds(lines) }
}

function keyMarks(line: YamlLine): Mark[] {
  const { key, path } = line
  if (!key) return []
  if (searchName(line) !== undefined) return [{ kind: 'variable', span: key.span, name: key.text, assigned: true }]
  if (!isSearches(path[0]) || path.length < 2) return [{ kind: 'keyword', span: key.span }]
  const quote = key.span.end - key.span.start > key.text.length ? 1 : 0
  const marks: Mark[] = []
  let at = key.span.start + quote
  for (const [i, part] of key.text.split('|').entries()) {
    const span = { start: at, end: at + part.length }
    if (part !== '') marks.push({ kind: i === 0 ? 'field' : 'function', span, name: part })
    at += part.length + 1
  }
  return marks
}

function valueMarks(line: YamlLine): Mark[] {
  const { value } = line
  if (!value) return []
  if (isCondition(line)) {
    const from = value.span.start + (value.quoted ? 1 : 0)
    return words(value.text).map((w): Mark => {
      const span = { start: from + w.start, end: from + w.end }
      if (/^\d+$/.test(w.text)) return { kind: 'number', span }
      if (OPERATORS.test(w.text)) return { kind: 'keyword', span }
      return { kind: 'variable', span, name: w.text }
    })
  }
  const isName = ['fields', 'group-by'].includes(line.path.at(-1) ?? '') || line.key?.text === 'group-by'
  if (isName && !/^\[/.test(value.text)) return [{ kind: 'field', span: value.span, name: value.text }]
  return [{ kind: !value.quoted && /^-?\d+(?:\.\d+)?$/.test(value.text) ? 'number' : 'text', span: value.span }]
}

/** Searches, the condition and the correlation, each to the line before the next key of its level. */
function steps(lines: readonly YamlLine[]): StepMark[] {
  return lines.flatMap((line, i): StepMark[] => {
    if (!line.key) return []
    const isTitle = line.path.length === 0 && line.key.text === 'title'
    const name = searchName(line) ?? (isCondition(line) ? 'condition' : undefined)
    if (isTitle) return [{ span: line.span, label: line.value?.text ?? '', kind: 'search' }]
    if (name === undefined) return []
    const end = lines.findIndex((l, j) => j > i && l.key && l.path.length <= line.path.length)
    const last = lines.slice(i, end < 0 ? lines.length : end).findLast((l) => l.span.end > l.span.start) ?? line
    return [{ span: { start: line.span.start, end: last.span.end }, label: name, kind: 'step' }]
  })
}

/** Keys whose values take more lines. Linear: a stack of keys by their indentation. */
export function folds(lines: readonly YamlLine[]): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = []
  const open: { line: YamlLine; last: YamlLine }[] = []
  const close = (depth: number): void => {
    for (let top = open.at(-1); top && top.line.indent >= depth; top = open.at(-1)) {
      open.pop()
      if (top.last !== top.line) found.push({ start: top.line.span.start, end: top.last.span.end })
      const around = open.at(-1)
      if (around) around.last = top.last
    }
  }
  for (const line of lines) {
    if (line.span.end === line.span.start) continue
    if (!line.inBlock && !(line.item && open.at(-1)?.line.indent === line.indent && !open.at(-1)?.line.item))
      close(line.indent)
    if (line.key && !line.inBlock) open.push({ line, last: line })
    const top = open.at(-1)
    if (top) top.last = line
  }
  close(-1)
  return found.sort((a, b) => a.start - b.start)
}
