// Telemetry for counts in windows of time, made of events that each rule finds: at the bound and one below it, at the edge of the window and
// one microsecond behind it, in two groups, without the group's field, with one value, and in other orders.
import type { Event } from '../logs/format.ts'
import { BASE_TIME } from './assignment.ts'
import type { Telemetry } from './telemetry.ts'

export interface WindowSpec {
  /** Events that each rule finds, and events that just miss it. */
  readonly rules: readonly { readonly found: Event; readonly missed: readonly Event[] }[]
  /** `groupBy[i]`: the names of the group's value in each rule. */
  readonly groupBy: readonly (readonly string[])[]
  /** Microseconds. */
  readonly span: bigint
  /** Events, distinct values or rules at which the bound is met. */
  readonly needed: number
  /** Fields whose values are counted, in the first rule. */
  readonly counted: readonly string[]
  /** The value of the counted field of an event, by its place; undefined: values differ. */
  readonly value: ((place: number) => string) | undefined
  /** The rules themselves are counted, or their order. */
  readonly isOfRules: boolean
}

interface Place {
  readonly rule: number
  /** Microseconds after the first event. */
  readonly after: bigint
  readonly key?: string | null
  readonly value?: string
  readonly event?: Event
}

const MOST = 600

export function windowTelemetry(spec: WindowSpec): Telemetry[] {
  const { span, rules } = spec
  const count = spec.isOfRules ? rules.length : spec.needed
  if (count < 1 || count > MOST) return []
  const rule = (i: number): number => i % rules.length
  const step = span / BigInt(Math.max(2, count * 2))
  const spread = (n: number, last?: bigint): Place[] =>
    [...Array(n).keys()].map((i) => ({
      rule: rule(i),
      after: i === n - 1 && last !== undefined ? last : BigInt(i) * step,
    }))
  const all = spread(count)
  const out: Place[][] = [
    all,
    all.slice(0, -1),
    all.slice(1),
    spread(count, span),
    spread(count, span + 1n),
    all.map((p, i) => (i === count - 1 ? { ...p, key: 'other' } : p)),
    all.map((p, i) => (i === count - 1 ? { ...p, key: null } : p)),
    all.map((p) => ({ ...p, key: null })),
    all.map((p) => ({ ...p, value: 'same' })),
    [...all, ...all.map((p) => ({ ...p, key: 'other', after: p.after + 1n }))],
    spread(count + 1),
    all.toReversed().map((p, i) => ({ ...p, after: BigInt(i) * step })),
    // The same twice: bursts that are apart.
    [...all, ...all.map((p) => ({ ...p, after: p.after + span * 3n }))],
    // Halves on both sides of a gap that is longer than the window.
    all.map((p, i) => (i * 2 < count ? p : { ...p, after: p.after + span })),
    ...rules.flatMap(({ missed }, r) =>
      missed
        .slice(0, 6)
        .map((event) => all.map((p, i) => (p.rule === r && i >= count - rules.length ? { ...p, event } : p))),
    ),
    ...rules.map((_, r) => all.map((p) => ({ ...p, rule: r }))),
    // Nothing to count.
    ...rules.flatMap(({ missed }, rule) => missed.slice(0, 1).map((event) => [{ rule, after: 0n, event }])),
  ]
  return out.filter((places) => places.length > 0).map((places) => ({ events: eventsOf(places, spec), lookups: {} }))
}

function eventsOf(places: readonly Place[], spec: WindowSpec): Event[] {
  // Within one slice of the clock for any usual window.
  const start = BASE_TIME + 1_000_000n
  return places
    .map((p, i) => {
      const event = p.event ?? (spec.rules[p.rule] as WindowSpec['rules'][number]).found
      const fields = new Map(event.fields)
      for (const names of spec.groupBy) {
        const name = names[p.rule] ?? names[0]
        if (name === undefined) continue
        if (p.key === null) fields.delete(name)
        else fields.set(name, p.key ?? 'g1')
      }
      for (const name of spec.counted) fields.set(name, p.value ?? spec.value?.(i) ?? `v${i}`)
      return { ...event, fields, time: start + p.after }
    })
    .sort((a, b) => Number(a.time - b.time))
}
