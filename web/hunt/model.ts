// The content of the page of a hunt.

export interface HuntPage {
  /** Version of Assay. */
  readonly version: string
  /** When the page was made. */
  readonly date: string
  readonly events: number
  readonly logs: readonly { readonly name: string; readonly format: string; readonly events: number }[]
  readonly rules: number
  readonly fired: readonly FiredRule[]
  /** Reasons of the other rules, with their numbers. */
  readonly silent: readonly { readonly reason: string; readonly rules: number }[]
  /** The hunt was stopped. */
  readonly stopped: boolean
  readonly findings: readonly ShownFinding[]
}

export interface FiredRule {
  readonly title: string
  readonly id: string | null
  readonly level: string
  readonly techniques: readonly string[]
  readonly file: string
  readonly line: number
  readonly findings: number
}

export interface ShownFinding {
  /** Place in `fired`. */
  readonly rule: number
  /** Milliseconds since 1970 UTC. */
  readonly time: number | null
  readonly host: string
  readonly user: string
  readonly log: string
  readonly line: number | null
  readonly fields: readonly (readonly [name: string, text: string])[]
  /** Names and texts in turn. */
  readonly event: readonly string[] | null
}

/** Most severe first. */
export const LEVELS = ['critical', 'high', 'medium', 'low', 'informational'] as const
export const levelOf = (level: string): (typeof LEVELS)[number] => LEVELS.find((l) => l === level) ?? 'informational'
