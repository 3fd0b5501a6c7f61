// The keys of a Sigma document and their values, from the JSON Schemas of the Sigma specification 2.1.
import * as z from 'zod'

const line = z.string().min(1)
const date = z
  .string()
  .regex(/^\d{4}-(?:0[1-9]|1[012])-(?:0[1-9]|[12]\d|3[01])$/, { error: 'not a date of the form YYYY-MM-DD' })
const texts = z.array(z.string())
const textOrTexts = z.union([z.string().min(2), z.array(z.string().min(2))], {
  error: 'neither a text nor a list of texts',
})
const oneOf = <const T extends readonly [string, ...string[]]>(...values: T) =>
  z.enum(values, { error: `not one of ${values.join(', ')}` })

export const LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const

const shared = {
  title: line.max(256),
  id: z.guid({ error: 'not a UUID' }).optional(),
  name: line.max(256).optional(),
  status: oneOf('stable', 'test', 'experimental', 'deprecated', 'unsupported').optional(),
  description: z.string().max(65_535).optional(),
  author: z.string().optional(),
  references: texts.optional(),
  date: date.optional(),
  modified: date.optional(),
  tags: z
    .array(
      z.string().regex(/^(?!t\d{4}\.)[a-z0-9_-]+\.[a-z0-9._-]+$/, {
        error: 'not a tag of the form namespace.name in lower case, such as attack.t1071.002',
      }),
    )
    .optional(),
  falsepositives: textOrTexts.optional(),
  level: oneOf(...LEVELS).optional(),
  license: z.string().optional(),
  scope: texts.optional(),
  taxonomy: z.string().max(256).optional(),
  related: z
    .array(
      z.object({
        id: z.guid({ error: 'not a UUID' }),
        type: oneOf('derived', 'obsolete', 'merged', 'renamed', 'similar', 'correlation'),
      }),
    )
    .optional(),
}

/** Detections and correlations have their own parsers, which report places, so they are not checked here. */
export const ruleSchema = z.object({
  ...shared,
  logsource: z.object({
    category: z.string().optional(),
    product: z.string().optional(),
    service: z.string().optional(),
    definition: z.string().optional(),
  }),
  fields: texts.optional(),
})
export const correlationSchema = z.object({ ...shared, generate: z.boolean().optional() })

/** Keys of a rule that the specification or SigmaHQ's conventions name, and `custom`, which is free for notes. */
export const RULE_KEYS: readonly string[] = [
  ...Object.keys(ruleSchema.shape),
  'detection',
  'custom',
  'simulation',
  'regression_tests_path',
]
export const CORRELATION_KEYS: readonly string[] = [...Object.keys(correlationSchema.shape), 'correlation', 'custom']
export const FILTER_KEYS: readonly string[] = [...Object.keys(ruleSchema.shape), 'filter', 'custom']
export const SECTION_KEYS: readonly string[] = [
  'type',
  'rules',
  'group-by',
  'timespan',
  'condition',
  'aliases',
  'generate',
]
