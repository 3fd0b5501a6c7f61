// A survey of telemetry: every line parsed, every field counted. For `assay sources`.
import type { Diagnostic } from '../../core/diag/diagnostic.ts'
import { NO_ENV } from '../../core/plan/build.ts'
import { fileDiagnostics } from './file-diagnostics.ts'
import type { Profile } from '../scan/scan-protocol.ts'
import { RunError } from '../workers/supervised-worker.ts'
import { RunSession } from './run-session.ts'
import type { FileStats } from '../inputs/file-stats.ts'
import type { Recognised } from '../inputs/input.ts'

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

export interface SurveyedFile {
  readonly file: Recognised
  readonly stats: FileStats
  /** Field → events that have it. */
  readonly fields: Profile['fields']
}

/** Never throws on data or files. If it did not finish, `files` is empty and the last diagnostic says why. */
export async function surveyFiles(
  files: readonly Recognised[],
  options: SurveyOptions = {},
): Promise<{ files: readonly SurveyedFile[]; diagnostics: readonly Diagnostic[] }> {
  const { sourceZone = 'UTC', year = 1970, maxLine = 16 << 20, workers, onProgress, patience = 30, signal } = options
  if (files.length === 0) return { files: [], diagnostics: [] }
  const session = new RunSession({ signal, patience })
  const context = { zone: sourceZone, year, maxLine }
  const job = { files, sources: [], profiles: [], survey: true, full: true, env: NO_ENV, bounds: null, context }
  try {
    const scanned = await session.scan(job, { ...(workers ? { workers } : {}), memoryValues: 0, onProgress })
    return {
      files: files.map((file, i) => ({
        file,
        stats: scanned.stats[i] as FileStats,
        fields: scanned.surveys[i]?.fields ?? new Map<string, number>(),
      })),
      diagnostics: fileDiagnostics(files, scanned.stats),
    }
  } catch (e) {
    if (e instanceof RunError) return { files: [], diagnostics: [e.diagnostic] }
    throw e
  } finally {
    await session.close()
  }
}
