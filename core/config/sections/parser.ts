import * as z from 'zod'
import { section } from '../section.ts'

export const parser = section({
  key: 'parser',
  schema: z
    .string()
    .min(1)
    .describe(
      'File with the parser script or rule for fields that reads the logs, relative to this file. As --parser.',
    ),
})
