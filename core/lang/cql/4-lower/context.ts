// What the whole lowering of one query shares: what is known, what is needed, what is said.
import type { Diagnostic } from '../../../diag/diagnostic.ts'
import { type Code, type Extra, inText, diagnostic } from '../../../diag/diagnostic.ts'
import { closedName } from '../../../diag/catalogue/cql-lower.ts'
import type { Source, Span } from '../../../text/source.ts'
import type { Expr as AstExpr, Pipeline } from '../3-parse/ast.ts'
import type { AggCall, Expr, Pred } from '../../../plan/plan.ts'
import { nearest } from '../../../text/nearest.ts'
import type { Flow, OpenLet } from './flow.ts'
import { semanticOf } from '../semantics.ts'
import type { CompileContext, Need } from '../../shared/lowered.ts'

/** The parts of lowering that builtins call back; given by reference, so that no module needs another one in a circle. */
export interface Parts {
  readonly expr: (flow: Flow, e: AstExpr) => Expr
  readonly cond: (flow: Flow, e: AstExpr) => Pred
  /** Where a condition has a value. */
  readonly known: (flow: Flow, e: AstExpr) => Pred
  readonly steps: (flow: Flow, pipeline: Pipeline) => void
  readonly grouped: (flow: Flow, keys: readonly GroupKey[], items: readonly AstExpr[], options: GroupOptions) => void
  /** A pipeline over the events again; `within` in milliseconds before the end of the query's interval. */
  readonly sub: (
    pipeline: Pipeline,
    within?: { readonly start: number | undefined; readonly end: number | undefined },
  ) => Flow
}
export interface GroupKey {
  readonly name: string
  readonly expr: Expr
}
export interface GroupOptions {
  readonly limit: number | null
  /** Rows that lack a key group under the absent value. */
  readonly keepAbsent?: boolean
}
/** Aggregates of one grouping, ready to be put behind their keys. */
export interface GroupedParts {
  readonly calls: readonly AggCall[]
  /** Runs on the flow behind the grouping: computed outputs, transforms of `{agg | transform}`. */
  readonly after: readonly ((flow: Flow) => void)[]
  /** Keys that nested groupings add. */
  readonly keys: readonly string[]
  readonly names: readonly string[]
  readonly noneIsNoRow: boolean
  /** Set when fields of one whole event are asked for: `tail(1)`, `head(1)`. */
  readonly oneEvent: { readonly fn: string; readonly at: Span } | undefined
}

export class Lowering {
  readonly source: Source
  readonly known: CompileContext
  readonly parts: Parts
  readonly diagnostics: Diagnostic[] = []
  readonly needs: Need[] = []
  readonly assumptions = new Set<string>()
  readonly lets: OpenLet[] = []
  readonly limits: { readonly what: string; readonly limit: number }[] = []
  /** Ad-hoc tables by name. */
  readonly tables = new Map<
    string,
    { readonly letName: string; readonly columns: readonly string[]; readonly types: ReadonlyMap<string, Expr['ty']> }
  >()
  readonly defaults = new Map<string, string>()
  /** Saved queries being inlined, outermost first. */
  readonly inlining: string[] = []
  /** Arguments of the saved query being inlined. */
  arguments: ReadonlyMap<string, string> = new Map()
  private readonly counts = new Map<string, number>()
  private readonly goneNames = new Set<string>()

  constructor(source: Source, known: CompileContext, parts: Parts) {
    this.source = source
    this.known = known
    this.parts = parts
  }

  readsInterval = false
  /** The query's interval in microseconds, if the caller knows it. */
  interval(): CompileContext['interval'] {
    this.readsInterval = true
    return this.known.interval
  }

  hidden(hint: string): string {
    const n = (this.counts.get(hint) ?? 0) + 1
    this.counts.set(hint, n)
    return `$:${hint}${n}`
  }
  letName(): string {
    return this.hidden('part').slice(2)
  }

  say<P>(entry: Code<P>, at: Span, params: P, extra?: Extra): void {
    // A text inlined from elsewhere has spans of its own text; the call is the place that the reader sees.
    this.diagnostics.push(diagnostic(entry, inText(this.source, this.inlinedAt ?? at), params, extra))
  }
  inlinedAt: Span | undefined

  choice(id: string): string {
    this.assumptions.add(id)
    return this.known.semantics?.[id] ?? semanticOf(id)?.default ?? ''
  }

  private fallingBack = false
  private readonly wanted = new Set<string>()
  private readonly fallback = new Set<string>()

  /** Reads a field only because an assignment without a result would leave it as it is. */
  asFallback<T>(name: string, read: () => T): T {
    if (this.fallingBack) return read()
    this.fallingBack = true
    this.fallback.add(name)
    const value = read()
    this.fallingBack = false
    return value
  }
  readonly onRead = (id: string): void => {
    if (!this.fallingBack) this.wanted.add(id)
  }
  /** Fields that the query reads in no other way. */
  onlyFallback(): string[] {
    return [...this.fallback].filter((n) => !this.wanted.has(n)).sort()
  }

  need(need: Need): void {
    if (!this.needs.some((n) => n.kind === need.kind && n.name === need.name)) this.needs.push(need)
  }

  /** Value of a parameter: of the saved query's call, of the caller, or its default; a need and undefined if there is none. */
  parameter(name: string, at: Span, fallback?: string): string | undefined {
    const value = this.arguments.get(name) ?? this.known.parameters?.[name] ?? fallback ?? this.defaults.get(name)
    if (value === undefined) this.need({ kind: 'parameter', name, at })
    return value
  }

  gone(name: string, columns: readonly string[], at: Span): void {
    // An assignment that keeps the old value is no reader: its target need not have been there.
    if (this.fallingBack || name.startsWith('@') || this.goneNames.has(name)) return
    this.goneNames.add(name)
    const near = nearest(name, columns)
    this.say(closedName, nameSpan(this.source, name, at), { name, columns, ...(near ? { near } : {}) })
  }
}

function nameSpan(source: Source, name: string, at: Span): Span {
  const i = source.text.slice(at.start, at.end).indexOf(name)
  return i < 0 ? at : { start: at.start + i, end: at.start + i + name.length }
}
