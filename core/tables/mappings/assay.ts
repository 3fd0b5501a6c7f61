import { hasAll, type ReadyMapping } from '../ready-mapping.ts'

/** The layout of docs/guide/clickhouse.md: hot fields as columns with their names, and all fields in a map. */
export const assay: ReadyMapping = {
  id: 'assay',
  title: "Assay's own layout",
  evidence: 'docs/guide/clickhouse.md',
  fits: (columns) => hasAll(columns, '_t', '_s', 'rest'),
  own: ['_t', '_s', '_r'],
  mapping: { time: { column: '_t' }, order: '_s', raw: '_r', rest: 'rest', fields: {}, tags: {} },
}
