// Equal parts of the interval of a search.
import { call, lit } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import type { Flow } from './flow.ts'

export const INTERVAL = (['start', 'end'] as const).map((name) =>
  call('time.toInt', 'int', [{ kind: 'env', name, ty: 'time' }]),
) as [Expr, Expr]

/** The start of a part: start + index · (end - start) / buckets, in milliseconds. */
export function bucketStart(f: Flow, index: Expr, buckets: bigint): Expr {
  const [start, end] = INTERVAL
  const step = (e: Expr): Expr => f.setHidden('part', e)
  const range = step(call('int.sub', 'int', [end, start]))
  const scaled = step(call('int.mul', 'int', [index, range]))
  const after = step(call('int.div', 'int', [scaled, lit(buckets, 'int')]))
  const at = step(call('int.add', 'int', [start, after]))
  return call('time.toMillis', 'int', [call('time.fromInt', 'time', [at])])
}
