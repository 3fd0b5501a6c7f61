// A query text over telemetry: from the options of a command to rows and diagnostics.
import { noIpv4 } from '../../core/diag/catalogue/workbench.ts'
import { type Diagnostic, diagnostic, noPlace } from '../../core/diag/diagnostic.ts'
import { isHidden, type Plan } from '../../core/plan/plan.ts'
import type { Source } from '../../core/text/source.ts'
import { profiledNames, absentFieldsByCatalogue } from '../../core/workbench/absent-field-checks.ts'
import { type Compiled, optimised } from '../../core/workbench/compile-in.ts'
import { addressDrops } from '../../core/workbench/dropped-addresses.ts'
import { present, type Table } from '../../core/workbench/present.ts'
import { isLookup, planSources } from '../../core/plan/sources.ts'
import { type AppliedView, applyView } from '../../core/workbench/view.ts'
import { endsOf } from '../execute/interval.ts'
import type { RunOptions, RunResult } from '../execute/run-options.ts'
import { runPlan } from '../execute/run-plan.ts'
import type { Recognised } from '../inputs/input.ts'
import { loadLanguage } from '../languages/load-language.ts'
import type { ProfileSpec } from '../scan/scan-protocol.ts'
import { explainEmpty, isResultOfNothing, outsideInterval } from './explain-empty.ts'
import {
  hasErrors,
  openTelemetry,
  prepareQuery,
  type ResourceOptions,
  runOptionsOf,
  type TelemetryOptions,
} from './prepare-query.ts'
import type { CompileInputs } from './resolve-references.ts'
import { absentFields, assumed, auditOf, partlyAbsent, viewDiagnostics } from './run-diagnostics.ts'
import { branchesOf, explainBranches } from './explain-branches.ts'
import { countSteps, type QueryStep } from './stage-counts.ts'
import { carriedProfile, isCarriedInTables, seemsCarried } from './view-shortcut.ts'

export type { QueryStep } from './stage-counts.ts'

export interface QueryOptions extends TelemetryOptions, CompileInputs, Omit<ResourceOptions, 'lookups'> {
  readonly query: Source
  readonly language: string
  readonly strict?: boolean
  readonly engine?: 'auto' | 'duckdb' | 'evaluator'
  /** Count the events into and out of each step. */
  readonly audit?: boolean
}

export interface QueryResult {
  /** False: nothing ran or it did not finish; the diagnostics say why. */
  readonly ok: boolean
  readonly compiled: Compiled
  readonly table: Table
  readonly diagnostics: readonly Diagnostic[]
  readonly files: readonly Recognised[]
  readonly view: AppliedView | undefined
  readonly run: RunResult | undefined
  /** Empty unless they were counted: for an audit, or to explain an empty result. */
  readonly steps: readonly QueryStep[]
}

/** Never throws on queries, files or data. */
export async function runQuery(o: QueryOptions): Promise<QueryResult> {
  const language = await loadLanguage(o.language)
  if (!language) throw new Error(`no language ${o.language}`)
  const asMessages = language.read.readsMessages === true
  const telemetry = await openTelemetry(o, { asMessages, scans: true })
  const { files, time, availableFields } = telemetry
  const prepared = prepareQuery({ ...o, source: o.query, language }, telemetry)
  const { compiled } = prepared
  const before = [...time.diagnostics, ...prepared.diagnostics, ...telemetry.diagnostics]
  const failed: Omit<QueryResult, 'diagnostics'> = {
    ok: false,
    compiled,
    table: { columns: [], rows: [] },
    files,
    view: undefined,
    run: undefined,
    steps: [],
  }
  const { plan } = compiled
  // A file that is missing or of unknown format is an error: the answer would cover less than the user named.
  if (!plan || hasErrors(before))
    return { ...failed, diagnostics: [...before, ...(plan ? absentFieldsByCatalogue(compiled) : [])] }
  const viewName = o.view ?? 'auto'
  const formats = files.map((f) => f.format)
  const offered = applyView(plan, viewName, formats, endsOf(time.interval))
  const options = { ...runOptionsOf(o, telemetry), interval: time.interval, engine: o.engine ?? 'auto' }
  const viewed = { compiled, plan, view: offered, automatic: viewName === 'auto' }
  const { run, optimisedPlan, view, dropped } = await runInView(viewed, options)
  if (!run.ok) return { ...failed, view, run, diagnostics: [...before, ...run.diagnostics] }
  const columns = run.columns.filter((c) => !isHidden(c.id))
  const table = present(columns, run.rows, compiled.presentation)
  const isEmpty = table.rows.length === 0 || isResultOfNothing(optimisedPlan, run)
  const counted =
    o.audit || isEmpty
      ? await countSteps(compiled, { plan, viewed: view?.plan ?? plan, optimisedPlan }, options)
      : undefined
  const profile = [...run.profiles, ...(counted?.profiles ?? []).toReversed()].find((p) => p.events > 0)
  const passedAll = profile !== undefined && (profile === run.profiles[0] || profile === counted?.profiles.at(-1))
  const branches = branchesOf(plan)
  const diagnostics = [
    ...before,
    ...run.diagnostics,
    ...(view ? viewDiagnostics(view, run, formats) : []),
    ...(branches.length > 0 ? [] : absentFields({ compiled, view, files, availableFields, profile, passedAll })),
    ...partlyAbsent(compiled, plan, run, view),
    ...dropped,
    ...(branches.length > 0
      ? await explainBranches({ compiled, branches, run, view, files, availableFields }, options)
      : isEmpty
        ? await explainEmpty({ compiled, plan, run, counted }, options)
        : outsideInterval(run)),
    ...assumed(compiled),
  ]
  return { ok: true, compiled, table, diagnostics, files, view, run, steps: counted?.steps ?? [] }
}

