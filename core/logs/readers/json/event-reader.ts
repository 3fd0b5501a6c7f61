// Events of JSON objects.
import type { Event, FormatContext, Reader } from '../../format.ts'
import type { JsonRecord } from './json-record.ts'
import { readJson } from './read.ts'

/** The time of an event, in microseconds since 1970 UTC. */
export type TimeOf = (fields: ReadonlyMap<string, string>, context: FormatContext) => bigint | undefined

export function jsonReader(context: FormatContext, timeOf: TimeOf): Reader {
  return {
    read: (record) => {
      const json = readJson(record)
      if ('bad' in json) return record.trim() === '' ? { skip: 'blank' } : json
      return new JsonEvent(json, timeOf, context)
    },
    object: (fields) => new JsonEvent({ fields }, timeOf, context),
  }
}

/** The time is computed when first read: a filter drops most events before that. */
class JsonEvent implements Event {
  readonly fields: ReadonlyMap<string, string>
  readonly notes?: readonly string[]
  readonly #timeOf: TimeOf
  readonly #context: FormatContext
  #time: bigint | undefined
  #isTimed = false

  constructor(json: JsonRecord, timeOf: TimeOf, context: FormatContext) {
    this.fields = json.fields
    if (json.notes) this.notes = json.notes
    this.#timeOf = timeOf
    this.#context = context
  }

  get time(): bigint | undefined {
    if (!this.#isTimed) {
      this.#time = this.#timeOf(this.fields, this.#context)
      this.#isTimed = true
    }
    return this.#time
  }
}
