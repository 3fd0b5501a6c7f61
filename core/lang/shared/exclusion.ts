// Conditions that leave events out, as `assay tune` proposes them.

/** A column holds a text, or an address of a network. */
export type ExclusionCondition =
  | { readonly field: string; readonly value: string }
  | { readonly field: string; readonly subnet: string }

export interface ExclusionWords {
  /** Text of a condition; undefined: the language cannot express it. */
  condition(c: ExclusionCondition): string | undefined
  /** A step that leaves out events that meet all conditions. */
  exclude(conditions: readonly string[]): string
}

export const quoted = (value: string): string => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
