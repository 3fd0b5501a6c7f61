// A parser script: a pipeline whose event is one text, and whose result is the fields that it makes.
import type { Diagnostic } from '../../diag/diagnostic.ts'
import type { Consts, Plan } from '../../plan/plan.ts'
import type { Need } from './lowered.ts'

export interface LoweredParser {
  /** Its result has the columns `out0`, `out1`, … of `names`, then those of `opened`. */
  readonly plan: Plan
  /** Near-misses among them. */
  readonly diagnostics: readonly Diagnostic[]
  readonly needs: readonly Need[]
  /** Names that the script decides: an event has one exactly if its column has a value. A name with `[]` is a list. */
  readonly names: readonly string[]
  /** Names that the script removes from every event. */
  readonly removed: readonly string[]
  /** Texts that it took apart: their other fields are fields of the event. */
  readonly opened: readonly OpenedText[]
}

export interface OpenedText {
  /** Of the primitive `parsed.field`, without the name. */
  readonly consts: Consts
  /** In front of the names of its fields. */
  readonly prefix: string
  /** Prefixes that are taken off before. */
  readonly removed: readonly string[]
  /** Its fields replace those that exist. */
  readonly wins: boolean
}
