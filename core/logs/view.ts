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
   * With `--view auto` the view applies where the query needs it, unless there is telemetry of one of these formats: it already has what the
   * view would add. `null`: the view applies only when named.
   */
  readonly automaticUnless: readonly string[] | null
  /** Fields that it can supply. */
  readonly fields: readonly string[]
  /** Fields that it also fills where a record has none. A query that needs only these does not need the view. */
  readonly fills?: readonly string[]
  /** Rewrites every relation over `events` that names one of the wanted fields. A pure function of its arguments. */
  rewrite(plan: Plan, wanted: readonly string[], ends?: IntervalEnds): Viewed
}

/**
 * The ends of the interval that the user gave. A view whose rows have a time of their own then reads all records and drops the rows outside.
 * Without it, rows are made of the records within the interval.
 */
export interface IntervalEnds {
  readonly start: boolean
  readonly end: boolean
}

export interface Viewed {
  /** The plan itself if the view changed nothing. */
  readonly plan: Plan
  /** The look-ups it added, a sentence each, for the report. */
  readonly did: readonly string[]
  /** A second plan: one row per rewritten relation with `rows` and the counts of failed look-ups `no_host`, `no_process`, `no_user`. */
  readonly audit: Plan | undefined
}
