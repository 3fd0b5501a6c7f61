// The events of a log source. Their fields and tags decide, never the path of a file. Vocabularies and log formats declare the sources.
import { nearest } from '../../text/nearest.ts'
import type { SigmaSource } from '../../logs/format.ts'
import { and, col, not, or, present, test } from '../../plan/build.ts'
import type { ColumnRef, Expr, Pred, SourceColumn } from '../../plan/plan.ts'
import type { Logsource } from './ast.ts'
import type { OtherEvents } from '../shared/windows-events.ts'
import { meaningOf, vocabularySources } from './vocabulary.ts'
import type { EventSource, ReadField, Vocabulary } from './vocabulary-kit.ts'

/** The events of a log source: a condition over fields of the record. */
export interface Events {
  readonly where: Pred
  /** Names of the fields that the condition reads. */
  readonly names: readonly string[]
}

/** A field by its name in the record. Hidden, because the event is shown unchanged and Sigma's names are separate columns. */
export const recordField = (name: string): ColumnRef => recordColumn(name).ref

/** A column of a field, and the expression that reads it. Rules share them. */
interface RecordColumn {
  readonly column: SourceColumn
  readonly ref: ColumnRef
}
const recordColumns = new Map<string, RecordColumn>()
const MOST_COLUMNS = 5000

export function recordColumn(name: string): RecordColumn {
  const before = recordColumns.get(name)
  if (before) return before
  const ref = col(`$:field ${name}`, 'str')
  const made: RecordColumn = { column: { id: ref.id, ty: 'str', from: { kind: 'field', name } }, ref }
  if (recordColumns.size >= MOST_COLUMNS) recordColumns.clear()
  recordColumns.set(name, made)
  return made
}

/** A cache: thousands of rules share a few hundred log sources. */
const known = new WeakMap<readonly SigmaSource[], Map<string, Events | undefined>>()

/**
 * The condition on the events of a log source. Undefined: unknown log source. `declared`: the sources of the log formats. Of one vocabulary,
 * only its own sources count, and their values are compared exactly, because the product has one spelling. `without`: those that the rule leaves out.
 */
export function eventsOf(
  logsource: Logsource,
  declared: readonly SigmaSource[],
  only?: Vocabulary,
  without: readonly OtherEvents[] = [],
): Events | undefined {
  const list = only ? (only.sources ?? NONE) : declared
  const of = known.get(list) ?? new Map<string, Events | undefined>()
  known.set(list, of)
  const { category, product, service } = logsource
  const key = JSON.stringify([category, product, service, ...without.map((o) => o.id)])
  if (!of.has(key))
    of.set(key, only ? ofVocabulary(logsource, read(list, without), only) : described(logsource, declared))
  return of.get(key)
}
const NONE: readonly SigmaSource[] = []
const read = (list: readonly EventSource[], without: readonly OtherEvents[]): readonly SigmaSource[] =>
  list.filter(({ own }) => own === undefined || !without.includes(own))

function ofVocabulary(logsource: Logsource, list: readonly SigmaSource[], only: Vocabulary): Events | undefined {
  const names = new Set<string>()
  const read = (name: string): Expr => {
    names.add(name)
    return recordField(name)
  }
  const where = conditionOf(list.filter(matching(logsource)), read, { logsource, only })
  return where && { where, names: [...names] }
}

function described(logsource: Logsource, declared: readonly SigmaSource[]): Events | undefined {
  const names = new Set<string>()
  const read = (name: string): Expr => {
    names.add(name)
    return recordField(name)
  }
  const found = conditionOf([...vocabularySources, ...declared].filter(matching(logsource)), read)
  if (logsource.category !== 'firewall' || logsource.service !== undefined)
    return found && { where: found, names: [...names] }
  // Records of connections or of a firewall's source category, unless a host logged them.
  const ofHost = or(present(read('EventID')), present(read('event_simpleName')))
  const where = and(or(present(read('network:key')), ...(found ? [found] : [])), not(ofHost))
  return { where, names: [...names] }
}

/** Sources that have every part of the log source. A product has no firewall of its own: the category is the vendors' word. */
export function matching({ category, product, service }: Logsource): (s: SigmaSource) => boolean {
  if ((category ?? product ?? service) === undefined) return () => false
  if (category === undefined && service === undefined && product === 'windows')
    return (s) => s.product === product && s.category === undefined && s.service === undefined
  return (s) =>
    (category === undefined || s.category === category) &&
    (product === undefined || s.product === product || (category === 'firewall' && s.product === undefined)) &&
    (service === undefined || s.service === service)
}

type Where = SigmaSource['where'][string]

/** True for an event of any of the sources. Sources that differ only in the values of one field become one test. */
interface Own {
  readonly logsource: Logsource
  readonly only: Vocabulary
}

function conditionOf(sources: readonly SigmaSource[], read: ReadField, own?: Own): Pred | undefined {
  if (sources.length === 0) return undefined
  const groups = new Map<
    string,
    { readonly field: string; readonly values: string[]; readonly others: [string, Where][] }
  >()
  const single: Pred[] = []
  for (const { where } of sources) {
    const tests = Object.entries(where)
    const [first, ...others] = tests
    if (!first || typeof first[1] === 'string') {
      single.push(and(...tests.map(([name, of]) => fieldTest(name, of, read, own))))
      continue
    }
    const key = JSON.stringify([first[0], others])
    const group = groups.get(key)
    if (group) group.values.push(...first[1])
    else groups.set(key, { field: first[0], values: [...first[1]], others })
  }
  const grouped = [...groups.values()].map(({ field, values, others }) =>
    and(
      fieldTest(field, [...new Set(values)], read, own),
      ...others.map(([name, of]) => fieldTest(name, of, read, own)),
    ),
  )
  return or(...new Map([...grouped, ...single].map((p) => [JSON.stringify(p, bigints), p])).values())
}
const bigints = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)

function fieldTest(name: string, of: Where, read: ReadField, own?: Own): Pred {
  // A vocabulary's own sources have its own names.
  const value = own ? ownName(name, own, read) : meaningOf(ANY, name).display(read)
  if (of === 'present') return present(value)
  if (of === 'absent') return not(present(value))
  const plain = of.filter((v) => !v.includes('*'))
  const globs = of.filter((v) => v.includes('*'))
  // The sensor always writes event names in the same case, and the linter and the byte search rely on it.
  const ignoreCase = !own && name !== 'event_simpleName'
  return or(
    ...(plain.length > 0 ? [test('str.in', [value], { values: plain, ignoreCase })] : []),
    ...globs.map((pattern) => test('str.glob', [value], { pattern, ignoreCase })),
  )
}
const ownName = (name: string, { logsource, only }: Own, read: ReadField): Expr =>
  (name.startsWith('#') ? undefined : meaningOf(logsource, name, only)?.display(read)) ?? read(name)
const ANY: Logsource = { category: undefined, product: undefined, service: undefined, span: { start: 0, end: 0 } }

export const nameOf = ({ category, product, service }: Logsource): string =>
  [
    ['category', category],
    ['product', product],
    ['service', service],
  ]
    .flatMap(([k, v]) => (v === undefined ? [] : [`${k}: ${v}`]))
    .join(', ') || 'without category, product and service'

/** A category with nearly this name: `process_create`. */
export function similarCategory({ category }: Logsource, declared: readonly SigmaSource[]): string | undefined {
  if (category === undefined) return undefined
  const names = [...vocabularySources, ...declared].flatMap((s) => s.category ?? [])
  return names.includes(category) ? undefined : nearest(category, names)
}
