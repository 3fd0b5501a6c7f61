// A query text over telemetry, from argv's words to rows and everything there is to say about them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as codes from '../core/diag/catalogue/workbench.ts'
import { type Diagnostic, inText, nowhere, report } from '../core/diag/diagnostic.ts'
import { isHidden, type Plan, type Pred, type SourceNode, type Stage } from '../core/plan/plan.ts'
import { and } from '../core/plan/build.ts'
import type { Source } from '../core/text/source.ts'
import { type Compiled, compile, type Known, optimised } from '../core/workbench/compile.ts'
import { isoTime } from '../core/workbench/interval.ts'
import { present, type Table } from '../core/workbench/present.ts'
import { fieldsRead, silenceByCatalogue, silenceBySight } from '../core/workbench/silence.ts'
import { type AppliedView, applyView } from '../core/workbench/view.ts'
import { type Asked, readAsked } from './ask.ts'
import { listInputs } from './files.ts'
import { findLookup, lookupColumns } from './lookups.ts'
import type { ProfileSpec } from './messages.ts'
import { headFields } from './head-fields.ts'
import { recogniseInputs } from './recognise.ts'
import { type RunOptions, type RunResult, runPlan } from './run.ts'
import type { Recognised } from './types.ts'

export interface QueryOptions extends Asked {
  readonly query: Source
  readonly language: string
  readonly logs: readonly string[]
  readonly strict?: boolean
  readonly parameters?: Readonly<Record<string, string>>
  readonly semantics?: Readonly<Record<string, string>>
  /** Folders with lookup files and saved queries. */
  readonly lookups?: readonly string[]
  readonly engine?: 'auto' | 'duckdb' | 'evaluator'
  readonly memoryLimit?: string
  readonly year?: number
  readonly audit?: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: RunOptions['onProgress']
}

