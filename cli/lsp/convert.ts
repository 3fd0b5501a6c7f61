// The answers of the services in the words of the protocol.
import {
  type CompletionItem,
  CompletionItemKind,
  type Diagnostic as LspDiagnostic,
  DiagnosticSeverity,
  type DocumentSymbol as LspSymbol,
  InsertTextFormat,
  MarkupKind,
  type SignatureHelp,
  SymbolKind,
  type TextEdit,
} from 'vscode-languageserver'
import type { Diagnostic, Edit } from '../../core/diag/diagnostic.ts'
import type { Completion, DocumentSymbol, PlacedMark, Signature } from '../../core/services/services.ts'
import type { Lines } from '../../core/text/lines.ts'
import { printForeign } from '../../core/text/foreign.ts'
import { TOKEN_TYPES } from './capabilities.ts'
import { type OpenDocument, rangeOf } from './documents.ts'

const SEVERITY = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
} as const

/** Diagnostics have plain text. Line ends stay, since a remedy may have several lines. */
export function toDiagnostic({ lines, text, uri }: OpenDocument, d: Diagnostic): LspDiagnostic {
  const at = d.at.kind === 'text' && d.at.source === text?.source ? d.at.span : { start: 0, end: 0 }
  const related = d.also.flatMap((l) =>
    l.at.kind === 'text' && l.at.source === text?.source
      ? [{ location: { uri, range: rangeOf(lines, l.at.span) }, message: printForeign(l.text, 'terminal') }]
      : [],
  )
  return {
    range: rangeOf(lines, at),
    severity: SEVERITY[d.severity],
    code: d.code,
    source: 'assay',
    message: printForeign([d.message, d.why, d.remedy && `fix: ${d.remedy}`].filter(Boolean).join('\n'), 'terminal'),
    ...(related.length > 0 && { relatedInformation: related }),
  }
}

export const toEdits = (lines: Lines, edits: readonly Edit[]): TextEdit[] =>
  edits.map((e) => ({ range: rangeOf(lines, e.span), newText: e.text }))

const COMPLETION = {
  event: CompletionItemKind.Event,
  field: CompletionItemKind.Field,
  function: CompletionItemKind.Function,
  keyword: CompletionItemKind.Keyword,
  parameter: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
} as const

/** `snippets`: the editor can place the cursor inside of the inserted text. */
export function toCompletion(lines: Lines, c: Completion, order: number, snippets: boolean): CompletionItem {
  const at = c.insert.indexOf('$0')
  const plain = at < 0 ? c.insert : c.insert.slice(0, at) + c.insert.slice(at + 2)
  const snippet = `${escaped(c.insert.slice(0, at))}$0${escaped(c.insert.slice(at + 2))}`
  const range = rangeOf(lines, c.replace)
  return {
    label: c.label,
    kind: COMPLETION[c.kind],
    ...(c.detail !== undefined && { detail: c.detail }),
    ...(c.doc !== undefined && { documentation: { kind: MarkupKind.Markdown, value: c.doc } }),
    // Editors compare the typed text with this one: it may begin with a quote.
    filterText: plain.startsWith('"') ? plain : c.label,
    sortText: String(order).padStart(5, '0'),
    ...(at >= 0 && snippets
      ? { insertTextFormat: InsertTextFormat.Snippet, textEdit: { range, newText: snippet } }
      : { textEdit: { range, newText: plain } }),
  }
}
const escaped = (text: string): string => text.replace(/[\\$}]/g, '\\$&')

export function toSignatureHelp(all: readonly Signature[]): SignatureHelp {
  const active = all[0]?.active
  return {
    signatures: all.map((s) => ({
      label: s.label,
      documentation: { kind: MarkupKind.Markdown, value: s.doc },
      parameters: s.parameters.map((p) => ({
        label: p.label,
        documentation: { kind: MarkupKind.Markdown, value: p.doc },
      })),
    })),
    activeSignature: 0,
    ...(active !== undefined && { activeParameter: active }),
  }
}

const SYMBOL = {
  case: SymbolKind.Class,
  field: SymbolKind.Field,
  key: SymbolKind.Key,
  query: SymbolKind.Function,
  search: SymbolKind.Namespace,
  step: SymbolKind.Method,
} as const

export const toSymbol = (lines: Lines, s: DocumentSymbol): LspSymbol => ({
  name: printForeign(s.name, 'terminal'),
  kind: SYMBOL[s.kind],
  range: rangeOf(lines, s.span),
  selectionRange: rangeOf(lines, s.selection),
  children: s.children.map((c) => toSymbol(lines, c)),
})

const TYPE: Readonly<Record<PlacedMark['kind'], (typeof TOKEN_TYPES)[number]>> = {
  comment: 'comment',
  field: 'property',
  function: 'function',
  keyword: 'keyword',
  number: 'number',
  operator: 'operator',
  parameter: 'parameter',
  regex: 'regexp',
  text: 'string',
  variable: 'variable',
}
/** Five numbers for each token, relative to the one before. A token of several lines becomes one for each. */
export function toTokens(lines: Lines, marks: readonly PlacedMark[]): number[] {
  const data: number[] = []
  let [line, character] = [0, 0]
  for (const { kind, span, assigned } of marks) {
    const last = lines.at(span.end).line
    for (let l = lines.at(span.start).line; l <= last; l++) {
      const start = lines.at(Math.max(span.start, lines.startOf(l)))
      const end = lines.at(Math.min(span.end, lines.endOf(l)))
      const length = end.line === l ? end.character - start.character : 0
      if (length <= 0) continue
      data.push(l - line, l === line ? start.character - character : start.character, length)
      data.push(TOKEN_TYPES.indexOf(TYPE[kind]), assigned ? 1 : 0)
      line = l
      character = start.character
    }
  }
  return data
}
