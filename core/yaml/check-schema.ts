// A YAML file against a zod schema: every problem at its place.
import * as z from 'zod'
import { type Code, type Diagnostic, diagnostic, inText } from '../diag/diagnostic.ts'
import { nearest } from '../text/nearest.ts'
import { span } from '../text/source.ts'
import type { Path, YamlFile } from './yaml-file.ts'

/** Codes of the room that owns the schema. */
export interface SchemaCodes {
  readonly unknownKey: Code<{ key: string; known: readonly string[]; near: string | undefined }>
  readonly wrongValue: Code<{ path: string; problem: string }>
}

export interface Checked<T> {
  /** Undefined if there is any diagnostic. */
  readonly data: T | undefined
  readonly diagnostics: readonly Diagnostic[]
}

export function checkSchema<T>(yaml: YamlFile, schema: z.ZodType<T>, codes: SchemaCodes): Checked<T> {
  const parsed = schema.safeParse(yaml.value)
  return parsed.success
    ? { data: parsed.data, diagnostics: [] }
    : {
        data: undefined,
        diagnostics: byPlace(parsed.error.issues.flatMap((i) => issueDiagnostics(i, yaml, schema, codes))),
      }
}

const byPlace = (all: readonly Diagnostic[]): Diagnostic[] => {
  const start = (d: Diagnostic) => (d.at.kind === 'text' ? d.at.span.start : 0)
  return [...all].sort((a, b) => start(a) - start(b))
}

function issueDiagnostics(
  issue: z.core.$ZodIssue,
  yaml: YamlFile,
  schema: z.ZodType,
  { unknownKey, wrongValue }: SchemaCodes,
): Diagnostic[] {
  const path = issue.path as Path
  const at = (key: string) => inText(yaml.source, yaml.keyAt([...path, key]))
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path)
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
function keysAt(schema: z.ZodType, path: Path): string[] {
  let at: JsonSchema | undefined = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema
  for (const step of path) {
    const others: JsonSchema['additionalProperties'] = at?.additionalProperties
    at = at?.properties?.[String(step)] ?? at?.items ?? (typeof others === 'object' ? others : undefined)
  }
  return at?.properties ? Object.keys(at.properties) : [...(at?.propertyNames?.enum ?? [])]
}
