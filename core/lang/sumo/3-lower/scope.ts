// The scope as a condition over message and metadata. Everything in it is case-insensitive.
// Keywords are token-based: the message is split at white space and punctuation; a word with punctuation is a run of tokens.
import * as codes from '../../../diag/catalogue/sumo-lower.ts'
import { and, not, or, present, test, TRUE } from '../../../plan/build.ts'
import type { Pred } from '../../../plan/plan.ts'
import { toStr } from '../../shared/convert.ts'
import type { Scope } from '../2-parse/ast.ts'
import type { Flow } from './flow.ts'
import { escapeRegex } from './regex.ts'
import { semiJoin, subqueryCond } from './subquery.ts'

/** Filters the messages. A subquery that is one of the ANDed parts becomes a join. */
export function lowerScope(f: Flow, scope: Scope): void {
  const parts = conjuncts(scope)
  f.filter(and(...parts.filter((p) => !subqueryOf(p)).map((p) => pred(f, p))))
  for (const p of parts) {
    const found = subqueryOf(p)
    if (found) semiJoin(f, found.sub, found.negated)
  }
}

const conjuncts = (s: Scope): readonly Scope[] =>
  s.kind === 'and' ? s.of.flatMap(conjuncts) : s.kind === 'group' ? conjuncts(s.of) : [s]

function subqueryOf(s: Scope): { sub: Extract<Scope, { kind: 'subquery' }>['sub']; negated: boolean } | undefined {
  if (s.kind === 'group') return subqueryOf(s.of)
  if (s.kind === 'subquery') return { sub: s.sub, negated: false }
  const inner = s.kind === 'not' ? subqueryOf(s.of) : undefined
  return inner && { sub: inner.sub, negated: !inner.negated }
}

function pred(f: Flow, s: Scope): Pred {
  switch (s.kind) {
    case 'and':
      return and(...s.of.map((o) => pred(f, o)))
    case 'or':
      return or(...s.of.map((o) => pred(f, o)))
    case 'not':
      return not(pred(f, s.of))
    case 'group':
      return pred(f, s.of)
    case 'everything':
      return TRUE
    case 'term':
      return keyword(f, s)
    case 'field':
      return pair(f, s)
    case 'hole':
      return TRUE
    case 'subquery':
      return subqueryCond(f, s.sub)
  }
}

/** `_dataTier` is no field: it chooses where the vendor searches. A file does not record in which partition (`_index`) a message is. */
const NOT_FIELDS = /^(_datatier|_view|_index)$/i

/** Every message has this metadata, so that of a plain file is only unknown. */
const ALWAYS =
  /^_(sourcecategory|sourcehost|sourcename|source|sourceid|collector|collectorid|index|view|messageid|messagecount|messagetime|receipttime|blockid|format|size|raw)$/i

function pair(f: Flow, s: Extract<Scope, { kind: 'field' }>): Pred {
  if (/^_datatier$/i.test(s.field.name)) return TRUE
  const field = NOT_FIELDS.test(s.field.name) ? { ...s.field, name: '_index' } : s.field
  const of = toStr(f.read(field).expr)
  const { text } = s.value
  if (text === '*' && !s.value.quoted) return ALWAYS.test(s.field.name) ? TRUE : present(of)
  const wild = !s.value.quoted && /[*?]/.test(text)
  if (wild && text.includes('?')) return test('re.test', [of], { pattern: `^${globRegex(text)}$`, flags: 'is' })
  return wild
    ? test('str.glob', [of], { pattern: text, ignoreCase: true })
    : test('str.in', [of], { values: [text], ignoreCase: true })
}

const globRegex = (glob: string): string =>
  glob
    .split(/([*?])/)
    .map((p) => (p === '*' ? '.*' : p === '?' ? '.' : escapeRegex(p)))
    .join('')

/** A star within a term of several: `ann@some*re.com`. At the ends of the text it is allowed. */
const PART_STAR = /[\p{L}\p{N}]\*+[\p{L}\p{N}]/u
const SEVERAL = /[\p{L}\p{N}_*][^\p{L}\p{N}_*?\s]+[\p{L}\p{N}_*]/u

function keyword(f: Flow, { text, quoted, span }: Extract<Scope, { kind: 'term' }>): Pred {
  if (!quoted && PART_STAR.test(text) && SEVERAL.test(text))
    f.lowering.report(codes.sumoRuledOut, span, {
      what: `in ${text} a star stands for a whole term, not for a part of one`,
      remedy: `put a space between the terms, or filter with \`where _raw matches "*${text}*"\``,
    })
  const pattern = keywordPattern(text, quoted, f.lowering.choice('keyword-boundary') === 'yes')
  return pattern === '' ? TRUE : test('re.test', [f.raw], { pattern, flags: 'i' })
}

/** The pattern of a keyword or phrase; '' matches everything. */
export function keywordPattern(text: string, quoted: boolean, underscoreSeparates: boolean): string {
  const word = underscoreSeparates ? 'A-Za-z0-9' : 'A-Za-z0-9_'
  const edge = (at: string): string => `(?:${at}|[^${word}])`
  // White space of a phrase matches any run of white space in the message.
  const body = text
    .trim()
    .split(/(\s+|[*?])/)
    .filter((p) => p !== '')
    .map((p, i, all) => {
      if (quoted && (p === '*' || p === '?')) return escapeRegex(p)
      if (p === '?') return `[${word}]`
      // A star beside letters matches within its token. A star between punctuation matches exactly one token.
      if (p === '*')
        return isWord(all[i - 1]?.at(-1)) || isWord(all[i + 1]?.at(0))
          ? `[${word}]*`
          : all.length === 1
            ? ''
            : `[${word}]+`
      return /^\s+$/.test(p) ? '\\s+' : escapeRegex(p)
    })
    .join('')
  if (body === '') return ''
  const first = text.trim().at(0)
  const last = text.trim().at(-1)
  const before = isWord(first) ? edge('^') : ''
  const after = isWord(last) ? edge('$') : ''
  const open = !quoted && first === '*' ? '' : before
  const close = !quoted && last === '*' ? '' : after
  return `${open}${body}${close}`
}

const isWord = (c: string | undefined): boolean => c !== undefined && /[\p{L}\p{N}_]/u.test(c)
