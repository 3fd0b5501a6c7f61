// Counts the events into and out of each step of a query text.
import { and } from '../../core/plan/build.ts'
import { optimiseInPlace } from '../../core/passes/optimise.ts'
import type { Plan, Pred, SourceNode, Stage } from '../../core/plan/plan.ts'
import { profiledNames } from '../../core/workbench/absent-field-checks.ts'
import type { Source } from '../../core/text/source.ts'
import type { Compiled } from '../../core/workbench/compile-in.ts'
import type { Profile, ProfileSpec } from '../scan/scan-protocol.ts'
import { columnsOfPred } from '../../core/plan/walk.ts'
import type { RunOptions, RunResult } from '../execute/run-options.ts'
import { runPlan } from '../execute/run-plan.ts'
import { isTable } from '../execute/table-input.ts'
import { profilesInTables } from './table-profiles.ts'

export interface QueryStep {
  /** The text of the step. */
  readonly text: string
  /** Offset of the step in the query. */
  readonly start: number
  readonly rowsIn: number
  readonly rowsOut: number
}

/** A filter at the start of the pipeline. */
export interface LeadingFilter {
  readonly stage: Stage
  /** This filter and all before it. */
  readonly where: Pred
  readonly own: Pred
}

export interface Steps {
  readonly steps: readonly QueryStep[]
  readonly leading: readonly LeadingFilter[]
  /** Of all events, then of the events that match each leading filter. */
  readonly profiles: readonly Profile[]
}

/** The text of the stage. */
export const stageText = (source: Source, stage: Stage): string =>
  stage.at ? source.text.slice(stage.at.start, stage.at.end).trim() : stage.kind

/** The filters at the start of the pipeline. The scan counts the matches of each without keeping events. */
export function leadingFilters(plan: Plan): LeadingFilter[] {
  const found: LeadingFilter[] = []
  for (const stage of plan.out.stages) {
    if (stage.kind !== 'filter') break
    const before = found.at(-1)?.where
    found.push({ stage, where: before ? and(before, stage.where) : stage.where, own: stage.where })
  }
  return found
}

export interface CountedPlans {
  /** As lowered. */
  readonly plan: Plan
  /** With the view. */
  readonly viewed: Plan
  /** The one that ran. */
  readonly optimisedPlan: Plan
}

/** Counts the leading filters by a scan of all events, and the other steps over the events that match them. Undefined: the run failed. */
export async function countSteps(
  compiled: Compiled,
  { plan, viewed, optimisedPlan }: CountedPlans,
  options: RunOptions,
): Promise<Steps | undefined> {
  const { from } = plan.out
  if (from.kind !== 'source') return undefined
  const { source } = compiled
  const leading = leadingFilters(plan)
  const whole: SourceNode = { ...from, rest: false }
  const fields = profiledNames(whole)
  // A filter on tags alone is counted without parsing lines. Which fields those events carry is then unknown; a second scan finds out, but
  // only if no later filter lets anything through.
  const profiles = profilesOfFilters(whole, leading, fields)
  const areTables = options.files.length > 0 && options.files.every(isTable)
  const inTables = areTables ? await profilesInTables(profiles, options) : undefined
  if (inTables?.at(-1)?.events === 0)
    return { steps: filterSteps(source, leading, inTables), leading, profiles: inTables }
  const counted = await runPlan(optimisedPlan, { ...options, engine: 'auto', profiles, steps: true })
  if (!counted.ok) return undefined
  const last = counted.profiles.findLastIndex((p) => p.events > 0)
  const spec = profiles[last]
  const again = spec && counted.profiles[last]?.spared ? [{ ...spec, spare: false }] : undefined
  const second = again && (await runPlan(NOTHING, { ...options, profiles: again }))
  const textOf = (stage: Stage) => stageText(source, stage)
  const first = filterSteps(source, leading, counted.profiles)
  const lastFilter = leading.at(-1)?.stage.at?.start ?? -1
  const after = ({ out }: Plan, of: RunResult): QueryStep[] => {
    const byStart = new Map<number, QueryStep>()
    for (const s of of.steps) {
      const m = /^out\.(\d+)$/.exec(s.path)
      const stage = m && out.stages[Number(m[1])]
      if (!stage?.at) continue
      const rowsIn = byStart.get(stage.at.start)?.rowsIn ?? s.rowsIn
      byStart.set(stage.at.start, { text: textOf(stage), start: stage.at.start, rowsIn, rowsOut: s.rowsOut })
    }
    return [...byStart.values()].filter((s) => s.start > lastFilter).sort((a, b) => a.start - b.start)
  }
  let rest = after(optimisedPlan, counted)
  // A filter that moved takes events from the steps that it moved over.
  const reached = counted.profiles.at(-1)?.events ?? 0
  const written = withLeadingInSource(viewed)
  const optimised = optimiseInPlace(written)
  const later = ({ out }: Plan): number =>
    out.stages.filter((s) => s.kind === 'filter' && (s.at?.start ?? -1) > lastFilter).length
  // Filters side by side are one filter then, and only one of them is the reason.
  const inPlace = later(written) > later(optimised) ? written : optimised
  if (rest.length > 0 && (later(inPlace) > later(optimisedPlan) || !isInOrder(optimisedPlan))) {
    const again = reached > MOST_COUNTED ? undefined : await runPlan(inPlace, { ...options, steps: true })
    rest = again?.ok ? after(inPlace, again) : []
  }
  const [complete] = second?.profiles ?? []
  return {
    steps: [...first, ...rest],
    leading,
    profiles: complete ? counted.profiles.with(last, complete) : counted.profiles,
  }
}

