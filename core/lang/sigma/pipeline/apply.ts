// Applies a pipeline to the documents of a file: it renames, adds and changes before a rule is lowered.
import { byName } from '../../../text/by-name.ts'
import * as codes from '../../../diag/catalogue/sigma.ts'
import { type Diagnostic, diagnostic, inText, noPlace } from '../../../diag/diagnostic.ts'
import type { Source } from '../../../text/source.ts'
import type { Correlation, Document, Item, Named, Search } from '../ast.ts'
import { isMet } from './conditions.ts'
import { type Pipeline, readPipeline } from './read.ts'
import { TRANSFORMATIONS } from './transformations.ts'
import { hasRoom, MOST_MADE, type PipelineItem, type State } from './types.ts'

export interface PipelineFile {
  readonly name: string
  /** Undefined: the file cannot be read. */
  readonly text: string | undefined
}

export interface Applied {
  readonly documents: readonly Document[]
  readonly diagnostics: readonly Diagnostic[]
}

/** `source`: the source of the documents. */
export function applyPipelines(
  documents: readonly Document[],
  files: readonly PipelineFile[],
  source: Source,
): Applied {
  const diagnostics: Diagnostic[] = []
  const pipelines = files.flatMap(({ name, text }): Pipeline[] => {
    if (text === undefined) {
      const params = { problem: `cannot read ${name}`, remedy: 'name a YAML file with --pipeline' }
      diagnostics.push(diagnostic(codes.sigmaPipeline, noPlace, params))
      return []
    }
    const read = readPipeline({ name, text })
    diagnostics.push(...read.diagnostics)
    return read.pipeline ? [read.pipeline] : []
  })
  const items = pipelines.toSorted((a, b) => a.priority - b.priority).flatMap((p) => p.items)
  const vars = byName(Object.fromEntries(pipelines.flatMap((p) => Object.entries(p.vars))))
  const made = documents.map((d) => {
    if (d.kind === 'filter') return d
    const state: State = { vars, applied: new Set(), values: new Map(), failure: undefined, room: { ...MOST_MADE } }
    const changed = items.reduce<Document>((doc, item, place) => {
      state.room = { ...MOST_MADE }
      return state.failure === undefined ? applied(doc, item, state, place) : doc
    }, d)
    if (state.failure !== undefined) {
      const params = { problem: state.failure, remedy: 'leave the rule out of this pipeline' }
      diagnostics.push(
        diagnostic(codes.sigmaPipeline, inText(source, { start: d.span.start, end: d.span.start + 1 }), params),
      )
    }
    return changed
  })
  return { documents: made, diagnostics }
}

function applied(d: Document, p: PipelineItem, state: State, place: number): Document {
  const transformation = TRANSFORMATIONS[p.type]
  if (!transformation || d.kind === 'filter' || !p.rule.every((c) => isMet(c, { rule: d, state }))) return d
  if (p.id !== undefined) state.applied.add(p.id)
  const names = (field: string): readonly string[] => {
    if (!transformation.name || !isMet(p.field, { rule: d, field, state })) return [field]
    const made = transformation.name(field, p.given)
    return hasRoom(state, made.length, field.length) ? made : [field]
  }
  if (d.kind === 'correlation') return transformation.name ? renamed(d, names) : d
  const { rule, item } = transformation
  const mapped = transformation.name !== undefined || p.type === 'add_condition' ? { isMapped: true } : {}
  if (rule) return { ...rule(d, p.given, state, place), ...mapped }
  const change = (i: Item): readonly Item[] => {
    const on = { rule: d, item: i, field: i.field, state }
    if (!isMet(p.item, on) || !isMet(p.field, on)) return [i]
    if (item) return item(i, p.given, state)
    return i.field === undefined ? [i] : withNames(i, i.field, names, state)
  }
  const searches = new Map(
    [...d.searches].flatMap(([name, { search, span }]): [string, Named][] => {
      const of = searched(search, change)
      return [[name, { search: of ?? { kind: 'all', of: [] }, span }]]
    }),
  )
  return { ...d, searches, fields: d.fields.flatMap(names), ...mapped }
}

function withNames(i: Item, from: string, names: (field: string) => readonly string[], state: State): readonly Item[] {
  const fields = names(from)
  // Each further name has all values again.
  if (!hasRoom(state, (fields.length - 1) * i.values.length, 0)) return [i]
  return fields.map((field) => ({
    ...i,
    field,
    values: i.modifiers.includes('fieldref')
      ? i.values.flatMap((v) => (v.text === undefined ? [v] : names(v.text).map((text) => ({ ...v, text }))))
      : i.values,
  }))
}

/** Undefined: no item is left. */
function searched(s: Search, change: (i: Item) => readonly Item[]): Search | undefined {
  const of = s.kind === 'item' ? change(s) : s.of.flatMap((o) => searched(o, change) ?? [])
  if (of.length === 0) return undefined
  if (of.length === 1) return of[0]
  return { kind: s.kind === 'all' ? 'all' : 'any', of }
}

const renamed = (c: Correlation, names: (field: string) => readonly string[]): Correlation => ({
  ...c,
  groupBy: c.groupBy.flatMap((f) => (c.aliases.has(f) ? [f] : names(f).slice(0, 1))),
  fields: c.fields.flatMap((f) => names(f).slice(0, 1)),
  aliases: new Map(
    [...c.aliases].map(([alias, of]) => [alias, new Map([...of].map(([rule, f]) => [rule, names(f)[0] ?? f]))]),
  ),
})
