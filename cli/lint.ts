// assay lint: the diagnostics are the result, so they go to stdout.
import { internal, internalError } from '../core/diag/catalogue/cli.ts'
import { type Diagnostic, inLog } from '../core/diag/diagnostic.ts'
import { checkTechniques } from '../core/detect/folder/checks/rule-metadata.ts'
import type { Source } from '../core/text/source.ts'
import { readLanguages } from '../core/workbench/compile.ts'
import { fixed, lint as lintText } from '../core/workbench/lint.ts'
import { resolveReferences, needDiagnostics } from '../engine/query/resolve-references.ts'
import { listQueries } from '../engine/project/list-files.ts'
import { type QueryText, writeQuery } from '../engine/project/query-files.ts'
import type { LintFlags } from './commands/lint.ts'
import type { Io } from './io.ts'
import { diagnosticsToJson } from './json.ts'
import { printDocument, printHeading, printJson } from './print.ts'
import { say } from './say.ts'
import { countOf, plural } from './words.ts'

interface Linted {
  readonly query: QueryText
  readonly diagnostics: readonly Diagnostic[]
  readonly fixed: readonly Diagnostic[]
  readonly text: string
  readonly failed: Diagnostic | undefined
}

export async function lint(io: Io, paths: readonly string[], flags: LintFlags): Promise<number> {
  const { queries, diagnostics: wrong } = listQueries(paths, flags.lang)
  const collections = new Map(
    readLanguages.flatMap((l) => (l.read.between === undefined ? [] : [[l.id, [] as Source[]]])),
  )
  for (const q of queries) collections.get(q.language)?.push(q.source)
  const linted = queries.map((q) => guarded(q, collections.get(q.language), flags))
  const failures = [...wrong, ...linted.flatMap((l) => l.failed ?? [])]
  const found = linted.flatMap((l) => l.diagnostics)
  const repaired = linted.flatMap((l) => l.fixed)
  if (flags.format === 'json') {
    const texts = flags.fix ? linted.filter((l) => l.query.path === undefined).map((l) => l.text) : []
    printJson(io, {
      diagnostics: diagnosticsToJson([...failures, ...found]),
      ...(flags.fix && { fixed: diagnosticsToJson(repaired) }),
      ...(texts.length > 0 && { texts }),
    })
  } else {
    say(io, failures)
    printLinted(io, linted, flags)
  }
  if (found.some((d) => d.code === internal.id)) return 3
  if (failures.length > 0) return 2
  const failing = flags.failOn === 'warnings' ? countOf(found, 'warning') : 0
  return countOf(found, 'error') + failing > 0 ? 1 : 0
}

/** An exception is the diagnostic of its own file. */
function guarded(query: QueryText, collection: readonly Source[] | undefined, flags: LintFlags): Linted {
  try {
    return one(query, collection, flags)
  } catch (e) {
    const broken = internalError(e, inLog(query.source.name))
    return { query, diagnostics: [broken], fixed: [], text: query.source.text, failed: undefined }
  }
}

function one(query: QueryText, collection: readonly Source[] | undefined, flags: LintFlags): Linted {
  const found = resolveReferences(query.source, query.language, flags).context
  const context = collection && collection.length > 1 ? { ...found, collection } : found
  const repaired = flags.fix ? fixed(query.source, query.language, context) : { text: query.source.text, applied: [] }
  const { text, applied } = repaired
  const failed = applied.length > 0 ? writeQuery(query, text) : undefined
  const source = failed ? query.source : { ...query.source, text }
  const { compiled, diagnostics } = lintText(source, query.language, context)
  const needs = needDiagnostics(compiled, flags).map((d): Diagnostic => ({ ...d, severity: 'info' }))
  const { ruleMetadata } = compiled.language
  // A revoked technique does not change the findings of a rule, so it is an error only in the folder of a detection.
  const tags = ruleMetadata
    ? checkTechniques(source, ruleMetadata).map((d): Diagnostic => ({ ...d, severity: 'warning' }))
    : []
  return { query, diagnostics: [...diagnostics, ...tags, ...needs], fixed: failed ? [] : applied, text, failed }
}

function printLinted(io: Io, linted: readonly Linted[], { fix, lang }: LintFlags): void {
  for (const l of linted) {
    // A text from the command line has no file to rewrite, so the result is the fixed text.
    const asText = fix && l.query.path === undefined
    if (asText) printDocument(io, l.text)
    say(io, l.diagnostics, { stream: asText ? io.stderr : io.stdout, full: true })
  }
  if (linted.length === 0 || (fix && lang && linted.every((l) => l.query.path === undefined))) return
  const found = linted.flatMap((l) => l.diagnostics)
  const repaired = linted.reduce((n, l) => n + l.fixed.length, 0)
  const counts = [
    plural(countOf(found, 'error'), 'error'),
    plural(countOf(found, 'warning'), 'warning'),
    ...(countOf(found, 'info') > 0 ? [plural(countOf(found, 'info'), 'note')] : []),
    ...(fix ? [`${repaired} fixed`] : []),
  ]
  const fixable = fix ? 0 : found.filter((d) => d.fixes.some((f) => f.safety === 'safe')).length
  const hint = fixable > 0 ? ` (${fixable} can be fixed with --fix)` : ''
  const texts = plural(linted.length, linted.every((l) => l.query.path) ? 'file' : 'text')
  printHeading(io, `${texts}: ${counts.join(', ')}${hint}`)
}
