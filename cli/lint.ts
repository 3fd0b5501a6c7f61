// assay lint: the diagnostics are the result, so they go to stdout.
import { notInHost, unknownUntilRun } from '../core/diag/catalogue/query-file.ts'
import { internal, internalError } from '../core/diag/catalogue/cli.ts'
import { type Diagnostic, diagnostic, inLog, inText, noPlace } from '../core/diag/diagnostic.ts'
import { checkTechniques, withSuccessors } from '../core/detect/folder/checks/rule-metadata.ts'
import { diagnosticToJson } from '../core/diag/render.ts'
import type { Source, Span } from '../core/text/source.ts'
import { unifiedDiff } from '../core/text/unified-diff.ts'
import { languageOf, readLanguages } from '../core/workbench/compile.ts'
import { queriesIn } from '../core/workbench/embedded/embedded.ts'
import { withQuery } from '../core/workbench/embedded/write-host.ts'
import { fixed, Likeness, lintCompiled, lint as lintText, type Policy, underPolicy } from '../core/workbench/lint.ts'
import { resolveReferences, needDiagnostics } from '../engine/query/resolve-references.ts'
import { listQueries } from '../engine/project/list-files.ts'
import { type QueryText, readEmbedded, writeQuery } from '../engine/project/query-files.ts'
import { givingWay } from '../engine/workers/give-way.ts'
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
  /** The file around the query, with the fixed text. */
  readonly whole?: string
}

export async function lint(io: Io, paths: readonly string[], flags: LintFlags): Promise<number> {
  const { policy, diagnostics: settings } = lintPolicy()
  const { queries, diagnostics: wrong } = listQueries(paths, flags.lang, { embedded: true })
  const collections = new Map(
    readLanguages.flatMap((l) => (l.read.between === undefined ? [] : [[l.id, [] as Source[]]])),
  )
  for (const q of queries) collections.get(q.language)?.push(q.source)
  const all: Linted[] = []
  const giveWay = givingWay()
  const likeness = new Likeness()
  for (const q of queries) {
    await giveWay()
    all.push(guarded(q, collections.get(q.language), flags, policy, likeness))
  }
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
      for (const l of linted) {
        const { name, text } = l.query.source.host?.source ?? l.query.source
        print(io.stdout, unifiedDiff(name, text, l.query.source.host ? (l.whole ?? text) : l.text))
      }
    else printLinted(io, linted, flags)
  } else {
    const files = linted.map((l) => l.query.source.name)
    printOutput(io, machineFormat(flags.format, [...failures, ...found], files))
  }
}

const isFixed = ({ fix, fixAll, diff }: LintFlags): boolean => fix === true || fixAll === true || diff === true

/** An exception is the diagnostic of its own file. */
function guarded(
  listed: QueryText,
  collection: readonly Source[] | undefined,
  flags: LintFlags,
  policy: Policy,
  likeness: Likeness,
): Linted {
  const query = current(listed, flags)
  try {
    return one(query, collection, flags, policy, likeness)
  } catch (e) {
    const broken = internalError(e, inLog(query.source.name))
    return { query, diagnostics: [broken], fixed: [], text: query.source.text, failed: undefined }
  }
}

/** A fix of an earlier query in the same file moves the later ones. */
function current(query: QueryText, flags: LintFlags): QueryText {
  if (query.part === undefined || query.path === undefined || !isFixed(flags) || flags.diff) return query
  return readEmbedded(query.path)?.[query.part] ?? query
}

function unread(query: QueryText, at: Span): Linted {
  const host = query.source.host?.source ?? query.source
  const text = host.text.slice(at.start, at.end)
  const diagnostics = [diagnostic(unknownUntilRun, inText(host, at), { text })]
  return { query, diagnostics, fixed: [], text: query.source.text, failed: undefined }
}

function one(
  query: QueryText,
  collection: readonly Source[] | undefined,
  flags: LintFlags,
  policy: Policy,
  likeness: Likeness,
): Linted {
  const others = collection && collection.length > 1 ? { collection } : {}
  if (query.unread) return unread(query, query.unread)
  const { context, compiled: asWritten } = resolveReferences(query.source, languageOf(query.language), flags, others)
  const choice = flags.fixAll ? 'all' : 'safe'
  const repaired = isFixed(flags)
    ? fixed(query.source, query.language, context, choice)
    : { text: query.source.text, applied: [] }
  const metadata = languageOf(query.language).ruleMetadata
  const renamed =
    isFixed(flags) && metadata
      ? withSuccessors({ ...query.source, text: repaired.text }, metadata)
      : { text: repaired.text, applied: [] }
  const wanted = [...repaired.applied, ...renamed.applied]
  const host = query.source.host?.source
  const whole = host && query.part !== undefined ? withQuery(host, query.part, renamed.text) : undefined
  const isLost = host !== undefined && whole === undefined && wanted.length > 0
  const text = isLost ? query.source.text : renamed.text
  const applied = isLost ? [] : wanted
  const failed = applied.length > 0 && !flags.diff ? writeQuery(query, whole ?? text) : undefined
  const inHost =
    host && whole !== undefined ? queriesIn({ ...host, text: whole })?.[query.part ?? 0]?.source : undefined
  const source = failed || flags.diff || isLost ? query.source : (inHost ?? { ...query.source, text })
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
  const lost = isLost ? [diagnostic(notInHost, wanted[0]?.at ?? noPlace, {})] : []
  const alike = likeness.check(compiled.outline(), source, query.language)
  const all = underPolicy([...diagnostics, ...lost, ...tags, ...needs, ...alike], source, policy)
  // Offsets of edits are those of the query, and the file has others.
  if (host) {
    const left = all.map((d) => ({ ...d, fixes: [] }))
    const now = flags.diff ? query : { ...query, source }
    const file = whole === undefined ? {} : { whole }
    return { query: now, diagnostics: left, fixed: failed ? [] : applied, text, failed, ...file }
  }
  return { query, diagnostics: all, fixed: failed ? [] : applied, text, failed }
}

/** Adds the fields and events that each query lacks in telemetry, as a run reports them. */
async function lackedIn(linted: readonly Linted[], flags: LintFlags, policy: Policy): Promise<Linted[]> {
  const { runQuery } = await import('../engine/query/run-query.ts')
  const done: Linted[] = []
  // Each run repeats the diagnostics of the logs. The first query has them.
  const saidOfLogs = new Set<string>()
  const isNews = (d: Diagnostic): boolean => {
    if (d.at.kind === 'text') return true
    const key = JSON.stringify(diagnosticToJson(d))
    return !saidOfLogs.has(key) && saidOfLogs.add(key).size > 0
  }
  for (const l of linted) {
    const query = { ...l.query.source, text: flags.diff ? l.query.source.text : l.text }
    const { diagnostics } = await runQuery({ ...flags, query, language: l.query.language, logs: flags.logs })
    const known = new Set(l.diagnostics.map((d) => `${d.code} ${d.message}`))
    const more = diagnostics.filter((d) => !known.has(`${d.code} ${d.message}`) && d.severity !== 'error' && isNews(d))
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
