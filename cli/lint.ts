// assay lint: the diagnostics are the result, so they go to stdout.
import { internal, internalError } from '../core/diag/catalogue/cli.ts'
import { type Diagnostic, inLog } from '../core/diag/diagnostic.ts'
import { checkTechniques, withSuccessors } from '../core/detect/folder/checks/rule-metadata.ts'
import type { Source } from '../core/text/source.ts'
import { unifiedDiff } from '../core/text/unified-diff.ts'
import { languageOf, readLanguages } from '../core/workbench/compile.ts'
import { fixed, lintCompiled, lint as lintText, type Policy, underPolicy } from '../core/workbench/lint.ts'
import { resolveReferences, needDiagnostics } from '../engine/query/resolve-references.ts'
import { listQueries } from '../engine/project/list-files.ts'
import { type QueryText, writeQuery } from '../engine/project/query-files.ts'
import { newSince } from './lint-baseline.ts'
import type { LintFlags } from './commands/lint.ts'
import type { Io } from './io.ts'
import { diagnosticsToJson } from './json.ts'
import { lintPolicy } from './lint-policy.ts'
import { machineFormat } from './lint-formats.ts'
import { print, printDocument, printHeading, printJson, printOutput } from './print.ts'
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
  const { policy, diagnostics: settings } = lintPolicy()
  const { queries, diagnostics: wrong } = listQueries(paths, flags.lang, { embedded: true })
  const collections = new Map(
    readLanguages.flatMap((l) => (l.read.between === undefined ? [] : [[l.id, [] as Source[]]])),
  )
  for (const q of queries) collections.get(q.language)?.push(q.source)
  const all = queries.map((q) => guarded(q, collections.get(q.language), flags, policy))
  const overLogs = flags.logs.length > 0 ? await lackedIn(all, flags, policy) : all
  const baseline = newSince(flags.baseline, overLogs)
  const linted = baseline.left
  const failures = [...settings, ...wrong, ...baseline.diagnostics, ...linted.flatMap((l) => l.failed ?? [])]
  const found = linted.flatMap((l) => l.diagnostics)
  report(io, linted, failures, flags)
  if (flags.format === 'text' && baseline.note !== '') print(io.stdout, `${baseline.note}\n`)
  if (found.some((d) => d.code === internal.id)) return 3
  if (failures.length > 0) return 2
  const failing = flags.failOn === 'warnings' ? countOf(found, 'warning') : 0
  return countOf(found, 'error') + failing > 0 ? 1 : 0
}

function report(io: Io, linted: readonly Linted[], failures: readonly Diagnostic[], flags: LintFlags): void {
  const found = linted.flatMap((l) => l.diagnostics)
  if (flags.format === 'json') {
    const isFixing = isFixed(flags)
    const texts = isFixing ? linted.filter((l) => l.query.path === undefined).map((l) => l.text) : []
    printJson(io, {
      diagnostics: diagnosticsToJson([...failures, ...found]),
      ...(isFixing && { fixed: diagnosticsToJson(linted.flatMap((l) => l.fixed)) }),
      ...(texts.length > 0 && { texts }),
    })
  } else if (flags.format === 'text') {
    say(io, failures)
    if (flags.diff)
      for (const l of linted) print(io.stdout, unifiedDiff(l.query.source.name, l.query.source.text, l.text))
    else printLinted(io, linted, flags)
  } else {
    const files = linted.map((l) => l.query.source.name)
    printOutput(io, machineFormat(flags.format, [...failures, ...found], files))
  }
}

const isFixed = ({ fix, fixAll, diff }: LintFlags): boolean => fix === true || fixAll === true || diff === true

/** An exception is the diagnostic of its own file. */
function guarded(
  query: QueryText,
  collection: readonly Source[] | undefined,
  flags: LintFlags,
  policy: Policy,
): Linted {
  try {
    return one(query, collection, flags, policy)
  } catch (e) {
    const broken = internalError(e, inLog(query.source.name))
    return { query, diagnostics: [broken], fixed: [], text: query.source.text, failed: undefined }
  }
}

function one(query: QueryText, collection: readonly Source[] | undefined, flags: LintFlags, policy: Policy): Linted {
  const others = collection && collection.length > 1 ? { collection } : {}
  const { context, compiled: asWritten } = resolveReferences(query.source, languageOf(query.language), flags, others)
  const choice = flags.fixAll ? 'all' : 'safe'
  const repaired =
    isFixed(flags) && !query.isPart
      ? fixed(query.source, query.language, context, choice)
      : { text: query.source.text, applied: [] }
  const metadata = languageOf(query.language).ruleMetadata
  const renamed =
    isFixed(flags) && !query.isPart && metadata
      ? withSuccessors({ ...query.source, text: repaired.text }, metadata)
      : { text: repaired.text, applied: [] }
  const { text } = renamed
  const applied = [...repaired.applied, ...renamed.applied]
  const failed = applied.length > 0 && !flags.diff ? writeQuery(query, text) : undefined
  const source = failed || flags.diff ? query.source : { ...query.source, text }
  const { compiled, diagnostics } =
    asWritten && source.text === asWritten.source.text
      ? lintCompiled(asWritten)
      : lintText(source, query.language, context)
  const needs = needDiagnostics(compiled, flags).map((d): Diagnostic => ({ ...d, severity: 'info' }))
  const { ruleMetadata } = compiled.language
  // A revoked technique does not change the findings of a rule, so it is an error only in the folder of a detection.
  const tags = ruleMetadata
    ? checkTechniques(source, ruleMetadata).map((d): Diagnostic => ({ ...d, severity: 'warning' }))
    : []
  const all = underPolicy([...diagnostics, ...tags, ...needs], source, policy)
  // Offsets of edits are those of the query, and the file has others.
  if (query.isPart) return { query, diagnostics: all.map((d) => ({ ...d, fixes: [] })), fixed: [], text, failed }
  return { query, diagnostics: all, fixed: failed ? [] : applied, text, failed }
}

/** Adds the fields and events that each query lacks in telemetry, as a run reports them. */
async function lackedIn(linted: readonly Linted[], flags: LintFlags, policy: Policy): Promise<Linted[]> {
  const { runQuery } = await import('../engine/query/run-query.ts')
  const done: Linted[] = []
  for (const l of linted) {
    const query = { ...l.query.source, text: flags.diff ? l.query.source.text : l.text }
    const { diagnostics } = await runQuery({ ...flags, query, language: l.query.language, logs: flags.logs })
    const known = new Set(l.diagnostics.map((d) => `${d.code} ${d.message}`))
    const more = diagnostics.filter((d) => !known.has(`${d.code} ${d.message}`) && d.severity !== 'error')
    done.push({ ...l, diagnostics: [...l.diagnostics, ...underPolicy(more, { ...query, text: '' }, policy)] })
  }
  return done
}

function printLinted(io: Io, linted: readonly Linted[], flags: LintFlags): void {
  const fix = isFixed(flags)
  for (const l of linted) {
    // A text from the command line has no file to rewrite, so the result is the fixed text.
    const asText = fix && l.query.path === undefined
    if (asText) printDocument(io, l.text)
    say(io, l.diagnostics, { stream: asText ? io.stderr : io.stdout, full: true })
  }
  if (linted.length === 0 || (fix && flags.lang && linted.every((l) => l.query.path === undefined))) return
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
