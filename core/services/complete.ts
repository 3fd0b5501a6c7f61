// The words that fit at a place.
import type { Expected, Want } from '../lang/shared/editor.ts'
import { byName } from '../text/by-name.ts'
import { builtinPage, builtinsNamed, parameterDoc, signatureOf } from './builtin-page.ts'
import { inDocument, type OpenQuery, type OpenText, partAt, type Surroundings } from './document.ts'
import { fieldsBefore, valuesOf } from './fields.ts'
import type { Completion } from './answers.ts'
import { schemaWords } from './schema-file.ts'

/** Sorted by kind of want, then by name. The editor filters by the text that is typed. */
export function completionsAt(document: OpenText, offset: number, around: Surroundings = {}): Completion[] {
  if (document.kind === 'detection' || document.kind === 'settings') return schemaWords(document, offset)
  const found = partAt(document, offset)
  const { editor, text } = found?.part.query ?? {}
  if (!found || !editor || text === undefined) return document.kind === 'page' ? fenceWords(document, offset) : []
  const expected = editor.expected(text, found.at)
  if (!expected) return []
  const replace = inDocument(document, found.part, expected.replace)
  const seen = new Set<string>()
  return expected.wants
    .flatMap((w) => wanted(found.part.query, w, expected, around))
    .filter((c) => !seen.has(c.label) && seen.add(c.label))
    .map((c) => ({ ...c, replace }))
}

type Bare = Omit<Completion, 'replace'>

function wanted(query: OpenQuery, want: Want, expected: Expected, around: Surroundings): Bare[] {
  const { language, editor } = query
  switch (want.kind) {
    case 'aggregate':
    case 'function':
    case 'step':
      return language.read.builtins
        .filter((b) => editor?.fits(b, want.kind) === true && !b.deprecated)
        .map((b) => ({
          label: b.name,
          kind: 'function',
          detail: signatureOf(b).label,
          doc: builtinPage(language, b, false),
          insert: editor?.callText(b) ?? b.name,
        }))
    case 'parameters':
      return builtinsNamed(language, want.of)
        .flatMap((b) => b.params)
        .filter((p) => !want.given.includes(p.name))
        .map((p) => ({
          label: `${p.name}=`,
          kind: 'parameter',
          detail: p.takes,
          doc: parameterDoc(p),
          insert: `${p.name}=$0`,
        }))
    case 'field':
      return [...fieldsBefore(query, expected.before ?? '', around)].map(([name, origin]) => ({
        label: name,
        kind: 'field',
        detail: origin,
        insert: editor?.nameText(name) ?? name,
      }))
    case 'values': {
      const quoted = query.text[expected.replace.start] === '"'
      return valuesOf(want.of, around).map((value) => ({
        label: value,
        kind: 'value',
        insert: quoted || !/^[\w./-]+$/.test(value) ? JSON.stringify(value) : value,
      }))
    }
    case 'words':
      return want.words.map(({ text, doc, kind = 'keyword' }) => ({
        label: text,
        kind,
        ...(doc !== undefined && { doc }),
        insert: text,
      }))
  }
}

const FENCES: Readonly<Record<string, string>> = byName({
  events: 'Telemetry: a JSON object on each line.',
  raw: 'Telemetry as it is logged; `format=NAME` names the format.',
  result: 'The rows that the query above must give.',
  fires: 'The query above must find something.',
  quiet: 'The query above must find nothing.',
  diagnostics: 'The diagnostics that the query above must have.',
  clock: 'The current time and the interval: `now:`, `from:`, `to:`, `zone:`.',
})

/** The first word of a fence in a page of cases. */
function fenceWords(document: OpenText, offset: number): Completion[] {
  const { text } = document.source
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset)
  const typed = /^ {0,3}(?:`{3,}|~{3,})(\w*)$/.exec(line)?.[1]
  if (typed === undefined) return []
  const replace = { start: offset - typed.length, end: offset }
  return Object.entries(FENCES).map(([label, doc]) => ({ label, kind: 'keyword', doc, insert: label, replace }))
}

export interface Signature {
  readonly label: string
  readonly doc: string
  readonly parameters: readonly { readonly label: string; readonly doc: string }[]
  /** Index of the parameter at the cursor; undefined: none. */
  readonly active: number | undefined
}

/** The functions around the cursor, the innermost; several if the word has several meanings. */
export function signaturesAt(document: OpenText, offset: number): Signature[] {
  const found = partAt(document, offset)
  if (!found) return []
  const { query } = found.part
  const { at } = found
  const calls = query.marked.calls.filter((c) => c.inner.start <= at && at <= c.inner.end)
  const call = calls.sort((a, b) => b.inner.start - a.inner.start)[0]
  if (!call) return []
  const i = call.arguments.findIndex((a) => a.span.start <= at && at <= a.span.end)
  const argument = call.arguments[i]
  return builtinsNamed(query.language, call.name).map((b) => {
    const signature = signatureOf(b)
    const named = b.params.findIndex((p) => p.name === argument?.name)
    const unnamed = b.params.findIndex((p) => p.unnamed)
    const position = i < 0 ? call.arguments.length : i
    const active = argument?.name !== undefined ? named : unnamed >= 0 ? (position === 0 ? unnamed : -1) : position
    return {
      label: signature.label,
      doc: b.doc,
      parameters: b.params.map((p, j) => ({ label: signature.parameters[j] ?? p.name, doc: parameterDoc(p) })),
      active: active >= 0 && active < b.params.length ? active : undefined,
    }
  })
}
