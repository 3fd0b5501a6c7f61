// What the lowering of one text shares, subqueries included: diagnostics, needs, assumptions, named relations.
import { type Code, type Diagnostic, type Extra, inText, diagnostic } from '../../../diag/diagnostic.ts'
import type { Let } from '../../../plan/plan.ts'
import type { Source, Span } from '../../../text/source.ts'
import { semanticOf } from '../semantics.ts'

/** What a query depends on and its text does not hold. */
export type Need =
  | { readonly kind: 'lookup'; readonly file: string; readonly columns: readonly string[]; readonly at: Span }
  | { readonly kind: 'parameter'; readonly name: string; readonly at: Span }

export interface CompileContext {
  /** Field names of the telemetry, as it spells them: names of the language have no case. */
  readonly fields?: readonly string[]
  /** Lookup tables by path, with their columns in order. */
  readonly lookups?: Readonly<Record<string, { readonly columns: readonly string[] }>>
  /** Choices of semantics.ts by id, where they differ from the default. */
  readonly semantics?: Readonly<Record<string, string>>
  /** The reader's zone, for dates and slices. UTC if left out. */
  readonly zone?: string
}

/** What the lowering of one text shares, sub-searches included. */
export class Lowering {
  readonly source: Source
  readonly known: CompileContext
  readonly diagnostics: Diagnostic[] = []
  readonly needs: Need[] = []
  readonly assumptions = new Set<string>()
  readonly limits: { readonly what: string; readonly limit: number }[] = []
  /** Fields of the messages that only a parse falls back to. */
  readonly fallbacks = new Set<string>()
  /** Relations that several parts of the plan read. */
  readonly lets: Let[] = []
  #names = 0
  private readonly spelling: ReadonlyMap<string, string>
  readonly #exact: ReadonlySet<string>

  constructor(source: Source, known: CompileContext) {
    this.source = source
    this.known = known
    this.spelling = new Map((known.fields ?? []).map((f) => [f.toLowerCase(), f]))
    this.#exact = new Set(known.fields ?? [])
  }
  say<P>(entry: Code<P>, at: Span, params: P, extra: Extra = {}): void {
    const same = this.diagnostics.some(
      (d) => d.code === entry.id && d.at.kind === 'text' && d.at.span.start === at.start && d.at.span.end === at.end,
    )
    if (!same) this.diagnostics.push(diagnostic(entry, inText(this.source, at), params, extra))
  }
  /** The choice taken for an entry of semantics.ts; the result is then known to rest on it. */
  choice(id: string): string {
    const entry = semanticOf(id)
    if (!entry) throw new Error(`our bug: no entry ${id} in semantics.ts`)
    this.assumptions.add(id)
    return this.known.semantics?.[id] ?? entry.default
  }
  /** A hidden id that no other flow of this text has: what is forked is joined again. */
  fresh(prefix: string): string {
    return `$:${prefix}${++this.#names}`
  }
  /** How the telemetry spells a name: as written if it has that, else in any case. */
  spelled(name: string): string | undefined {
    return this.#exact.has(name) ? name : this.spelling.get(name.toLowerCase())
  }
  get zone(): string {
    return this.known.zone ?? 'UTC'
  }
}
