// Sigma documents as portable detections: conditions from the lowering of each rule, correlations from the tree.
import { conditionOf, type OriginOf } from '../../translate/condition.ts'
import { group, Unsayable } from '../../translate/groups.ts'
import { simplified } from '../../translate/simplify.ts'
import type { Source } from '../../text/source.ts'
import type {
  Condition,
  CorrelationDetection,
  EventDetection,
  Portable,
  PortableDetection,
  VocabularyInfo,
} from '../shared/portable.ts'
import { isShortAddress } from '../shared/address-text.ts'
import { RuleFlow } from './3-lower-rule.ts'
import { Lowering, type SigmaContext } from './lowering.ts'
import type { Bound, Correlation, Document, Rule, SigmaFile } from './ast.ts'
import { documentsBeside } from './collection.ts'
import { filtered } from './filters.ts'
import { applyPipelines } from './pipeline/apply.ts'
import { namesOf, vocabularyNamed } from './vocabulary.ts'
import type { Vocabulary } from './vocabulary-kit.ts'

export function portable(file: SigmaFile, source: Source, known: SigmaContext): Portable {
  const low = new Lowering(source, known)
  const beside = documentsBeside(file.documents, low)
  const changed = filtered([...file.documents, ...beside], file.documents, low)
  const { documents, diagnostics } = applyPipelines(changed, known.pipelines ?? [], source)
  low.diagnostics.push(...diagnostics)
  const named = new Map<string, Document>()
  for (const d of documents.toReversed()) for (const n of d.names) named.set(n, d)
  const counted = new Set<Document>()
  for (const d of documents)
    if (d.kind === 'correlation' && !d.generate)
      for (const r of d.rules) {
        const of = named.get(r.name)
        if (of) counted.add(of)
      }
  const flows = new Map<Rule, RuleFlow>()
  const grouped = groupedFields(documents, named)
  const flowOf = (rule: Rule): RuleFlow => {
    const flow = flows.get(rule) ?? new RuleFlow(low, rule, [...(grouped.get(rule) ?? [])])
    flows.set(rule, flow)
    return flow
  }
  const reading: Reading = { low, named, flowOf }
  const own = documents.slice(0, file.documents.length).filter((d) => d.kind !== 'filter' && !counted.has(d))
  try {
    const detections = own.flatMap((d) => detectionOf(d, reading, []))
    return { detections, diagnostics: low.diagnostics }
  } catch (e) {
    if (!(e instanceof Unsayable)) throw e
    if (!e.at) return { reason: e.message }
    const text = source.text.slice(e.at.start, e.at.end).replace(/\s+/g, ' ').trim()
    return { reason: `${e.message} (\`${text}\`)`, at: e.at }
  }
}

/** The fields of each rule whose values correlations compare or count. */
function groupedFields(documents: readonly Document[], named: ReadonlyMap<string, Document>): Map<Rule, Set<string>> {
  const out = new Map<Rule, Set<string>>()
  for (const c of documents)
    for (const r of c.kind === 'correlation' ? c.rules : []) {
      const rule = named.get(r.name)
      if (c.kind !== 'correlation' || rule?.kind !== 'rule') continue
      const fields = [...c.groupBy, ...c.fields].map((f) => c.aliases.get(f)?.get(r.name) ?? f)
      out.set(rule, new Set([...(out.get(rule) ?? []), ...fields]))
    }
  return out
}

interface Reading {
  readonly low: Lowering
  readonly named: ReadonlyMap<string, Document>
  /** Each rule is lowered once, however many correlations read it. */
  readonly flowOf: (rule: Rule) => RuleFlow
}

function detectionOf(d: Document, reading: Reading, open: readonly Document[]): PortableDetection[] {
  if (d.kind === 'rule') return [ruleOf(d, reading)]
  if (d.kind === 'filter' || open.includes(d)) return []
  return [correlationOf(d, reading, [...open, d])]
}

const titled = (d: Document) => ({
  title: d.title,
  ...(d.id !== undefined && { id: d.id }),
  ...(d.level !== undefined && { level: d.level }),
  ...(d.description !== undefined && { description: d.description }),
  ...(d.tags.length > 0 && { tags: d.tags }),
})

