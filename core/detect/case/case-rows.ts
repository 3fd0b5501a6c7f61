// The rows of a case's telemetry for a source of a plan.
import { binder } from '../../eval/bind.ts'
import type { Env, Row, SourceNode } from '../../plan/plan.ts'
import { printPlan } from '../../plan/print.ts'
import type { ReadEvents } from './read-events.ts'

/** Sources whose rows are kept: more than a query with all its rules has. */
const MOST_KEPT = 50

/** The mutants of a query ask a case for the same columns hundreds of times, so the rows of the last sources are kept. */
export function caseRows(telemetry: readonly ReadEvents[], env: Env): (source: SourceNode) => Row[] {
  const kept = new Map<string, Row[]>()
  return (source) => {
    const key = keyOf(source)
    const rows = kept.get(key) ?? rowsOf(source, telemetry, env)
    kept.delete(key)
    kept.set(key, rows)
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value as string)
    return rows
  }
}

const keys = new WeakMap<SourceNode, string>()

/** Equal for sources with the same rows. The filter of a source is not applied here. */
function keyOf(source: SourceNode): string {
  const known = keys.get(source)
  if (known !== undefined) return known
  const from: SourceNode = { ...source, where: { kind: 'true' } }
  const key = `${source.unparsed ? 'unparsed ' : ''}${printPlan({ lets: [], out: { from, stages: [] } })}`
  keys.set(source, key)
  return key
}

function rowsOf(source: SourceNode, telemetry: readonly ReadEvents[], env: Env): Row[] {
  return telemetry.flatMap(({ format, events, unparsed, tags }) => {
    if (!format) return []
    const { row } = binder(source, format.aliases, tags)
    const records = source.unparsed ? [...events, ...unparsed].sort((a, b) => Number(a.meta.seq - b.meta.seq)) : events
    return records
      .filter(
        ({ event: { time } }) =>
          source.interval === 'all' || time === undefined || (time >= env.start && time < env.end),
      )
      .map(({ event, meta }) => row(event, meta))
  })
}
