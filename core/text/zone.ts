// Time zones: one place that turns wall clocks into instants. Intl knows the zones, in Node and in every browser.

const MINUTE = 60_000
const formats = new Map<string, Intl.DateTimeFormat | undefined>()
const offsets = new Map<string, number>()

/** Minutes east of UTC of `UTC`, `Z`, `+02:00`, `-0530`; undefined for anything else. */
export function fixedOffset(zone: string): number | undefined {
  if (/^(utc|gmt|z)$/i.test(zone)) return 0
  const m = /^(?:utc|gmt)?([+-])(\d{1,2}):?(\d{2})?$/i.exec(zone)
  if (!m) return undefined
  const minutes = Number(m[2]) * 60 + Number(m[3] ?? 0)
  return minutes > 18 * 60 ? undefined : m[1] === '-' ? -minutes : minutes
}

function formatFor(zone: string): Intl.DateTimeFormat | undefined {
  if (!formats.has(zone)) {
    let made: Intl.DateTimeFormat | undefined
    try {
      made = new Intl.DateTimeFormat('en-US', {
        timeZone: zone,
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
        era: 'short',
      })
    } catch {
      made = undefined
    }
    formats.set(zone, made)
  }
  return formats.get(zone)
}

export const isZone = (zone: string): boolean => fixedOffset(zone) !== undefined || formatFor(zone) !== undefined

/** Minutes east of UTC that a zone keeps at an instant (milliseconds since 1970 UTC). An unknown zone counts as UTC. */
export function offsetAt(zone: string, ms: number): number {
  const fixed = fixedOffset(zone)
  if (fixed !== undefined) return fixed
  const format = formatFor(zone)
  if (!format || !Number.isFinite(ms) || Math.abs(ms) > 8.64e15) return 0
  // Since 1900 every zone has changed its offset at a full quarter of an hour of UTC, so the table needs no finer steps.
  const slot = Math.floor(ms / (15 * MINUTE))
  const key = `${zone} ${slot}`
  let offset = offsets.get(key)
  if (offset === undefined) {
    const at = slot * 15 * MINUTE
    const part = Object.fromEntries(format.formatToParts(at).map((p) => [p.type, p.value]))
    const year = part['era'] === 'BC' ? 1 - Number(part['year']) : Number(part['year'])
    const wall = new Date(0)
    wall.setUTCFullYear(year, Number(part['month']) - 1, Number(part['day']))
    wall.setUTCHours(Number(part['hour']), Number(part['minute']), Number(part['second']))
    offset = Math.round((wall.getTime() - at) / MINUTE)
    if (offsets.size > 100_000) offsets.clear()
    offsets.set(key, offset)
  }
  return offset
}

/**
 * The instant (ms) of a wall clock in a zone, given as if it were UTC milliseconds.
 * For a time that a spring change skips, the offset before the change applies. Of a time that an autumn change repeats, the first counts.
 */
export function wallToUtc(zone: string, wallMs: number): number {
  const before = offsetAt(zone, wallMs - 24 * 60 * MINUTE)
  const first = wallMs - before * MINUTE
  if (offsetAt(zone, first) === before) return first
  const second = wallMs - offsetAt(zone, first) * MINUTE
  return offsetAt(zone, second) === offsetAt(zone, first) ? second : first
}
