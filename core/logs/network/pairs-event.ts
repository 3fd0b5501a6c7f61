// An event of fields in a map, with its connection.
import type { Event } from '../format.ts'
import { LazyEvent, MapFields } from '../readers/fields.ts'
import { type Connection, networkOf } from './of-fields.ts'

/** `when`: the time of the record, microseconds. */
export function connectionEvent(
  fields: ReadonlyMap<string, string>,
  when: () => bigint | undefined,
  connection: Connection,
  notes?: readonly string[],
): Event {
  const network = (name: string, f: ReadonlyMap<string, string>): string | undefined =>
    networkOf(connection, name.slice(8), (field) => f.get(field), when)
  return new LazyEvent(new MapFields(fields, when, network), notes)
}
