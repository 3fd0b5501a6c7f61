// Text to AST. Never throws: what is wrong is collected, and the AST is what could be understood.
import { strayCharacter, unopened, unterminated } from '../../diag/catalogue/cql.ts'
import { type Diagnostic, inText, report } from '../../diag/diagnostic.ts'
import type { Source, Span } from '../../text/source.ts'
import { lex } from './1-lex.ts'
import { callArgs, expression } from './2-parse-expr.ts'
import { type Grammar, type Parser, expected, peek, shownBefore, spanOf } from './2-parse-state.ts'
import { pipeline } from './2-parse-steps.ts'
import type { Pipeline } from './ast.ts'
import type { Token } from './token.ts'

export interface Parsed {
  readonly pipeline: Pipeline
  /** Errors of the text. Those of near-misses are in `nearMisses`. */
  readonly diagnostics: readonly Diagnostic[]
  /** What is not CQL but was taken for what everybody means by it: warnings, errors to a strict caller. */
  readonly nearMisses: readonly FoundNearMiss[]
}
export interface FoundNearMiss {
  readonly id: string
  readonly span: Span
  readonly diagnostic: Diagnostic
}

const grammar: Grammar = { pipeline, expression, args: callArgs }

export function parse(source: Source): Parsed {
  return { ...parseStrict(source), nearMisses: [] }
}

/** Parses without knowing near-misses. */
export function parseStrict(
  source: Source,
  tokens = lex(source.text),
): { pipeline: Pipeline; diagnostics: Diagnostic[] } {
  const errors = faults(source, tokens)
  const p: Parser = { source, tokens, grammar, errors, at: 0, depth: 0 }
  const first = pipeline(p)
  const steps = [...first.steps]
  while (peek(p).kind !== 'end') {
    const t = peek(p)
    if (t.text === ';') {
      if (peek(p, 1).kind !== 'end') {
        expected(
          p,
          '`|`',
          `after ${shownBefore(p)}`,
          'separate steps with `|`; `;` separates the branches of case and match',
        )
      }
    } else if (t.text === '|') steps.push(...pipeline(p).steps)
    else errors.push(report(unopened, inText(source, spanOf(t)), { close: t.text }))
    if (peek(p) === t) p.at++
    steps.push(...pipeline(p).steps)
  }
  return { pipeline: { steps, span: { start: 0, end: source.text.length } }, diagnostics: inOrder(errors) }
}

const ends = { string: ['string', '"'], regex: ['regex', '/'], comment: ['comment', '*/'] } as const

function faults(source: Source, tokens: readonly Token[]): Diagnostic[] {
  const found: Diagnostic[] = []
  for (const t of tokens) {
    if (!t.fault) continue
    const at = inText(source, t.kind === 'end' ? { start: t.from, end: t.end } : spanOf(t))
    const which = t.fault.startsWith('unterminated-') ? t.fault.slice('unterminated-'.length) : undefined
    if (which) {
      const [what, close] = ends[which as keyof typeof ends]
      found.push(report(unterminated, at, { what, close }))
    } else found.push(report(strayCharacter, at, { text: t.text }))
  }
  return found
}

const inOrder = (errors: readonly Diagnostic[]): Diagnostic[] => errors.toSorted((a, b) => startOf(a) - startOf(b))
const startOf = (d: Diagnostic): number => (d.at.kind === 'text' ? d.at.span.start : 0)
