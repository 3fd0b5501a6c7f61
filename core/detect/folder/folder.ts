// Reads and checks the folder of a detection. Pure: the folder is a map from path to text.
import { noDetectionFile, notYaml, unknownKey, wrongValue } from '../../diag/catalogue/detect.ts'
import { type Diagnostic, noPlace, diagnostic } from '../../diag/diagnostic.ts'
import { parseCaseFile } from '../case/case-file.ts'
import { checkMapping, checkNames, checkReferences, checkSchedule } from './checks/metadata.ts'
import { checkCases } from './checks/coverage.ts'
import { checkRuleMetadata } from './checks/rule-metadata.ts'
import { checkValidation } from './checks/validation.ts'
import { checkPlaceholders } from './checks/placeholders.ts'
import type { DetectionFolder, Files, Folder } from './folder-types.ts'
import { checkSchema } from '../../yaml/check-schema.ts'
import { readYaml } from '../../yaml/yaml-file.ts'
import { detectionSchema } from './schema.ts'

export const DETECTION_FILE = 'detection.yml'
const PAGE = /^tests\/.+\.case\.md$/

/** Reads a folder. Each mistake is a diagnostic at its line; nothing is thrown. */
export function readDetection(files: Files, name = '.'): DetectionFolder {
  const pathOf = (file: string): string => (name === '.' ? file : `${name}/${file}`)
  const pages = [...files]
    .filter(([path]) => PAGE.test(path))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => parseCaseFile({ name: pathOf(path), text }))
  const text = files.get(DETECTION_FILE)
  if (text === undefined) {
    const diagnostics = [diagnostic(noDetectionFile, noPlace, { found: [...files.keys()] })]
    return { name, files, detection: undefined, yaml: undefined, pages, diagnostics }
  }
  const yaml = readYaml({ name: pathOf(DETECTION_FILE), text }, notYaml)
  if (yaml.diagnostics.length > 0)
    return { name, files, detection: undefined, yaml, pages, diagnostics: yaml.diagnostics }
  const { data, diagnostics: issues } = checkSchema(yaml, detectionSchema, { unknownKey, wrongValue })
  const folder: Folder = { name, files, yaml, pages, path: pathOf }
  const said = data
    ? [checkMapping, checkSchedule, checkNames, checkReferences].flatMap((check) => check(data, folder))
    : []
  const others = data ? [checkValidation, checkRuleMetadata].flatMap((check) => check(data, folder)) : []
  const diagnostics = [
    ...byPlace([...issues, ...said]),
    ...others,
    ...checkCases(data, folder),
    ...checkPlaceholders(folder),
  ]
  return { name, files, detection: data, yaml, pages, diagnostics }
}

const byPlace = (all: readonly Diagnostic[]): Diagnostic[] => {
  const at = (d: Diagnostic) => (d.at.kind === 'text' ? d.at.span.start : 0)
  return [...all].sort((a, b) => at(a) - at(b))
}
