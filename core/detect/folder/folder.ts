// The folder of a detection, read and checked. Pure: the folder is a map from path to text.
import type { core as zod } from 'zod'
import { noDetectionFile, unknownKey, wrongValue } from '../../diag/catalogue/detect.ts'
import { type Diagnostic, inText, noPlace, diagnostic } from '../../diag/diagnostic.ts'
import { span } from '../../text/source.ts'
import { parseCaseFile } from '../case/case-file.ts'
import { checkMapping, checkNames, checkReferences, checkSchedule } from './checks/metadata.ts'
import { checkCases } from './checks/coverage.ts'
import { checkSigma } from './checks/sigma.ts'
import { checkValidation } from './checks/validation.ts'
import { nearest } from '../../text/nearest.ts'
import { checkPlaceholders } from './checks/placeholders.ts'
import { detectionJsonSchema, detectionSchema } from './schema.ts'
import { type Path, readYaml, type YamlFile } from './yaml-file.ts'
import type { Files, DetectionFolder, Folder } from './folder-types.ts'

export const DETECTION_FILE = 'detection.yml'
const PAGE = /^tests\/.+\.case\.md$/

/** Reads a folder. Whatever is wrong with it is a diagnostic at its own line; nothing is thrown. */
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
  const yaml = readYaml({ name: pathOf(DETECTION_FILE), text })
  if (yaml.diagnostics.length > 0)
    return { name, files, detection: undefined, yaml, pages, diagnostics: yaml.diagnostics }
  const parsed = detectionSchema.safeParse(yaml.value)
  const issues = parsed.success ? [] : parsed.error.issues.flatMap((i) => issueDiagnostics(i, yaml))
  const folder: Folder = { name, files, yaml, pages, path: pathOf }
  const said = parsed.success
    ? [checkMapping, checkSchedule, checkNames, checkReferences].flatMap((check) => check(parsed.data, folder))
    : []
  const others = parsed.success ? [checkValidation, checkSigma].flatMap((check) => check(parsed.data, folder)) : []
  const diagnostics = [
    ...byPlace([...issues, ...said]),
    ...others,
    ...checkCases(parsed.data, folder),
    ...checkPlaceholders(folder),
  ]
  return { name, files, detection: parsed.data, yaml, pages, diagnostics }
}

const byPlace = (all: readonly Diagnostic[]): Diagnostic[] => {
  const at = (d: Diagnostic) => (d.at.kind === 'text' ? d.at.span.start : 0)
  return [...all].sort((a, b) => at(a) - at(b))
}

function issueDiagnostics(issue: zod.$ZodIssue, yaml: YamlFile): Diagnostic[] {
  const path = issue.path as Path
  const at = (key: string) => inText(yaml.source, yaml.keyAt([...path, key]))
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(path)
    return issue.keys.map((key) => diagnostic(unknownKey, at(key), { key, known, near: nearest(key, known) }))
  }
  const missing = issue.code === 'invalid_type' && lookUp(yaml.value, path) === undefined
  const place = missing ? yaml.keyAt(path.slice(0, -1)) : yaml.valueAt(path)
  // The place of what is missing is its parent's name, or the first line for what belongs to the whole file.
  const where = missing && path.length <= 1 ? span(0, firstLine(yaml.source.text)) : place
  return [
    diagnostic(wrongValue, inText(yaml.source, where), {
      path: path.join('.'),
      problem: missing ? 'is missing' : issue.message.replace(/^Invalid (?:input|string): /, ''),
    }),
  ]
}

const firstLine = (text: string): number => {
  const end = text.indexOf('\n')
  return end < 0 ? text.length : end
}

function lookUp(value: unknown, path: Path): unknown {
  let at: unknown = value
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined
    at = (at as Record<string | number, unknown>)[step]
  }
  return at
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly items?: JsonSchema
  readonly additionalProperties?: JsonSchema | boolean
  readonly propertyNames?: { readonly enum?: readonly string[] }
}

/** The keys that the schema has where a path leads, for the remedy. */
function keysAt(path: Path): string[] {
  let at: JsonSchema | undefined = detectionJsonSchema() as JsonSchema
  for (const step of path) {
    const others: JsonSchema['additionalProperties'] = at?.additionalProperties
    at = at?.properties?.[String(step)] ?? at?.items ?? (typeof others === 'object' ? others : undefined)
  }
  return at?.properties ? Object.keys(at.properties) : [...(at?.propertyNames?.enum ?? [])]
}
