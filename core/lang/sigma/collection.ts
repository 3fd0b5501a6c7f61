// The other files of a collection: rules that a correlation counts, rules that a filter changes, and ids that two files have.
import * as codes from '../../diag/catalogue/sigma.ts'
import { type Source, span } from '../../text/source.ts'
import { parse } from './2-parse.ts'
import type { Lowering } from './lowering.ts'
import type { Document } from './ast.ts'

interface Placed {
  readonly file: string
  readonly document: Document
}

interface Collection {
  readonly all: readonly Placed[]
  readonly filters: readonly Placed[]
  /** Files by the names and ids that their documents have. */
  readonly files: ReadonlyMap<string, ReadonlySet<string>>
}

const known = new WeakMap<readonly Source[], Collection>()

/** Parsed once, however many files of it are lowered. */
function collectionOf(sources: readonly Source[]): Collection {
  const before = known.get(sources)
  if (before) return before
  const all = sources.flatMap((s) => parse(s).file.documents.map((document) => ({ file: s.name, document })))
  const files = new Map<string, Set<string>>()
  for (const { file, document } of all)
    for (const n of document.names) files.set(n, (files.get(n) ?? new Set()).add(file))
  const made = { all, filters: all.filter((c) => c.document.kind === 'filter'), files }
  known.set(sources, made)
  return made
}

/** The documents of the other files that can matter here: all where the file refers to any, filters for rules. Reports names that another file has too. */
export function documentsBeside(documents: readonly Document[], lowering: Lowering): readonly Document[] {
  const sources = lowering.context.collection
  if (!sources) return []
  const { all, filters, files } = collectionOf(sources)
  const own = lowering.source.name
  for (const d of documents)
    for (const name of new Set(d.names)) {
      const other = [...(files.get(name) ?? [])].find((f) => f !== own)
      if (other !== undefined)
        lowering.report(codes.sigmaTwice, span(d.span.start, d.span.start + 1), {
          what: name === d.id ? 'id' : 'name',
          name,
          other,
        })
    }
  // A rule refers to nothing, but filters of other files can name it.
  const used = documents.every((d) => d.kind === 'rule') ? filters : all
  return used.filter((c) => c.file !== own).map((c) => c.document)
}
