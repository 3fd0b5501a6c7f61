// The documents that an editor has open, in the editor's own positions.
import { type OpenText, openText } from '../../core/services/services.ts'
import { type Encoding, Lines } from '../../core/text/lines.ts'
import type { Span } from '../../core/text/source.ts'
import type { Range, TextDocumentContentChangeEvent } from 'vscode-languageserver'

export interface OpenDocument {
  readonly uri: string
  readonly name: string
  readonly languageId: string
  readonly version: number
  readonly lines: Lines
  /** Undefined: Assay knows nothing about such a file. */
  readonly text: OpenText | undefined
}

export class Documents {
  readonly #open = new Map<string, OpenDocument>()
  readonly #encoding: () => Encoding

  constructor(encoding: () => Encoding) {
    this.#encoding = encoding
  }

  get all(): Iterable<OpenDocument> {
    return this.#open.values()
  }
  get size(): number {
    return this.#open.size
  }

  get(uri: string): OpenDocument | undefined {
    return this.#open.get(uri)
  }

  open(uri: string, languageId: string, version: number, text: string): OpenDocument {
    return this.#keep({ uri, name: pathOf(uri), languageId, version }, text, undefined)
  }

  change(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[]): OpenDocument | undefined {
    const before = this.#open.get(uri)
    if (!before) return undefined
    let { lines } = before
    for (const change of changes) {
      let text = change.text
      if ('range' in change) {
        const { start, end } = spanOf(lines, change.range)
        text = lines.text.slice(0, start) + text + lines.text.slice(Math.max(start, end))
      }
      lines = new Lines(text, this.#encoding())
    }
    return this.#keep({ ...before, version }, lines.text, before.text, lines)
  }

  close(uri: string): void {
    this.#open.delete(uri)
  }

  #keep(
    of: Pick<OpenDocument, 'languageId' | 'name' | 'uri' | 'version'>,
    text: string,
    before: OpenText | undefined,
    lines = new Lines(text, this.#encoding()),
  ): OpenDocument {
    const { uri, name, languageId, version } = of
    const opened = openText({ name, text }, languageId, before)
    const document = { uri, name, languageId, version, lines, text: opened }
    this.#open.set(uri, document)
    return document
  }
}

export const rangeOf = (lines: Lines, { start, end }: Span): Range => ({ start: lines.at(start), end: lines.at(end) })
export const spanOf = (lines: Lines, { start, end }: Range): Span => ({
  start: lines.offset(start),
  end: lines.offset(end),
})

/** The path of a file; a text without one keeps its URI as its name. */
export function pathOf(uri: string): string {
  if (!uri.startsWith('file:')) return uri
  try {
    const path = decodeURIComponent(new URL(uri).pathname)
    return /^\/[A-Za-z]:/.test(path) ? path.slice(1) : path
  } catch {
    return uri
  }
}
