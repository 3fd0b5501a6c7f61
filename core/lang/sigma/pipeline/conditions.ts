// Conditions of pipeline items: on the rule, on one item of its detections, on a field's name.
import { byName } from '../../../text/by-name.ts'
import type { Document, Item, Rule, Search } from '../ast.ts'
import { partsOf } from '../pattern.ts'
import { isFound } from './pattern.ts'
import { type Given, type PipelineCondition, type State, texts } from './types.ts'

export interface Looked {
  readonly rule: Document
  readonly item?: Item
  readonly field?: string | undefined
  readonly state: State
}

export const itemsOf = (rule: Rule): Item[] => {
  const visit = (s: Search): Item[] => (s.kind === 'item' ? [s] : s.of.flatMap(visit))
  return [...rule.searches.values()].flatMap((n) => visit(n.search))
}

const named = (given: Given, field: string | undefined): boolean =>
  texts(given['fields']).some((f) => (given['mode'] === 're' ? field !== undefined && isFound(f, field) : f === field))

export const CONDITIONS: Readonly<Record<string, (given: Given, on: Looked) => boolean>> = byName({
  logsource: (given, { rule }) =>
    rule.kind === 'rule' &&
    (['category', 'product', 'service'] as const).every(
      (k) => given[k] === undefined || String(given[k]).toLowerCase() === rule.logsource[k],
    ),
  contains_field: (given, { rule }) => rule.kind === 'rule' && itemsOf(rule).some((i) => i.field === given['field']),
  contains_detection_item: (given, { rule }) =>
    rule.kind === 'rule' &&
    itemsOf(rule).some((i) => i.field === given['field'] && i.values.some((v) => v.text === String(given['value']))),
  is_sigma_rule: (_, { rule }) => rule.kind === 'rule',
  is_sigma_correlation_rule: (_, { rule }) => rule.kind === 'correlation',
  tag: (given, { rule }) => rule.tags.includes(String(given['tag'])),
  rule_attribute: (given, { rule }) => {
    const own = { level: rule.level, title: rule.title, id: rule.id }[String(given['attribute'])]
    const is = own !== undefined && texts(given['value']).includes(own)
    return String(given['op'] ?? 'eq').startsWith('n') ? !is : is
  },
  processing_item_applied: (given, { state }) => state.applied.has(String(given['processing_item_id'])),
  processing_state: (given, { state }) => state.values.get(String(given['key'])) === given['val'],
  include_fields: (given, { field }) => named(given, field),
  exclude_fields: (given, { field }) => !named(given, field),
  match_string: (given, { item }) => {
    const found = (item?.values ?? []).map(
      (v) => v.text !== undefined && isFound(String(given['pattern']), v.text) !== (given['negate'] === true),
    )
    return given['cond'] === 'all' ? found.every(Boolean) : found.some(Boolean)
  },
  match_value: (given, { item }) => (item?.values ?? []).some((v) => v.text === String(given['value'])),
  contains_wildcard: (_, { item }) =>
    (item?.values ?? []).some((v) => v.text !== undefined && partsOf(v.text).some((p) => 'wild' in p)),
  is_null: (_, { item }) => (item?.values ?? []).some((v) => v.text === undefined),
})

export function isMet({ of, any, negated }: PipelineCondition, on: Looked): boolean {
  if (of.length === 0) return true
  const met = of.map((c) => CONDITIONS[String(c['type'])]?.(c, on) === true)
  return (any ? met.some(Boolean) : met.every(Boolean)) !== negated
}
