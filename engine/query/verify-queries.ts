// Two queries as arguments: compiled, compared over generated telemetry, and over logs if there are any.
import { parse } from 'yaml'
import { notCompared } from '../../core/diag/catalogue/witness.ts'
import { generatedTooLong } from '../../core/diag/catalogue/run.ts'
import { type Diagnostic, diagnostic, inLog, inText } from '../../core/diag/diagnostic.ts'
import { failure, ok, type Result } from '../../core/diag/result.ts'
import type { Event } from '../../core/logs/format.ts'
import { isHidden } from '../../core/plan/plan.ts'
import { textsConst } from '../../core/prims/kit.ts'
import { printPred } from '../../core/plan/print.ts'
import { visitPlan } from '../../core/plan/walk.ts'
import { schemaOf } from '../../core/plan/schema.ts'
import { planSources } from '../../core/plan/sources.ts'
import type { Compiled } from '../../core/workbench/compile.ts'
import { compareTables, type Comparison } from '../../core/witness/compare.ts'
import { type Difference, type Side, type Verdict, verify } from '../../core/witness/verify.ts'
import { readSmallText } from '../files/read-small.ts'
import { MOST_SECONDS, within } from '../workers/within.ts'
import { type QueryOptions, type QueryResult, runQuery } from './run-query.ts'
import { assumptionsOf } from './assumptions.ts'
import type { CompileInputs } from './resolve-references.ts'
import { compileForWitness, GENERATED, oneLine, type QueryText } from './witness-query.ts'
import { predicateText } from './write-telemetry.ts'

export interface Verified {
  /** Undefined: a query has errors. */
  readonly verdict: Verdict | undefined
  /** Over the logs. */
  readonly logs: ComparedLogs | undefined
  readonly a: Compiled
  readonly b: Compiled
  readonly allowed: readonly Allowed[]
  /** Facts about the telemetry on which the verdict rests. */
  readonly assumed: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}
export interface ComparedLogs {
  readonly comparison: Comparison
  readonly a: QueryResult
  readonly b: QueryResult
  /** Between languages only the number of findings counts. */
  readonly same: boolean
}

/** A difference that is meant: the predicate that decides it, as printed, and the reason. */
export interface Allowed {
  readonly predicate: string
  readonly reason: string
}

export interface VerifyQueries extends CompileInputs, Omit<QueryOptions, 'language' | 'query' | 'strict'> {
  readonly allow?: string | undefined
  readonly seed: number
  /** For the comparison over generated events. */
  readonly seconds?: number
}

export async function verifyQueries(a: QueryText, b: QueryText, options: VerifyQueries): Promise<Verified> {
  const [x, y] = [compileForWitness(a, options), compileForWitness(b, options)]
  const allowed = options.allow === undefined ? ok([]) : readAllowed(options.allow)
  const diagnostics = [...x.diagnostics, ...y.diagnostics, ...(allowed.ok ? [] : allowed.diagnostics)]
  const none = {
    verdict: undefined,
    logs: undefined,
    a: x.compiled,
    b: y.compiled,
    allowed: [],
    assumed: [],
    diagnostics,
  }
  const [first, second] = [sideOf(x.compiled, y.compiled), sideOf(y.compiled, x.compiled)]
  if (!first || !second || !allowed.ok || diagnostics.some((d) => d.severity === 'error')) return none
  const used = new Set<Allowed>()
  const isMeant = (d: Difference): boolean => {
    // The exact form is accepted too.
    const because = d.decides?.trace.because ?? []
    const texts = because.flatMap((f) => [predicateText(f.pred), printPred(f.pred)].map(oneLine))
    const found = allowed.value.find((m) => texts.includes(m.predicate))
    if (found) used.add(found)
    return found !== undefined
  }
  const spelt = spellings(x.compiled, y.compiled)
  const isReal = (event: Event): boolean => [...spelt].every(([name, values]) => isSpelt(event, name, values))
  const { seed, seconds = MOST_SECONDS } = options
  const verdict = within(1000 * seconds, () => verify(first, second, { seed, isMeant, isReal }))
  if (!verdict) {
    const at = inText(a.source, { start: 0, end: 0 })
    return { ...none, diagnostics: [...diagnostics, diagnostic(generatedTooLong, at, { what: 'comparing', seconds })] }
  }
  const logs = options.logs.length > 0 ? await compareOverLogs(a, b, options) : undefined
  const more = logs ? [...logs.a.diagnostics, ...logs.b.diagnostics] : []
  const assumed = verdict.kind === 'proven' ? [] : assumptionsOf(x.compiled, y.compiled)
  return { ...none, verdict, logs, allowed: [...used], assumed, diagnostics: [...diagnostics, ...more] }
}