function ruleOf(rule: Rule, { low, flowOf }: Reading): EventDetection {
  const flow = flowOf(rule)
  const where = flow.stages.flatMap((s) => (s.kind === 'filter' ? [s.where] : []))
  const columns = new Map(flow.source(false).columns.map((c) => [c.id, c.from]))
  const written = low.only?.written
  const originOf: OriginOf = (id) => {
    const from = columns.get(id)
    return from?.kind === 'field' ? { kind: 'field', name: nameIn(written, from.name) } : from
  }
  const conditions = where.map((p) => conditionOf(p, originOf, (t) => low.places.get(t)))
  const { category, product, service } = rule.logsource
  return {
    kind: 'events',
    ...titled(rule),
    logsource: { ...(category && { category }), ...(product && { product }), ...(service && { service }) },
    where: withNumbers(simplified(group('all', conditions), low.only?.exclusive), low.only?.numbers ?? []),
    steps: [],
    ...(rule.fields.length > 0 && { show: rule.fields }),
  }
}
/** A whole number in a field that always has one is compared as a number. */
function withNumbers(c: Condition, numbers: readonly string[]): Condition {
  if (numbers.length === 0) return c
  switch (c.kind) {
    case 'all':
    case 'any':
      return { kind: c.kind, of: c.of.map((o) => withNumbers(o, numbers)) }
    case 'not':
      return { kind: 'not', of: withNumbers(c.of, numbers) }
    case 'text': {
      const [part] = c.parts.length === 1 ? c.parts : []
      if (!numbers.includes(c.field) || !part || !('text' in part) || !/^(?:0|[1-9]\d{0,14})$/.test(part.text)) return c
      return { kind: 'number', field: c.field, op: '=', value: Number(part.text), ...(c.at && { at: c.at }) }
    }
    default:
      return c
  }
}

const nameIn = (written: Vocabulary['written'], name: string): string =>
  written && Object.hasOwn(written, name) ? (written[name] ?? name) : name

const OPS: Readonly<Record<Bound['op'], CorrelationDetection['bounds'][number]['op']>> = {
  eq: '=',
  neq: '!=',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
}

function correlationOf(c: Correlation, reading: Reading, open: readonly Document[]): CorrelationDetection {
  const rules = c.rules.map((r) => {
    const d = reading.named.get(r.name)
    const [of] = d ? detectionOf(d, reading, open) : []
    if (!d || !of) throw new Unsayable(`the rule ${r.name} cannot be counted`, r.span)
    return { name: r.name, document: d, of }
  })
  const field = (alias: string, r: (typeof rules)[number]): string => {
    const name = c.aliases.get(alias)?.get(r.name) ?? alias
    return r.document.kind === 'rule' ? reading.flowOf(r.document).fieldName(name, c.sectionSpan) : name
  }
  return {
    kind: 'correlation',
    ...titled(c),
    type: c.type,
    of: rules.map((r) => r.of),
    groupBy: c.groupBy.map((name) => ({ name, fields: rules.map((r) => field(name, r)) })),
    timespan: c.timespan,
    bounds: c.bounds.map((b) => ({ op: OPS[b.op], value: b.value })),
    fields: c.fields.map((f) => (rules[0] ? field(f, rules[0]) : f)),
    ...(c.percentile !== undefined && { percentile: c.percentile }),
  }
}

export function vocabularyInfo(id: string): VocabularyInfo | undefined {
  const v = vocabularyNamed(id)
  const known = v && infos.get(v)
  if (!v || known) return known
  const info = infoOf(v)
  infos.set(v, info)
  return info
}
/** A cache. */
const infos = new WeakMap<Vocabulary, VocabularyInfo>()

/** `isReal`: numbers are as the product writes them, and fields that exclude each other do. */
function infoOf(v: Vocabulary): VocabularyInfo {
  const { numbers = [], exclusive = [], written = {}, ownNames = [] } = v
  const spelled = spelledValues(v)
  return {
    id: v.id,
    title: v.title,
    isReal(fields) {
      const get = (f: string): string | undefined => fields.get(f) ?? fields.get(written[f] ?? f)
      return (
        !ownNames.some((f) => fields.has(f)) &&
        (!v.shortAddresses || [...fields.values()].every(isShortAddress)) &&
        numbers.every((f) => /^(?:0|[1-9]\d*)?$/.test(get(f) ?? '0')) &&
        exclusive.every((g) => g.filter((f) => get(f) !== undefined).length <= 1) &&
        [...spelled].every(([f, values]) => {
          const value = get(f)
          const lower = value?.toLowerCase()
          return value === undefined || values.has(value) || ![...values].some((x) => x.toLowerCase() === lower)
        })
      )
    },
  }
}

const NOWHERE = { start: 0, end: 0 }

/** Values by which the vocabulary's log sources are known: the product has one spelling of each. */
function spelledValues(v: Vocabulary): Map<string, Set<string>> {
  const out = new Map<string, Set<string>>()
  for (const { where, category, product, service } of v.sources ?? [])
    for (const [sigma, of] of Object.entries(where)) {
      if (typeof of === 'string') continue
      const [own] = sigma.startsWith('#') ? [] : namesOf({ category, product, service, span: NOWHERE }, sigma, v)
      const name = typeof own === 'string' ? own : sigma
      const known = out.get(name) ?? new Set<string>()
      for (const value of of) known.add(value)
      out.set(name, known)
    }
  return out
}
