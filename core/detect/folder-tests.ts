// The pages of tests/: every case asks, sees and promises something.
import { duplicateName, escapes, noSuchFile, noTests, promisesNothing, testsNothing } from '../diag/catalogue/detect.ts'
import { type Diagnostic, inText, report } from '../diag/diagnostic.ts'
import { type Source, span } from '../text/source.ts'
import { languageNamed } from '../workbench/compile.ts'
import type { Block, Case, CaseFile } from './case-file.ts'
import type { Folder } from './folder.ts'
import { anchor, inFolder } from './folder-names.ts'
import { nearest } from './nearest.ts'
import type { Detection } from './schema.ts'

const PROMISES = new Set(['fires', 'quiet', 'result', 'diagnostics'])
const TELEMETRY = new Set(['events', 'raw'])
/** Written in a page before this Assay reads the language: still a query, never prose. */
const isQuery = (block: Block): boolean =>
  languageNamed(block.kind) !== undefined || /^(?:cql|sumo|sigma)$/.test(block.kind)

export function checkCases(detection: Detection | undefined, folder: Folder): Diagnostic[] {
  const out = folder.pages.flatMap((page) => pageDiagnostics(page, folder))
  if (detection) out.push(...missingTests(detection, folder))
  return out
}

function pageDiagnostics(page: CaseFile, folder: Folder): Diagnostic[] {
  const out: Diagnostic[] = []
  const path = page.source.name.slice(folder.path('').length)
  const seen = new Set<string>()
  for (const block of [...page.shared, ...page.cases.flatMap((c) => c.blocks)]) {
    const name = block.options.get('file')
    if (name === undefined) continue
    const place = inText(page.source, lineSpan(page.source, block.line))
    const found = inFolder(name, path)
    if (found === undefined) out.push(report(escapes, place, { name }))
    else if (!folder.files.has(found))
      out.push(report(noSuchFile, place, { name, near: nearest(found, folder.files.keys()) }))
  }
  for (const c of page.cases) {
    const place = inText(page.source, lineSpan(page.source, c.line))
    const blocks = [...page.shared, ...c.blocks]
    const title = c.title
    if (seen.has(anchor(title))) out.push(report(duplicateName, place, { kind: 'test', name: title }))
    seen.add(anchor(title))
    if (!blocks.some(isQuery)) out.push(report(testsNothing, place, { title, what: 'no query' }))
    else if (silentQueries(blocks).length > 0) out.push(report(promisesNothing, queryPlace(page, c, blocks), { title }))
    if (!blocks.some((b) => TELEMETRY.has(b.kind)))
      out.push(report(testsNothing, place, { title, what: 'no telemetry' }))
  }
  return out
}

/** Queries with no promise between them and the next query. */
function silentQueries(blocks: readonly Block[]): Block[] {
  return blocks.filter((block, i) => {
    if (!isQuery(block)) return false
    const next = blocks.findIndex((b, j) => j > i && isQuery(b))
    return !blocks.slice(i + 1, next < 0 ? blocks.length : next).some((b) => PROMISES.has(b.kind))
  })
}

function queryPlace(page: CaseFile, c: Case, blocks: readonly Block[]) {
  const silent = silentQueries(blocks).find((b) => c.blocks.includes(b))
  return inText(page.source, lineSpan(page.source, silent?.line ?? c.line))
}

function lineSpan({ text }: Source, line: number) {
  let start = 0
  for (let n = 1; n < line; n++) start = text.indexOf('\n', start) + 1
  const end = text.indexOf('\n', start)
  return span(start, end < 0 ? text.length : end)
}

function missingTests(detection: Detection, folder: Folder): Diagnostic[] {
  const place = inText(folder.yaml.source, folder.yaml.keyAt(['platforms']))
  if (!folder.pages.some((p) => p.cases.length > 0)) return [report(noTests, place, { what: 'tests' })]
  const queries = new Set(
    Object.values(detection.platforms).flatMap((p) => (p ? [p.query, ...p.companions.map((c) => c.file)] : [])),
  )
  // A query that is not there is told at its own line.
  if (![...queries].every((q) => folder.files.has(q))) return []
  const promised = new Set(folder.pages.flatMap((p) => p.cases.flatMap((c) => promisesOf(p, c, queries, folder))))
  const out: Diagnostic[] = []
  if (!promised.has('fires')) out.push(report(noTests, place, { what: 'attack' }))
  if (!promised.has('quiet')) out.push(report(noTests, place, { what: 'benign' }))
  return out
}

/** What a case promises of the queries of the detection itself. */
function promisesOf(page: CaseFile, c: Case, queries: ReadonlySet<string>, folder: Folder): string[] {
  const path = page.source.name.slice(folder.path('').length)
  const out: string[] = []
  let ours = false
  for (const block of [...page.shared, ...c.blocks]) {
    if (isQuery(block)) {
      const found = inFolder(block.options.get('file') ?? '', path)
      ours = found !== undefined && queries.has(found)
    } else if (ours && PROMISES.has(block.kind)) out.push(block.kind === 'result' ? 'fires' : block.kind)
  }
  return out
}
