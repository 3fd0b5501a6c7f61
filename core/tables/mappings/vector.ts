import { hasAll, type ReadyMapping } from '../ready-mapping.ts'

/** Vector names the columns after its events: the time and text of a log event have these names unless a schema changes them. */
export const vector: ReadyMapping = {
  id: 'vector',
  title: "Vector's usual log events",
  evidence: 'https://vector.dev/docs/architecture/data-model/log/ (host, message, source_type, timestamp)',
  fits: (columns) => hasAll(columns, 'timestamp', 'message', 'source_type'),
  mapping: { time: { column: 'timestamp' }, fields: {}, raw: 'message', tags: {} },
}
