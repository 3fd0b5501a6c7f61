import { hasAll, type ReadyMapping } from '../ready-mapping.ts'

/** The HTTP output with `json_date_key date` and `json_date_format epoch` writes seconds as a number. */
export const fluentBit: ReadyMapping = {
  id: 'fluent-bit',
  title: "Fluent Bit's usual records",
  evidence:
    'https://docs.fluentbit.io/manual/pipeline/outputs/http (json_date_key, json_date_format), https://docs.fluentbit.io/manual/pipeline/inputs/tail (key log)',
  fits: (columns) => hasAll(columns, 'date', 'log'),
  mapping: { time: { column: 'date', unit: 's' }, fields: {}, raw: 'log', tags: {} },
}
