// What telemetry holds: every line parsed, every field counted. For `assay sources`.
import type { Diagnostic } from '../../core/diag/diagnostic.ts'
import { NO_ENV } from '../../core/plan/build.ts'
import { fileDiagnostics } from './file-diagnostics.ts'
import type { Profile } from '../scan/scan-protocol.ts'
import { RunError, type Supervision } from '../workers/supervised-worker.ts'
import { type ScanHelper, scan } from '../scan/scan.ts'
import { makeTemp, removeTemp } from '../files/temp.ts'
import type { FileStats, Recognised } from '../inputs/types.ts'

export interface SurveyOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
  readonly sourceZone?: string
  readonly year?: number
  readonly workers?: number
  /** Seconds without a sign of life after which a worker is ended. Default 30. */
  readonly patience?: number
  /** Longest line in bytes. Default 16 MiB. */
  readonly maxLine?: number
}

export interface Surveyed {
  readonly file: Recognised
  readonly tally: FileStats
  /** Field → events that have it. */
  readonly fields: Profile['fields']
}

/** Never throws on data or files; when it was stopped, `files` is empty and the last diagnostic says why. */
export async function surveyFiles(
  files: readonly Recognised[],
  options: SurveyOptions = {},
): Promise<{ files: readonly Surveyed[]; diagnostics: readonly Diagnostic[] }> {
  const { sourceZone = 'UTC', year = 1970, maxLine = 16 << 20, workers, onProgress, patience = 30, signal } = options
  if (files.length === 0) return { files: [], diagnostics: [] }
  const helpers: ScanHelper[] = []
  const spool = makeTemp()
  const watch: Supervision = { signal, patience }
  const context = { zone: sourceZone, year, maxLine }
  const job = { files, sources: [], profiles: [], survey: true, full: true, env: NO_ENV, bounds: null, context, spool }
  try {
    const found = await scan(job, helpers, { ...watch, ...(workers ? { workers } : {}), memoryValues: 0, onProgress })
    return {
      files: files.map((file, i) => ({
        file,
        tally: found.tallies[i] as FileStats,
        fields: found.surveys[i]?.fields ?? new Map<string, number>(),
      })),
      diagnostics: fileDiagnostics(files, found.tallies),
    }
  } catch (e) {
    if (e instanceof RunError) return { files: [], diagnostics: [e.diagnostic] }
    throw e
  } finally {
    await Promise.all(helpers.map((h) => h.end()))
    removeTemp(spool)
  }
}
