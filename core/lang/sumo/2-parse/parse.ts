// Sumo Logic log search: text → query. Never throws; what it cannot read is a diagnostic and an error stage.
import * as codes from '../../../diag/catalogue/sumo.ts'
import { type Diagnostic, inText, diagnostic } from '../../../diag/diagnostic.ts'
import type { Source } from '../../../text/source.ts'
import { beginsWithTable, lex, type Token } from '../1-lex/lex.ts'
import { parseScope } from './parse-scope.ts'
import { parseStage } from './parse-stages.ts'
import type { Query, Stage } from './ast.ts'
import { Cursor, type FoundNearMiss } from './cursor.ts'
import { fillTemplates } from '../1-lex/template.ts'

export interface Parsed {
  readonly query: Query
  /** The text that was read: the given one with template variables filled in. */
  readonly source: Source
  readonly tokens: readonly Token[]
  readonly diagnostics: readonly Diagnostic[]
  readonly nearMisses: readonly FoundNearMiss[]
}

export interface ParseOptions {
  /** Values of `{{name}}` and `$$name`. */
  readonly params?: ReadonlyMap<string, string>
  /** Stages from the first word on: a field extraction rule. */
  readonly scopeless?: boolean
}

export function parse(original: Source, options: ParseOptions = {}): Parsed {
  const source = options.params ? fillTemplates(original, options.params) : original
  const tokens = lex(source.text, options.scopeless ?? false)
  const c = new Cursor(source, tokens)
  const query = parseQuery(c, options.scopeless || beginsWithTable(source.text))
  if (!c.done) c.fail('`|` or the end')
  if (original.text.length > 15_000)
    c.add(diagnostic(codes.sumoTooLong, inText(source, { start: 0, end: 0 }), { length: original.text.length }))
  return { query, source, tokens, diagnostics: c.diagnostics, nearMisses: c.nearMisses }
}

/** A scope and its stages, up to the end, a `)` or `]` that closes what is around it, or `| compose`. */
export function parseQuery(c: Cursor, scopeless = false): Query {
  const start = c.peek().span.start
  const scope = scopeless ? undefined : parseScope(c)
  const stages = parseStages(c, scopeless)
  return { scope, stages, span: { start, end: Math.max(start, c.lastEnd) } }
}

/** `| stage | stage …`; `bare`: the first has no bar. */
export function parseStages(c: Cursor, bare: boolean): Stage[] {
  const stages: Stage[] = []
  let first = bare
  if (bare && c.isPunct('|')) first = false
  while (!c.done) {
    if (!first) {
      if (!c.eat('|')) break
      if (c.isWord('compose')) return stages
    }
    first = false
    const at = c.peek().span
    if (c.stageOver) {
      const last = c.done || !c.isPunct('|')
      c.add(diagnostic(codes.sumoEmptyStage, inText(c.source, last ? { start: at.start - 1, end: at.start } : at), {}))
      continue
    }
    stages.push(...parseStage(c))
    if (c.peek().kind === 'hole') {
      // Dashboards append whole stages so: `| count by a {{post_filter}}`.
      const t = c.next()
      stages.push({ kind: 'hole', name: t.text, span: t.span, head: t.span })
    }
    if (!c.stageOver) {
      c.fail('`|` or the end')
      c.skipStage()
    }
    if (c.isPunct(')') && c.depth === 0) {
      c.fail('`|` or the end')
      c.next()
    }
    if (c.isPunct(']') && c.depth === 0) c.next()
  }
  return stages
}
