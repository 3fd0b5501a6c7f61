import * as z from 'zod'
import { section } from '../section.ts'

const column = z.string().min(1)
const columns = z.union([column, z.array(column).min(1)])

const time = z
  .union([
    column,
    z.strictObject({
      column,
      unit: z
        .enum(['s', 'ms', 'us', 'ns'])
        .optional()
        .describe('Of a number since 1970. A column of instants needs none.'),
    }),
  ])
  .describe('The column with the time of an event.')

const source = z.strictObject({
  table: z
    .string()
    .min(1)
    .describe(
      'Parquet files (a file, a folder or a glob, relative to this file), or clickhouse://user@host:8443/database/table.',
    ),
  mapping: z
    .string()
    .min(1)
    .optional()
    .describe('A ready mapping: ocsf, otel-clickhouse, vector, fluent-bit. The keys below come before it.'),
  time: time.optional(),
  fields: z
    .record(z.string().min(1), columns)
    .optional()
    .describe(
      'Name in a query → column, or path of a member (`device.hostname`); of several the first that has a value.',
    ),
  rest: column
    .optional()
    .describe('Column with all other fields: a map from names to texts, or the text of a JSON object.'),
  raw: column.optional().describe('Column with the record as it was logged.'),
  order: column.optional().describe('Column of whole numbers that orders events of equal times.'),
  vocabulary: z
    .string()
    .min(1)
    .optional()
    .describe('The log format whose names, tags and views the events have, such as fdr.'),
  tags: z.record(z.string().min(1), z.string()).optional().describe('Fields that every event has, such as "#repo".'),
})
export type SourceSetting = z.infer<typeof source>

export const sources = section({
  key: 'sources',
  schema: z
    .record(z.string().regex(/^[A-Za-z][\w-]*$/, 'a name of letters, digits, - and _'), source)
    .describe('Tables that are telemetry, by a name that stands for LOGS on a command line.'),
})
