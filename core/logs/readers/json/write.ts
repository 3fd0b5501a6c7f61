// An event as a line of JSON that `read.ts` gives back.
import type { Event } from '../../format.ts'

const isoTime = (micros: bigint): string => {
  const text = new Date(Number(micros / 1000n)).toISOString()
  const rest = Number(((micros % 1000n) + 1000n) % 1000n)
  return rest === 0 ? text : text.replace('Z', `${String(rest).padStart(3, '0')}Z`)
}

/** Its time as `@timestamp`, the message where it has one of its own as `_raw`, and its fields under flat names. */
export function jsonLine({ fields, time, raw }: Event): string {
  return JSON.stringify({
    ...(time !== undefined && { '@timestamp': isoTime(time) }),
    ...(raw !== undefined && { _raw: raw }),
    ...Object.fromEntries(fields),
  })
}
export const jsonLines = (events: readonly Event[]): string => events.map((e) => `${jsonLine(e)}\n`).join('')
