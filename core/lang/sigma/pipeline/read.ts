// Reads pySigma's processing pipelines from YAML. Items that run Python or write the text of a query are refused by name.
import { byName } from '../../../text/by-name.ts'
import { isMap, isScalar, isSeq } from 'yaml'
import * as codes from '../../../diag/catalogue/sigma.ts'
import { type Diagnostic, diagnostic, inText } from '../../../diag/diagnostic.ts'
import { nearest } from '../../../text/nearest.ts'
import { type Source, span } from '../../../text/source.ts'
import { oneLine, parseYaml } from '../../../yaml/parse-yaml.ts'
import { CONDITIONS } from './conditions.ts'
import { TRANSFORMATIONS } from './transformations.ts'
import { patternOf } from './pattern.ts'
import { type Given, type PipelineCondition, type PipelineItem, texts } from './types.ts'

export interface Pipeline {
  readonly name: string
  readonly priority: number
  readonly vars: Readonly<Record<string, readonly string[]>>
  readonly items: readonly PipelineItem[]
}

/** Keys that need Python, templates, the network, or the text of a query. */
const REFUSED: Readonly<Record<string, string>> = byName({
  field_name_transform: 'it calls a Python function',
  query_expression_placeholders: 'it writes the text of another query language',
  file_placeholders: 'it reads files by code of its own; give the values with --param or under vars',
  http_placeholders: 'it asks a server; give the values with --param or under vars',
  command_placeholders: 'it runs a program; give the values with --param or under vars',
  extract_fields: 'it cuts values with Python’s expressions',
  strict_field_mapping_failure: 'it needs the tracking of pySigma',
})

/** Undefined pipeline: the file cannot be used, and the diagnostics have the reason. */
export function readPipeline(source: Source): { pipeline: Pipeline | undefined; diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  const report = (problem: string, remedy: string, at: readonly [number, number] = [0, 0]): undefined => {
    diagnostics.push(diagnostic(codes.sigmaPipeline, inText(source, span(at[0], at[1])), { problem, remedy }))
    return undefined
  }
  const { docs, problems } = parseYaml(source.text)
  const [doc] = docs
  const [wrong] = problems
  const unusable = (problem: string) => {
    report(problem, 'correct the file')
    return { pipeline: undefined, diagnostics }
  }
  if (wrong) return unusable(`invalid YAML: ${wrong.problem}`)
  if (!doc || !isMap(doc.contents)) return unusable('the file has no transformations')
  const rangeOf = (path: readonly (number | string)[]): readonly [number, number] => {
    const node = doc.getIn(path, true)
    const range = isScalar(node) || isMap(node) || isSeq(node) ? node.range : undefined
    return range ? [range[0], range[1]] : [0, 0]
  }
  let given: Given
  try {
    given = doc.toJS({ maxAliasCount: 100 }) as Given
  } catch (e) {
    return unusable(`invalid YAML: ${oneLine(e instanceof Error ? e.message : String(e))}`)
  }
  for (const key of ['postprocessing', 'finalizers'])
    if (Array.isArray(given[key]) && given[key].length > 0)
      report(`Assay has no ${key}: they write the text of another query language`, `remove ${key}`, rangeOf([key]))
  const itemsOf = (list: unknown, path: readonly (number | string)[]): PipelineItem[] =>
    (Array.isArray(list) ? (list as unknown[]) : []).flatMap((entry, i) => {
      const item = isGiven(entry) ? entry : {}
      const type = String(item['type'] ?? '')
      const at = rangeOf([...path, i, 'type'])
      if (type === 'nest') return itemsOf(item['items'], [...path, i, 'items']).map((inner) => within(item, inner))
      const refused = REFUSED[type] ?? (item['template'] === true ? 'it is a template' : undefined)
      if (refused !== undefined) {
        report(`the transformation ${type} cannot be used: ${refused}`, 'remove it, or replace it', at)
        return []
      }
      if (!Object.hasOwn(TRANSFORMATIONS, type)) {
        const near = nearest(type, Object.keys(TRANSFORMATIONS))
        report(
          type === '' ? 'a transformation has no type' : `no such transformation: ${type}`,
          near ? `did you mean ${near}?` : `use one of ${Object.keys(TRANSFORMATIONS).join(', ')}`,
          at,
        )
        return []
      }
      for (const key of CONDITION_KEYS)
        for (const c of conditionsIn(item[key]))
          if (!Object.hasOwn(CONDITIONS, String(c['type'])))
            report(`no such condition: ${String(c['type'])}`, `use one of ${Object.keys(CONDITIONS).join(', ')}`, at)
      for (const key of ['rule_cond_expr', 'detection_item_cond_expr', 'field_name_cond_expr'])
        if (item[key] !== undefined)
          report(`${key} is not supported`, 'list the conditions, with rule_cond_op: or, or several items', at)
      for (const text of patternsIn(item, type)) {
        const wrong = patternOf(text)
        if (typeof wrong === 'string')
          report(`the pattern ${text} cannot be used: ${wrong}`, 'simplify the pattern', at)
      }
      return [itemOf(type, item)]
    })
  const items = itemsOf(given['transformations'], ['transformations'])
  const vars = Object.fromEntries(
    Object.entries((given['vars'] ?? {}) as Given).map(([k, v]) => [k, (Array.isArray(v) ? v : [v]).map(String)]),
  )
  const priority = Number(given['priority'] ?? 0)
  if (diagnostics.length > 0) return { pipeline: undefined, diagnostics }
  return { pipeline: { name: source.name, priority, vars, items }, diagnostics }
}

const CONDITION_KEYS = ['rule_conditions', 'detection_item_conditions', 'field_name_conditions'] as const

const isGiven = (value: unknown): value is Given => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Conditions: a list, or a mapping of names. */
const conditionsIn = (value: unknown): Given[] =>
  (value && typeof value === 'object' ? Object.values(value) : []).map((c): Given => (isGiven(c) ? c : {}))

/** The patterns of an item and of its conditions. */
const patternsIn = (item: Given, type: string): string[] => [
  ...(type === 'replace_string' ? [String(item['regex'])] : []),
  ...CONDITION_KEYS.flatMap((key) => conditionsIn(item[key])).flatMap((c) => {
    if (c['type'] === 'match_string') return [String(c['pattern'])]
    return c['mode'] === 're' ? texts(c['fields']) : []
  }),
]

function itemOf(type: string, given: Given): PipelineItem {
  const group = (key: string, prefix: string): PipelineCondition => ({
    of: conditionsIn(given[key]),
    any: given[`${prefix}_op`] === 'or',
    negated: given[`${prefix}_not`] === true,
  })
  return {
    id: given['id'] === undefined ? undefined : String(given['id']),
    type,
    given,
    rule: [group('rule_conditions', 'rule_cond')],
    item: group('detection_item_conditions', 'detection_item_cond'),
    field: group('field_name_conditions', 'field_name_cond'),
  }
}

/** Adds the conditions of a nest to an item inside it. */
const within = (nest: Given, inner: PipelineItem): PipelineItem => ({
  ...inner,
  rule: [...itemOf('nest', nest).rule, ...inner.rule],
})
