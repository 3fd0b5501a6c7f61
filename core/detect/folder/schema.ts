// detection.yml, defined once: the type, the check and docs/reference/detection.schema.json come from here.
import * as z from 'zod'
import { languages } from '../../workbench/compile.ts'

const text = z.string().trim().min(1)
const slug = z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'lower-case words joined by `-`')
const file = text.describe('A file of the folder, relative to it, parted by `/`.')
const date = z.iso.date('a date, YYYY-MM-DD')
const duration = z
  .string()
  .regex(/^\d+(?:s|m|h|d|w)$/, 'a whole number and s, m, h, d or w: `15m`')
  .describe('A whole number and a unit: `15m`, `24h`, `7d`.')
const span = z
  .string()
  .regex(/^0*[1-9]\d*(?:s|m|h|d|w)$/, 'a whole number above 0 and s, m, h, d or w: `15m`')
  .describe('A whole number above 0 and a unit: `15m`, `24h`, `7d`.')
const level = z.enum(['informational', 'low', 'medium', 'high', 'critical'])
const confidence = z.enum(['low', 'medium', 'high'])
const url = z.url({ protocol: /^https?$/, error: 'an http or https address' })

const companion = z
  .strictObject({
    file,
    title: text,
    why: text.describe('What it sees that the main query cannot.'),
    severity: level,
    confidence,
    tables: z.array(text).min(1),
  })
  .describe('A further query of the same platform, for what the main one is blind to.')

const platform = z
  .strictObject({
    query: file,
    severity: level,
    confidence,
    about: text.describe('What this query looks at and how it decides.'),
    data_sources: z.array(text).min(1).describe('Products and log sources that must be connected.'),
    tables: z.array(text).min(1).describe('Event types, source categories or indexes that the query reads.'),
    log_settings: z.array(text).min(1).describe('What must be switched on, and where, for those events to exist.'),
    companions: z.array(companion).default([]),
  })
  .describe('The query of one platform.')

const schedule = z.strictObject({
  lookback: span.describe('How much time a run looks at.'),
  frequency: span.describe('How often it runs.'),
  delay: duration
    .default('0s')
    .describe('How late events may arrive and still be seen: the run ends this long before now.'),
})

const trigger = z.strictObject({
  when: text.describe('In words: what makes a run raise an alert.'),
  more_than: z
    .int()
    .min(0)
    .describe('The threshold: alert when more events than this come together within the lookback.'),
  slowest: span.optional().describe('The slowest pace, one event per this long, that must still reach the threshold.'),
})

const falsePositive = z.strictObject({
  id: slug,
  what: text,
  tests: z.array(text).default([]).describe('Benign cases, `tests/PAGE.case.md#title of the case`.'),
  tuning: z.array(slug).default([]).describe('Ids of tunings that silence it.'),
})

const count = z.int().min(0)
const rate = z.number().min(0)
const platformId = z.enum(languages.map((l) => l.platform.id))

const measured = {
  telemetry: text.describe('What was read: kinds of logs, files, size, or the made-up traffic.'),
  command: text.optional().describe('The command that makes the telemetry again, byte for byte.'),
  seed: z.int().optional().describe('The seed of made-up traffic.'),
  megabytes: rate,
  days: z.number().positive().describe('From the first event to the last.'),
  assay: text.describe('The version of Assay that measured.'),
}

const both = z.strictObject({ without: count, with: count })

const tuningEvidence = z
  .strictObject({
    platform: platformId,
    query: file.describe('The query with the tuning built in.'),
    ...measured,
    date: date.optional(),
    findings: both.describe('Rows of all runs, without and with the tuning.'),
    alerts: both.describe('What suppression leaves of them.'),
    attack_tests: z
      .strictObject({ kept: count, lost: count })
      .describe('Attack tests in which the query finds something: those that keep all findings, those that lose some.'),
  })
  .describe('What a tuning did to a backtest, by `assay tune --write` or tools/expected.ts.')

const tuning = z.strictObject({
  id: slug,
  what: text,
  how: text.describe('The change, as a reader applies it.'),
  cost: text.describe('What the detection no longer sees.'),
  tests: z.array(text).default([]).describe('Cases that show its effect.'),
  evidence: z.array(tuningEvidence).default([]).describe('Its effect on telemetry, measured.'),
})

const expected = z
  .strictObject({
    findings_per_day: rate.describe(
      'Rows of all runs. A run repeats what the run before has found while its window holds it.',
    ),
    alerts_per_day: rate.describe('What suppression leaves of them.'),
    evidence: z.strictObject({
      ...measured,
      runs: count,
      findings: count,
      alerts: count,
      missed: count.describe('What a window that slides without pause finds and no run does.'),
    }),
  })
  .describe('How often the detection fires, by a backtest: npx tsx tools/expected.ts.')

const blindSpot = z.strictObject({
  what: text,
  why: text,
  covered_by: z.array(text).default([]).describe('Files of the folder or ids of detections that see it.'),
})

const change = z.strictObject({ version: text, date, what: z.array(text).min(1) })

export const detectionSchema = z
  .strictObject({
    id: text.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'letters, digits, `.`, `_`, `-`'),
    title: text.max(120),
    status: z.enum(['experimental', 'test', 'stable', 'deprecated']),
    version: z.string().regex(/^\d+\.\d+\.\d+$/, 'three numbers in quotes: "1.0.0"'),
    created: date,
    modified: date,
    author: z.array(text).min(1),
    summary: text.describe('What is detected, for a reader in a hurry.'),
    description: text,
    attack: z.strictObject({
      version: z.string().regex(/^\d+(?:\.\d+)?$/, 'a version of ATT&CK in quotes: "19.2"'),
      techniques: z.array(z.string().regex(/^T\d{4}(?:\.\d{3})?$/, 'an id such as T1071.002')).min(1),
    }),
    platforms: z.partialRecord(platformId, platform),
    schedule,
    trigger,
    entity: z.array(text).min(1).describe('The columns of a finding that say what it is about.'),
    suppression: z.strictObject({
      by: z.array(text).min(1).describe('Findings that agree in these columns are one.'),
      for: duration,
    }),
    expected: z
      .partialRecord(platformId, expected)
      .optional()
      .describe('By platform: how often it fires on a day of the telemetry that is named.'),
    false_positives: z.array(falsePositive).min(1),
    tuning: z.array(tuning).default([]),
    blind_spots: z.array(blindSpot).min(1),
    validation: z.array(file).default([]),
    hunts: z.array(file).default([]),
    playbook: file,
    investigation: file,
    replaces: z.array(text).default([]).describe('Detections that this one takes the place of.'),
    builds_on: z.array(text).default([]).describe('Detections whose findings this one takes for granted.'),
    references: z.array(z.strictObject({ title: text, url })).default([]),
    changelog: z.array(change).min(1).describe('Newest first.'),
  })
  .describe('One detection: what its folder holds and what is known about it.')

export type Detection = z.infer<typeof detectionSchema>
export type Tuning = Detection['tuning'][number]
export type TuningEvidence = Tuning['evidence'][number]
export type Expected = NonNullable<NonNullable<Detection['expected']>[string]>
export type Platform = NonNullable<Detection['platforms'][string]>

/** The JSON Schema (2020-12) of detection.yml, for editors. Keys with a default may be left out. */
export const detectionJsonSchema = (): Record<string, unknown> => ({
  title: 'detection.yml',
  ...(z.toJSONSchema(detectionSchema, { io: 'input' }) as Record<string, unknown>),
})
