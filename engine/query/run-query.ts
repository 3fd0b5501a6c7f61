// A query text over telemetry, from argv's words to rows and everything there is to say about them.
import { availableParallelism } from 'node:os'
import { noIpv4 } from '../../core/diag/catalogue/workbench.ts'
import { type Diagnostic, noPlace, diagnostic } from '../../core/diag/diagnostic.ts'
import { isHidden, type Plan } from '../../core/plan/plan.ts'
import type { Source } from '../../core/text/source.ts'
import { type Compiled, compile, languageNamed, optimised } from '../../core/workbench/compile.ts'
import { addressDrops } from '../../core/workbench/dropped-addresses.ts'
import { present, type Table } from '../../core/workbench/present.ts'
import { fieldsRead, silenceByCatalogue } from '../../core/workbench/absent-field-checks.ts'
import { type AppliedView, applyView } from '../../core/workbench/view.ts'
import { type TimeOptions, parseTimeOptions, unknownChoices } from './time-options.ts'
import { carriedProfile, seemsCarried } from './view-shortcut.ts'
import { listInputs } from '../inputs/files.ts'
import { headFields } from '../inputs/head-fields.ts'
import { endsOf } from '../execute/interval.ts'
import type { ProfileSpec } from '../scan/scan-protocol.ts'
import { type CompileInputs, resolveReferences, needDiagnostics } from './resolve-references.ts'
import { recogniseInputs } from '../inputs/recognise.ts'
import { type RunOptions, type RunResult, runPlan } from '../execute/run-plan.ts'
import { assumed, auditOf, partlyAbsent, silence, viewDiagnostics } from './run-diagnostics.ts'
import { prepareWorkers } from '../workers/start-worker.ts'
import { countSteps, type QueryStep } from './stage-counts.ts'
import type { Recognised } from '../inputs/types.ts'
import { isResultOfNothing, outsideInterval, whyEmpty } from './explain-empty.ts'

export type { QueryStep } from './stage-counts.ts'

export interface QueryOptions extends TimeOptions, CompileInputs {
  readonly query: Source
  readonly language: string
  readonly logs: readonly string[]
  readonly strict?: boolean
  readonly engine?: 'auto' | 'duckdb' | 'evaluator'
  readonly memoryLimit?: string
  readonly year?: number
  readonly audit?: boolean
  /** As in RunOptions. */
  readonly fullCheck?: number
  readonly signal?: AbortSignal
  readonly onProgress?: RunOptions['onProgress']
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
  readonly steps: readonly QueryStep[]
}

