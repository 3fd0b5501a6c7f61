import * as z from 'zod'
import { section } from '../section.ts'

const rules = z
  .record(z.string().min(1), z.enum(['off', 'info', 'warning', 'error']))
  .describe('Code or name of a rule → its severity, or `off`.')

export const lint = section({
  key: 'lint',
  schema: z
    .strictObject({
      rules: rules.optional(),
      paths: z
        .array(
          z.strictObject({
            files: z.array(z.string().min(1)).describe('Paths as on the command line; `*` is any text.'),
            rules,
          }),
        )
        .describe('Other severities for some files. The last that names a rule holds.')
        .optional(),
    })
    .describe('Severities of the diagnostics of `assay lint`.'),
})
