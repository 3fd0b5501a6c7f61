// The library for browsers: `import { lint } from 'assay/core'`. Types only; the package's core.d.ts is made from this file.

/** `cql`, `sumo` or `sigma`. */
export type Language = string

export interface Edit {
  /** UTF-16 offsets in the text, end exclusive. */
  readonly span: { readonly start: number; readonly end: number }
  readonly text: string
}

export interface Diagnostic {
  /** Stable: `CQL101`. The pages of all codes are in docs/reference/diagnostics.md. */
  readonly code: string
  readonly severity: 'error' | 'warning' | 'info'
  readonly message: string
  /** The fact behind the rule. */
  readonly why: string
  /** A text to type or a step to take. */
  readonly remedy: string
  /** The place, if there is one: lines and columns from 1, offsets from 0. */
  readonly file?: string
  readonly line?: number
  readonly column?: number
  readonly endLine?: number
  readonly endColumn?: number
  readonly start?: number
  readonly end?: number
  /** `safe`: the fix keeps the intended meaning. */
  readonly fixes?: readonly {
    readonly title: string
    readonly safety: 'safe' | 'unsafe'
    readonly edits: readonly Edit[]
  }[]
}

export interface TextOptions {
  readonly language: Language
  /** The name that diagnostics show. Default: `<query>`. */
  readonly name?: string
  /** Values of parameters and template variables. */
  readonly parameters?: Readonly<Record<string, string>>
}

export interface Compiled {
  readonly diagnostics: readonly Diagnostic[]
  /** The vendor would refuse this text. */
  readonly wouldBeRefused: boolean
  /** The plan as text: the exact meaning of each step. Undefined: the text has errors. */
  readonly plan: string | undefined
  /** Fields of events that the query reads. */
  readonly fields: readonly string[]
}

/** A number is a bigint where a double would round it. A list is an array. Absent is null. */
export type Value = string | number | bigint | boolean | null | readonly string[]

export interface Rows {
  /** False: nothing ran, and the diagnostics say why. */
  readonly ok: boolean
  readonly columns: readonly string[]
  /** Column → value. */
  readonly rows: readonly Readonly<Record<string, Value>>[]
  readonly diagnostics: readonly Diagnostic[]
}

export interface EventOptions extends TextOptions {
  /** Events as they are logged, one on each line, in any format that Assay reads. */
  readonly logs: string
  /** Name of the format. Default: recognised by the first lines. */
  readonly format?: string
}

export interface Completion {
  readonly label: string
  readonly kind: string
  readonly detail?: string
  /** Markdown. */
  readonly doc?: string
  /** The text in place of `replace`; `$0` is where the cursor goes. */
  readonly insert: string
  readonly replace: { readonly start: number; readonly end: number }
}

export interface Core {
  /** Would the vendor accept the text, can it ever find anything? Near-misses are errors. */
  lint(text: string, options: TextOptions): readonly Diagnostic[]
  /** The text with every safe fix. */
  fix(text: string, options: TextOptions): string
  /** Canonical layout. Undefined: the text has errors. */
  format(text: string, options: TextOptions): string | undefined
  compile(text: string, options: TextOptions): Compiled
  /** The rows of a query over events in memory, by the evaluator. */
  evaluate(text: string, options: EventOptions): Rows
  /** The words that fit at an offset. The text may be half-written. */
  complete(text: string, offset: number, options: TextOptions): readonly Completion[]
  /** Markdown about the word at an offset. */
  hover(text: string, offset: number, options: TextOptions): string | undefined
}
