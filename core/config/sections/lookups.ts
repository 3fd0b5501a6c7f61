import * as z from 'zod'
import { section } from '../section.ts'

export const lookups = section({
  key: 'lookups',
  schema: z
    .array(z.string().min(1))
    .describe('Folders with lookup files and saved queries that queries name, relative to this file. As --lookups.'),
  folders: true,
})
