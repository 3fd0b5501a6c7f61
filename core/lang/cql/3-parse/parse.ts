// Text → tree. Never throws: errors are collected, and the tree is what could be read.
import { strayCharacter, unopened, unterminated } from '../../../diag/catalogue/cql.ts'
import { type Diagnostic, inText, diagnostic } from '../../../diag/diagnostic.ts'
import type { Source, Span } from '../../../text/source.ts'
import { lex } from '../1-lex/lex.ts'
import { callArgs, expression } from './parse-expr.ts'
import { type Grammar, type Parser, expected, peek, shownBefore, spanOf } from './parse-state.ts'
import { pipeline } from './parse-steps.ts'
import type { Pipeline } from './ast.ts'
import { type FoundNearMiss, understand } from '../2-repair/near-miss-apply.ts'

export type { FoundNearMiss } from '../2-repair/near-miss-apply.ts'
import type { Token } from '../1-lex/token.ts'

interface Parsed {
  readonly pipeline: Pipeline
  /** Errors of the text. Those of near-misses are in `nearMisses`. */
  readonly diagnostics: readonly Diagnostic[]
  /** Texts that are not CQL and have one obvious meaning: warnings, or errors for a strict caller. */
  readonly nearMisses: readonly FoundNearMiss[]
  /** The text with every near-miss rewritten; the text itself if there is none. */
  readonly rewritten: string
}

const grammar: Grammar = { pipeline, expression, args: callArgs }

export function parse(source: Source): Parsed {
  const { text, tokens, toOld, nearMisses, errors } = understand(source)
  const parsed = parseStrict({ ...source, text }, tokens)
  const reported = new Set(errors.flatMap((d) => (d.at.kind === 'text' ? [d.at.span] : [])))
  const covered = (at: Span): boolean => [...reported].some((k) => at.start >= k.start && at.start <= k.end)
  const moved = parsed.diagnostics.map((d) => move(d, source, toOld))
  const diagnostics = inOrder([...errors, ...moved.filter((d) => d.at.kind !== 'text' || !covered(d.at.span))])
  const pipeline = nearMisses.length === 0 ? parsed.pipeline : relocate(parsed.pipeline, toOld)
  return { pipeline, diagnostics, nearMisses, rewritten: text }
}

function move(d: Diagnostic, source: Source, toOld: (at: Span) => Span): Diagnostic {
  if (d.at.kind !== 'text') return d
  const fixes = d.fixes.map((f) => ({ ...f, edits: f.edits.map((e) => ({ ...e, span: toOld(e.span) })) }))
  return { ...d, at: inText(source, toOld(d.at.span)), fixes }
}

/** The same tree with every span taken back to the text as written. */
function relocate<T>(node: T, toOld: (at: Span) => Span): T {
  const visit = (x: unknown): unknown => {
    if (Array.isArray(x)) return x.map(visit)
    if (typeof x !== 'object' || x === null) return x
    if ('start' in x && typeof x.start === 'number' && 'end' in x && typeof x.end === 'number') {
      return toOld({ start: x.start, end: x.end })
    }
    return Object.fromEntries(Object.entries(x).map(([k, v]) => [k, visit(v)]))
  }
  return visit(node) as T
}

/** Parses without knowing near-misses. */
function parseStrict(source: Source, tokens = lex(source.text)): { pipeline: Pipeline; diagnostics: Diagnostic[] } {
  const errors = faults(source, tokens)
  const p: Parser = { source, tokens, grammar, errors, at: 0, depth: 0, height: 0 }
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
    else errors.push(diagnostic(unopened, inText(source, spanOf(t)), { close: t.text }))
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
      found.push(diagnostic(unterminated, at, { what, close }))
    } else found.push(diagnostic(strayCharacter, at, { text: t.text }))
  }
  return found
}

const inOrder = (errors: readonly Diagnostic[]): Diagnostic[] => errors.toSorted((a, b) => startOf(a) - startOf(b))
const startOf = (d: Diagnostic): number => (d.at.kind === 'text' ? d.at.span.start : 0)
