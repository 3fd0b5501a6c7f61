// Hover and completion of a YAML file that has a JSON Schema: detection.yml and assay.yml.
import { configJsonSchema } from '../config/config.ts'
import { detectionJsonSchema } from '../detect/folder/schema.ts'
import { type YamlLine, yamlLines } from '../yaml/lines.ts'
import type { Completion, Hover } from './answers.ts'
import type { OpenText } from './document.ts'

interface Schema {
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly additionalProperties?: Schema | boolean
  readonly propertyNames?: Schema
}

let schemas: Readonly<Record<'detection' | 'settings', Schema>> | undefined
function schemaOf(document: OpenText): Schema {
  schemas ??= { detection: detectionJsonSchema() as Schema, settings: configJsonSchema() as Schema }
  return document.kind === 'settings' ? schemas.settings : schemas.detection
}

/** The schema of the value at a path. Lists are passed through: their items have the keys. */
function along(schema: Schema, path: readonly string[]): Schema | undefined {
  let at: Schema | undefined = schema
  for (const key of path) {
    at = withItems(at)
    const own: Schema | undefined = at?.properties && Object.hasOwn(at.properties, key) ? at.properties[key] : undefined
    const other: Schema | undefined = typeof at?.additionalProperties === 'object' ? at.additionalProperties : undefined
    at = own ?? other
    if (!at) return undefined
  }
  return at
}

function withItems(schema: Schema | undefined): Schema | undefined {
  let at = schema
  for (let i = 0; i < 4 && at; i++) at = at.items ?? at.anyOf?.find((s) => s.properties ?? s.items) ?? at
  return at
}

export function schemaHover(document: OpenText, offset: number): Hover | undefined {
  const line = yamlLines(document.source.text).find((l) => l.span.start <= offset && offset <= l.span.end)
  if (!line?.key || offset < line.key.span.start || offset > line.key.span.end) return undefined
  const schema = along(schemaOf(document), [...line.path, line.key.text])
  if (!schema) return undefined
  const values = valuesIn(schema)
  const parts = [`**${line.key.text}**`, ...(schema.description ? [schema.description] : [])]
  if (values.length > 0) parts.push(`One of ${values.map((v) => `\`${v}\``).join(', ')}.`)
  return parts.length > 1 ? { span: line.key.span, text: parts.join('\n\n') } : undefined
}

const valuesIn = (schema: Schema | undefined): string[] =>
  [schema, schema?.items].flatMap((s) => s?.enum ?? []).filter((v) => typeof v === 'string')

export function schemaWords(document: OpenText, offset: number): Completion[] {
  const lines = yamlLines(document.source.text)
  const line = lines.find((l) => l.span.end >= offset)
  if (!line || (line.comment && offset > line.comment.start) || line.inBlock) return []
  const { text } = document.source
  let start = offset
  while (start > line.span.start && /[\w.-]/.test(text[start - 1] as string)) start--
  if (text[start] === '-' && /\s/.test(text[start + 1] ?? ' ')) start = Math.min(offset, start + 1)
  const replace = { start, end: offset }
  const isValue = line.key !== undefined && offset > line.key.span.end
  const place = isValue && line.key ? [...line.path, line.key.text] : placeOf(line, lines, offset)
  const schema = along(schemaOf(document), place)
  const values = isValue || line.item ? valuesIn(schema) : []
  const words = values.map((v): Completion => ({ label: v, kind: 'value', insert: v, replace }))
  if (isValue) return words
  const at = withItems(schema)
  const present = new Set(lines.filter((l) => l.key && l.path.join('\0') === place.join('\0')).map((l) => l.key?.text))
  const isList = schema?.items !== undefined
  const names = [...Object.keys(at?.properties ?? {}), ...valuesIn(at?.propertyNames)]
  return [
    ...words,
    ...[...new Set(names)]
      .filter((k) => isList || !present.has(k))
      .map((k): Completion => {
        const doc = at?.properties?.[k]?.description
        const required = at?.required?.includes(k)
        return {
          label: k,
          kind: 'keyword',
          ...(required && { detail: 'required' }),
          ...(doc && { doc }),
          insert: `${k}: $0`,
          replace,
        }
      }),
  ]
}

/** The keys around a line without a key of its own, by the column of the cursor. */
function placeOf(line: YamlLine, lines: readonly YamlLine[], offset: number): readonly string[] {
  if (line.key || line.item) return line.path
  const column = line.value ? line.value.span.start - line.span.start : offset - line.span.start
  const above = lines
    .slice(0, lines.indexOf(line))
    .findLast((l) => l.key && !l.inBlock && l.key.span.start - l.span.start < column)
  return above?.key ? [...above.path, above.key.text] : []
}
