// Columns that every finding has besides those that its rule shows.
import { absent, call, text } from '../../plan/build.ts'
import type { Expr } from '../../plan/plan.ts'
import type { Document } from './ast.ts'

export const RULE = 'sigma_rule'
export const LEVEL = 'sigma_level'
export const AT = '@timestamp'
export const shownTime = (of: Expr): Expr => call('time.format', 'str', [of], { pattern: '%FT%TZ', zone: 'UTC' })
export const labels = (d: Document): { id: string; expr: Expr }[] => [
  { id: RULE, expr: text(d.title) },
  { id: LEVEL, expr: d.level === undefined ? absent('str') : text(d.level) },
  ...(d.id === undefined ? [] : [{ id: 'sigma_id', expr: text(d.id) }]),
  ...(d.tags.length === 0 ? [] : [{ id: 'sigma_tags', expr: text(d.tags.join(', ')) }]),
]
