// Parses a Sigma file into rules, correlations and filters. It never throws on a text; each mistake is a diagnostic with its place.
import type { Node } from 'yaml'
import type { z } from 'zod'
import * as codes from '../../diag/catalogue/sigma.ts'
import { type Diagnostic, type Fix, inText, diagnostic } from '../../diag/diagnostic.ts'
import { nearest } from '../../text/nearest.ts'
import { type Source, type Span, span } from '../../text/source.ts'
import { type Entry, entries, isTextScalar, items, read, scalarText, spanOf } from './1-read.ts'
import { parseCorrelation } from './2-parse-correlation.ts'
import { parseDetection } from './2-parse-detection.ts'
import { ParseReport } from './parse-report.ts'
import type { Document, Filter, Level, Logsource, SigmaFile } from './ast.ts'
import { CORRELATION_KEYS, correlationSchema, FILTER_KEYS, LEVELS, RULE_KEYS, ruleSchema } from './schema.ts'

export interface Parsed {
  readonly file: SigmaFile
  readonly diagnostics: readonly Diagnostic[]
}

const known = new WeakMap<Source, Parsed>()

/** Parsed once, as a file and as a part of its collection. */
export function parse(source: Source): Parsed {
  const before = known.get(source)
  if (before) return before
  const parsed = parseDocuments(source)
  known.set(source, parsed)
  return parsed
}

function parseDocuments(source: Source): Parsed {
  const { roots, diagnostics } = read(source)
  const report = new ParseReport(source)
  report.diagnostics.push(...diagnostics)
  const documents: Document[] = []
  for (const root of roots) {
    // `---` at the end of a file begins an empty document.
    if (root === null && roots.length > 1) continue
    const document = parseDocument(root, report)
    if (document) documents.push(document)
  }
  if (roots.length === 0 && diagnostics.length === 0) report.add(codes.sigmaNoRule, span(0, 0), { has: [] })
  twice(documents, report)
  return { file: { documents }, diagnostics: report.diagnostics }
}

function parseDocument(root: Node | null, report: ParseReport): Document | undefined {
  const all = entries(root)
  const at = spanOf(root)
  const entry = (key: string): Entry | undefined => all?.find((e) => e.key === key)
  const detection = entry('detection')
  const correlation = entry('correlation')
  const filter = entry('filter')
  if (!all || (!detection && !correlation && !filter)) {
    const has = (all ?? []).map((e) => e.key)
    const similar = nearest('detection', has) ?? nearest('correlation', has)
    const place = all?.find((e) => e.key === similar) ?? all?.[0]
    report.add(codes.sigmaNoRule, place?.keySpan ?? at, { has })
    return undefined
  }
  report.unknownKeys(all, correlation ? CORRELATION_KEYS : filter ? FILTER_KEYS : RULE_KEYS)
  const logsource = entry('logsource')
  if (logsource) checkLogsourceKeys(entries(logsource.value) ?? [], report)
  checkMetadata(all, correlation ? correlationSchema : ruleSchema, report)
  const description = scalarText(entry('description')?.value)
  const common = {
    title: scalarText(entry('title')?.value) ?? '',
    names: ['name', 'id'].flatMap((k) => scalarText(entry(k)?.value) ?? []),
    id: scalarText(entry('id')?.value),
    tags: entry('tags') ? items(entry('tags')?.value).flatMap((n) => scalarText(n) ?? []) : [],
    level: LEVELS.find((l) => l === scalarText(entry('level')?.value)) as Level | undefined,
    ...(description !== undefined && { description }),
    status: scalarText(entry('status')?.value),
    span: span(all[0]?.keySpan.start ?? at.start, at.end),
  }
  if (correlation) {
    const generate = scalarText(entry('generate')?.value) === 'true'
    const section = parseCorrelation(correlation, report)
    return section && { kind: 'correlation', ...common, ...section, generate: generate || section.generate }
  }
  if (filter && !detection) {
    const parsed = parseDetection(filter, report, FILTER_RULES)
    const rules = rulesOf(filter, report)
    return (
      parsed && rules && { kind: 'filter', ...common, ...parsed, ...rules, logsource: logsourceOf(entry('logsource')) }
    )
  }
  const parsed = detection && parseDetection(detection, report)
  if (!parsed) return undefined
  const fields = items(entry('fields')?.value).flatMap((n) => scalarText(n) ?? [])
  return { kind: 'rule', ...common, ...parsed, logsource: logsourceOf(entry('logsource')), fields }
}

const FILTER_RULES = 'rules'

/** `rules: any`, an empty list, or names and ids. */
function rulesOf(filter: Entry, report: ParseReport): Pick<Filter, 'rules'> | undefined {
  const entry = entries(filter.value)?.find((e) => e.key === FILTER_RULES)
  if (!entry) {
    report.add(codes.sigmaMissing, filter.keySpan, { key: FILTER_RULES, of: 'the filter' })
    return undefined
  }
  const named = items(entry.value).flatMap((n) => {
    const name = scalarText(n)
    return name === undefined ? [] : [{ name, span: spanOf(n) }]
  })
  return { rules: named.length === 0 || named.some((r) => r.name.toLowerCase() === 'any') ? undefined : named }
}

