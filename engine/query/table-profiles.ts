// Events and fields behind each filter, counted by the engine that holds the tables.
import { col } from '../../core/plan/build.ts'
import type { AggCall, Pred, SourceNode, Stage } from '../../core/plan/plan.ts'
import { columnsOfPred } from '../../core/plan/walk.ts'
import type { RunOptions } from '../execute/run-options.ts'
import { runPlan } from '../execute/run-plan.ts'
import type { Profile, ProfileSpec } from '../scan/scan-protocol.ts'

/** Counted where the tables are: pulling five million rows to count them takes longer than the query did. Undefined: a run failed. */
export async function profilesInTables(
  specs: readonly ProfileSpec[],
  options: RunOptions,
): Promise<Profile[] | undefined> {
  const profiles: Profile[] = []
  for (const { source, where, fields } of specs) {
    const columns = source.columns.filter((c) => c.from.kind === 'field' && fields.includes(c.from.name))
    const count = (id: string, of: Pred): AggCall => ({
      id,
      prim: 'agg.count',
      args: [],
      consts: {},
      where: of,
      ty: 'int',
    })
    const aggs = [
      count('events', { kind: 'true' }),
      ...columns.map((c, i) => count(`field${i}`, { kind: 'present', expr: col(c.id, c.ty) })),
    ]
    const read = columnsOfPred(where)
    const from = { ...source, where, columns: source.columns.filter((c) => read.has(c.id) || columns.includes(c)) }
    const stages: Stage[] = [{ kind: 'aggregate', keys: [], nullKeys: 'drop', aggs, limit: null }]
    const run = await runPlan({ lets: [], out: { from, stages } }, { ...options, engine: 'auto' })
    if (!run.ok) return undefined
    const [row = {}] = run.rows
    const events = Number(row['events'] ?? 0)
    const counted = columns.map((c, i) => [nameOf(c), Number(row[`field${i}`] ?? 0)] as const)
    // Which events have a list is not counted: any may.
    const lists = fields.filter((f) => f.endsWith('[]')).map((f) => [f, events] as const)
    profiles.push({ events, fields: new Map([...counted, ...lists]), values: new Map() })
    if (events === 0) {
      const nothing: Profile = { events: 0, fields: new Map(), values: new Map() }
      return [...profiles, ...specs.slice(profiles.length).map(() => nothing)]
    }
  }
  return profiles
}

const nameOf = ({ id, from }: SourceNode['columns'][number]): string => (from.kind === 'field' ? from.name : id)
