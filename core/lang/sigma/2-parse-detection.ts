// Parses `detection:`: named selections and the condition over them.
import type { Node } from 'yaml'
import * as codes from '../../diag/catalogue/sigma.ts'
import type { Fix } from '../../diag/diagnostic.ts'
import { globTest } from '../../prims/glob.ts'
import { nearest } from '../../text/nearest.ts'
import { type Span, span } from '../../text/source.ts'
import { type Entry, entries, isList, isMapping, isTextScalar, items, scalarText, spanOf } from './1-read.ts'
import type { ParseReport } from './parse-report.ts'
import type { Condition, Item, Named, Rule, Search, SigmaValue } from './ast.ts'
import { parseCondition } from './condition.ts'
import { MODIFIERS } from './modifiers.ts'
import { lostBar, lostSeparator, slipOf } from './slips.ts'

type Detection = Pick<Rule, 'condition' | 'conditionSpan' | 'searches'>

/** `timeframe` belongs to aggregations in conditions, which are obsolete and have a diagnostic. */
const NOT_SELECTIONS = new Set(['condition', 'timeframe'])

/** `other`: another key that is no selection. */
export function parseDetection(detection: Entry, report: ParseReport, other?: string): Detection | undefined {
  const all = entries(detection.value)
  if (!all) {
    report.wrongValue('detection', detection.keySpan, 'not a mapping', 'write selections and a condition below it')
    return undefined
  }
  const searches = new Map<string, Named>()
  for (const e of all)
    if (!NOT_SELECTIONS.has(e.key) && e.key !== other)
      searches.set(e.key, { search: searchOf(e.value, report, e.keySpan), span: e.keySpan })
  const entry = all.find((e) => e.key === 'condition')
  if (!entry) {
    const similar = nearest('condition', [...searches.keys()])
    const at = all.find((e) => e.key === similar)?.keySpan ?? detection.keySpan
    report.add(codes.sigmaMissing, at, { key: 'condition', of: 'detection' })
    return undefined
  }
  const conditions = items(entry.value).flatMap((n) => conditionOf(n, report))
  if (conditions.length === 0) return undefined
  // In the specification, a list of conditions is one rule per condition. Together these rules find the events of an `or`.
  const condition: Condition = conditions.length === 1 ? (conditions[0] as Condition) : { kind: 'or', of: conditions }
  checkNames(condition, searches, report)
  return { searches, condition, conditionSpan: span(entry.keySpan.start, spanOf(entry.value).end) }
}

function conditionOf(node: Node | null, report: ParseReport): Condition[] {
  const text = scalarText(node)
  const at = spanOf(node)
  if (text === undefined || text.trim() === '') {
    report.add(codes.sigmaCondition, at, { problem: 'the condition is empty', remedy: 'name a selection' })
    return []
  }
  const place = placing(report.source.text, at, text)
  const parsed = parseCondition(text, place)
  if (parsed.ok) return [parsed.condition]
  if (SIGNS.test(text)) {
    const words = text.replace(SIGNS_ALL, (s) => (s === '&&' ? 'and' : s === '||' ? 'or' : 'not '))
    const isOneLine = report.source.text.slice(at.start, at.end).includes(text)
    const edits = isOneLine ? [{ span: place(0, text.length), text: words }] : []
    report.add(
      codes.sigmaCondition,
      at,
      { problem: 'a condition has words, not signs', remedy: 'write `and`, `or` and `not`' },
      [{ title: 'write words', edits, safety: 'safe' }],
    )
    return []
  }
  if ('aggregation' in parsed) report.add(codes.sigmaAggregation, parsed.at, {})
  else report.add(codes.sigmaCondition, parsed.at, { problem: parsed.problem, remedy: parsed.remedy })
  return []
}

