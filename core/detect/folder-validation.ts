// The other YAML files of a folder: validation tests in the schema of Atomic Red Team, and the window of Sigma correlations.
import { z } from 'zod'
import {
  duplicateName,
  otherTechnique,
  undeclaredArgument,
  windowsDiffer,
  wrongValidation,
} from '../diag/catalogue/detect.ts'
import { type Diagnostic, inText, report } from '../diag/diagnostic.ts'
import { parseDuration } from '../workbench/interval.ts'
import { parseAllDocuments } from 'yaml'
import type { Folder } from './folder.ts'
import { inFolder } from './folder-names.ts'
import type { Detection } from './schema.ts'
import { type Path, readYaml, type YamlFile } from './yaml-file.ts'

const text = z.string().trim().min(1)
const shell = z.enum(['powershell', 'command_prompt', 'bash', 'sh'])

/** The part of Atomic Red Team's schema that tests of ours use. A cleanup is optional there and required here. */
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
  return detection.validation.flatMap((name) => {
    const path = inFolder(name)
    const body = path === undefined ? undefined : folder.files.get(path)
    return path === undefined || body === undefined ? [] : oneFile(path, body, seen, detection, folder)
  })
}

function oneFile(path: string, body: string, seen: Set<string>, detection: Detection, folder: Folder): Diagnostic[] {
  const yaml = readYaml({ name: folder.path(path), text: body })
  if (yaml.diagnostics.length > 0) return [...yaml.diagnostics]
  const place = (at: Path) => inText(yaml.source, yaml.valueAt(at))
  const read = atomicSchema.safeParse(yaml.value)
  if (!read.success)
    return read.error.issues.map((i) =>
      report(wrongValidation, place(i.path as Path), { path: i.path.join('.'), problem: i.message }),
    )
  const out: Diagnostic[] = []
  const { attack_technique: id, atomic_tests: tests } = read.data
  const known = detection.attack.techniques
  if (!known.includes(id)) out.push(report(otherTechnique, place(['attack_technique']), { id, known }))
  tests.forEach((test, i) => {
    const guid = test.auto_generated_guid.toLowerCase()
    const at = place(['atomic_tests', i, 'auto_generated_guid'])
    if (seen.has(guid)) out.push(report(duplicateName, at, { kind: 'guid', name: guid }))
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
      .map((name) => report(undeclaredArgument, inText(yaml.source, yaml.keyAt(path)), { name, declared })),
  )
}

/** Every correlation of the Sigma file counts over the lookback of the schedule. */
export function checkSigmaWindow(detection: Detection, folder: Folder): Diagnostic[] {
  const path = inFolder(detection.platforms.sigma?.query ?? '')
  const body = path === undefined ? undefined : folder.files.get(path)
  if (path === undefined || body === undefined) return []
  const source = { name: folder.path(path), text: body }
  const { lookback } = detection.schedule
  const docs = parseAllDocuments(body, { prettyErrors: false })
  return [...docs].flatMap((doc) => {
    if (!('getIn' in doc) || doc.errors.length > 0) return []
    const node: unknown = doc.getIn(['correlation', 'timespan'], true)
    if (typeof node !== 'object' || node === null || !('value' in node) || !('range' in node)) return []
    const timespan = String(node.value)
    if (parseDuration(timespan) === parseDuration(lookback)) return []
    const [start, end] = node.range as [number, number]
    return [report(windowsDiffer, inText(source, { start, end }), { timespan, lookback })]
  })
}