/** Findings of two queries over the same logs. */
export async function compareOverLogs(
  a: QueryText,
  b: QueryText,
  options: Omit<QueryOptions, 'language' | 'query'>,
): Promise<ComparedLogs> {
  const first = await runQuery({ ...options, query: a.source, language: a.language })
  const second = await runQuery({ ...options, query: b.source, language: b.language })
  const ordered = first.compiled.presentation.ordered && second.compiled.presentation.ordered
  const comparison = compareTables(first.table, second.table, ordered)
  const same = a.language === b.language ? comparison.same : first.table.rows.length === second.table.rows.length
  return { comparison, a: first, b: second, same }
}

/** One of two queries, over events that both can read. */
export function sideOf(own: Compiled, other: Compiled): Side | undefined {
  if (!own.plan) return undefined
  const side = { plan: own.plan, language: own.language.id, ordered: own.presentation.ordered, reading: GENERATED }
  if (own.language === other.language || !own.language.platform.portable || !other.plan) return side
  // A portable rule reads every vocabulary. Generated events use the one of the other query.
  const read = fieldsOf(other)
  const facts = [...own.alternatives].map(([name, others]) => [name, ...others])
  const shown = new Set([...schemaOf(own.plan.out, own.plan.lets).columns.keys(), ...facts.flat()])
  const isForeign = (name: string): boolean => {
    if (read.has(name)) return false
    const fact = facts.find((f) => f.includes(name))
    // A field of the rule that the other query does not know at all may have any value.
    return fact ? fact.some((n) => read.has(n)) : !shown.has(name)
  }
  // Lists are JSON's: the telemetry of a vendor's query has one text for each of these names.
  return { ...side, isFrozen: (v) => /^[le]:/.test(v) || (v.startsWith('f:') && isForeign(v.slice(2))) }
}

/** Values by which a portable rule knows its log source, as the product writes them: the rule ignores their case, the product has one. */
export function spellings(a: Compiled, b: Compiled): Map<string, Set<string>> {
  const out = new Map<string, Set<string>>()
  for (const { plan, language, alternatives } of a.language === b.language ? [] : [a, b]) {
    if (!plan || !language.platform.portable) continue
    const own = new Set([
      ...schemaOf(plan.out, plan.lets).columns.keys(),
      ...alternatives.keys(),
      ...[...alternatives.values()].flat(),
    ])
    const names = new Map(
      planSources(plan).flatMap((s) => s.columns.map((c) => [c.id, c.from.kind === 'field' ? c.from.name : ''])),
    )
    visitPlan(plan, {
      pred: (p) => {
        const [of] = p.kind === 'test' && p.prim === 'str.in' ? p.args : []
        const name = of?.kind === 'col' && isHidden(of.id) ? names.get(of.id) : undefined
        if (p.kind !== 'test' || !name || own.has(name)) return
        const known = out.get(name) ?? new Set<string>()
        for (const v of textsConst(p.consts, 'values')) known.add(v)
        out.set(name, known)
      },
    })
  }
  return out
}

export function isSpelt({ fields }: Event, name: string, values: ReadonlySet<string>): boolean {
  const value = fields.get(name) ?? GENERATED.aliases?.[name]?.map((n) => fields.get(n)).find((v) => v !== undefined)
  if (value === undefined || values.has(value)) return true
  const lower = value.toLowerCase()
  return ![...values].some((v) => v.toLowerCase() === lower)
}

function fieldsOf({ plan }: Compiled): Set<string> {
  const names = new Set<string>()
  for (const source of plan ? planSources(plan) : [])
    for (const { from } of source.columns)
      if (from.kind === 'field') for (const n of [from.name, ...(GENERATED.aliases?.[from.name] ?? [])]) names.add(n)
  return names
}

function readAllowed(path: string): Result<Allowed[]> {
  const refuse = (problem: string): Result<Allowed[]> =>
    failure(diagnostic(notCompared, inLog(path), { path, problem }))
  try {
    const data: unknown = parse(readSmallText(path))
    if (!Array.isArray(data)) return refuse('it is no list')
    const bad = data.findIndex(
      (d: Partial<Allowed>) =>
        typeof d?.predicate !== 'string' || typeof d.reason !== 'string' || d.reason.trim() === '',
    )
    if (bad >= 0) return refuse(`entry ${bad + 1} lacks \`predicate\` or \`reason\``)
    return ok(data.map((d: Allowed) => ({ predicate: oneLine(d.predicate), reason: d.reason })))
  } catch (e) {
    return refuse((e as Error).message.split('\n')[0] ?? 'it cannot be read')
  }
}
