// Fields of one event of a group. An absent value is marked; otherwise the aggregate would take the value of another event.
import { call, col, iff, lit, present, test, TRUE } from '../../../../plan/build.ts'
import type { AggCall, Consts, Expr, Pred, Ty } from '../../../../plan/plan.ts'
import type { Flow } from '../flow.ts'
import { toStr } from '../../../shared/convert.ts'
import { choose } from '../values.ts'

interface SelectedField {
  readonly call: AggCall
  /** The value, after the grouping. */
  readonly value: Expr
}

/** The value that the event with the extreme key has; absent if that event lacks it. Events without a key do not count. */
export function selectField(
  id: string,
  prim: 'agg.argMax' | 'agg.argMin',
  value: Expr,
  key: Expr,
  seq: Expr,
): SelectedField {
  const marked = call('str.concat', 'str', [choose(present(value), lit('=', 'str'), lit('-', 'str')), toStr(value)])
  const found = col(id, 'str')
  return {
    call: { id, prim, args: [marked, key, seq], consts: {}, where: TRUE, ty: 'str' },
    value: iff(
      test('str.startsWith', [found, lit('=', 'str')]),
      call('str.substring', 'str', [found, lit(1n, 'int'), lit(null, 'int')]),
      lit(null, 'str'),
    ),
  }
}

export const aggCall = (
  id: string,
  prim: string,
  ty: Ty,
  args: readonly Expr[],
  consts: Consts = {},
  where: Pred = TRUE,
): AggCall => ({
  id,
  prim,
  ty,
  args,
  consts,
  where,
})

/** The value of a key as a text that is never absent: an absent key forms a group, but a join never takes absent for equal to absent. */
export const groupMark = (e: Expr): Expr =>
  choose(present(e), call('str.concat', 'str', [lit('=', 'str'), toStr(e)]), lit('', 'str'))

/** The sort key for events with the same time. */
export function laterOf(flow: Flow): Expr {
  const seq = flow.seq()
  if (flow.lowering.choice('select-last-time') !== 'earlier' || seq.kind === 'lit') return seq
  return call('int.sub', 'int', [lit(0n, 'int'), seq])
}
