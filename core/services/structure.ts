// The structure of an open document: symbols, parts to fold, kinds of words, names to change, and the fields that steps leave.
import { parseCaseFile } from '../detect/case/case-file.ts'
import type { Edit } from '../diag/diagnostic.ts'
import type { Mark, MarkKind } from '../lang/shared/editor.ts'
import { isHidden, type Stage } from '../plan/plan.ts'
import { afterStage, schemaOfFrom } from '../plan/schema.ts'
import type { Span } from '../text/source.ts'
import { yamlLines } from '../yaml/lines.ts'
import { inDocument, type OpenText, type Part, partAt, type Surroundings } from './document.ts'

export interface DocumentSymbol {
  readonly name: string
  readonly kind: 'case' | 'field' | 'key' | 'query' | 'search' | 'step'
  readonly span: Span
  /** The part that is selected when it is chosen. */
  readonly selection: Span
  readonly children: readonly DocumentSymbol[]
}

export function symbolsOf(document: OpenText): DocumentSymbol[] {
  const { source } = document
  if (document.kind === 'detection' || document.kind === 'settings') return keySymbols(source.text)
  if (document.kind === 'query') return document.parts.flatMap((p) => stepSymbols(document, p))
  const { cases } = parseCaseFile(source)
  const starts = lineStarts(source.text)
  return cases.map((c, i) => {
    const start = starts[c.line - 1] ?? 0
    const next = cases[i + 1]
    const end = next ? Math.max(start, (starts[next.line - 1] ?? source.text.length) - 1) : source.text.length
    const inside = document.parts.filter((p) => p.at.start >= start && p.at.end <= end)
    return {
      name: c.title || `line ${c.line}`,
      kind: 'case',
      span: { start, end },
      selection: { start, end: Math.min(end, lineEnd(source.text, start)) },
      children: inside.map((p) => ({
        name: p.query.language.title,
        kind: 'query',
        span: p.at,
        selection: p.at,
        children: stepSymbols(document, p),
      })),
    }
  })
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1)
  return starts
}
const lineEnd = (text: string, at: number): number => {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}

function stepSymbols(document: OpenText, part: Part): DocumentSymbol[] {
  const { marked } = part.query
  return marked.steps.map((step) => {
    const span = inDocument(document, part, step.span)
    const fields = marked.marks.filter(
      (m) => m.assigned && m.kind === 'field' && m.span.start >= step.span.start && m.span.end <= step.span.end,
    )
    return {
      name: step.label || '(empty)',
      kind: step.kind,
      span,
      selection: span,
      children: fields.map((m) => {
        const at = inDocument(document, part, m.span)
        return { name: m.name || '(no name)', kind: 'field', span: at, selection: at, children: [] }
      }),
    }
  })
}

function keySymbols(text: string): DocumentSymbol[] {
  const keys = yamlLines(text).filter((l) => l.key && l.path.length === 0 && !l.item)
  return keys.map((l, i) => {
    const next = keys[i + 1]
    const end = next ? Math.max(l.span.end, next.span.start - 1) : Math.max(l.span.end, text.trimEnd().length)
    return {
      name: l.key?.text || '(empty)',
      kind: 'key',
      span: { start: l.span.start, end },
      selection: l.key?.span ?? l.span,
      children: [],
    }
  })
}

export function foldsOf(document: OpenText): Span[] {
  if (document.kind === 'detection' || document.kind === 'settings')
    return keySymbols(document.source.text).map((s) => s.span)
  const inside = document.parts.flatMap((p) => p.query.marked.folds.map((f) => inDocument(document, p, f)))
  if (document.kind === 'query') return inside
  return [...symbolsOf(document).map((s) => s.span), ...document.parts.map((p) => p.at), ...inside]
}

export interface PlacedMark {
  readonly kind: MarkKind
  readonly span: Span
  readonly assigned: boolean
}

