// What formats made of JSON objects have in common.
import type { Event, FormatContext, Reader } from '../../format.ts'
import { type JsonRecord, readJson } from './read.ts'

/** How a format tells the time of an event, in microseconds. */
export type TimeOf = (fields: ReadonlyMap<string, string>, context: FormatContext) => bigint | undefined

export function jsonReader(context: FormatContext, timeOf: TimeOf): Reader {
  return {
    read: (record) => {
      const json = readJson(record)
      if ('bad' in json) return record.trim() === '' ? { skip: 'blank' } : json
      return new JsonEvent(json, timeOf, context)
    },
  }
}

/** The time is worked out when somebody asks for it: events that a filter drops first are most of them. */
class JsonEvent implements Event {
  readonly fields: ReadonlyMap<string, string>
  readonly notes?: readonly string[]
  readonly #timeOf: TimeOf
  readonly #context: FormatContext
  #time: bigint | undefined
  #known = false

  constructor(json: JsonRecord, timeOf: TimeOf, context: FormatContext) {
    this.fields = json.fields
    if (json.notes) this.notes = json.notes
    this.#timeOf = timeOf
    this.#context = context
  }

  get time(): bigint | undefined {
    if (!this.#known) {
      this.#time = this.#timeOf(this.fields, this.#context)
      this.#known = true
    }
    return this.#time
  }
}
