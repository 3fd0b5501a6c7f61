// A query and its telemetry before the run: options parsed, files recognised, references resolved, the text compiled.
import { yearAssumed } from '../../core/diag/catalogue/log.ts'
import { type Diagnostic, diagnostic, inLog } from '../../core/diag/diagnostic.ts'
import { isoTime } from '../../core/workbench/interval.ts'
import type { Source } from '../../core/text/source.ts'
import { type Compiled, compileIn } from '../../core/workbench/compile-in.ts'
import type { ReadLanguage } from '../../core/workbench/language.ts'
import type { CompileContext } from '../../core/lang/shared/lowered.ts'
import type { RunOptions } from '../execute/run-options.ts'
import { listInputs } from '../inputs/files.ts'
import { availableFields } from '../inputs/head-fields.ts'
import type { Recognised } from '../inputs/input.ts'
import { recogniseInputs } from '../inputs/recognise.ts'
import { yearsOf } from '../inputs/years.ts'
import { openServers, openStores, openTables, type SourceSettings, withoutNames } from '../tables/open-tables.ts'
import { type CompileInputs, needDiagnostics, resolveReferences } from './resolve-references.ts'
import { threadsAhead } from '../scan/scan.ts'
import { prepareWorkers } from '../workers/start-worker.ts'
import { parseTimeOptions, type TimeContext, type TimeOptions, unknownChoices } from './time-options.ts'

export interface TelemetryOptions extends TimeOptions {
  /** Files, folders, globs or `-`, with tags. */
  readonly logs: readonly string[]
  /** File with a parser script, which reads them. */
  readonly parser?: string | undefined
  /** Tables that are telemetry, by name. */
  readonly sources?: SourceSettings | undefined
  /** As in RunOptions. */
  readonly memoryLimit?: string
  readonly signal?: AbortSignal
}

export interface Telemetry {
  readonly time: TimeContext
  readonly files: readonly Recognised[]
  /** Fields at the head of the files. */
  readonly availableFields: readonly string[]
  /** Problems of the files; those of the options are in `time`. */
  readonly diagnostics: readonly Diagnostic[]
}

export interface OpenOptions {
  /** The query parses messages itself, so text that fits no format is read line by line. */
  readonly asMessages?: boolean
  /** A scan follows: its workers start while the files are looked at. */
  readonly scans?: boolean
}

/** Never throws. */
export async function openTelemetry(
  options: TelemetryOptions,
  { asMessages = false, scans = false }: OpenOptions = {},
): Promise<Telemetry> {
  const time = parseTimeOptions(options)
  const { sources = {}, memoryLimit = '1GB', signal } = options
  const supervision = { signal, patience: 60 }
  const named = withoutNames(options.logs, sources)
  const servers = await openServers(named.logs, sources, supervision)
  const stores = await openStores(servers.logs)
  const listed = await listInputs(stores.logs)
  const tables = await openTables(listed.inputs, sources, memoryLimit, supervision)
  if (scans) prepareWorkers('worker-scan', threadsAhead(tables.inputs))
  const parser =
    options.parser === undefined ? undefined : (await import('../inputs/parser-file.ts')).readParser(options.parser)
  const recognised = recogniseInputs(parser && !parser.ok ? [] : tables.inputs, {
    asMessages,
    parser: parser?.ok ? parser.value : undefined,
  })
  const { now } = time.interval
  const known = { zone: time.sourceZone, year: options.year === undefined ? undefined : Number(options.year), now }
  const logs = recognised.files.map((f): Recognised => ({ ...f, years: yearsOf(f, known) }))
  // The order of inputs is the order of their events.
  const files = [...logs, ...tables.files, ...stores.files, ...servers.files].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : 0,
  )
  return {
    time,
    files,
    availableFields: availableFields(files),
    diagnostics: [
      ...named.diagnostics,
      ...listed.diagnostics,
      ...(parser ? (parser.ok ? parser.value.warnings : parser.diagnostics) : []),
      ...tables.diagnostics,
      ...stores.diagnostics,
      ...servers.diagnostics,
      ...recognised.diagnostics,
      ...files.flatMap(assumedYear),
    ],
  }
}

function assumedYear({ name, years }: Recognised): Diagnostic[] {
  const newest = years?.times.at(-1)
  if (!years?.by || newest === undefined) return []
  return [diagnostic(yearAssumed, inLog(name), { path: name, newest: isoTime(newest), by: years.by })]
}

export interface PrepareOptions extends CompileInputs {
  readonly source: Source
  readonly language: ReadLanguage
  readonly strict?: boolean
}

export interface PreparedQuery {
  readonly compiled: Compiled
  readonly context: CompileContext
  /** Problems of the text and of what it names. */
  readonly diagnostics: readonly Diagnostic[]
}

/** Never throws. */
export function prepareQuery(options: PrepareOptions, { time, availableFields }: Telemetry): PreparedQuery {
  const { source, language, strict = false } = options
  const resolved = resolveReferences(source, language, options, { zone: time.zone, fields: availableFields })
  const { context } = resolved
  const compiled = (strict ? undefined : resolved.compiled) ?? compileIn(language, source, { strict, context })
  const diagnostics = [
    ...unknownChoices(compiled.language, options.semantics),
    ...compiled.diagnostics,
    ...needDiagnostics(compiled, options),
  ]
  return { compiled, context, diagnostics }
}

export interface ResourceOptions {
  readonly year?: number | string | undefined
  readonly lookups?: readonly string[]
  readonly memoryLimit?: string
  /** As in RunOptions. */
  readonly fullCheck?: number
  readonly signal?: AbortSignal
  readonly onProgress?: RunOptions['onProgress']
}

/** The options of every run over the telemetry, without an interval. */
export const runOptionsOf = (
  options: ResourceOptions,
  { files, time }: Pick<Telemetry, 'files' | 'time'>,
): RunOptions => ({
  files,
  zone: time.zone,
  sourceZone: time.sourceZone,
  lookups: options.lookups ?? [],
  ...(options.memoryLimit !== undefined && { memoryLimit: options.memoryLimit }),
  ...(options.fullCheck !== undefined && { fullCheck: options.fullCheck }),
  ...(options.year !== undefined && { year: Number(options.year) }),
  ...(options.signal && { signal: options.signal }),
  ...(options.onProgress && { onProgress: options.onProgress }),
})

export const hasErrors = (all: readonly Diagnostic[]): boolean => all.some((d) => d.severity === 'error')
