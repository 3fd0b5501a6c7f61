import * as z from 'zod'
import { section } from '../section.ts'

export const budget = section({
  key: 'budget',
  schema: z.int().min(1).max(86_400).describe('Seconds that one case, or a mutant on one case, may take. As --budget.'),
})
