// A text that is open in an editor: the queries in it, and facts about each that are computed once.
import { parseCaseFile } from '../detect/case/case-file.ts'
import { DETECTION_FILE } from '../detect/folder/folder.ts'
import { CONFIG_FILE } from '../config/config.ts'
import { checkTechniques } from '../detect/folder/checks/rule-metadata.ts'
import { type Diagnostic, noPlace } from '../diag/diagnostic.ts'
import type { CompileContext } from '../lang/shared/lowered.ts'
import type { EditorHalf, Marked } from '../lang/shared/editor.ts'
import type { Piece, Source, Span } from '../text/source.ts'
import { hostSpan } from '../text/source.ts'
import { type Compiled, languageNamed, languageOfFile } from '../workbench/compile.ts'
import type { ReadLanguage } from '../workbench/language.ts'
import { lint } from '../workbench/lint.ts'

/** A field of telemetry and some of its values. */
export type Profile = ReadonlyMap<string, readonly string[]>

/** Facts from outside the text. */
export interface Surroundings {
  readonly context?: CompileContext
  /** The fields of the user's telemetry. */
  readonly profile?: Profile
}

type DocumentKind = 'detection' | 'page' | 'query' | 'settings'

/** One query of a document. */
export interface Part {
  readonly query: OpenQuery
  /** Undefined: the query is the whole document. */
  readonly pieces: readonly Piece[] | undefined
  /** Its place in the document. */
  readonly at: Span
  /** The page promises the diagnostics of this query. */
  readonly promised: boolean
}

export interface OpenText {
  readonly source: Source
  readonly kind: DocumentKind
  readonly parts: readonly Part[]
}

/** A query text of a language. All facts are computed at most once, when they are asked for. */
export class OpenQuery {
  readonly language: ReadLanguage
  readonly source: Source
  #marked: Marked | undefined
  #linted:
    | { readonly around: Surroundings; readonly compiled: Compiled; readonly diagnostics: readonly Diagnostic[] }
    | undefined

  constructor(language: ReadLanguage, source: Source) {
    this.language = language
    this.source = source
  }

  get text(): string {
    return this.source.text
  }
  get editor(): EditorHalf | undefined {
    return this.language.read.editor
  }
  get marked(): Marked {
    this.#marked ??= this.editor?.marked(this.text) ?? { marks: [], calls: [], steps: [], folds: [] }
    return this.#marked
  }

  linted(around: Surroundings): { readonly compiled: Compiled; readonly diagnostics: readonly Diagnostic[] } {
    if (this.#linted?.around !== around) {
      const { ruleMetadata } = this.language
      const { compiled, diagnostics } = lint(this.source, this.language.id, around.context)
      // A revoked technique does not change the findings of a rule.
      const tags = ruleMetadata ? checkTechniques(this.source, ruleMetadata) : []
      const all = [...diagnostics, ...tags.map((d): Diagnostic => ({ ...d, severity: 'warning' }))]
      this.#linted = { around, compiled, diagnostics: all }
    }
    return this.#linted
  }
}

/** The last part of a path, with either separator. */
const fileName = (name: string): string => name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)

/**
 * A document by its name and text; undefined: Assay knows nothing about such a file. `language`: an id that the editor gives the text.
 * `before`: the same document before an edit. Queries that the edit left alone keep their facts.
 */
export function openText(source: Source, language?: string, before?: OpenText): OpenText | undefined {
  const file = fileName(source.name)
  if (file === DETECTION_FILE) return { source, kind: 'detection', parts: [] }
  if (file === CONFIG_FILE) return { source, kind: 'settings', parts: [] }
  if (file.endsWith('.case.md')) return { source, kind: 'page', parts: pageParts(source, before) }
  const found = (language === undefined ? undefined : languageNamed(language)) ?? languageOfFile(file, source.text)
  if (!found) return undefined
  const at = { start: 0, end: source.text.length }
  const query = reused(found, source, before) ?? new OpenQuery(found, source)
  return { source, kind: 'query', parts: [{ query, pieces: undefined, at, promised: false }] }
}

const reused = (language: ReadLanguage, { text, name }: Source, before: OpenText | undefined): OpenQuery | undefined =>
  before?.parts.find((p) => p.query.language === language && p.query.text === text && p.query.source.name === name)
    ?.query

function pageParts(source: Source, before: OpenText | undefined): Part[] {
  const known = new Map(before?.parts.map((p) => [`${p.query.language.id} ${p.query.text}`, p.query]))
  const { shared, cases } = parseCaseFile(source)
  return [shared, ...cases.map((c) => c.blocks)].flatMap((blocks) =>
    blocks.flatMap((block, i): Part[] => {
      const language = languageNamed(block.kind)
      if (!language || block.options.has('file')) return []
      const { text, host } = block.source
      // Without its host: the same query at another place has the same facts.
      const query = known.get(`${language.id} ${text}`) ?? new OpenQuery(language, { name: source.name, text })
      const next = blocks.findIndex((b, j) => j > i && languageNamed(b.kind) !== undefined)
      const promised = blocks.slice(i + 1, next < 0 ? undefined : next).some((b) => b.kind === 'diagnostics')
      return [{ query, pieces: host?.pieces, at: block.body, promised }]
    }),
  )
}

/** The part at an offset of the document, and the offset in it. */
export function partAt(document: OpenText, offset: number): { readonly part: Part; readonly at: number } | undefined {
  const part = document.parts.find((p) => offset >= p.at.start && offset <= p.at.end)
  if (!part) return undefined
  if (!part.pieces) return { part, at: offset }
  const piece = part.pieces.findLast((p) => p.hostStart <= offset)
  return { part, at: piece ? Math.min(piece.start + offset - piece.hostStart, piece.start + piece.length) : 0 }
}

/** The place in the document of a span of a part. */
export function inDocument(document: OpenText, part: Part, span: Span): Span {
  if (!part.pieces) return span
  const { start, end } = hostSpan(
    { ...part.query.source, host: { source: document.source, pieces: part.pieces } },
    span,
  )
  // A body has a line end where the page may end without one.
  const most = document.source.text.length
  return { start: Math.min(start, most), end: Math.min(end, most) }
}

/** A diagnostic of a part as one of the document: its place, those beside it, and its edits. */
export function placed(document: OpenText, part: Part, d: Diagnostic): Diagnostic {
  const place = (at: Diagnostic['at']): Diagnostic['at'] => {
    if (at.kind !== 'text') return at
    if (at.source !== part.query.source) return part.pieces ? noPlace : at
    return { kind: 'text', source: document.source, span: inDocument(document, part, at.span) }
  }
  if (!part.pieces) return d
  return {
    ...d,
    at: place(d.at),
    also: d.also.map((l) => ({ ...l, at: place(l.at) })),
    fixes: d.fixes.map((f) => ({
      ...f,
      edits: f.edits.map((e) => ({ ...e, span: inDocument(document, part, e.span) })),
    })),
  }
}
