// Sumo Logic log search: text → query. Never throws: a text that cannot be read gives a diagnostic and an error stage.
import * as codes from '../../diag/catalogue/sumo.ts'
import { type Diagnostic, inText, diagnostic } from '../../diag/diagnostic.ts'
import type { Source } from '../../text/source.ts'
import { beginsWithTable, lex, type Token } from './1-lex/lex.ts'
import { expression } from './2-parse/parse-expr.ts'
import { isRule } from './2-parse/parse-rule.ts'
import { parseQuery, parseStages } from './2-parse/parse-stages.ts'
import type { Query } from './2-parse/ast.ts'
import { Cursor, type FoundNearMiss, type Grammar } from './2-parse/cursor.ts'
import { where } from './builtins/where.ts'
import { foreignStage } from './foreign/stages.ts'
import { registry, stageWords, whyNotRun } from './registry.ts'
import { fillTemplates } from './1-lex/template.ts'

export interface Parsed {
  readonly query: Query
  /** The text with its template variables filled in. */
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

const grammar: Grammar = {
  query: (c) => parseQuery(c),
  stages: parseStages,
  operator: registry.operator,
  aggregate: registry.aggregate,
  isFunction: (word) => registry.function(word) !== undefined,
  notRun: whyNotRun,
  condition: where.stage,
  foreign: foreignStage,
  words: stageWords,
}

export function parse(original: Source, options: ParseOptions = {}): Parsed {
  const source = options.params ? fillTemplates(original, options.params) : original
  const rule = options.scopeless ? undefined : parseRule(source)
  if (rule) return rule
  const tokens = lex(source.text, options.scopeless ?? false)
  const c = new Cursor(source, tokens, grammar)
  const query = parseQuery(c, options.scopeless || beginsWithTable(source.text))
  if (!c.done) c.fail('`|` or the end')
  if (original.text.length > 15_000)
    c.add(diagnostic(codes.sumoTooLong, inText(source, { start: 0, end: 0 }), { length: original.text.length }))
  return { query, source, tokens, diagnostics: c.diagnostics, nearMisses: c.nearMisses }
}

/** The text as a rule expression of Cloud SIEM; undefined if it is none, or none that can be read. */
function parseRule(source: Source): Parsed | undefined {
  if (!isRule(source.text)) return undefined
  const tokens = lex(source.text, true)
  const c = new Cursor(source, tokens, grammar)
  c.rule = true
  c.eatWord('where')
  const condition = expression(c)
  if (!condition || !c.done || c.diagnostics.length > 0) return undefined
  const { span } = condition
  c.add(diagnostic(codes.sumoRule, inText(source, span), {}))
  const query: Query = { scope: undefined, stages: [where.stage(condition, { span, head: span })], span }
  return { query, source, tokens, diagnostics: c.diagnostics, nearMisses: [] }
}
