import type { Plan } from '../plan/plan.ts'

/**
 * Joins records: fields that an event lacks come from other records of the same telemetry. Formats declare the views in which they take part
 * (`FormatRecord.views`).
 */
export interface View {
  readonly name: string
  readonly title: string
  readonly doc: string
  /**
   * Applied where the query needs it, without being asked for, unless telemetry of one of these formats is there: its events are
   * already as a tenant shows them. `null`: only when asked for.
   */
  readonly automaticUnless: readonly string[] | null
  /** Fields it can supply. */
  readonly fields: readonly string[]
  /** Fields that it gives a value where a record has none, without being needed for them. */
  readonly fills?: readonly string[]
  /** Rewrites every relation over `events` that names one of the wanted fields. A pure function of its arguments. */
  rewrite(plan: Plan, wanted: readonly string[], asked?: AskedEnds): Viewed
}

/**
 * Which ends of an interval were asked for. A view whose rows have a time of their own then reads all records and leaves out the rows that
 * lie outside; left out: rows are made of the records that lie within.
 */
export interface AskedEnds {
  readonly start: boolean
  readonly end: boolean
}

export interface Viewed {
  /** The plan itself if nothing was to be done. */
  readonly plan: Plan
  /** The look-ups that were added, a sentence each, for the report. */
  readonly did: readonly string[]
  /** Run beside the plan: one row per rewritten relation with `rows` and, for each look-up made, `no_host`, `no_process`, `no_user`. */
  readonly audit: Plan | undefined
}
