// Lowers a Sigma file to one plan: the findings of every rule that reports on its own, each with the rule's title and level.
import * as codes from '../../diag/catalogue/sigma.ts'
import type { OrderKey, Relation, Stage } from '../../plan/plan.ts'
import { type Source, span } from '../../text/source.ts'
import { type Correlated, Correlations } from './3-lower-correlation.ts'
import { documentsBeside } from './collection.ts'
import { filtered } from './filters.ts'
import { applyPipelines } from './pipeline/apply.ts'
import { AT, labels, shownTime } from './findings.ts'
import { CIRCUMSTANCES } from '../shared/circumstances.ts'
import type { Lowered, LoweredRule } from '../shared/lowered.ts'
import { RuleFlow, SEQ, TIME } from './3-lower-rule.ts'
import { fieldsRead } from './rule-fields.ts'
import { Lowering, type SigmaContext } from './lowering.ts'
import type { Document, Rule, SigmaFile } from './ast.ts'

interface Findings {
  readonly document: Document
  readonly relation: Relation
  /** Columns in display order. If it is open, other columns can follow. */
  readonly columns: readonly string[]
  readonly open: boolean
  /** Names of the fields that the rule reads or that its author shows. */
  readonly fields: readonly string[]
  /** Names of the fields that decide the log source. */
  readonly kinds: readonly string[]
}

export function lower(file: SigmaFile, source: Source, known: SigmaContext = {}): Lowered {
  const low = new Lowering(source, known)
  const beside = documentsBeside(file.documents, low)
  const own = file.documents.length
  const changed = filtered([...file.documents, ...beside], file.documents, low)
  const mapped = applyPipelines(changed, known.pipelines ?? [], source)
  const { documents } = mapped
  low.diagnostics.push(...mapped.diagnostics)
  const rules = new Map<string, Document>()
  for (const d of documents.toReversed()) for (const n of d.names) rules.set(n, d)
  const silent = new Set<Document>()
  for (const d of documents)
    if (d.kind === 'correlation')
      for (const r of d.rules) {
        const named = rules.get(r.name)
        if (named && !d.generate) silent.add(named)
      }
  const correlations = new Correlations(low, rules, new Set(documents.slice(own)))
  const speaking = documents
    .filter((d, i) => i < own && d.kind !== 'filter' && !silent.has(d))
    .filter((_, i) => known.detection === undefined || known.detection === i)
  const all = speaking.flatMap((d): Findings[] => {
    const found =
      d.kind === 'rule'
        ? single(low, d)
        : d.kind === 'correlation'
          ? correlated(d, correlations.findings(d))
          : undefined
    return found ? [found] : []
  })
  if (file.documents.some((d) => d.kind !== 'filter') && speaking.length === 0) {
    const at = file.documents[0]?.span ?? span(0, 0)
    low.report(codes.sigmaNothing, span(at.start, at.start + 1), {})
  }
  const columns = [...new Set(all.flatMap((f) => f.columns))]
  return {
    plan: { lets: [], out: together(all) },
    diagnostics: low.diagnostics,
    assumptions: [...low.assumptions].sort(),
    needs: low.needs,
    presentation: { columns, ordered: all.length === 1 && speaking[0]?.kind === 'rule', limits: [] },
    fallbacks: [...low.fallbacks],
    alternatives: low.alternatives,
    readsInterval: false,
    rules: all.map(asRule),
  }
}

const asRule = ({ document: d, relation, fields, kinds }: Findings): LoweredRule => ({
  plan: { lets: [], out: relation },
  title: d.title,
  id: d.id,
  level: d.level,
  status: d.status,
  tags: d.tags,
  product: d.kind === 'correlation' ? undefined : d.logsource.product,
  fields,
  kinds,
  at: d.span,
})

const NOTHING: Relation = {
  from: { kind: 'source', name: 'events', columns: [], rest: false, interval: 'query', where: { kind: 'false' } },
  stages: [],
}

function together(all: readonly Findings[]): Relation {
  const [one, ...others] = all
  if (!one) return NOTHING
  if (others.length === 0) return one.relation
  return {
    from: one.relation.from,
    stages: [...one.relation.stages, { kind: 'union', others: others.map((o) => o.relation) }],
  }
}

/** Findings of a rule: the events with the author's `fields`, or with all fields if there are none. */
function single(low: Lowering, rule: Rule): Findings {
  const flow = new RuleFlow(low, rule)
  const open = rule.fields.length === 0
  const own = labels(rule)
  const taken = [AT, ...own.map((l) => l.id)]
  const fields = [...new Set(open ? fieldsRead(rule) : rule.fields)].filter((f) => !taken.includes(f))
  const around = open ? [] : CIRCUMSTANCES.filter((c) => !c.shown.some((f) => fields.includes(f)))
  const set = [
    { id: AT, expr: shownTime(TIME) },
    ...own,
    ...fields.map((f) => ({ id: f, expr: flow.shown(f) })),
    ...around.map((c) => ({ id: c.id, expr: flow.firstOf(c.names) })),
  ]
  const by: OrderKey[] = [TIME, SEQ].map((expr) => ({ expr, dir: 'asc', nulls: 'first' }))
  const columns = set.map((s) => s.id)
  const stages: Stage[] = [
    ...flow.stages,
    { kind: 'set', columns: set },
    { kind: 'order', by },
    { kind: 'project', columns, rest: open },
  ]
  const relation = { from: flow.source(open), stages }
  return { document: rule, relation, columns, open, fields, kinds: flow.kinds }
}

const correlated = (document: Document, found: Correlated | undefined): Findings | undefined =>
  found && {
    ...found,
    document,
    open: false,
    fields: found.columns.filter((c) => !labels(document).some((l) => l.id === c)),
    kinds: [],
  }
