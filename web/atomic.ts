// Validation tests in the schema of Atomic Red Team, for the pages. core/detect has checked them.
import { parse } from 'yaml'
import * as z from 'zod'
import type { Entry } from './model.ts'
import { fileOf } from './model.ts'

const text = z.string()
const schema = z.object({
  attack_technique: text,
  atomic_tests: z.array(
    z.object({
      name: text,
      auto_generated_guid: text,
      description: text,
      supported_platforms: z.array(text),
      input_arguments: z
        .record(text, z.object({ description: text, type: text, default: z.union([text, z.number()]) }))
        .default({}),
      dependencies: z
        .array(z.object({ description: text, prereq_command: text, get_prereq_command: text }))
        .default([]),
      executor: z.object({
        name: text,
        elevation_required: z.boolean().default(false),
        command: text,
        cleanup_command: text,
      }),
    }),
  ),
})

export type AtomicTest = z.infer<typeof schema>['atomic_tests'][number]

/** Tests of all files, in order. A file in another form is skipped, because its folder has a diagnostic. */
export function atomicTests({
  detection,
  folder,
}: Pick<Entry, 'detection' | 'folder'>): (AtomicTest & { readonly file: string })[] {
  return detection.validation.flatMap((name) => {
    const file = fileOf(name)
    const read = schema.safeParse(parsed(folder.files.get(file) ?? ''))
    return read.success ? read.data.atomic_tests.map((t) => ({ ...t, file })) : []
  })
}

function parsed(body: string): unknown {
  try {
    return parse(body)
  } catch {
    return undefined
  }
}

/** A command with the defaults of its arguments. An argument without a default stays visible, so that the command cannot run by mistake. */
export const withDefaults = (command: string, test: AtomicTest): string =>
  command.replace(/#\{([^}]+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(test.input_arguments, name) ? String(test.input_arguments[name]?.default ?? '') : ''
    return value === '' ? whole : value
  })

/** Splits a description into its text and its `Expected signals: …`. */
export function signalsOf(description: string): { readonly what: string; readonly signals: string | undefined } {
  const [what = '', signals] = description
    .replace(/\s+/g, ' ')
    .trim()
    .split(/\bExpected signals?:\s*/)
  return { what: what.trim(), signals: signals?.trim() }
}
