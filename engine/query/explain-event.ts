// Why did this one not fire? The way of one event through a query, and that of its group among the events of the logs.
import { noEventInFile, stuck } from '../../core/diag/catalogue/run.ts'
import { type Diagnostic, diagnostic, inLog, noPlace } from '../../core/diag/diagnostic.ts'
import { cellText } from '../../core/detect/case/result-table.ts'
import { compileExpr, compilePred, rowScope } from '../../core/eval/compile.ts'
import { evaluate } from '../../core/eval/evaluate.ts'
import { eventOutcomes } from '../../core/eval/steps.ts'
import { conjuncts } from '../../core/plan/build.ts'
import type { Env, Plan, Pred, Row, SourceNode, Stage, Value } from '../../core/plan/plan.ts'
import { fieldOf, predicateWords } from '../../core/plan/words.ts'
import { planSources, sourceKey } from '../../core/plan/sources.ts'
import { columnsOfPred } from '../../core/plan/walk.ts'
import { type Compiled, languageOf } from '../../core/workbench/compile.ts'
import { nearestMatches } from '../../core/workbench/nearest-match.ts'
import { applyView } from '../../core/workbench/view.ts'
import { endsOf } from '../execute/interval.ts'
import { runPlan } from '../execute/run-plan.ts'
import { headProfile } from '../inputs/head-fields.ts'
import { hasErrors, openTelemetry, prepareQuery, runOptionsOf } from './prepare-query.ts'
import type { QueryOptions } from './run-query.ts'
import { MOST_SECONDS, within } from '../workers/within.ts'
import { oneLine } from './witness-query.ts'
import { settled } from './settled.ts'
import { stageText } from './stage-counts.ts'

export interface FalseTest {
  /** In words. Null: a join kept nothing. */
  readonly test: string | null
  readonly values: Readonly<Record<string, string | null>>
  readonly nearest: readonly string[]
}

export interface ExplainedEvent {
  readonly ok: boolean
  /**
   * `fires`: its row is in the result · `out`: a step lets the event go · `group out`: a step lets the row of its group go ·
   * `outside`: it is not in the interval · `joined`: it went into rows that are no longer its own.
   */
  readonly verdict: 'fires' | 'group out' | 'joined' | 'out' | 'outside' | undefined
  /** The text of the step that decides. */
  readonly step: string | undefined
  readonly because: readonly FalseTest[]
  /** The keys of its group, where steps group. */
  readonly group: Readonly<Record<string, string | null>> | undefined
  /** The row of its group before the step that decides. */
  readonly row: Readonly<Record<string, string | null>> | undefined
  readonly diagnostics: readonly Diagnostic[]
}

const UNDECIDED = { verdict: undefined, step: undefined, because: [], group: undefined, row: undefined } as const

/** The first event of the file. With logs, the events of its group are those of the logs, and it is added if they lack it. */
export async function explainEvent(options: QueryOptions, file: string): Promise<ExplainedEvent> {
  const own = await openTelemetry({ ...options, logs: [file] }, { asMessages: true })
  const prepared = prepareQuery({ ...options, source: options.query, language: languageOf(options.language) }, own)
  const others = options.logs.length > 0 ? await openTelemetry(options, { asMessages: true }) : undefined
  const diagnostics = [
    ...own.time.diagnostics,
    ...prepared.diagnostics,
    ...own.diagnostics,
    ...(others?.diagnostics ?? []),
  ]
  const { compiled } = prepared
  if (!compiled.plan || hasErrors(diagnostics)) return { ok: false, ...UNDECIDED, diagnostics }
  const formats = [...own.files, ...(others?.files ?? [])].map((f) => f.format)
  const { interval } = own.time
  const plan = applyView(compiled.plan, options.view ?? 'auto', formats, endsOf(interval))?.plan ?? compiled.plan
  const { from } = plan.out
  if (from.kind !== 'source') return { ok: false, ...UNDECIDED, diagnostics }
  const read = async (files: typeof own.files, source: SourceNode, whole: boolean) => {
    const asked = whole ? { ...source, interval: 'all' as const, where: { kind: 'true' as const } } : source
    return runPlan(
      { lets: [], out: { from: asked, stages: [] } },
      { ...runOptionsOf(options, { files, time: own.time }), interval, engine: 'evaluator' },
    )
  }
  const [mine, inside] = [
    await read(own.files, from, true),
    await read(own.files, { ...from, where: { kind: 'true' } }, false),
  ]
  const [event] = mine.rows
  if (!event)
    return { ok: false, ...UNDECIDED, diagnostics: [...diagnostics, diagnostic(noEventInFile, inLog(file), { file })] }
  const all = await Promise.all(
    planSources(plan).map(async (s) => [sourceKey(s), await read(others?.files ?? own.files, s, false)] as const),
  )
  const failed = all.find(([, r]) => !r.ok)?.[1]
  if (failed) return { ok: false, ...UNDECIDED, diagnostics: [...diagnostics, ...failed.diagnostics] }
  const env = all[0]?.[1].env ?? mine.env
  if (inside.rows.length === 0 && others) return { ok: true, ...UNDECIDED, verdict: 'outside', diagnostics }
  const rows = new Map(all.map(([key, r]) => [key, r.rows]))
  const key = rowText(event)
  const among = rows.get(sourceKey(from)) ?? []
  if (!among.some((r) => rowText(r) === key)) rows.set(sourceKey(from), [...among, event])
  const table = (s: SourceNode): readonly Row[] => rows.get(sourceKey(s)) ?? []
  const fields = [...headProfile(own.files).keys()]
  const followed = within(1000 * MOST_SECONDS, () => follow({ compiled, plan, event, table, env, fields }))
  if (followed) return { ok: true, diagnostics, ...followed }
  const params = { phase: 'following the event', seconds: MOST_SECONDS, file: null, offset: null }
  return { ok: false, ...UNDECIDED, diagnostics: [...diagnostics, diagnostic(stuck, noPlace, params)] }
}

