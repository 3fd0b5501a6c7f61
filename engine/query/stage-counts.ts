// How many events go into and come out of each step of a text.
import { and } from '../../core/plan/build.ts'
import type { Plan, Pred, SourceNode, Stage } from '../../core/plan/plan.ts'
import { fieldsRead } from '../../core/workbench/absent-field-checks.ts'
import type { Compiled } from '../../core/workbench/compile.ts'
import type { Profile, ProfileSpec } from '../scan/scan-protocol.ts'
import { columnsOfPred } from '../../core/plan/walk.ts'
import { type RunOptions, runPlan } from '../execute/run-plan.ts'

export interface QueryStep {
  /** The text of the step. */
  readonly text: string
  /** Offset of the step in the query. */
  readonly start: number
  readonly rowsIn: number
  readonly rowsOut: number
}

export interface Leading {
  readonly stage: Stage
  /** This filter and those before it. */
  readonly where: Pred
  readonly own: Pred
}

export interface Steps {
  readonly steps: readonly QueryStep[]
  readonly leading: readonly Leading[]
  /** Fields on the events before the first filter and behind each. */
  readonly profiles: readonly Profile[]
}

/** The filters with which the pipeline starts: the scan counts what each lets through, without holding an event. */
export function leadingFilters(plan: Plan): Leading[] {
  const found: Leading[] = []
  for (const stage of plan.out.stages) {
    if (stage.kind !== 'filter') break
    const before = found.at(-1)?.where
    found.push({ stage, where: before ? and(before, stage.where) : stage.where, own: stage.where })
  }
  return found
}

/** The leading filters are counted by a scan of everything, the rest over what they let through. */
export async function countSteps(
  compiled: Compiled,
  plan: Plan,
  ready: Plan,
  options: RunOptions,
): Promise<Steps | undefined> {
  const { from } = plan.out
  if (from.kind !== 'source') return undefined
  const { source } = compiled
  const leading = leadingFilters(plan)
  const whole: SourceNode = { ...from, rest: false }
  const fields = fieldsRead(whole)
  // What looks at tags only is counted without reading a line; where that does not tell which fields its events have, that is seen when
  // nothing else came through.
  const profiles = [{ kind: 'true' } as const, ...leading.map((f) => f.where)].map(
    (where, i): ProfileSpec =>
      readsTagsOnly(whole, where)
        ? { source: whole, where, fields, whether: true, spare: true }
        : { source: whole, where, fields, whether: true, values: comparedFields(whole, leading[i]).map((f) => f.name) },
  )
  const counted = await runPlan(ready, { ...options, engine: 'auto', profiles, steps: true })
  if (!counted.ok) return undefined
  const seen = counted.profiles.findLastIndex((p) => p.events > 0)
  const spec = profiles[seen]
  const again = spec && counted.profiles[seen]?.spared ? [{ ...spec, spare: false }] : undefined
  const census = again && (await runPlan(NOTHING, { ...options, profiles: again }))
  const textOf = (stage: Stage) => (stage.at ? source.text.slice(stage.at.start, stage.at.end).trim() : stage.kind)
  const first: QueryStep[] = leading.map((f, i) => ({
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
    const rowsIn = byStart.get(stage.at.start)?.rowsIn ?? s.rowsIn
    byStart.set(stage.at.start, { text: textOf(stage), start: stage.at.start, rowsIn, rowsOut: s.rowsOut })
  }
  const last = leading.at(-1)?.stage.at?.start ?? -1
  const rest = [...byStart.values()].filter((s) => s.start > last).sort((a, b) => a.start - b.start)
  const [all] = census?.profiles ?? []
  return {
    steps: [...first, ...rest],
    leading,
    profiles: all ? counted.profiles.with(seen, all) : counted.profiles,
  }
}

const MOST_COMPARED = 2

/** Fields with texts that a filter looks at: if nothing comes through, their values tell why. */
export function comparedFields(source: SourceNode, filter: Leading | undefined): { id: string; name: string }[] {
  const read = columnsOfPred(filter?.own ?? { kind: 'true' })
  return source.columns
    .flatMap(({ id, ty, from }) =>
      read.has(id) && from.kind === 'field' && ty === 'str' ? [{ id, name: from.name }] : [],
    )
    .slice(0, MOST_COMPARED)
}

/** Names of metadata begin so; where the events lack them, they are tags. */
function readsTagsOnly(source: SourceNode, where: Pred): boolean {
  const read = columnsOfPred(where)
  return source.columns.every((c) => !read.has(c.id) || (c.from.kind === 'field' && /^[_#]/.test(c.from.name)))
}

/** A plan that asks for no event. */
const NOTHING: Plan = {
  lets: [],
  out: {
    from: { kind: 'source', name: 'events', columns: [], rest: false, interval: 'query', where: { kind: 'false' } },
    stages: [],
  },
}