export interface QueryStep {
  /** The text of the step. */
  readonly text: string
  /** 1-based line in the query. */
  readonly start: number
  readonly rowsIn: number
  readonly rowsOut: number
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
  const asked = readAsked(o)
  const listed = await listInputs(o.logs)
  const recognised = recogniseInputs(listed.inputs)
  const compiled = compileWithNeeds(o, { zone: asked.zone, fields: headFields(recognised.files) })
  const before = [
    ...asked.diagnostics,
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
  const view = applyView(
    plan,
    o.view ?? 'auto',
    recognised.files.map((f) => f.format),
  )
  const ready = optimised(view?.plan ?? plan)
  const leading = leadingFilters(plan)
  const source = ready.out.from.kind === 'source' ? ready.out.from : undefined
  const profiles: ProfileSpec[] = source ? [{ source, where: source.where, fields: fieldsRead(source) }] : []
  const options: RunOptions = {
    files: recognised.files,
    interval: asked.interval,
    zone: asked.zone,
    sourceZone: asked.sourceZone,
    engine: o.engine ?? 'auto',
    memoryLimit: o.memoryLimit ?? '1GB',
    lookups: o.lookups ?? [],
    ...(o.year === undefined ? {} : { year: o.year }),
    ...(o.signal ? { signal: o.signal } : {}),
    ...(o.onProgress ? { onProgress: o.onProgress } : {}),
  }
  const run = await runPlan(ready, { ...options, profiles })
  if (!run.ok) return { ...nothing, view, run, diagnostics: [...before, ...run.diagnostics] }
  const table = present(
    run.columns.filter((c) => !isHidden(c.id)),
    run.rows,
    compiled.presentation,
  )
  const steps = o.audit || table.rows.length === 0 ? await countSteps(compiled, plan, ready, leading, options) : []
  const said = [
    ...before,
    ...run.diagnostics,
    ...(view ? await viewDiagnostics(view, run, options) : []),
    ...silence(compiled, run, view, recognised.files),
    ...partlyAbsent(compiled, plan, run, view),
    ...(table.rows.length === 0 ? whyEmpty(compiled, run, steps) : []),
    ...assumed(compiled),
  ]
  return { ok: true, compiled, table, diagnostics: said, files: recognised.files, view, run, steps }
}

/** Compiles, fetches what the text names from the lookup folders, and compiles again. */
function compileWithNeeds(o: QueryOptions, telemetry: Pick<Known, 'fields' | 'zone'>): Compiled {
  let known: Known = { ...telemetry, parameters: o.parameters ?? {}, semantics: o.semantics ?? {} }
  const options = { strict: o.strict ?? false }
  let compiled = compile(o.query, o.language, { ...options, known })
  // Saved queries may name further ones; ten rounds are more than any real nesting.
  for (let round = 0; round < 10 && compiled.needs.length > 0; round++) {
    const next = fetchNeeds(compiled, known, o.lookups ?? [])
    if (!next) break
    known = next
    compiled = compile(o.query, o.language, { ...options, known })
  }
  return compiled
}

function fetchNeeds(compiled: Compiled, known: Known, folders: readonly string[]): Known | undefined {
  const lookups: Record<string, { columns: readonly string[] }> = { ...known.lookups }
  const saved: Record<string, string> = { ...known.saved }
  let found = false
  for (const need of compiled.needs) {
    if (need.kind === 'lookup' && !Object.hasOwn(lookups, need.name)) {
      const columns = lookupColumns(need.name, folders)
      if (!columns) continue
      lookups[need.name] = { columns }
      found = true
    }
    if (need.kind === 'saved' && !Object.hasOwn(saved, need.name)) {
      const file = savedFile(need.name, compiled, folders)
      if (file === undefined) continue
      saved[need.name] = file
      found = true
    }
  }
  return found ? { ...known, lookups, saved } : undefined
}

/** `pkg/path:Name` is looked for as `Name.cql` and as `pkg/path/Name.cql`. */
function savedFile(name: string, compiled: Compiled, folders: readonly string[]): string | undefined {
  const parts = name.split(/[/:]/).filter((p) => p !== '' && p !== '..' && p !== '.')
  const paths = [parts.join('/'), parts.at(-1) ?? ''].flatMap((p) => compiled.language.extensions.map((e) => p + e))
  for (const folder of folders) {
    for (const path of paths) {
      try {
        return readFileSync(join(folder, path), 'utf8')
      } catch {}
    }
  }
  return undefined
}

function needDiagnostics(compiled: Compiled, o: QueryOptions): Diagnostic[] {
  const how = {
    lookup: (name: string) => `put a CSV or JSON file ${name} into a folder and name the folder with --lookups`,
    parameter: (name: string) => `give it with --param ${name}=VALUE`,
    saved: (name: string) =>
      `put its text as ${name.split(/[/:]/).at(-1)}${compiled.language.extensions[0]} into a folder and name the folder with --lookups`,
  }
  return compiled.needs
    .filter((n) => n.kind !== 'lookup' || findLookup(n.name, o.lookups ?? []) === undefined)
    .map((n) =>
      report(codes.needMissing, inText(compiled.source, n.at), {
        kind: n.kind === 'saved' ? 'saved query' : n.kind === 'lookup' ? 'lookup file' : n.kind,
        name: n.name,
        how: how[n.kind](n.name),
      }),
    )
}

interface Leading {
  readonly stage: Stage
  readonly where: Pred
}
/** The filters with which the pipeline starts: the scan counts what each lets through, without holding an event. */
function leadingFilters(plan: Plan): Leading[] {
  const found: Leading[] = []
  for (const stage of plan.out.stages) {
    if (stage.kind !== 'filter') break
    found.push({ stage, where: and(...found.map((f) => f.where), stage.where) })
  }
  return found
}

/** Events in and out of every step: the leading filters from a scan of everything, the rest over what they let through. */
async function countSteps(
  compiled: Compiled,
  plan: Plan,
  ready: Plan,
  leading: readonly Leading[],
  options: RunOptions,
): Promise<QueryStep[]> {
  const { from } = plan.out
  if (from.kind !== 'source') return []
  const { source } = compiled
  const whole: SourceNode = { ...from, rest: false }
  const profiles: ProfileSpec[] = [
    { source: whole, where: { kind: 'true' }, fields: [] },
    ...leading.map((f) => ({ source: whole, where: f.where, fields: [] })),
  ]
  const counted = await runPlan(ready, { ...options, engine: 'auto', profiles, steps: true })
  if (!counted.ok) return []
  const textOf = (stage: Stage) => (stage.at ? source.text.slice(stage.at.start, stage.at.end).trim() : stage.kind)
  const steps: QueryStep[] = leading.map((f, i) => ({
    text: textOf(f.stage),
    start: f.stage.at?.start ?? 0,
    rowsIn: counted.profiles[i]?.events ?? 0,
    rowsOut: counted.profiles[i + 1]?.events ?? 0,
  }))
  const byStart = new Map<number, QueryStep>()
  for (const s of counted.steps) {
    const m = /^out\.(\d+)$/.exec(s.path)
    const stage = m && ready.out.stages[Number(m[1])]
    if (!stage?.at) continue
    const before = byStart.get(stage.at.start)
    byStart.set(stage.at.start, {
      text: textOf(stage),
      start: stage.at.start,
      rowsIn: before?.rowsIn ?? s.rowsIn,
      rowsOut: s.rowsOut,
    })
  }
  const last = leading.at(-1)?.stage.at?.start ?? -1
  return [...steps, ...[...byStart.values()].filter((s) => s.start > last).sort((a, b) => a.start - b.start)]
}

function whyEmpty(compiled: Compiled, run: RunResult, steps: readonly QueryStep[]): Diagnostic[] {
  const lines = run.files.reduce((n, f) => n + f.tally.lines, 0)
  const events = run.files.reduce((n, f) => n + f.tally.events, 0)
  if (events === 0) return run.files.length > 0 ? [report(codes.noEventsAtAll, nowhere, { lines })] : []
  const span = spanOf(run)
  if (run.bounds && span && (span.last < run.bounds.start || span.first >= run.bounds.end)) {
    const params = {
      from: isoTime(run.env.start),
      to: isoTime(run.env.end),
      first: isoTime(span.first),
      last: isoTime(span.last),
    }
    return [report(codes.outsideInterval, nowhere, params)]
  }
  const dry = steps.find((s) => s.rowsOut === 0)
  if (!dry) return []
  const at = inText(compiled.source, { start: dry.start, end: dry.start + dry.text.length })
  const what =
    steps.indexOf(dry) > 0 &&
    steps.slice(0, steps.indexOf(dry)).some((s) => s.rowsOut < s.rowsIn && /^groupby/i.test(s.text))
      ? 'rows'
      : 'events'
  return [report(codes.ranDry, at, { step: dry.text.split('\n')[0] ?? '', rowsIn: dry.rowsIn, what })]
}

export function spanOf(run: RunResult): { first: bigint; last: bigint } | undefined {
  let span: { first: bigint; last: bigint } | undefined
  for (const { tally } of run.files) {
    if (tally.first === null || tally.last === null) continue
    span =
      span === undefined
        ? { first: tally.first, last: tally.last }
        : {
            first: tally.first < span.first ? tally.first : span.first,
            last: tally.last > span.last ? tally.last : span.last,
          }
  }
  return span
}

/** Fields that the view looked up and that no event carried itself. */
const suppliedBy = (view: AppliedView | undefined, run: RunResult): string[] => {
  const [seen] = run.profiles
  return view && seen ? view.wanted.filter((f) => (seen.fields.get(f) ?? 0) === 0) : []
}

async function viewDiagnostics(view: AppliedView, run: RunResult, options: RunOptions): Promise<Diagnostic[]> {
  const fields = suppliedBy(view, run)
  const said =
    fields.length > 0 ? [report(codes.viewSupplied, nowhere, { fields, view: view.name, did: view.did })] : []
  if (!view.audit) return said
  const audit = await runPlan(optimised(view.audit), { ...options, engine: 'auto' })
  const [row] = audit.rows
  if (!row) return said
  for (const [column, value] of Object.entries(row)) {
    const what = /^no_(\w+)$/.exec(column)?.[1]
    if (what && typeof value === 'bigint' && value > 0n)
      said.push(report(codes.unresolved, nowhere, { what, rows: String(value), of: String(row['rows']) }))
  }
  return said
}

function silence(
  compiled: Compiled,
  run: RunResult,
  view: AppliedView | undefined,
  files: readonly Recognised[],
): Diagnostic[] {
  const [seen] = run.profiles
  // Nothing passed the filters, so nothing was seen: only the catalogues can tell.
  if (!seen || seen.events === 0) return silenceByCatalogue(compiled)
  return silenceBySight(compiled, {
    events: seen.events,
    fields: seen.fields,
    formats: files.map((f) => f.format),
    supplied: suppliedBy(view, run),
  })
}

/** Grouping keys that some events have and some lack. */
function partlyAbsent(compiled: Compiled, plan: Plan, run: RunResult, view: AppliedView | undefined): Diagnostic[] {
  const [seen] = run.profiles
  const grouping = plan.out.stages.find((s) => s.kind === 'aggregate')
  if (!seen || grouping?.kind !== 'aggregate' || grouping.nullKeys !== 'drop' || plan.out.from.kind !== 'source')
    return []
  const names = new Map(
    plan.out.from.columns.flatMap((c) => (c.from.kind === 'field' ? [[c.id, c.from.name] as const] : [])),
  )
  return grouping.keys.flatMap((k) => {
    const name = k.expr.kind === 'col' ? names.get(k.expr.id) : undefined
    const having = name === undefined ? undefined : seen.fields.get(name)
    if (
      name === undefined ||
      having === undefined ||
      having === 0 ||
      having === seen.events ||
      view?.wanted.includes(name)
    )
      return []
    return [
      report(codes.partlyAbsentKey, grouping.at ? inText(compiled.source, grouping.at) : nowhere, {
        key: name,
        lacking: seen.events - having,
        of: seen.events,
      }),
    ]
  })
}

const assumed = (compiled: Compiled): Diagnostic[] =>
  compiled.assumptions.map(({ semantic, choice }) =>
    report(codes.restsOn, nowhere, {
      id: semantic.id,
      question: semantic.question,
      choice,
      meaning: semantic.choices[choice] ?? choice,
      others: Object.keys(semantic.choices).filter((c) => c !== choice),
    }),
  )
