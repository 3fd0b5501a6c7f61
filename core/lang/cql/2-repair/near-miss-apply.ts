// Finds the near-misses of a text, rewrites them, and knows the way back. Rewrites that touch each other take turns.
import { type Diagnostic, type Edit, type Fix, inText, diagnostic } from '../../../diag/diagnostic.ts'
import type { Source, Span } from '../../../text/source.ts'
import { applyRewrites, type Rewritten } from '../../shared/rewrite.ts'
import { lex } from '../1-lex/lex.ts'
import { type CqlNearMiss, type Match, viewOf } from './near-miss.ts'
import { all } from '../near-misses/_index.ts'
import type { Token } from '../1-lex/token.ts'

export interface FoundNearMiss {
  /** Code of the record: `CQL301`. */
  readonly id: string
  readonly span: Span
  /** A warning. A strict caller reports the same words as an error. */
  readonly diagnostic: Diagnostic
}
interface Understood {
  readonly text: string
  readonly tokens: readonly Token[]
  readonly toOld: (at: Span) => Span
  readonly nearMisses: readonly FoundNearMiss[]
  /** Errors about what is recognised but not certain, and where the parser then need not say more. */
  readonly errors: readonly Diagnostic[]
}

const records = all as readonly CqlNearMiss[]
const maxRounds = 8
/** Rewrites of one round; each is compared with all others. Those left after the last round are errors. */
const mostOfARound = 500
const identity = (at: Span): Span => at

interface Round {
  readonly record: CqlNearMiss
  readonly match: Match
}

export function understand(source: Source): Understood {
  let text = source.text
  let toOld: (at: Span) => Span = identity
  let exact: (at: Span) => boolean = () => true
  const nearMisses: FoundNearMiss[] = []
  for (let round = 0; ; round++) {
    const tokens = lex(text)
    const found = findAll(text, tokens)
    const sure = round < maxRounds ? found.filter((f) => f.match.uncertain === undefined) : []
    const early = sure.filter((f) => f.record.early)
    const certain = (early.length > 0 ? early : sure).slice(0, mostOfARound)
    if (certain.length === 0) {
      const errors = found.map((f) => errorOf(source, f, toOld, exact))
      return { text, tokens, toOld, nearMisses: inOrder(nearMisses), errors }
    }
    const rewrites = certain.map((f) => ({ within: f.match.span, edits: f.match.edits, found: f }))
    const rewritten = applyRewrites(text, rewrites)
    for (const r of rewrites) {
      if (!rewritten.left.includes(r)) nearMisses.push(missOf(source, text, r.found, rewrites, toOld, exact))
    }
    text = rewritten.text
    toOld = compose(toOld, rewritten)
    exact = both(exact, rewritten)
  }
}
const compose = (before: (at: Span) => Span, done: Rewritten) => (at: Span) => before(done.toOld(at))
const both = (before: (at: Span) => boolean, done: Rewritten) => (at: Span) => done.kept(at) && before(done.toOld(at))

function findAll(text: string, tokens: readonly Token[]): Round[] {
  const view = viewOf(text, tokens)
  return records.flatMap((record) => record.find(view).map((match) => ({ record, match })))
}

const oneLine = (text: string, limit: number): string => {
  const flat = text.replace(/\s+/g, ' ').trim()
  return flat.length > limit ? `${flat.slice(0, limit - 1)}…` : flat
}

/** Edits in places of the given source, or none if an earlier rewrite made the text that they touch. */
function fixes(f: Round, toOld: (at: Span) => Span, exact: (at: Span) => boolean, safety: Fix['safety']): Fix[] {
  if (f.match.edits.length === 0 || !f.match.edits.every((e) => exact(e.span))) return []
  const edits: Edit[] = f.match.edits.map((e) => ({ span: toOld(e.span), text: e.text }))
  return [{ title: `${f.record.title}: rewrite`, edits, safety }]
}

function missOf(
  source: Source,
  text: string,
  f: Round,
  rewrites: readonly { readonly within: Span; readonly edits: readonly Edit[] }[],
  toOld: (at: Span) => Span,
  exact: (at: Span) => boolean,
): FoundNearMiss {
  const span = toOld(f.match.span)
  const found = oneLine(text.slice(f.match.span.start, f.match.span.end), 60)
  const warning = diagnostic(
    entry(f.record, 'warning', rewriteOf(text, f.match.span, rewrites)),
    inText(source, span),
    { found },
    {
      fixes: fixes(f, toOld, exact, 'safe'),
    },
  )
  return { id: f.record.id, span, diagnostic: warning }
}

/** The construct as it reads after all rewrites of the round. */
function rewriteOf(
  text: string,
  within: Span,
  rewrites: readonly { readonly within: Span; readonly edits: readonly Edit[] }[],
): string {
  const inside = (e: Edit): boolean => e.span.start >= within.start && e.span.end <= within.end
  const shift = (at: Span): Span => ({ start: at.start - within.start, end: at.end - within.start })
  const moved = rewrites.map((r) => ({
    within: shift(r.within),
    edits: r.edits.filter(inside).map((e) => ({ text: e.text, span: shift(e.span) })),
  }))
  return `write \`${oneLine(applyRewrites(text.slice(within.start, within.end), moved).text, 400)}\``
}

function errorOf(source: Source, f: Round, toOld: (at: Span) => Span, exact: (at: Span) => boolean): Diagnostic {
  const span = toOld(f.match.span)
  const found = oneLine(source.text.slice(span.start, span.end), 60)
  return diagnostic(
    entry(f.record, 'error', f.match.uncertain ?? `write ${f.record.good}`),
    inText(source, span),
    { found },
    {
      fixes: fixes(f, toOld, exact, 'unsafe'),
    },
  )
}

const entry = (record: CqlNearMiss, severity: 'error' | 'warning', remedy: string) => ({
  id: record.id,
  slug: record.slug,
  severity,
  title: record.title,
  message: (p: { found: string }) => record.message(p.found),
  why: record.verdict,
  remedy: () => remedy,
})

const inOrder = (found: readonly FoundNearMiss[]): FoundNearMiss[] =>
  found.toSorted((a, b) => a.span.start - b.span.start)
