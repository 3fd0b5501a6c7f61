// Validation tests in the schema of Atomic Red Team.
import * as z from 'zod'
import {
  duplicateName,
  notYaml,
  otherTechnique,
  undeclaredArgument,
  unknownReference,
  wrongValidation,
} from '../../../diag/catalogue/detect.ts'
import { type Diagnostic, inText, diagnostic } from '../../../diag/diagnostic.ts'
import type { Source, Span } from '../../../text/source.ts'
import type { CaseFile } from '../../case/case-file.ts'
import { inFolder } from '../folder-names.ts'
import { nearest } from '../../../text/nearest.ts'
import { lineSpan } from './pages.ts'
import { documentsOf, scalarsAt, ruleFiles } from './rule-metadata.ts'
import type { Detection } from '../schema.ts'
import { type Path, readYaml, type YamlFile } from '../../../yaml/yaml-file.ts'
import type { DetectionFolder, Folder } from '../folder-types.ts'

const text = z.string().trim().min(1)
const shell = z.enum(['powershell', 'command_prompt', 'bash', 'sh'])

/** The part of Atomic Red Team's schema that Assay accepts. A cleanup is optional there and required here. */
const atomicSchema = z.strictObject({
  attack_technique: z.string().regex(/^T\d{4}(?:\.\d{3})?$/),
  display_name: text,
  atomic_tests: z
    .array(
      z.strictObject({
        name: text,
        auto_generated_guid: z.guid(),
        description: text,
        supported_platforms: z.array(z.enum(['windows', 'linux', 'macos'])).min(1),
        input_arguments: z
          .record(
            z.string(),
            z.strictObject({
              description: text,
              type: z.enum(['path', 'string', 'url', 'integer', 'float']),
              default: z.union([z.string(), z.number()]),
            }),
          )
          .default({}),
        dependency_executor_name: shell.optional(),
        dependencies: z
          .array(z.strictObject({ description: text, prereq_command: text, get_prereq_command: text }))
          .default([]),
        executor: z.strictObject({
          name: shell,
          elevation_required: z.boolean().default(false),
          command: text,
          cleanup_command: text,
        }),
      }),
    )
    .min(1),
})

export function checkValidation(detection: Detection, folder: Folder): Diagnostic[] {
  const seen = new Set<string>()
  const files = detection.validation.flatMap((name) => {
    const path = inFolder(name)
    const body = path === undefined ? undefined : folder.files.get(path)
    return path === undefined || body === undefined ? [] : oneFile(path, body, seen, detection, folder)
  })
  return [...files, ...folder.pages.flatMap((page) => strayCases(page, seen))]
}

/** Cases whose `validates:` names no test of the folder. */
function strayCases({ source, cases }: CaseFile, known: ReadonlySet<string>): Diagnostic[] {
  return cases.flatMap(({ validates: guid, line }) => {
    if (guid === undefined || known.has(guid.toLowerCase())) return []
    const what = { kind: 'validation test', name: guid, known: [...known], near: nearest(guid, known) }
    return [diagnostic(unknownReference, inText(source, lineSpan(source, line)), what)]
  })
}

function oneFile(path: string, body: string, seen: Set<string>, detection: Detection, folder: Folder): Diagnostic[] {
  const yaml = readYaml({ name: folder.path(path), text: body }, notYaml)
  if (yaml.diagnostics.length > 0) return [...yaml.diagnostics]
  const place = (at: Path) => inText(yaml.source, yaml.valueAt(at))
  const read = atomicSchema.safeParse(yaml.value)
  if (!read.success)
    return read.error.issues.map((i) =>
      diagnostic(wrongValidation, place(i.path as Path), { path: i.path.join('.'), problem: i.message }),
    )
  const out: Diagnostic[] = []
  const { attack_technique: id, atomic_tests: tests } = read.data
  const known = detection.attack.techniques
  if (!known.includes(id)) out.push(diagnostic(otherTechnique, place(['attack_technique']), { id, known }))
  tests.forEach((test, i) => {
    const guid = test.auto_generated_guid.toLowerCase()
    const at = place(['atomic_tests', i, 'auto_generated_guid'])
    if (seen.has(guid)) out.push(diagnostic(duplicateName, at, { kind: 'guid', name: guid }))
    seen.add(guid)
    out.push(...undeclared(test, ['atomic_tests', i], yaml))
  })
  return out
}

type Atomic = z.infer<typeof atomicSchema>['atomic_tests'][number]

function undeclared(test: Atomic, at: Path, yaml: YamlFile): Diagnostic[] {
  const declared = Object.keys(test.input_arguments)
  const commands: [Path, string][] = [
    [[...at, 'executor', 'command'], test.executor.command],
    [[...at, 'executor', 'cleanup_command'], test.executor.cleanup_command],
    ...test.dependencies.map((d, i): [Path, string] => [
      [...at, 'dependencies', i, 'prereq_command'],
      d.prereq_command,
    ]),
  ]
  return commands.flatMap(([path, command]) =>
    [...new Set([...command.matchAll(/#\{([^}]+)\}/g)].map((m) => m[1] as string))]
      .filter((name) => !declared.includes(name))
      .map((name) => diagnostic(undeclaredArgument, inText(yaml.source, yaml.keyAt(path)), { name, declared })),
  )
}

export interface Identified {
  readonly id: string
  readonly source: Source
  readonly at: Span
}

/** The UUIDs of a folder that no other folder may have: those of validation tests and Sigma rules. */
export function idsIn(folder: Pick<DetectionFolder, 'detection' | 'files' | 'name'>): Identified[] {
  const { detection, files, name } = folder
  const pathOf = (file: string): string => (name === '.' ? file : `${name}/${file}`)
  const validation = (detection?.validation ?? []).flatMap((file): Identified[] => {
    const text = files.get(inFolder(file) ?? '')
    if (text === undefined) return []
    const yaml = readYaml({ name: pathOf(file), text }, notYaml)
    const tests = (yaml.value as { atomic_tests?: unknown } | undefined)?.atomic_tests
    return (Array.isArray(tests) ? tests : []).flatMap((test: unknown, i) => {
      const id = (test as { auto_generated_guid?: unknown } | null)?.auto_generated_guid
      const at = yaml.valueAt(['atomic_tests', i, 'auto_generated_guid'])
      return typeof id === 'string' ? [{ id, source: yaml.source, at }] : []
    })
  })
  const rules = ruleFiles(detection, files).flatMap(({ path, text, metadata }) => {
    const source = { name: pathOf(path), text }
    return scalarsAt(documentsOf(text).docs, metadata.id).map((s) => ({ id: s.text, source, at: s.at }))
  })
  return [...validation, ...rules]
}