function logsourceOf(entry: Entry | undefined): Logsource {
  const of = entries(entry?.value) ?? []
  const value = (key: string): string | undefined =>
    scalarText(of.find((e) => e.key === key)?.value)
      ?.trim()
      .toLowerCase() || undefined
  return {
    category: value('category'),
    product: value('product'),
    service: value('service'),
    span: entry ? span(entry.keySpan.start, spanOf(entry.value).end) : span(0, 0),
  }
}

const LOGSOURCE_KEYS = ['category', 'product', 'service', 'definition']

/** The specification allows other keys, so only a key like one of its own is a slip. */
function checkLogsourceKeys(found: readonly Entry[], report: ParseReport): void {
  report.unknownKeys(
    found.filter((e) => !LOGSOURCE_KEYS.includes(e.key) && nearest(e.key, LOGSOURCE_KEYS) !== undefined),
    LOGSOURCE_KEYS,
  )
}

/** Problems of metadata, each at its value. */
function checkMetadata(all: readonly Entry[], schema: z.ZodObject, report: ParseReport): void {
  const checked = all.filter((e) => Object.hasOwn(schema.shape, e.key))
  const values = Object.fromEntries(checked.map((e) => [e.key, e.value === null ? null : plain(e.value)]))
  const parsed = schema.safeParse(values)
  if (parsed.success) return
  for (const issue of parsed.error.issues) {
    const [key, ...rest] = issue.path.map(String)
    const entry = all.find((e) => e.key === key)
    if (key === undefined) continue
    if (!entry) {
      report.add(codes.sigmaMissing, all[0]?.keySpan ?? span(0, 0), { key, of: 'the rule' })
      continue
    }
    const at = placeOf(entry, rest)
    const params = {
      key: [key, ...rest].join('.'),
      problem: issue.message,
      remedy: remedyOf(key, scalarText(nodeAt(entry, rest))),
    }
    // Wrong metadata does not change the findings of a rule; a wrong log source does.
    const severity = key === 'logsource' ? 'error' : 'warning'
    const fixes = fixesOf(key, scalarText(nodeAt(entry, rest)), at)
    report.diagnostics.push(diagnostic(codes.sigmaWrongValue, inText(report.source, at), params, { severity, fixes }))
  }
}

function nodeAt(entry: Entry, path: readonly string[]): Node | null {
  let node = entry.value
  for (const step of path) {
    const of = entries(node)
    const next = of ? of.find((e) => e.key === step)?.value : items(node)[Number(step)]
    if (!next) break
    node = next
  }
  return node
}

function placeOf(entry: Entry, path: readonly string[]): Span {
  const at = spanOf(nodeAt(entry, path))
  return at.end > at.start ? at : entry.keySpan
}

function dateOf(value: string | undefined): string | undefined {
  const [, year, month, day] = /^(\d{4})\D(\d{1,2})\D(\d{1,2})$/.exec(value ?? '') ?? []
  return year && month && day && `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}

/** `Attack.T1110` in lower case. A technique, group or software of ATT&CK needs its namespace: `T1110.001` only looks like a tag with one. */
const tagOf = (value: string | undefined): string | undefined =>
  value?.toLowerCase().replace(/^(?=(?:[gs]\d{4}|t\d{4}(?:\.\d{3})?)$)/, 'attack.')

/** Another notation of the same value. */
function fixesOf(key: string, value: string | undefined, at: Span): Fix[] {
  const written = key === 'tags' ? tagOf(value) : key === 'date' || key === 'modified' ? dateOf(value) : undefined
  if (
    written === undefined ||
    written === value ||
    !ruleSchema.shape[key as 'date' | 'tags'].safeParse(key === 'tags' ? [written] : written).success
  )
    return []
  return [{ title: `write ${written}`, edits: [{ span: at, text: written }], safety: 'safe' }]
}

/** The remedy for a wrong value, by key. */
function remedyOf(key: string, value: string | undefined): string {
  switch (key) {
    case 'date':
    case 'modified':
      return `write it like ${dateOf(value) ?? '2026-11-25'}`
    case 'id':
    case 'related':
      return 'give a UUID, or leave it out'
    case 'tags':
      return `write ${tagOf(value) ?? 'the namespace, a dot and the name, in lower case'}`
    case 'status':
    case 'level':
      return 'use one of the words above, or leave it out'
    case 'logsource':
      return 'give category, product or service, each as a text'
    default:
      return `look \`${key}\` up in the specification, or leave it out`
  }
}

function plain(node: Node): unknown {
  const map = entries(node)
  if (map) return Object.fromEntries(map.map((e) => [e.key, e.value === null ? null : plain(e.value)]))
  if ('items' in node) return items(node).map((n) => (n === null ? null : plain(n)))
  const text = scalarText(node)
  if (text === 'true' || text === 'false') return isTextScalar(node) ? text : text === 'true'
  return text ?? null
}

function twice(documents: readonly Document[], report: ParseReport): void {
  const seen = new Set<string>()
  for (const d of documents)
    for (const name of new Set(d.names)) {
      if (seen.has(name))
        report.add(codes.sigmaTwice, span(d.span.start, d.span.start + 1), {
          what: /^[0-9a-f-]{36}$/i.test(name) ? 'id' : 'name',
          name,
        })
      seen.add(name)
    }
}
