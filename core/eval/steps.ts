// For `explain`: how many rows each stage let through, and why an event fell out.
import type { Env, Plan, Pred, Row, SourceNode, Stage, Value } from '../plan/plan.ts'
import { REST } from '../plan/plan.ts'
import { columnsOfPred } from '../plan/walk.ts'
import { compilePred, tupleScope } from './compile.ts'
import { evaluate, tuplesOf } from './evaluate.ts'
import { compileStage, newContext } from './relation.ts'
import { isRowStage } from './row-stages.ts'
import { type CompiledStage, type Layout, layoutOf, type Tuple } from './sink.ts'

export interface Step {
  readonly path: string
  readonly stage: Stage
  readonly rowsIn: number
  readonly rowsOut: number
}

/** Stages of all relations in the order in which they were through: inner ones before the stage that uses them. */
export function stepCounts(plan: Plan, tables: (source: SourceNode) => Iterable<Row>, env: Env): Step[] {
  const steps: Step[] = []
  evaluate(plan, tables, env, {
    stage: (path, stage, rowsIn, rowsOut) => steps.push({ path, stage, rowsIn, rowsOut }),
  })
  return steps
}

/** What became of one event in the outer relation, up to the first stage that sees more than one row. */
export type Fate =
  | { readonly kind: 'out'; readonly path: string; readonly stage: Stage | null; readonly because: readonly Failed[] }
  /** It came through all row stages: to the end, or to the stage at `path` that mixes rows. */
  | { readonly kind: 'in'; readonly path: string | null }

/** A conjunct that was false and the values it looked at; no predicate: a join found (or, `anti`, did find) a partner. */
export interface Failed {
  readonly pred: Pred | null
  readonly values: Readonly<Record<string, Value>>
}

/**
 * The fate of each event of the outer relation's source, in order. Use the plan as it was lowered, so that stages have their places in
 * the text. A plan whose outer relation reads a let has no fates.
 */
export function fates(
  plan: Plan,
  events: Iterable<Row>,
  tables: (source: SourceNode) => Iterable<Row>,
  env: Env,
): Fate[] {
  const { from, stages } = plan.out
  if (from.kind !== 'source') return []
  const context = newContext({
    env,
    lets: plan.lets,
    tables: (source) => tuplesOf(source, tables(source)),
    hooks: undefined,
  })
  const start = layoutOf([...from.columns.map((c) => c.id), ...(from.rest ? [REST] : [])])
  const links: Link[] = [filterLink(from.where, null, start, 'out.source', env)]
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
  const out: Fate[] = []
  for (const row of tuplesOf(from, events)) out.push(fateOf(row, links, end))
  return out
}

const seesOneRow = (s: Stage): boolean => isRowStage(s) || s.kind === 'join'

interface Link {
  readonly path: string
  readonly stage: Stage | null
  pass(rows: readonly Tuple[]): Tuple[]
  why(row: Tuple): Failed[]
}

function fateOf(row: Tuple, links: readonly Link[], end: string | null): Fate {
  let rows: Tuple[] = [row]
  for (const link of links) {
    const passed = link.pass(rows)
    if (passed.length === 0) return { kind: 'out', path: link.path, stage: link.stage, because: rows.flatMap(link.why) }
    rows = passed
  }
  return { kind: 'in', path: end }
}

function filterLink(where: Pred, stage: Stage | null, layout: Layout, path: string, env: Env): Link {
  const scope = tupleScope(layout)
  const parts = (where.kind === 'and' ? where.of : [where]).map((pred) => ({
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

function stageLink(stage: Stage, compiled: CompiledStage, path: string): Link {
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
