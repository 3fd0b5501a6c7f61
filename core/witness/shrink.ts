// Less telemetry that still shows what the whole does: fewer events, then fewer fields, then plainer texts.
import type { Event } from '../logs/format.ts'
import type { Telemetry } from './telemetry.ts'

const MOST = 400

export function shrink(telemetry: Telemetry, shows: (t: Telemetry) => boolean): Telemetry {
  let left = MOST
  const test = (t: Telemetry): boolean => left-- > 0 && shows(t)
  let best = telemetry
  // Halves, quarters, … then one event after the other.
  for (let size = best.events.length >> 1; size >= 1 && left > 0; size >>= 1)
    for (let at = 0; at < best.events.length && best.events.length > 1; ) {
      const events = [...best.events.slice(0, at), ...best.events.slice(at + size)]
      if (events.length > 0 && test({ ...best, events })) best = { ...best, events }
      else at += size
    }
  for (let i = 0; i < best.events.length && left > 0; i++) {
    const event = best.events[i] as Event
    for (const name of event.fields.keys()) {
      const fields = new Map((best.events[i] as Event).fields)
      fields.delete(name)
      const events = best.events.with(i, { ...(best.events[i] as Event), fields })
      if (test({ ...best, events })) best = { ...best, events }
    }
  }
  for (const [file, rows] of Object.entries(best.lookups))
    for (let i = 0; i < rows.length && left > 0; i++)
      for (const name of Object.keys(rows[i] ?? {})) {
        const now = best.lookups[file] ?? []
        const { [name]: _, ...others } = now[i] ?? {}
        const lookups = { ...best.lookups, [file]: now.with(i, others) }
        if (test({ ...best, lookups })) best = { ...best, lookups }
      }
  return best
}
