// assay tune: finds changes that quieten a detection on some telemetry, measures them, and declares the chosen one in its folder.
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { cannotDeclare, noCandidate, notDetection, silencesAttack } from '../../core/diag/catalogue/backtest.ts'
import { type Diagnostic, inLog, noPlace, diagnostic } from '../../core/diag/diagnostic.ts'
import { failure, ok, type Result } from '../../core/diag/result.ts'
import { DETECTION_FILE, readDetection } from '../../core/detect/folder/folder.ts'
import type { TuningEvidence } from '../../core/detect/folder/schema.ts'
import { withItem, withValue } from '../../core/detect/tune/declare.ts'
import { declaredTuning } from '../../core/detect/tune/evidence.ts'
import type { Tune, TuneCandidate } from '../../core/detect/tune/tune.ts'
import { type BacktestOptions, inWorker, prepareBacktest, type Ready, runBacktest } from './backtest.ts'
import { daysOf } from './backtest-record.ts'
import { writeWhole } from '../files/write-whole.ts'
import type { DetectionFolder } from '../../core/detect/folder/folder-types.ts'

export interface TuneOptions extends BacktestOptions {
  /** Name of a candidate: it is declared in the detection's folder. */
  readonly write?: string
  /** Written although attack tests lose findings. */
  readonly acceptLoss?: boolean
  /** Of Assay. */
  readonly version: string
}

export interface TuneResult {
  readonly ready: Ready | undefined
  readonly tune: Tune | undefined
  readonly diagnostics: readonly Diagnostic[]
  /** Paths of the written files, and the measured effect. */
  readonly written: Written | undefined
}

export interface Written {
  readonly name: string
  readonly paths: readonly string[]
  readonly evidence: TuningEvidence
}

/** Never throws on queries, files or data. */
export async function runTune(o: TuneOptions): Promise<TuneResult> {
  const { ready, diagnostics } = await prepareBacktest(o, { keep: true })
  const nothing = { ready, tune: undefined, written: undefined }
  if (!ready) return { ...nothing, diagnostics }
  o.onProgress?.('play', 0, 1)
  const played = await inWorker({ kind: 'tune', task: taskOf(ready, o) }, o.signal)
  if (!played.ok) return { ...nothing, diagnostics: [...diagnostics, ...played.diagnostics] }
  if (played.value.kind !== 'tune') return { ...nothing, diagnostics }
  const tune = played.value.result
  const done = { ready, tune }
  if (o.write === undefined) return { ...done, diagnostics, written: undefined }
  const written = await writeTuning(o.write, ready, tune, o)
  return written.ok
    ? { ...done, diagnostics, written: written.value }
    : { ...done, diagnostics: [...diagnostics, ...written.diagnostics], written: undefined }
}

function taskOf(ready: Ready, o: TuneOptions) {
  const { folder } = ready.scheduled
  const file = fileIn(ready)
  return {
    job: ready.job,
    columns: { names: ready.cut.feed?.kept.map((c) => c.id) ?? [], rows: ready.main.kept },
    source: ready.query.source,
    language: ready.query.language,
    context: ready.context,
    ingest: ready.ingest,
    view: o.view ?? 'auto',
    formats: ready.files.map((f) => f.format),
    folder: folder && file !== undefined ? { detection: folder.detection, files: folder.files, file } : undefined,
  }
}

/** The path of the query within the folder of its detection. Undefined: it is elsewhere. */
function fileIn({ scheduled, query }: Ready): string | undefined {
  if (!scheduled.folder || query.path === undefined) return undefined
  const path = relative(resolve(scheduled.folder.name), resolve(query.path)).split(sep).join('/')
  return scheduled.folder.files.has(path) ? path : undefined
}

