// Checks the pages of a folder before anything runs. A case needs a query, telemetry and an expectation, and each word of a fence a meaning.
import { byName } from '../../../text/by-name.ts'
import {
  duplicateName,
  escapes,
  noSuchFile,
  promisesNothing,
  testsNothing,
  unknownTelemetry,
  unknownWord,
} from '../../../diag/catalogue/detect.ts'
import { type Diagnostic, inText, diagnostic } from '../../../diag/diagnostic.ts'
import { formatNamed, formats, recognise } from '../../../logs/registry.ts'
import { type Source, span } from '../../../text/source.ts'
import { languageNamed, readLanguages } from '../../../workbench/compile.ts'
import type { Block, Case, CaseFile } from '../../case/case-file.ts'
import { anchor, inFolder } from '../folder-names.ts'
import { nearest } from '../../../text/nearest.ts'
import type { Folder } from '../folder-types.ts'

const PROMISES = new Set(['fires', 'quiet', 'result', 'diagnostics'])
const TELEMETRY = new Set(['events', 'raw'])
const isQuery = (block: Block): boolean => languageNamed(block.kind) !== undefined

/** Words that other tools highlight. They mark prose, even if they resemble a word of Assay. */
const FOREIGN = new Set(['sql', 'json', 'xml', 'text', 'txt', 'sh', 'ini'])
const TELEMETRY_OPTIONS = ['bad', 'category', 'file', 'format', 'parser', 'repeat', 'repo', 'year', 'zone']
const QUERY_OPTIONS = ['file', 'lenient', 'saved', 'strict']
/** Word after a fence → its options. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = byName({
  events: TELEMETRY_OPTIONS,
  raw: TELEMETRY_OPTIONS,
  lookup: ['file', 'name'],
  clock: [],
  result: ['ordered'],
  fires: [],
  quiet: [],
  diagnostics: [],
})

/** Options of any fence. */
export const fenceOptions: ReadonlySet<string> = new Set([...Object.values(OPTIONS).flat(), ...QUERY_OPTIONS])

/** `isGuide`: sections without a query are allowed. */
export function checkPage(page: CaseFile, folder: Folder, isGuide = false): Diagnostic[] {
  const path = page.source.name.slice(folder.path('').length)
  const blocks = [...page.shared, ...page.cases.flatMap((c) => c.blocks)]
  const seen = new Set<string>()
  return [
    ...blocks.flatMap((block) => checkBlock(block, page.source, path, folder)),
    ...page.cases.flatMap((c) => checkCase(c, page, seen, path, folder, isGuide)),
  ]
}

function checkBlock(block: Block, source: Source, path: string, folder: Folder): Diagnostic[] {
  const place = fencePlace(block, source)
  const out = wordsOf(block).map((word) => diagnostic(unknownWord, place, word))
  const name = block.options.get('file')
  const found = name === undefined ? undefined : inFolder(name, path)
  if (name !== undefined && found === undefined) out.push(diagnostic(escapes, place, { name }))
  else if (name !== undefined && found !== undefined && !folder.files.has(found))
    out.push(diagnostic(noSuchFile, place, { name, near: nearest(found, folder.files.keys()) }))
  else if (TELEMETRY.has(block.kind)) {
    const unknown = unrecognised(block, found === undefined ? block.source.text : (folder.files.get(found) ?? ''))
    if (unknown) out.push(diagnostic(unknownTelemetry, place, unknown))
  }
  return out
}

/** Words of a fence that the reader of cases would ignore. */
function wordsOf({ kind, options }: Block): { word: string; near: string | undefined; known: readonly string[] }[] {
  const known =
    OPTIONS[kind] ??
    languageNamed(kind)
      ?.read.semantics.map((s) => s.id)
      .concat(QUERY_OPTIONS)
  if (known === undefined) {
    const ours = [...Object.keys(OPTIONS), ...readLanguages.map((l) => l.id)]
    const near = kind.length < 3 || FOREIGN.has(kind) ? undefined : nearest(kind, ours)
    return near === undefined ? [] : [{ word: kind, near, known: ours }]
  }
  return [...options.keys()]
    .filter((word) => !known.includes(word) && !word.startsWith('?'))
    .map((word) => ({ word, near: nearest(word, known), known }))
}

function unrecognised({ options }: Block, text: string): { named: string | undefined; known: string[] } | undefined {
  const named = options.get('format')
  const known = formats.map((f) => f.name)
  if (named !== undefined) return formatNamed(named) ? undefined : { named, known }
  const lines = text.split(/\r?\n/).filter((l) => l.trim() !== '')
  return lines.length === 0 || recognise(lines).length > 0 ? undefined : { named: undefined, known }
}

function checkCase(
  c: Case,
  page: CaseFile,
  seen: Set<string>,
  path: string,
  folder: Folder,
  isGuide: boolean,
): Diagnostic[] {
  const out: Diagnostic[] = []
  const place = inText(page.source, lineSpan(page.source, c.line))
  const blocks = [...page.shared, ...c.blocks]
  const title = c.title
  if (seen.has(anchor(title))) out.push(diagnostic(duplicateName, place, { kind: 'test', name: title }))
  seen.add(anchor(title))
  const asks = blocks.some(isQuery)
  if (!asks && isGuide) return out
  if (!asks) out.push(diagnostic(testsNothing, place, { title, what: 'no query' }))
  else if (silentQueries(blocks).length > 0)
    out.push(diagnostic(promisesNothing, queryPlace(page, c, blocks), { title }))
  if (!blocks.some((b) => TELEMETRY.has(b.kind) && hasLines(b, path, folder)))
    out.push(diagnostic(testsNothing, place, { title, what: 'no telemetry' }))
  return out
}

/** True for a missing file too: the check of its fence reports it. */
function hasLines(block: Block, path: string, { files }: Folder): boolean {
  const name = block.options.get('file')
  const text = name === undefined ? block.source.text : (files.get(inFolder(name, path) ?? '') ?? 'missing')
  return text.trim() !== ''
}

/** Queries without an expectation before the next query. */
function silentQueries(blocks: readonly Block[]): Block[] {
  return blocks.filter((block, i) => {
    if (!isQuery(block) || block.options.has('saved')) return false
    const next = blocks.findIndex((b, j) => j > i && isQuery(b))
    return !blocks.slice(i + 1, next < 0 ? blocks.length : next).some((b) => PROMISES.has(b.kind))
  })
}

function queryPlace(page: CaseFile, c: Case, blocks: readonly Block[]) {
  const silent = silentQueries(blocks).find((b) => c.blocks.includes(b))
  return inText(page.source, lineSpan(page.source, silent?.line ?? c.line))
}

const fencePlace = (block: Block, source: Source) => inText(source, lineSpan(source, block.line))

/** A whole line, 1-based. */
export function lineSpan({ text }: Source, line: number) {
  let start = 0
  for (let n = 1; n < line; n++) start = text.indexOf('\n', start) + 1
  const end = text.indexOf('\n', start)
  return span(start, end < 0 ? text.length : end)
}
