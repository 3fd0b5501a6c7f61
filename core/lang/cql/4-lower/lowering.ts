// State of one lowering, shared with its sub-queries: diagnostics, needs, assumptions, named relations.
import type { Diagnostic } from '../../../diag/diagnostic.ts'
import { type Code, type Extra, inText, diagnostic } from '../../../diag/diagnostic.ts'
import { closedName, notRunHere } from '../../../diag/catalogue/cql-lower.ts'
import type { Source, Span } from '../../../text/source.ts'
import type { Ty } from '../../../plan/plan.ts'
import { nearest } from '../../../text/nearest.ts'
import type { OpenLet } from './lower-types.ts'
import { semanticOf } from '../semantics.ts'
import type { CompileContext, Need } from '../../shared/lowered.ts'

export class Lowering {
  readonly source: Source
  readonly context: CompileContext
  readonly diagnostics: Diagnostic[] = []
  readonly needs: Need[] = []
  readonly assumptions = new Set<string>()
  readonly lets: OpenLet[] = []
  /** Lets that hold rows of groups, with the columns that tell the groups apart. */
  readonly groupsOf = new Map<string, readonly string[]>()
  readonly limits: { readonly what: string; readonly limit: number }[] = []
  /** Ad-hoc tables by name. */
  readonly tables = new Map<
    string,
    { readonly letName: string; readonly columns: readonly string[]; readonly types: ReadonlyMap<string, Ty> }
  >()
  readonly defaults = new Map<string, string>()
  /** Saved queries being inlined, outermost first. */
  readonly inlining: string[] = []
  /** How often a saved query was inlined so far. */
  inlined = 0
  /** Arguments of the saved query being inlined. */
  arguments: ReadonlyMap<string, string> = new Map()
  private readonly counts = new Map<string, number>()
  private readonly goneNames = new Set<string>()

  constructor(source: Source, context: CompileContext) {
    this.source = source
    this.context = context
  }

  /** The text is a parser: its event is one text, and all fields that it makes are its result. */
  isParser = false
  readsInterval = false
  /** The query's interval in microseconds, if the caller knows it. */
  interval(): CompileContext['interval'] {
    this.readsInterval = true
    return this.context.interval
  }

  hidden(hint: string): string {
    const n = (this.counts.get(hint) ?? 0) + 1
    this.counts.set(hint, n)
    return `$:${hint}${n}`
  }
  letName(): string {
    return this.hidden('part').slice(2)
  }

  report<P>(entry: Code<P>, at: Span, params: P, extra?: Extra): void {
    // Spans of an inlined text are places in that text; the reader sees the call.
    const made = diagnostic(entry, inText(this.source, this.inlinedAt ?? at), params, extra)
    // A pattern or a call may be lowered twice, once as a filter and once for its fields.
    const where = this.inlinedAt ?? at
    const key = `${made.code} ${where.start} ${where.end} ${made.message}`
    if (this.reported.has(key)) return
    this.reported.add(key)
    this.diagnostics.push(made)
  }
  inlinedAt: Span | undefined
  private readonly reported = new Set<string>()
  /** Arguments of the calls so far. */
  readonly calls: { readonly reportUnread: () => void }[] = []
  private readonly reads = new Map<string, Set<string>>()
  /** Names of the arguments that the lowering of a call has looked at; a call may be lowered several times. */
  readOf(args: {
    readonly fn: string
    readonly call: { readonly span: Span }
    readonly reportUnread: () => void
  }): Set<string> {
    const { start, end } = args.call.span
    const key = `${args.fn} ${start} ${end} ${this.inlining.join('>')}`
    const found = this.reads.get(key) ?? new Set<string>()
    this.reads.set(key, found)
    this.calls.push(args)
    return found
  }

  choice(id: string): string {
    this.assumptions.add(id)
    return this.context.semantics?.[id] ?? semanticOf(id)?.default ?? ''
  }

  private fallingBack = false
  private readonly wanted = new Set<string>()
  private readonly fallback = new Set<string>()

  /** Reads a field for an assignment that keeps the old value if it has no result. */
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
  /** Fields that only such assignments read. */
  onlyFallback(): string[] {
    return [...this.fallback].filter((n) => !this.wanted.has(n)).sort()
  }

  need(need: Need): void {
    if (!this.needs.some((n) => n.kind === need.kind && n.name === need.name)) this.needs.push(need)
  }

  /** Value of a parameter: from the call of the saved query, from the caller, or its default. Without one: a need, and undefined. */
  parameter(name: string, at: Span, fallback?: string): string | undefined {
    const value = this.arguments.get(name) ?? this.context.parameters?.[name] ?? fallback ?? this.defaults.get(name)
    if (value === undefined) this.need({ kind: 'parameter', name, at })
    return value
  }

  gone(name: string, columns: readonly string[], at: Span): void {
    // An assignment that keeps the old value does not require its target to exist.
    if (this.fallingBack || name.startsWith('@') || this.goneNames.has(name)) return
    // A function that Assay does not run can add any field.
    if (this.diagnostics.some((d) => d.code === notRunHere.id)) return
    this.goneNames.add(name)
    const near = nearest(name, columns)
    this.report(closedName, nameSpan(this.source, name, at), { name, columns, ...(near ? { near } : {}) })
  }
}

function nameSpan(source: Source, name: string, at: Span): Span {
  const i = source.text.slice(at.start, at.end).indexOf(name)
  return i < 0 ? at : { start: at.start + i, end: at.start + i + name.length }
}