/** In the order of the document. `within`: only those that touch this span. */
export function marksOf(document: OpenText, within?: Span): PlacedMark[] {
  const touches = ({ start, end }: Span): boolean =>
    within === undefined || (start <= within.end && end >= within.start)
  return document.parts
    .filter((p) => touches(p.at))
    .flatMap((p) =>
      p.query.marked.marks.map((m) => ({
        kind: m.kind,
        span: inDocument(document, p, m.span),
        assigned: m.assigned === true,
      })),
    )
    .filter((m) => touches(m.span) && m.span.end > m.span.start)
}

export type Renaming =
  | {
      readonly ok: true
      readonly name: string
      readonly span: Span
      readonly places: readonly Span[]
      readonly part: Part
    }
  | { readonly ok: false; readonly reason: string }

/** The name at an offset and all its places. Only names that the text itself gives can change. */
export function renamingAt(document: OpenText, offset: number): Renaming {
  const found = partAt(document, offset)
  const named = (m: Mark): boolean => m.name !== undefined && (m.kind === 'field' || m.kind === 'variable')
  const mark = found?.part.query.marked.marks.find(
    (m) => named(m) && m.span.start <= found.at && found.at <= m.span.end,
  )
  if (!found || !mark) return { ok: false, reason: 'here is no name that the query assigns' }
  const { part } = found
  const { language, marked } = part.query
  const folded = (name: string | undefined): string | undefined =>
    language.read.foldsNames ? name?.toLowerCase() : name
  const all = marked.marks.filter((m) => m.kind === mark.kind && folded(m.name) === folded(mark.name))
  const first = all.find((m) => m.assigned)
  if (!first) return { ok: false, reason: `${mark.name} is a field of the events, which have its name` }
  const step = marked.steps.find((s) => s.span.start <= first.span.start && first.span.end <= s.span.end)
  const earlier = all.find((m) => !m.assigned && m.kind === 'field' && m.span.start < (step?.span.end ?? 0))
  if (earlier)
    return { ok: false, reason: `${mark.name} is also a field of the events, read before the query assigns it` }
  const places = all.map((m) => inDocument(document, part, m.span))
  return { ok: true, name: mark.name ?? '', span: inDocument(document, part, mark.span), places, part }
}

/** The edits that give the name at an offset another one. */
export function renamed(document: OpenText, offset: number, name: string): readonly Edit[] | string {
  const renaming = renamingAt(document, offset)
  if (!renaming.ok) return renaming.reason
  const { query } = renaming.part
  const written = query.editor?.nameText(name) ?? name
  const { text } = document.source
  if (name.trim() === '' || /[\r\n"]/.test(name)) return 'a name has no quotes and no line ends'
  return renaming.places.map((span) => {
    const bare = text[span.start - 1] === '"' || text[span.start - 1] === '<'
    return { span, text: bare ? name : written }
  })
}

export interface Hint {
  /** It is shown at the end of the step. */
  readonly at: number
  readonly text: string
}

const MOST_NAMES = 6

/** The fields that are left, behind each step that changes which fields there are. */
export function hintsOf(document: OpenText, around: Surroundings = {}): Hint[] {
  return document.parts.flatMap((part): Hint[] => {
    const { plan } = part.query.linted(around).compiled
    if (!plan || part.promised) return []
    let schema = schemaOfFrom(plan.out.from, plan.lets)
    let shown = ''
    let isClosed = false
    const hints: Hint[] = []
    let i = 0
    for (const step of part.query.marked.steps) {
      for (let s = plan.out.stages[i]; s && isBefore(s, step.span.end); s = plan.out.stages[++i]) {
        schema = afterStage(schema, s, plan.lets)
        isClosed ||= s.kind === 'aggregate' || s.kind === 'project'
      }
      const names = [...schema.columns.keys()].filter((id) => !isHidden(id))
      const text = names.join(', ')
      if (!isClosed || schema.rest || text === shown) continue
      shown = text
      const more = names.length > MOST_NAMES ? `, +${names.length - MOST_NAMES}` : ''
      const at = inDocument(document, part, { start: step.span.end, end: step.span.end }).start
      hints.push({ at, text: `→ ${names.slice(0, MOST_NAMES).join(', ') || 'no fields'}${more}` })
    }
    return hints
  })
}

const isBefore = (stage: Stage, end: number): boolean => stage.at === undefined || stage.at.start < end
