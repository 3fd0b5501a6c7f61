// A diagnostic is one record; terminal and JSON are renderings of it.
// Errors are collected, never thrown. Only a broken invariant throws, as a bug of Assay.
import type { Source, Span } from '../text/source.ts'

export type Severity = 'error' | 'warning' | 'info'

/** A place in a text, a line of a log file (1-based), or no place. */
export type Place =
  | { readonly kind: 'text'; readonly source: Source; readonly span: Span }
  | { readonly kind: 'log'; readonly file: string; readonly line?: number }
  | { readonly kind: 'none' }

export const inText = (source: Source, span: Span): Place => ({ kind: 'text', source, span })
export const inLog = (file: string, line?: number): Place =>
  line === undefined ? { kind: 'log', file } : { kind: 'log', file, line }
export const noPlace: Place = { kind: 'none' }

export interface Edit {
  readonly span: Span
  readonly text: string
}

export interface Fix {
  readonly title: string
  /** Edits of the source that the diagnostic's place is in. */
  readonly edits: readonly Edit[]
  /** `safe`: the fix keeps the intended meaning; `unsafe`: it is a proposal. */
  readonly safety: 'safe' | 'unsafe'
}

interface Label {
  readonly at: Place
  readonly text: string
}

export interface Diagnostic {
  readonly code: string
  readonly slug: string
  readonly severity: Severity
  /** The problem: one line, lower case, no full stop, no second person, complete without the other texts. */
  readonly message: string
  /** The fact behind the rule, from the catalogue. */
  readonly why: string
  /** A text to type or a step to take. */
  readonly remedy: string
  readonly data: unknown
  readonly at: Place
  readonly also: readonly Label[]
  readonly notes: readonly string[]
  readonly fixes: readonly Fix[]
}

/** One entry of the catalogue. The prefix names the origin (CQL, SUM, SIG, QIR, DUK, CLK, LOG, DET, LNT, RUN). Codes are never reused. */
export interface Code<P = unknown> {
  readonly id: string
  readonly slug: string
  readonly severity: Severity
  readonly title: string
  readonly message: (p: P) => string
  readonly why: string
  readonly remedy: (p: P) => string
}

export const code = <P>(entry: Code<P>): Code<P> => entry

export interface Extra {
  readonly severity?: Severity
  readonly also?: readonly Label[]
  readonly notes?: readonly string[]
  readonly fixes?: readonly Fix[]
}

export function diagnostic<P>(entry: Code<P>, at: Place, params: P, extra: Extra = {}): Diagnostic {
  return {
    code: entry.id,
    slug: entry.slug,
    severity: extra.severity ?? entry.severity,
    message: entry.message(params),
    why: entry.why,
    remedy: entry.remedy(params),
    data: params,
    at,
    also: extra.also ?? [],
    notes: extra.notes ?? [],
    fixes: extra.fixes ?? [],
  }
}
