// Interval and clock of a run.
import type { IntervalEnds } from '../../core/logs/view.ts'
import type { Plan } from '../../core/plan/plan.ts'
import { visitRelation } from '../../core/plan/walk.ts'
import type { Env } from '../../core/plan/plan.ts'
import type { Bounds } from '../scan/bounds.ts'

/** Microseconds UTC; durations in microseconds. */
export interface IntervalSpec {
  /** Inclusive. */
  readonly from?: bigint
  /** Exclusive. */
  readonly to?: bigint
  /** Duration that ends at `to`, or at now. */
  readonly last?: bigint
  /** Default: the newest event's time. */
  readonly now?: bigint
}

/** The ends of the interval that the options set. */
export const endsOf = ({ from, to, last }: IntervalSpec): IntervalEnds => ({
  start: from !== undefined || last !== undefined,
  end: to !== undefined || last !== undefined,
})

const EARLIEST = -(2n ** 63n)
const LATEST = 2n ** 63n - 1n

/** True if interval or clock depend on the times of all events. */
export function needsSpan(plan: Plan, spec: IntervalSpec): boolean {
  if (spec.last !== undefined && spec.to === undefined && spec.now === undefined) return true
  const read = new Set<string>()
  const look = { expr: (e: { kind: string; name?: string }) => void (e.kind === 'env' && e.name && read.add(e.name)) }
  for (const l of plan.lets) visitRelation(l.rel, look)
  visitRelation(plan.out, look)
  const start = spec.from ?? spec.last
  return (
    (read.has('now') && spec.now === undefined) ||
    (read.has('end') && spec.to === undefined && spec.now === undefined) ||
    (read.has('start') && start === undefined)
  )
}

/** `span`: first and last time of the telemetry, if a scan found them. An interval that ends at the newest event includes it. */
export function resolveEnv(
  spec: IntervalSpec,
  zone: string,
  span: { readonly first: bigint; readonly last: bigint } | null,
): { env: Env; bounds: Bounds } {
  const now = spec.now ?? span?.last ?? spec.to ?? 0n
  const newest = span === null ? undefined : span.last + 1n
  const end = spec.to ?? (spec.last === undefined ? undefined : (spec.now ?? newest ?? now))
  const start = spec.from ?? (spec.last === undefined || end === undefined ? undefined : end - spec.last)
  const bounds = start === undefined && end === undefined ? null : { start: start ?? EARLIEST, end: end ?? LATEST }
  const env = { now, start: start ?? span?.first ?? EARLIEST, end: end ?? newest ?? LATEST, zone }
  return { env, bounds }
}
