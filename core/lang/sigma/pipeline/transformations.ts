// Transformations of pipelines, by pySigma's names.
import { byName } from '../../../text/by-name.ts'
import type { Condition, Item, Logsource, Named, Rule, Search, SigmaValue } from '../ast.ts'
import { replaced } from './pattern.ts'
import { type Given, hasRoom, type State, type Transformation, texts } from './types.ts'

/** Writes `contains`, `startswith` and `endswith` as wildcards, as in pySigma's values. */
function asWritten(item: Item): Item {
  const ends = ['contains', 'startswith', 'endswith']
  if (item.modifiers.some((m) => m === 're' || m === 'fieldref' || m === 'cidr')) return item
  const has = (m: string): boolean => item.modifiers.includes(m)
  const wrap = (t: string): string =>
    `${has('contains') || has('endswith') ? '*' : ''}${t}${has('contains') || has('startswith') ? '*' : ''}`
  return {
    ...item,
    modifiers: item.modifiers.filter((m) => !ends.includes(m)),
    values: item.values.map((v) => (v.text === undefined ? v : { ...v, text: wrap(v.text) })),
  }
}

const mapTexts = (item: Item, state: State, of: (text: string) => readonly string[]): Item => ({
  ...item,
  values: item.values.flatMap((v): SigmaValue[] => {
    if (v.text === undefined) return [v]
    const made = of(v.text)
    return hasRoom(state, made.length, 0) ? made.map((text) => ({ ...v, text })) : [v]
  }),
})

const NOWHERE = { start: 0, end: 0 }

/** Adds selections, with names that no rule can have, to the condition. */
function withCondition(rule: Rule, given: Given, place: number): Rule {
  const items = Object.entries((given['conditions'] ?? {}) as Given).map(([key, value]): Item => {
    const [field = '', ...modifiers] = key.split('|')
    const values = (Array.isArray(value) ? value : [value]).map(
      (v): SigmaValue => ({
        text: v === null ? undefined : filled(String(v), rule.logsource),
        isText: typeof v === 'string',
        span: NOWHERE,
      }),
    )
    return { kind: 'item', field: field === '' ? undefined : field, modifiers, values, span: rule.conditionSpan }
  })
  const name = `_pipeline ${place}`
  const search: Search = items.length === 1 ? (items[0] as Item) : { kind: 'all', of: items }
  const searches = new Map<string, Named>([...rule.searches, [name, { search, span: rule.conditionSpan }]])
  const added: Condition = { kind: 'name', name, span: rule.conditionSpan }
  const condition: Condition = {
    kind: 'and',
    of: [given['negated'] === true ? { kind: 'not', of: added } : added, rule.condition],
  }
  return { ...rule, searches, condition }
}

const filled = (text: string, of: Logsource): string =>
  text.replace(/\$(category|product|service)\b/g, (_, k: 'category' | 'product' | 'service') => of[k] ?? '')

const cases: Readonly<Record<string, (text: string) => string>> = byName({
  lower: (t) => t.toLowerCase(),
  upper: (t) => t.toUpperCase(),
  snake_case: (t) => t.replace(/(?<=[a-z0-9])([A-Z])/g, '_$1').toLowerCase(),
})

const placeholders = (given: Given, name: string): boolean =>
  given['include'] === undefined ? !texts(given['exclude']).includes(name) : texts(given['include']).includes(name)

const expanded = (
  item: Item,
  given: Given,
  state: State,
  of: (name: string) => readonly string[] | undefined,
): Item => {
  if (!item.modifiers.includes('expand')) return item
  return mapTexts(item, state, (text) =>
    [...text.matchAll(/%([^%\s\\]+)%/g)].reduce<readonly string[]>(
      (made, [whole, name = '']) => {
        const values = placeholders(given, name) ? of(name) : undefined
        if (values === undefined || !hasRoom(state, made.length * values.length, text.length)) return made
        return made.flatMap((t) => values.map((v) => t.replace(whole, () => v)))
      },
      [text],
    ),
  )
}

export const TRANSFORMATIONS: Readonly<Record<string, Transformation>> = byName({
  field_name_mapping: {
    name: (field, given) => {
      const mapping = (given['mapping'] ?? {}) as Given
      return Object.hasOwn(mapping, field) ? texts(mapping[field]) : [field]
    },
  },
  field_name_prefix_mapping: {
    name: (field, given) => {
      const found = Object.entries((given['mapping'] ?? {}) as Given).find(([prefix]) => field.startsWith(prefix))
      return found ? texts(found[1]).map((by) => by + field.slice(found[0].length)) : [field]
    },
  },
  field_name_prefix: { name: (field, given) => [`${String(given['prefix'] ?? '')}${field}`] },
  field_name_suffix: { name: (field, given) => [`${field}${String(given['suffix'] ?? '')}`] },
  drop_detection_item: { item: () => [] },
  add_condition: { rule: (rule, given, _, place) => withCondition(rule, given, place) },
  change_logsource: {
    rule: (rule, given) => {
      const part = (k: string): string | undefined =>
        given[k] === undefined ? undefined : String(given[k]).toLowerCase()
      const { span } = rule.logsource
      const logsource = { category: part('category'), product: part('product'), service: part('service'), span }
      return { ...rule, logsource }
    },
  },
  value_placeholders: { item: (item, given, state) => [expanded(item, given, state, (name) => state.vars[name])] },
  wildcard_placeholders: { item: (item, given, state) => [expanded(item, given, state, () => ['*'])] },
  replace_string: {
    item: (item, given, state) => {
      const by = String(given['replacement'] ?? '')
      const change = (text: string): string =>
        hasRoom(state, 0, (text.length + 1) * (by.length + 1)) ? replaced(String(given['regex']), text, by) : text
      return [mapTexts(asWritten(item), state, (t) => [change(t)])]
    },
  },
  map_string: {
    item: (item, given, state) => {
      const mapping = (given['mapping'] ?? {}) as Given
      return [mapTexts(item, state, (t) => (Object.hasOwn(mapping, t) ? texts(mapping[t]) : [t]))]
    },
  },
  case: {
    item: (item, given, state) => [
      mapTexts(item, state, (t) => [(cases[String(given['method'] ?? 'lower')] ?? String)(t)]),
    ],
  },
  set_value: {
    item: (item, given) => {
      const text = given['value'] === null ? undefined : String(given['value'])
      return [{ ...item, values: [{ text, isText: true, span: item.span }], modifiers: [] }]
    },
  },
  // Nothing to do: Sigma's values are compared as texts, and numbers by their digits.
  convert_type: { item: (item) => [item] },
  regex: { item: (item) => [item] },
  set_state: {
    rule: (rule, given, state) => {
      state.values.set(String(given['key']), given['val'])
      return rule
    },
  },
  set_custom_attribute: { rule: (rule) => rule },
  add_field: { rule: (rule, given) => ({ ...rule, fields: [...rule.fields, ...texts(given['field'])] }) },
  remove_field: {
    rule: (rule, given) => ({ ...rule, fields: rule.fields.filter((f) => !texts(given['field']).includes(f)) }),
  },
  set_field: { rule: (rule, given) => ({ ...rule, fields: texts(given['fields']) }) },
  rule_failure: {
    rule: (rule, given, state: State) => {
      state.failure ??= String(given['message'] ?? 'the pipeline refuses the rule')
      return rule
    },
  },
  detection_item_failure: {
    item: (item, given, state) => {
      state.failure ??= String(given['message'] ?? 'the pipeline refuses a selection')
      return [item]
    },
  },
})
