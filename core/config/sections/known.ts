import * as z from 'zod'
import { section } from '../section.ts'

const names = z.array(z.string().min(1)).optional()

export const known = section({
  key: 'known',
  schema: z
    .strictObject({
      functions: names.describe('Functions that a newer release or the tenant has.'),
      saved: names.describe('Saved queries of the tenant, as `pkg/path:Name`.'),
    })
    .describe('Names that the tenant has and Assay does not know. `assay lint` says nothing about them.'),
})