/** The scan spares the events that the leading filters drop, and those are counted already. The other filters keep their place. */
function withLeadingInSource({ lets, out }: Plan): Plan {
  const leading = leadingFilters({ lets, out })
  const where = leading.at(-1)?.where
  if (out.from.kind !== 'source' || !where) return { lets, out }
  const from = { ...out.from, where: and(out.from.where, where) }
  return { lets, out: { ...out, from, stages: out.stages.slice(leading.length) } }
}

/** The stages come in the order of the text. */
function isInOrder({ out }: Plan): boolean {
  const starts = out.stages.flatMap((s) => (s.at ? [s.at.start] : []))
  return starts.every((start, i) => i === 0 || start >= (starts[i - 1] ?? 0))
}

const filterSteps = (source: Source, leading: readonly LeadingFilter[], profiles: readonly Profile[]): QueryStep[] =>
  leading.map((f, i) => ({
    text: stageText(source, f.stage),
    start: f.stage.at?.start ?? 0,
    rowsIn: profiles[i]?.events ?? 0,
    rowsOut: profiles[i + 1]?.events ?? 0,
  }))

/** Events that are read again without the help of the filters behind a step. */
const MOST_COUNTED = 200_000

/** Of all events, then of those that match each filter and all before it. */
export function profilesOfFilters(
  whole: SourceNode,
  leading: readonly LeadingFilter[],
  fields: readonly string[] = profiledNames(whole),
): ProfileSpec[] {
  return [{ kind: 'true' } as const, ...leading.map((f) => f.where)].map(
    (where, i): ProfileSpec =>
      readsTagsOnly(whole, where)
        ? { source: whole, where, fields, whether: true, spare: true }
        : { source: whole, where, fields, whether: true, values: comparedFields(whole, leading[i]).map((f) => f.name) },
  )
}

const MOST_COMPARED = 2

/** String fields that a filter compares. If nothing matches, their values may show why. */
export function comparedFields(source: SourceNode, filter: LeadingFilter | undefined): { id: string; name: string }[] {
  const read = columnsOfPred(filter?.own ?? { kind: 'true' })
  return source.columns
    .flatMap(({ id, ty, from }) =>
      read.has(id) && from.kind === 'field' && ty === 'str' ? [{ id, name: from.name }] : [],
    )
    .slice(0, MOST_COMPARED)
}

/** Metadata names begin with `_` or `#`. If the events lack such a field, a tag provides it. */
function readsTagsOnly(source: SourceNode, where: Pred): boolean {
  const read = columnsOfPred(where)
  return source.columns.every((c) => !read.has(c.id) || (c.from.kind === 'field' && /^[_#]/.test(c.from.name)))
}

/** A plan that matches no event. */
export const NOTHING: Plan = {
  lets: [],
  out: {
    from: { kind: 'source', name: 'events', columns: [], rest: false, interval: 'query', where: { kind: 'false' } },
    stages: [],
  },
}
