// JSON records about connections.
import type { FormatContext, Reader } from '../format.ts'
import { LazyEvent, LazyFields } from '../readers/fields.ts'
import { readJson } from '../readers/json/read.ts'
import type { TimeOf } from '../readers/json/event-reader.ts'

/** A field of the record's connection, by its name in `network.ts` without the prefix. `get` reads the record, `time` is in microseconds. */
export type NetworkOf = (
  name: string,
  get: (field: string) => string | undefined,
  time: () => bigint | undefined,
) => string | undefined

/** `more`: fields that the record has beside those in its text. */
export function networkJsonReader(
  context: FormatContext,
  timeOf: TimeOf,
  networkOf: NetworkOf,
  more: (fields: ReadonlyMap<string, string>) => ReadonlyMap<string, string> = (fields) => fields,
): Reader {
  return {
    read: (record) => {
      const json = readJson(record)
      if ('bad' in json) return record.trim() === '' ? { skip: 'blank' } : json
      return new LazyEvent(new JsonFields(more(json.fields), timeOf, networkOf, context), json.notes)
    },
    object: (fields) => new LazyEvent(new JsonFields(more(fields), timeOf, networkOf, context)),
  }
}

class JsonFields extends LazyFields {
  readonly #fields: ReadonlyMap<string, string>
  readonly #timeOf: TimeOf
  readonly #networkOf: NetworkOf
  readonly #context: FormatContext

  constructor(fields: ReadonlyMap<string, string>, timeOf: TimeOf, networkOf: NetworkOf, context: FormatContext) {
    super()
    this.#fields = fields
    this.#timeOf = timeOf
    this.#networkOf = networkOf
    this.#context = context
  }

  get(name: string): string | undefined {
    if (!name.startsWith('network:')) return this.#fields.get(name)
    const value = this.#networkOf(
      name.slice(8),
      (f) => this.#fields.get(f),
      () => this.when(),
    )
    return value === '' && name !== 'network:key' ? undefined : value
  }

  names(): Iterable<string> {
    return this.#fields.keys()
  }

  when(): bigint | undefined {
    return this.#timeOf(this.#fields, this.#context)
  }
}