/** Declares a candidate in the detection's folder: a new query beside the old one, and an entry in `detection.yml`. */
export async function writeTuning(name: string, ready: Ready, tune: Tune, o: TuneOptions): Promise<Result<Written>> {
  const { folder } = ready.scheduled
  const chosen = tune.candidates.find((c) => c.name === name)
  if (!chosen) return failure(diagnostic(noCandidate, noPlace, { name, known: tune.candidates.map((c) => c.name) }))
  if (!folder) return failure(diagnostic(notDetection, inLog(o.detection), { name: o.detection }))
  if (chosen.lost.length > 0 && o.acceptLoss !== true)
    return failure(diagnostic(silencesAttack, inLog(folder.name), { name, cases: chosen.lost.map((l) => l.name) }))
  const ending = ready.query.source.name.slice(ready.query.source.name.lastIndexOf('.'))
  const file = `tuning/${name}${ending}`
  const paths = { query: join(folder.name, file), yaml: join(folder.name, DETECTION_FILE) }
  const refuse = (reason: string) =>
    failure(diagnostic(cannotDeclare, inLog(paths.yaml), { path: folder.name, reason }))
  if (existsSync(paths.query)) return refuse(`${file} already exists`)
  const text = withHeader(chosen, ready)
  const isNew = !existsSync(dirname(paths.query))
  mkdirSync(dirname(paths.query), { recursive: true })
  const failed = writeWhole(paths.query, text)
  if (failed) return failure(failed)
  const undo = () => rmSync(isNew ? dirname(paths.query) : paths.query, { recursive: isNew, force: true })
  try {
    // The evidence comes from a backtest of the written query, not from the estimate over the rows of the old one.
    const evidence = await evidenceOf(chosen, { path: paths.query, file, ready, tune }, o)
    const yaml = typeof evidence === 'string' ? undefined : withTuning(folder, chosen, file, evidence)
    const problem =
      typeof evidence === 'string'
        ? evidence
        : yaml === undefined
          ? 'detection.yml has no list of tunings to add to'
          : newError(folder, yaml, file, text)
    if (problem !== undefined || yaml === undefined || typeof evidence === 'string') {
      undo()
      return refuse(problem ?? '')
    }
    const unwritten = writeWhole(paths.yaml, yaml)
    if (unwritten) undo()
    return unwritten ? failure(unwritten) : ok({ name, paths: [paths.query, paths.yaml], evidence })
  } catch (e) {
    undo()
    throw e
  }
}

function withHeader(c: TuneCandidate, { query }: Ready): string {
  return `// ${query.source.name.slice(query.source.name.lastIndexOf('/') + 1)} with a tuning: ${c.what.replace(/\s+/g, ' ')}.\n${c.text}`
}

interface TunedQuery {
  /** Of the written query: from the working folder, and in the detection's folder. */
  readonly path: string
  readonly file: string
  readonly ready: Ready
  readonly tune: Tune
}

/** A text says why there is none. */
async function evidenceOf(
  c: TuneCandidate,
  { path, file, ready, tune }: TunedQuery,
  o: TuneOptions,
): Promise<string | TuningEvidence> {
  const { backtest, diagnostics } = await runBacktest({ ...o, platform: ready.platform, query: path })
  if (!backtest) return diagnostics.find((d) => d.severity === 'error')?.message ?? 'the tuned query did not run'
  if (ready.platform === undefined) return 'the query is of no platform of the detection'
  return {
    platform: ready.platform as TuningEvidence['platform'],
    query: file,
    telemetry: telemetryOf(ready),
    megabytes: megabytesOf(ready),
    days: Math.round(daysOf(ready) * 100) / 100,
    assay: o.version,
    date: new Date().toISOString().slice(0, 10),
    findings: { without: tune.findings, with: backtest.findings },
    alerts: { without: tune.alerts, with: backtest.alerts },
    attack_tests: { kept: tune.attackTests - c.lost.length, lost: c.lost.length },
  }
}

export const megabytesOf = ({ files }: Ready): number => Math.round(files.reduce((n, f) => n + f.size, 0) / 1e4) / 100

/** Without names of files: they may reveal names of machines or people, and the folder may be published. */
function telemetryOf({ files, span }: Ready): string {
  const day = (micros: number) => new Date(micros / 1000).toISOString().slice(0, 10)
  const formats = [...new Set(files.map((f) => f.format))].join(', ')
  const [from, to] = [day(span.first), day(span.last)]
  return `${files.length === 1 ? '1 file' : `${files.length} files`} of ${formats}, ${from === to ? from : `${from} to ${to}`}`
}

/** The text of `detection.yml` with the tuning. Undefined: it has no place for it. */
function withTuning(
  { files, detection }: DetectionFolder,
  c: TuneCandidate,
  file: string,
  evidence: TuningEvidence,
): string | undefined {
  const text = files.get(DETECTION_FILE) ?? ''
  const { tests: _, ...entry } = declaredTuning(c, file, evidence)
  const added = withItem(text, 'tuning', entry, 'blind_spots')
  const today = evidence.date ?? ''
  return added !== undefined && today > (detection?.modified ?? '') ? withDate(added, today) : added
}

/** Dates are written without quotes. */
const withDate = (text: string, date: string): string | undefined =>
  withValue(text, 'modified', date, 'author')?.replace(/^modified: "(.*)"$/m, 'modified: $1')

/** The first error that the change would add to the folder. */
function newError(folder: DetectionFolder, yaml: string, file: string, text: string): string | undefined {
  const after = readDetection(new Map([...folder.files, [DETECTION_FILE, yaml], [file, text]]), folder.name)
  const before = new Set(folder.diagnostics.map((d) => d.message))
  return after.diagnostics.find((d) => d.severity === 'error' && !before.has(d.message))?.message
}
