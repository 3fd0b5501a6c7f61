import * as z from 'zod'
import { section } from '../section.ts'

export const semantics = section({
  key: 'semantics',
  schema: z
    .record(z.string().regex(/^[a-z0-9-]+$/, 'the id of a question, as docs/reference lists it'), z.string())
    .describe('Choices where the vendor is silent: id of the question → choice. As --semantics.'),
})
