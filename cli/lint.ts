// assay lint: the diagnostics are the result, so they go to stdout.
import type { Diagnostic } from '../core/diag/diagnostic.ts'
import { fixed, lint as lintText } from '../core/workbench/lint.ts'
import { type CompileInputs, resolveReferences, needDiagnostics } from '../engine/query/resolve-references.ts'
import { listQueries } from '../engine/project/list-files.ts'
import { type QueryText, writeQuery } from '../engine/project/query-files.ts'
import { countOf, diagnosticsToJson, inColour, plural, printDiagnostics, toJson } from './diagnostics-output.ts'
import type { Io } from './io.ts'

export interface LintOptions extends CompileInputs {
  readonly lang?: string
  readonly format: 'json' | 'text'
  readonly fix?: boolean
  readonly failOn?: 'warnings'
}

interface Linted {
  readonly query: QueryText
  readonly diagnostics: readonly Diagnostic[]
  readonly fixed: readonly Diagnostic[]
  readonly text: string
  readonly failed: Diagnostic | undefined
}

export async function lint(io: Io, paths: readonly string[], options: LintOptions): Promise<number> {
  const { queries, diagnostics: wrong } = listQueries(paths, options.lang)
  const linted = queries.map((q) => one(q, options))
  const failures = [...wrong, ...linted.flatMap((l) => l.failed ?? [])]
  const found = linted.flatMap((l) => l.diagnostics)
  const repaired = linted.flatMap((l) => l.fixed)
  if (options.format === 'json') {
    const texts = options.fix ? linted.filter((l) => l.query.path === undefined).map((l) => l.text) : []
    io.stdout.write(
      `${toJson({
        diagnostics: diagnosticsToJson([...failures, ...found]),
        ...(options.fix && { fixed: diagnosticsToJson(repaired) }),
        ...(texts.length > 0 && { texts }),
      })}\n`,
    )
  } else {
    printDiagnostics(io, failures)
    print(io, linted, options)
  }
  if (failures.length > 0) return 2
  const failing = options.failOn === 'warnings' ? countOf(found, 'warning') : 0
  return countOf(found, 'error') + failing > 0 ? 1 : 0
}

function one(query: QueryText, options: LintOptions): Linted {
  const known = resolveReferences(query.source, query.language, options)
  const repaired = options.fix ? fixed(query.source, query.language, known) : { text: query.source.text, applied: [] }
  const { text, applied } = repaired
  const failed = applied.length > 0 ? writeQuery(query, text) : undefined
  const source = failed ? query.source : { ...query.source, text }
  const { compiled, diagnostics } = lintText(source, query.language, known)
  const needs = needDiagnostics(compiled, options).map((d): Diagnostic => ({ ...d, severity: 'info' }))
  return { query, diagnostics: [...diagnostics, ...needs], fixed: failed ? [] : applied, text, failed }
}

function print(io: Io, linted: readonly Linted[], { fix, lang }: LintOptions): void {
  for (const l of linted) {
    // A text given as argument has no file to be rewritten, so its fixed form is the result.
    const asText = fix && l.query.path === undefined
    if (asText) io.stdout.write(l.text.endsWith('\n') ? l.text : `${l.text}\n`)
    printDiagnostics(io, l.diagnostics, { stream: asText ? io.stderr : io.stdout })
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
  const line = `${plural(linted.length, linted.every((l) => l.query.path) ? 'file' : 'text')}: ${counts.join(', ')}${hint}`
  io.stdout.write(`${inColour(io, io.stdout) ? `\u001b[1m${line}\u001b[0m` : line}\n`)
}
