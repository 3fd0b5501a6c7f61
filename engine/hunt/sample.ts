// The first events of the logs, by which the rarest text of each rule is chosen.
import { GramCounts } from '../../core/hunt/grams.ts'
import { formatOf } from '../inputs/format-of.ts'
import type { Recognised } from '../inputs/input.ts'

const MOST_SAMPLED = 60

/** Grams of the values at the heads of the files. */
export function sampled(files: readonly Recognised[]): { counts: GramCounts; events: number } {
  const counts = new GramCounts()
  let events = 0
  // Many files of one kind tell no more than some.
  const step = Math.max(1, Math.ceil(files.length / 40))
  for (let i = 0; i < files.length; i += step) {
    const file = files[i] as Recognised
    const format = formatOf(file)
    if (!format || format.split) continue
    const reader = format.reader({ zone: 'UTC', year: 1970 }, file.head)
    for (const line of file.head.slice(0, MOST_SAMPLED)) {
      const event = reader.read(line)
      if (!('fields' in event)) continue
      events++
      for (const value of event.fields.values()) counts.add(value.slice(0, 2000))
    }
  }
  return { counts, events }
}
