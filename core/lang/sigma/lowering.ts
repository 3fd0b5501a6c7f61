// Diagnostics, needs and facts of one file, collected from all parts of its lowering.
import { type Code, type Diagnostic, diagnostic, inText, type Severity } from '../../diag/diagnostic.ts'
import type { SigmaSource } from '../../logs/format.ts'
import type { Pred } from '../../plan/plan.ts'
import type { Source, Span } from '../../text/source.ts'
import type { CompileContext, Need } from '../shared/lowered.ts'
import { semantics } from './semantics.ts'
import { vocabularyNamed } from './vocabulary.ts'
import type { Vocabulary } from './vocabulary-kit.ts'

/** `sources`: log sources that the log formats declare. */
export type SigmaContext = CompileContext & { readonly sources?: readonly SigmaSource[] }

/** Collects the diagnostics, needs and facts of one file from all parts of the lowering. */
export class Lowering {
  readonly source: Source
  readonly context: SigmaContext
  readonly diagnostics: Diagnostic[] = []
  readonly needs: Need[] = []
  readonly assumptions = new Set<string>()
  readonly fallbacks = new Set<string>()
  readonly alternatives = new Map<string, readonly string[]>()
  /** The item of a rule that each test comes from. */
  readonly places = new WeakMap<Pred, Span>()
  /** Undefined: every vocabulary. */
  readonly only: Vocabulary | undefined

  constructor(source: Source, known: SigmaContext) {
    this.source = source
    this.context = known
    this.only = known.vocabulary === undefined ? undefined : vocabularyNamed(known.vocabulary)
  }

  report<P>(code: Code<P>, at: Span, params: P, severity?: Severity): void {
    this.diagnostics.push(diagnostic(code, inText(this.source, at), params, severity ? { severity } : {}))
  }

  choice(id: string): string {
    this.assumptions.add(id)
    return this.context.semantics?.[id] ?? semantics.find((s) => s.id === id)?.default ?? ''
  }
}
