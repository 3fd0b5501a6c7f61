// `assay sources`: format, counts and fields of every file.
import type { Diagnostic } from '../../core/diag/diagnostic.ts'
import { type NamesByEvidence, namesByEvidence } from '../../core/logs/cps/names.ts'
import { formatOf } from '../inputs/format-of.ts'
import { openTelemetry, type TelemetryOptions } from './prepare-query.ts'
import { surveyFiles, type SurveyedFile } from '../execute/survey.ts'
import type { Tags } from '../inputs/input.ts'

export interface FileSurvey extends SurveyedFile {
  /** Fields that all events of the file have: tags of the format, overridden by those of the command line. */
  readonly tags: Tags
  /** Names of Next-Gen SIEM to which its events answer, by evidence. */
  readonly names: NamesByEvidence
  /** As in the record of its format. */
  readonly unproven: boolean
  /** Its events are not lines: a document, the lines of auditd about one event, or a Windows event log in binary. */
  readonly hasRecords: boolean
}

export async function surveySources(
  options: TelemetryOptions,
): Promise<{ files: readonly FileSurvey[]; diagnostics: readonly Diagnostic[] }> {
  const { files, time, diagnostics } = await openTelemetry(options, { asMessages: true, scans: true })
  const survey = await surveyFiles(files, { sourceZone: time.sourceZone })
  return {
    files: survey.files.map((s) => {
      const format = formatOf(s.file)
      const unproven = format?.unproven === true
      const hasRecords = format?.unit === 'file' || s.file.evtx === true
      const names = namesByEvidence(format?.cps)
      return { ...s, tags: { ...format?.tags, ...s.file.tags }, names, unproven, hasRecords }
    }),
    diagnostics: [...time.diagnostics, ...diagnostics, ...survey.diagnostics],
  }
}
