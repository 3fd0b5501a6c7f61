// Explains the quiet rules of a file of several: each by its own filters and fields, whatever its neighbours find.
import type { Diagnostic } from '../../core/diag/diagnostic.ts'
import type { Plan, Relation } from '../../core/plan/plan.ts'
import type { Compiled } from '../../core/workbench/compile-in.ts'
import type { AppliedView } from '../../core/workbench/view.ts'
import type { RunOptions, RunResult } from '../execute/run-options.ts'
import { runPlan } from '../execute/run-plan.ts'
import type { Recognised } from '../inputs/input.ts'
import { explainEmpty, outsideInterval } from './explain-empty.ts'
import { absentFields } from './run-diagnostics.ts'
import { leadingFilters, NOTHING, profilesOfFilters, type QueryStep, stageText } from './stage-counts.ts'

/** Rules whose findings follow each other in the result. Empty: the query is one rule. */
export function branchesOf(plan: Plan): readonly Plan[] {
  const last = plan.out.stages.at(-1)
  if (last?.kind !== 'union') return []
  const rules: readonly Relation[] = [{ from: plan.out.from, stages: plan.out.stages.slice(0, -1) }, ...last.others]
  return rules.map((out) => ({ lets: plan.lets, out }))
}

export interface Branches {
  readonly compiled: Compiled
  readonly branches: readonly Plan[]
  readonly run: RunResult
  readonly view: AppliedView | undefined
  readonly files: readonly Recognised[]
  readonly availableFields: readonly string[]
}

/** Of more quiet rules only those are explained that can never fire. */
const MOST_QUIET = 20

export async function explainBranches(
  { compiled, branches, run, view, files, availableFields }: Branches,
  options: RunOptions,
): Promise<Diagnostic[]> {
  const outside = outsideInterval(run)
  if (outside.length > 0 || run.files.every((f) => f.stats.events === 0))
    return outside.length > 0
      ? outside
      : explainEmpty({ compiled, plan: branches[0] as Plan, run, counted: undefined }, options)
  const all = branches.flatMap((plan) => {
    const { from } = plan.out
    const leading = leadingFilters(plan)
    if (from.kind !== 'source' || leading.length === 0) return []
    return [{ plan, leading, specs: profilesOfFilters({ ...from, rest: false }, leading) }]
  })
  const { ok, profiles } = await runPlan(NOTHING, { ...options, profiles: all.flatMap((b) => b.specs) })
  if (!ok) return []
  const starts = all.map((_, i) => all.slice(0, i).reduce((n, b) => n + b.specs.length, 0))
  const counted = all.map((b, i) => {
    const from = starts[i] as number
    return { ...b, profiles: profiles.slice(from, from + b.specs.length) }
  })
  const quiet = counted.filter((b) => b.profiles.at(-1)?.events === 0)
  const diagnostics: Diagnostic[] = []
  for (const b of counted) {
    const isQuiet = quiet.includes(b)
    const profile = b.profiles.findLast((p) => p.events > 0)
    const own: Compiled = { ...compiled, plan: b.plan }
    if (profile)
      diagnostics.push(...absentFields({ compiled: own, view, files, availableFields, profile, passedAll: !isQuiet }))
    if (!isQuiet || quiet.length > MOST_QUIET) continue
    const steps = b.leading.map(
      (f, i): QueryStep => ({
        text: stageText(compiled.source, f.stage),
        start: f.stage.at?.start ?? 0,
        rowsIn: b.profiles[i]?.events ?? 0,
        rowsOut: b.profiles[i + 1]?.events ?? 0,
      }),
    )
    const own2 = { compiled, plan: b.plan, run, counted: { steps, leading: b.leading, profiles: b.profiles } }
    diagnostics.push(...(await explainEmpty(own2, options)))
  }
  return diagnostics
}