const rowText = (row: Row): string =>
  JSON.stringify(
    Object.entries(row).filter(([id]) => !id.startsWith('$:meta')),
    (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v),
  )

interface Following {
  readonly compiled: Compiled
  readonly plan: Plan
  readonly event: Row
  readonly table: (s: SourceNode) => readonly Row[]
  readonly env: Env
  readonly fields: readonly string[]
}
type Outcome = Pick<ExplainedEvent, 'because' | 'group' | 'row' | 'step' | 'verdict'>

function follow(f: Following): Outcome {
  const { compiled, plan, event, table, env, fields } = f
  const [outcome] = eventOutcomes(plan, [event], table, env)
  const textOf = (stage: Stage | null): string =>
    stage ? stageText(compiled.source, stage) : 'the search before the first step'
  if (outcome?.kind === 'out')
    return {
      verdict: 'out',
      step: textOf(outcome.stage),
      because: outcome.because.flatMap(({ pred, values }) => falseTests(pred, values, env, fields)),
      group: undefined,
      row: undefined,
    }
  const at = outcome?.path ? Number(outcome.path.replace('out.', '')) : plan.out.stages.length
  return followGroup(f, at, textOf)
}

/** From the first step that sees more than one row: the row that has the keys of the event's group. */
function followGroup({ plan, event, table, env }: Following, at: number, textOf: (s: Stage | null) => string): Outcome {
  const fires: Outcome = { verdict: 'fires', step: undefined, because: [], group: undefined, row: undefined }
  const { stages, from } = plan.out
  const only = (s: SourceNode): readonly Row[] => (s === from ? [event] : table(s))
  const upTo = (n: number): Plan => ({ lets: plan.lets, out: { from, stages: stages.slice(0, n) } })
  let keys: Readonly<Record<string, Value>> | undefined
  let before: Row | undefined
  for (let i = at; i < stages.length; i++) {
    const stage = stages[i] as Stage
    if (stage.kind === 'aggregate') {
      // A second grouping puts the row of the group among others.
      const [row] = keys && before ? [before] : evaluate(upTo(i), only, env).rows
      if (!row) return { ...fires, verdict: 'joined', step: textOf(stage) }
      const scope = row
      keys = Object.fromEntries(stage.keys.map((k) => [k.id, compileExpr(k.expr, rowScope, env)(scope)]))
    } else if (!keys) {
      if (
        stage.kind !== 'order' &&
        stage.kind !== 'take' &&
        stage.kind !== 'filter' &&
        stage.kind !== 'set' &&
        stage.kind !== 'project'
      )
        return { ...fires, verdict: 'joined', step: textOf(stage) }
      if (stage.kind !== 'take') continue
      const kept = evaluate(upTo(i + 1), table, env).rows.length
      const all = evaluate(upTo(i), table, env).rows.length
      if (kept < all) return { ...fires, verdict: 'joined', step: textOf(stage) }
      continue
    }
    const wanted = keys as Readonly<Record<string, Value>>
    const row = evaluate(upTo(i + 1), table, env).rows.find((r) => isOf(r, wanted))
    if (!row) {
      const group = shown(wanted)
      const because = stage.kind === 'filter' && before ? failuresOf(stage.where, before, env) : []
      return { verdict: 'group out', step: textOf(stage), because, group, row: before && shown(before) }
    }
    before = row
  }
  return { ...fires, ...(keys && { group: shown(keys) }), ...(before && { row: shown(before) }) }
}

/** Keys that later steps left out of the row decide nothing. */
const isOf = (row: Row, keys: Readonly<Record<string, Value>>): boolean =>
  Object.entries(keys).every(([id, value]) => !(id in row) || same(row[id] ?? null, value))
const same = (a: Value, b: Value): boolean => a === b || (a !== null && b !== null && String(a) === String(b))

const failuresOf = (where: Pred, row: Row, env: Env): FalseTest[] =>
  conjuncts(where)
    .filter((p) => !compilePred(p, rowScope, env)(row))
    .flatMap((p) => falseTests(p, row, env, []))

function falseTests(pred: Pred | null, row: Row, env: Env, fields: readonly string[]): FalseTest[] {
  if (!pred) return [{ test: null, values: {}, nearest: [] }]
  return conjuncts(settled(pred, row, env)).map((p) => {
    const values = Object.fromEntries([...columnsOfPred(p)].map((id) => [id, row[id] ?? null]))
    return { test: oneLine(predicateWords(p)), values: shown(values), nearest: nearestMatches(p, values, fields) }
  })
}

const shown = (values: Readonly<Record<string, Value>>): Record<string, string | null> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([id, v]) => {
      const name = fieldOf(id)
      return name === undefined ? [] : [[name, v === null ? null : cellText(v)]]
    }),
  )