interface ViewedQuery {
  readonly compiled: Compiled
  readonly plan: Plan
  /** The view that the options and the formats ask for. */
  readonly view: AppliedView | undefined
  /** The user did not name the view, so it may be left out. */
  readonly automatic: boolean
}

interface ViewedRun {
  readonly run: RunResult
  /** The plan that ran. */
  readonly optimisedPlan: Plan
  /** The view that was applied. */
  readonly view: AppliedView | undefined
  /** Diagnostics about events that the query drops without saying so. */
  readonly dropped: readonly Diagnostic[]
}

/** If an automatic view seems to add nothing, the plan runs without it. The same run checks that; if it was wrong, the view is applied. */
async function runInView({ compiled, plan, view, automatic }: ViewedQuery, options: RunOptions): Promise<ViewedRun> {
  // A second source, in a join, may lack the fields that the first has.
  const isOptional = view && automatic && planSources(plan).filter((s) => !isLookup(s)).length === 1
  if (isOptional && (await isCarriedInTables(plan, view, options)))
    return runInView({ compiled, plan, view: undefined, automatic }, options)
  if (isOptional && seemsCarried(options.files, plan, view)) {
    const optimisedPlan = optimised(plan)
    const [main] = profilesOf(plan, optimisedPlan)
    if (main) {
      const run = await runPlan(optimisedPlan, { ...options, profiles: [main, carriedProfile(main.source, view)] })
      const [all, carried] = run.profiles
      if (!run.ok || all?.events === carried?.events)
        return { run: { ...run, profiles: run.profiles.slice(0, 1) }, optimisedPlan, view: undefined, dropped: [] }
    }
  }
  const optimisedPlan = optimised(view?.plan ?? plan)
  const main = profilesOf(plan, optimisedPlan)
  const drops = addressDrops(compiled, optimisedPlan)
  const profiles = [...main, ...drops.map((d): ProfileSpec => ({ source: d.source, where: d.where, fields: [] }))]
  const run = await runPlan(optimisedPlan, { ...options, profiles, also: auditOf(view) })
  const dropped = drops.flatMap(({ field }, i) => {
    const events = run.profiles[main.length + i]?.events ?? 0
    return events > 0 ? [diagnostic(noIpv4, noPlace, { field, events })] : []
  })
  return { run: { ...run, profiles: run.profiles.slice(0, main.length) }, optimisedPlan, view, dropped }
}

/** The fields of the events that match the filters of the source. */
function profilesOf(plan: Plan, optimisedPlan: Plan): ProfileSpec[] {
  const { from } = optimisedPlan.out
  if (from.kind !== 'source') return []
  // Exact counts are needed only for group-by keys whose absence drops the event.
  const whether = !plan.out.stages.some((s) => s.kind === 'aggregate' && s.nullKeys === 'drop')
  // The query's own fields: those whose values nothing uses are gone from the optimised plan, and are not absent for that.
  const fields = [from, plan.out.from].flatMap((f) => (f.kind === 'source' ? profiledNames(f) : []))
  return [{ source: { ...from, interval: 'query' }, where: from.where, fields: [...new Set(fields)], whether }]
}
