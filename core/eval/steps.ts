// For `explain`: the rows that each stage let through, and the test that an event failed.
import type { Env, Plan, Pred, Row, SourceNode, Stage, Value } from '../plan/plan.ts'
import { conjuncts } from '../plan/build.ts'
import { REST } from '../plan/plan.ts'
import { columnsOfPred } from '../plan/walk.ts'
import { compilePred, tupleScope } from './compile.ts'
import { evaluate, tuplesOf } from './evaluate.ts'
import { compileStage, newContext } from './relation.ts'
import { isRowStage } from './row-stages.ts'
import { type CompiledStage, type Layout, layoutOf, type Tuple } from './sink.ts'

interface Step {
  readonly path: string
  readonly stage: Stage
  readonly rowsIn: number
  readonly rowsOut: number
}

/** Row counts of the stages of all relations, inner relations before the stage that uses them. */
export function stepCounts(plan: Plan, tables: (source: SourceNode) => Iterable<Row>, env: Env): Step[] {
  const steps: Step[] = []
  evaluate(plan, tables, env, {
    stage: (path, stage, rowsIn, rowsOut) => steps.push({ path, stage, rowsIn, rowsOut }),
  })
  return steps
}

/** The outcome of one event in the outer relation, up to the first stage that sees more than one row. */
export type EventOutcome =
  | {
      readonly kind: 'out'
      readonly path: string
      readonly stage: Stage | null
      readonly because: readonly FailedTest[]
    }
  /** It passed all row stages: up to the end, or up to the stage at `path`, which sees more than one row. */
  | { readonly kind: 'in'; readonly path: string | null }

/** A conjunct that was false, with the values that it read. No predicate: a join dropped the row. */
interface FailedTest {
  readonly pred: Pred | null
  readonly values: Readonly<Record<string, Value>>
}

/**
 * The outcome of each event of the outer relation's source, in order. Use the plan as lowered, so that stages have their places in
 * the text. Empty if the outer relation reads a let.
 */
export function eventOutcomes(
  plan: Plan,
  events: Iterable<Row>,
  tables: (source: SourceNode) => Iterable<Row>,
  env: Env,
): EventOutcome[] {
  const { from, stages } = plan.out
  if (from.kind !== 'source') return []
  const context = newContext({
    env,
    lets: plan.lets,
    tables: (source) => tuplesOf(source, tables(source)),
    hooks: undefined,
  })
  const start = layoutOf([...from.columns.map((c) => c.id), ...(from.rest ? [REST] : [])])
  const links: StageCheck[] = [filterLink(from.where, null, start, 'out.source', env)]
  let layout = start
  let end: string | null = null
  for (const [i, stage] of stages.entries()) {
    const path = `out.${i}`
    if (!seesOneRow(stage)) {
      end = path
      break
    }
    const compiled = compileStage(stage, layout, context, path)
    links.push(
      stage.kind === 'filter' ? filterLink(stage.where, stage, layout, path, env) : stageLink(stage, compiled, path),
    )
    layout = compiled.layout
  }
  const out: EventOutcome[] = []
  for (const row of tuplesOf(from, events)) out.push(outcomeOf(row, links, end))
  return out
}

const seesOneRow = (s: Stage): boolean => isRowStage(s) || s.kind === 'join'

interface StageCheck {
  readonly path: string
  readonly stage: Stage | null
  pass(rows: readonly Tuple[]): Tuple[]
  why(row: Tuple): FailedTest[]
}

function outcomeOf(row: Tuple, links: readonly StageCheck[], end: string | null): EventOutcome {
  let rows: Tuple[] = [row]
  for (const link of links) {
    const passed = link.pass(rows)
    if (passed.length === 0) return { kind: 'out', path: link.path, stage: link.stage, because: rows.flatMap(link.why) }
    rows = passed
  }
  return { kind: 'in', path: end }
}

function filterLink(where: Pred, stage: Stage | null, layout: Layout, path: string, env: Env): StageCheck {
  const scope = tupleScope(layout)
  const parts = conjuncts(where).map((pred) => ({
    pred,
    holds: compilePred(pred, scope, env),
    columns: [...columnsOfPred(pred)].map((id) => [id, scope(id, 'str')] as const),
  }))
  return {
    path,
    stage,
    pass: (rows) => rows.filter((row) => parts.every((p) => p.holds(row))),
    why: (row) =>
      parts
        .filter((p) => !p.holds(row))
        .map(({ pred, columns }) => ({
          pred,
          values: Object.fromEntries(columns.map(([id, read]) => [id, read(row)])),
        })),
  }
}

function stageLink(stage: Stage, compiled: CompiledStage, path: string): StageCheck {
  return {
    path,
    stage,
    pass: (rows) => {
      const out: Tuple[] = []
      const sink = compiled.sink({ push: (row) => out.push(row), end: () => {} })
      for (const row of rows) sink.push(row)
      sink.end()
      return out
    },
    why: () => [{ pred: null, values: {} }],
  }
}
