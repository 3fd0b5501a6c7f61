// `assay sources`: from the words of the call to what every file is.
import type { Diagnostic } from '../../core/diag/diagnostic.ts'
import { formatNamed } from '../../core/logs/registry.ts'
import { type TimeOptions, parseTimeOptions } from './time-options.ts'
import { listInputs } from '../inputs/files.ts'
import { recogniseInputs } from '../inputs/recognise.ts'
import { type Surveyed, surveyFiles } from '../execute/survey.ts'
import type { Tags } from '../inputs/types.ts'

export interface FileSurvey extends Surveyed {
  /** Fields that every event has because of where it lies: the reader's tags, else those of the format. */
  readonly tags: Tags
}

export interface SurveyRequest extends TimeOptions {
  readonly logs: readonly string[]
  readonly year: number
}

export async function surveySources(
  o: SurveyRequest,
): Promise<{ files: readonly FileSurvey[]; diagnostics: readonly Diagnostic[] }> {
  const asked = parseTimeOptions(o)
  const listed = await listInputs(o.logs)
  const recognised = recogniseInputs(listed.inputs)
  const before = [...asked.diagnostics, ...listed.diagnostics, ...recognised.diagnostics]
  const survey = await surveyFiles(recognised.files, { sourceZone: asked.sourceZone, year: o.year })
  return {
    files: survey.files.map((s) => ({ ...s, tags: { ...formatNamed(s.file.format)?.tags, ...s.file.tags } })),
    diagnostics: [...before, ...survey.diagnostics],
  }
}
