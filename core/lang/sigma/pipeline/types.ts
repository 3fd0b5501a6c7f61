// Types that the parts of a pipeline share.
import type { Item, Rule } from '../ast.ts'

/** A mapping of the YAML file. */
export type Given = Readonly<Record<string, unknown>>

export interface PipelineCondition {
  readonly of: readonly Given[]
  /** One true condition is enough. */
  readonly any: boolean
  readonly negated: boolean
}

export interface PipelineItem {
  readonly id: string | undefined
  readonly type: string
  readonly given: Given
  /** All must hold: the item's own conditions and those of the nests around it. */
  readonly rule: readonly PipelineCondition[]
  readonly item: PipelineCondition
  readonly field: PipelineCondition
}

/** Most that one item of a pipeline makes of a rule. Items that double its values multiply. */
export const MOST_MADE = { values: 50_000, characters: 1 << 24 }

/** The effects of earlier items on a rule. */
export interface State {
  readonly vars: Readonly<Record<string, readonly string[]>>
  readonly applied: Set<string>
  readonly values: Map<string, unknown>
  /** A message, if the pipeline refuses the rule. */
  failure: string | undefined
  /** Left for the item that is applied. */
  room: { values: number; characters: number }
}

/** Is there room for so many more values and characters? If not, the pipeline refuses the rule. */
export function hasRoom(state: State, values: number, characters: number): boolean {
  if (state.failure !== undefined) return false
  const { room } = state
  room.values -= values
  room.characters -= characters
  if (room.values >= 0 && room.characters >= 0) return true
  const { values: v, characters: c } = MOST_MADE
  state.failure = `the pipeline makes more than ${v} values or ${c} characters of this rule`
  return false
}

export interface Transformation {
  /** The whole rule. */
  readonly rule?: (rule: Rule, given: Given, state: State, place: number) => Rule
  /** Replaces an item of a detection by others. Any of them may match; an empty list drops the item. */
  readonly item?: (item: Item, given: Given, state: State) => readonly Item[]
  /** Replaces the name of a field, also among the fields that a finding shows. */
  readonly name?: (field: string, given: Given) => readonly string[]
}

export const texts = (value: unknown): readonly string[] =>
  value === undefined || value === null ? [] : (Array.isArray(value) ? value : [value]).map(String)