const SIGNS = /&&|\|\||!(?=[\w(])/
const SIGNS_ALL = new RegExp(SIGNS, 'g')

/** Maps offsets in a scalar to the file. That works only for a scalar on one line; a folded one is one place. */
function placing(source: string, at: Span, text: string): (start: number, end: number) => Span {
  const offset = source.slice(at.start, at.end).indexOf(text)
  if (offset < 0) return () => at
  return (start, end) => span(at.start + offset + start, at.start + offset + end)
}

function searchOf(node: Node | null, report: ParseReport, at: Span): Search {
  if (isMapping(node)) {
    const of = (entries(node) ?? []).map((e) => itemOf(e, report))
    if (of.length === 0) report.add(codes.sigmaEmptyList, at, { field: 'the selection' })
    return of.length === 1 ? (of[0] as Item) : { kind: 'all', of }
  }
  const list = items(node)
  const maps = list.filter((n) => isMapping(n))
  const values = list.filter((n) => !isMapping(n))
  const of: Search[] = maps.map((n) => searchOf(n, report, spanOf(n)))
  if (list.length === 1 && !isList(node)) checkSlip(node, report, true)
  if (values.length > 0 && node !== null)
    of.push({ kind: 'item', field: undefined, modifiers: [], values: valuesOf(values, report), span: spanOf(node) })
  if (of.length === 0) report.add(codes.sigmaEmptyList, at, { field: 'the selection' })
  return of.length === 1 ? (of[0] as Search) : { kind: 'any', of }
}

/** A key compares in one of these ways. */
const COMPARISONS: readonly string[] = ['contains', 'startswith', 'endswith']

function itemOf(entry: Entry, report: ParseReport): Item {
  const [name = '', ...modifiers] = entry.key.split('|')
  for (const m of modifiers)
    if (!Object.hasOwn(MODIFIERS, m)) {
      const similar = nearest(m, Object.keys(MODIFIERS))
      report.add(codes.sigmaModifier, entry.keySpan, { name: m, similar }, renamed(entry, report, m, similar))
    }
  const [first, second] = modifiers.filter((m) => COMPARISONS.includes(m))
  if (first !== undefined && second !== undefined)
    report.add(codes.sigmaTwoComparisons, entry.keySpan, { first, second })
  const meant = lostBar(name)
  if (meant !== undefined)
    report.add(codes.sigmaLostBar, entry.keySpan, { field: name, meant }, renamed(entry, report, name, meant))
  const list = items(entry.value)
  const nested = list.find((n) => isMapping(n) || isList(n))
  if (nested) {
    report.wrongValue(entry.key, spanOf(nested), 'a value is a mapping or a list', 'write texts, numbers or null')
    return { kind: 'item', field: name, modifiers, values: [], span: entry.keySpan }
  }
  const values = valuesOf(list, report)
  if (!modifiers.includes('re')) for (const v of values) checkSeparator(v, report)
  if (isList(entry.value) && values.length === 0) report.add(codes.sigmaEmptyList, entry.keySpan, { field: name })
  return {
    kind: 'item',
    field: name === '' ? undefined : name,
    modifiers,
    values,
    span: span(entry.keySpan.start, Math.max(entry.keySpan.end, spanOf(entry.value).end)),
  }
}

/** The name in a key written as another one. Safe: only its case is another. */
function renamed({ keySpan }: Entry, { source }: ParseReport, name: string, meant: string | undefined): Fix[] {
  const at = source.text.slice(keySpan.start, keySpan.end).indexOf(name)
  if (meant === undefined || at < 0) return []
  const edits = [{ span: span(keySpan.start + at, keySpan.start + at + name.length), text: meant }]
  return [{ title: `write ${meant}`, edits, safety: meant === name.toLowerCase() ? 'safe' : 'unsafe' }]
}

function checkSlip(node: Node | null, report: ParseReport, isSelection: boolean): void {
  const at = spanOf(node)
  const slip = slipOf(node, report.source.text.slice(at.start, at.end), isSelection)
  if (slip) report.add(codes.sigmaSlip, at, slip)
}

function checkSeparator({ text, span: at }: SigmaValue, report: ParseReport): void {
  const lost = text === undefined ? undefined : lostSeparator(text)
  if (text === undefined || !lost) return
  const place = placing(report.source.text, at, text)
  const where = place(0, text.length)
  const isPlain = report.source.text.slice(where.start, where.end) === text
  const edits = [{ span: where, text: lost.fixed }]
  const { sign, meant, fixed } = lost
  const fixes: Fix[] = isPlain ? [{ title: `write ${fixed}`, edits, safety: 'unsafe' }] : []
  report.add(codes.sigmaLostSeparator, at, { meant, sign }, fixes)
}

function valuesOf(list: readonly (Node | null)[], report: ParseReport): SigmaValue[] {
  return (report.counted(list, spanOf(list[0])) ?? []).flatMap((n) => {
    if (isMapping(n) || isList(n)) {
      report.wrongValue('value', spanOf(n), 'a value is a mapping or a list', 'write texts, numbers or null')
      return []
    }
    checkSlip(n, report, false)
    return [{ text: scalarText(n), isText: isTextScalar(n), span: spanOf(n) }]
  })
}

/** Selections that match the pattern of an `of`. `them` excludes names that begin with an underscore. */
export function selected(pattern: string, names: Iterable<string>): string[] {
  if (pattern.toLowerCase() === 'them') return [...names].filter((n) => !n.startsWith('_'))
  return [...names].filter((n) => globTest(n, pattern))
}

function checkNames(condition: Condition, searches: ReadonlyMap<string, Named>, report: ParseReport): void {
  const used = new Set<string>()
  const visit = (c: Condition): void => {
    if (c.kind === 'name' || c.kind === 'of') {
      const found = c.kind === 'of' ? selected(c.pattern, searches.keys()) : searches.has(c.name) ? [c.name] : []
      for (const name of found) used.add(name)
      const name = c.kind === 'of' ? c.pattern : c.name
      if (found.length > 0) return
      const similar = nearest(name, searches.keys())
      if (similar !== undefined && c.kind === 'name') used.add(similar)
      report.add(codes.sigmaNoSelection, c.span, { name, similar })
    } else if (c.kind === 'not') visit(c.of)
    else for (const o of c.of) visit(o)
  }
  visit(condition)
  for (const [name, { span: at }] of searches)
    if (!used.has(name) && !name.startsWith('_')) report.add(codes.sigmaUnused, at, { name })
}
