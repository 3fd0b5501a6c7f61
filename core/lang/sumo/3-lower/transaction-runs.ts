// Transactions that end before the rows of their key do.
import { and, call, col, iff, lit, test, TRUE } from '../../../plan/build.ts'
import type { AggCall, Expr, Pred } from '../../../plan/plan.ts'
import type { Edge, RunLimits } from '../2-parse/transaction-limits.ts'
import type { Flow } from './flow.ts'

export const isCut = (limits: RunLimits): boolean => Object.keys(limits).length > 0

/** The number of the run of each row of a key, and whether the run has the edges that are asked for. */
export function cutIntoRuns(
  f: Flow,
  key: Expr,
  position: Expr,
  limits: RunLimits,
): { readonly run: Expr; readonly whole: Pred } {
  const flag = (edge: Edge | undefined): Expr =>
    f.setHidden(
      'edge',
      edge
        ? iff(
            test('str.glob', [f.raw], { pattern: `*${edge.text}*`, ignoreCase: false }),
            lit(1n, 'int'),
            lit(0n, 'int'),
          )
        : lit(0n, 'int'),
    )
  const [begins, ends] = [flag(limits.startsWith), flag(limits.endsWith)]
  const time = f.messages ? call('time.toInt', 'int', [f.time]) : position
  const micros = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms * 1000)
  const consts = { maxSpan: micros(limits.maxSpan), maxPause: micros(limits.maxPause), maxRows: limits.maxLogs }
  const run: AggCall = {
    id: f.lowering.hiddenId('run'),
    prim: 'win.run',
    args: [time, begins, ends],
    consts: Object.fromEntries(Object.entries(consts).flatMap(([n, v]) => (v === undefined ? [] : [[n, v]]))),
    where: TRUE,
    ty: 'int',
  }
  const order = [{ expr: position, dir: 'asc', nulls: 'last' } as const]
  f.push({
    kind: 'window',
    partition: [key],
    order,
    columns: [{ ...run, frame: { before: null, after: 0 } }],
  })
  const of = col(run.id, 'int')
  return {
    run: of,
    whole: and(edgeOf(f, key, of, limits.startsWith, begins), edgeOf(f, key, of, limits.endsWith, ends)),
  }
}

/** A row that begins a run is its first, and one that ends it is its last: so a run with such a row has the edge. */
function edgeOf(f: Flow, key: Expr, run: Expr, edge: Edge | undefined, flag: Expr): Pred {
  if (!edge?.strict) return TRUE
  const most: AggCall = {
    id: f.lowering.hiddenId('edge'),
    prim: 'agg.maxInt',
    args: [flag],
    consts: {},
    where: TRUE,
    ty: 'int',
  }
  f.push({
    kind: 'window',
    partition: [key, run],
    order: [],
    columns: [{ ...most, frame: { before: null, after: null } }],
  })
  return test('int.eq', [col(most.id, 'int'), lit(1n, 'int')])
}
