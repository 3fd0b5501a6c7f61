import * as z from 'zod'
import { section } from '../section.ts'

export const roots = section({
  key: 'roots',
  schema: z
    .array(z.string().min(1))
    .describe(
      'Folders whose files pages of cases may name, beside their own folder, relative to this file. As --root.',
    ),
  folders: true,
})
