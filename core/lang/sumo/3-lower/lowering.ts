// State of one lowering, shared with its subqueries: diagnostics, needs, assumptions, named relations.
import { type Code, type Diagnostic, type Extra, inText, diagnostic } from '../../../diag/diagnostic.ts'
import type { Let } from '../../../plan/plan.ts'
import type { Source, Span } from '../../../text/source.ts'
import type { CompileContext, Need } from '../../shared/lowered.ts'
import { semanticOf } from '../semantics.ts'

export class Lowering {
  readonly source: Source
  readonly context: CompileContext
  readonly diagnostics: Diagnostic[] = []
  readonly needs: Need[] = []
  readonly assumptions = new Set<string>()
  readonly limits: { readonly what: string; readonly limit: number }[] = []
  /** Fields of the messages that only a parse falls back to. */
  readonly fallbacks = new Set<string>()
  /** Relations that several parts of the plan read. */
  readonly lets: Let[] = []
  /** A division was lowered whose divisor may be zero: doubles may be infinite or NaN. */
  divided = false
  /** A `compare` was lowered. */
  compared = false
  #names = 0
  private readonly spelling: ReadonlyMap<string, string>
  readonly #exact: ReadonlySet<string>

  constructor(source: Source, context: CompileContext) {
    this.source = source
    this.context = context
    this.spelling = new Map((context.fields ?? []).map((f) => [f.toLowerCase(), f]))
    this.#exact = new Set(context.fields ?? [])
  }
  report<P>(entry: Code<P>, at: Span, params: P, extra: Extra = {}): void {
    const same = this.diagnostics.some(
      (d) => d.code === entry.id && d.at.kind === 'text' && d.at.span.start === at.start && d.at.span.end === at.end,
    )
    if (!same) this.diagnostics.push(diagnostic(entry, inText(this.source, at), params, extra))
  }
  /** The choice for an entry of semantics.ts. Records that the result depends on it. */
  choice(id: string): string {
    const entry = semanticOf(id)
    if (!entry) throw new Error(`our bug: no entry ${id} in semantics.ts`)
    this.assumptions.add(id)
    return this.context.semantics?.[id] ?? entry.default
  }
  /** A hidden column id, unique in the text: forks are joined again, so their ids must differ. */
  hiddenId(prefix: string): string {
    return `$:${prefix}${++this.#names}`
  }
  /** The telemetry's spelling of a name: as written if a field has it, else a field that differs in case only. */
  spellingOf(name: string): string | undefined {
    return this.#exact.has(name) ? name : this.spelling.get(name.toLowerCase())
  }
  get zone(): string {
    return this.context.zone ?? 'UTC'
  }
}