/** Never throws on queries, files or data. */
export async function runQuery(o: QueryOptions): Promise<QueryResult> {
  prepareWorkers('worker-scan', availableParallelism())
  const asked = parseTimeOptions(o)
  const listed = await listInputs(o.logs)
  const recognised = recogniseInputs(listed.inputs, languageNamed(o.language)?.read.readsMessages === true)
  const there = headFields(recognised.files)
  const known = resolveReferences(o.query, o.language, o, { zone: asked.zone, fields: there })
  const compiled = compile(o.query, o.language, { strict: o.strict ?? false, context: known })
  const before = [
    ...asked.diagnostics,
    ...unknownChoices(compiled.language, o.semantics),
    ...compiled.diagnostics,
    ...needDiagnostics(compiled, o),
    ...listed.diagnostics,
    ...recognised.diagnostics,
  ]
  const nothing: Omit<QueryResult, 'diagnostics'> = {
    ok: false,
    compiled,
    table: { columns: [], rows: [] },
    files: recognised.files,
    view: undefined,
    run: undefined,
    steps: [],
  }
  const { plan } = compiled
  // A file that is missing or of no known format would be an answer over less than was asked for.
  if (!plan || before.some((d) => d.severity === 'error')) {
    return { ...nothing, diagnostics: [...before, ...(plan ? silenceByCatalogue(compiled) : [])] }
  }
  const chosen = applyView(
    plan,
    o.view ?? 'auto',
    recognised.files.map((f) => f.format),
    endsOf(asked.interval),
  )
  const options: RunOptions = {
    files: recognised.files,
    interval: asked.interval,
    zone: asked.zone,
    sourceZone: asked.sourceZone,
    engine: o.engine ?? 'auto',
    memoryLimit: o.memoryLimit ?? '1GB',
    ...(o.fullCheck === undefined ? {} : { fullCheck: o.fullCheck }),
    lookups: o.lookups ?? [],
    ...(o.year === undefined ? {} : { year: o.year }),
    ...(o.signal ? { signal: o.signal } : {}),
    ...(o.onProgress ? { onProgress: o.onProgress } : {}),
  }
  const { run, ready, view, dropped } = await runInView(compiled, plan, chosen, (o.view ?? 'auto') === 'auto', options)
  if (!run.ok) return { ...nothing, view, run, diagnostics: [...before, ...run.diagnostics] }
  const table = present(
    run.columns.filter((c) => !isHidden(c.id)),
    run.rows,
    compiled.presentation,
  )
  const empty = table.rows.length === 0 || isResultOfNothing(ready, run)
  const counted = o.audit || empty ? await countSteps(compiled, plan, ready, options) : undefined
  const passing = [...run.profiles, ...(counted?.profiles ?? []).toReversed()].find((p) => p.events > 0)
  const said = [
    ...before,
    ...run.diagnostics,
    ...(view ? viewDiagnostics(view, run) : []),
    ...silence({ compiled, view, files: recognised.files, there, seen: passing }),
    ...partlyAbsent(compiled, plan, run, view),
    ...dropped,
    ...(empty ? await whyEmpty(compiled, plan, run, counted, options) : outsideInterval(run)),
    ...assumed(compiled),
  ]
  return {
    ok: true,
    compiled,
    table,
    diagnostics: said,
    files: recognised.files,
    view,
    run,
    steps: counted?.steps ?? [],
  }
}

interface Viewed {
  readonly run: RunResult
  /** The plan that ran. */
  readonly ready: Plan
  readonly view: AppliedView | undefined
  /** What is to be said of events that were dropped unasked. */
  readonly dropped: readonly Diagnostic[]
}

/** Where nobody asked for the view and the events seem to carry what it supplies, the plan runs without it, and that is checked. */
async function runInView(
  compiled: Compiled,
  plan: Plan,
  view: AppliedView | undefined,
  automatic: boolean,
  options: RunOptions,
): Promise<Viewed> {
  const profilesOf = (ready: Plan): ProfileSpec[] => {
    const { from } = ready.out
    if (from.kind !== 'source') return []
    // How many events lack a field is told only of the keys of groups for which a key has to be there.
    const whether = !plan.out.stages.some((s) => s.kind === 'aggregate' && s.nullKeys === 'drop')
    return [{ source: { ...from, interval: 'query' }, where: from.where, fields: fieldsRead(from), whether }]
  }
  if (view && automatic && seemsCarried(options.files, plan, view)) {
    const ready = optimised(plan)
    const [main] = profilesOf(ready)
    if (main) {
      const run = await runPlan(ready, { ...options, profiles: [main, carriedProfile(main.source, view)] })
      const [all, carried] = run.profiles
      if (!run.ok || all?.events === carried?.events)
        return { run: { ...run, profiles: run.profiles.slice(0, 1) }, ready, view: undefined, dropped: [] }
    }
  }
  const ready = optimised(view?.plan ?? plan)
  const main = profilesOf(ready)
  const drops = addressDrops(compiled, ready)
  const profiles = [...main, ...drops.map((d): ProfileSpec => ({ source: d.source, where: d.where, fields: [] }))]
  const run = await runPlan(ready, { ...options, profiles, also: auditOf(view) })
  const dropped = drops.flatMap(({ field }, i) => {
    const events = run.profiles[main.length + i]?.events ?? 0
    return events > 0 ? [diagnostic(noIpv4, noPlace, { field, events })] : []
  })
  return { run: { ...run, profiles: run.profiles.slice(0, main.length) }, ready, view, dropped }
}
