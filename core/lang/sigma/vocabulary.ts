// Names and values of every vocabulary, by the log source of a rule.
import type { SigmaSource } from '../../logs/format.ts'
import type { Expr } from '../../plan/plan.ts'
import type { Logsource } from './ast.ts'
import { all } from './vocabularies/_index.ts'
import { type Computed, first, type Name, type ReadField, type Vocabulary } from './vocabulary-kit.ts'

const everyVocabulary = all as readonly Vocabulary[]
/** Those of telemetry that Assay reads. */
const read = everyVocabulary.filter((v) => !v.writtenOnly)

export const vocabularySources: readonly SigmaSource[] = read.flatMap((v) => v.sources ?? [])
export const vocabularyNamed = (id: string): Vocabulary | undefined => everyVocabulary.find((v) => v.id === id)

/** Sysmon's categories: activity on a host, whichever sensor reports it. */
const ENDPOINT =
  /^(?:process_|file_|network_connection$|image_load$|driver_load$|create_|raw_access|registry_|pipe_|wmi_event$|dns_query$|clipboard_|sysmon_)/

function scopesOf({ category, product, service }: Logsource): string[] {
  const named = [category, service, product].filter((s) => s !== undefined)
  return [...named, ...(category !== undefined && ENDPOINT.test(category) ? ['endpoint'] : []), '*']
}

/** Only own properties: a rule can have a field named `constructor`. */
const own = <T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined

/** One scope of one vocabulary: the names of a field. */
type Table = (field: string) => readonly Name[]
const tables = new Map<string, readonly Table[]>()
/** The same by the log source of one rule, whose fields are asked for one after the other. */
const tablesHere = new WeakMap<Logsource, Map<Vocabulary | undefined, readonly Table[]>>()

/** The tables for a log source, grouped by vocabulary. Cached, because many rules share few log sources. */
function tablesOf(logsource: Logsource, only: Vocabulary | undefined): readonly Table[] {
  const here = tablesHere.get(logsource) ?? new Map<Vocabulary | undefined, readonly Table[]>()
  tablesHere.set(logsource, here)
  const found = here.get(only) ?? tablesOfAny(logsource, only)
  here.set(only, found)
  return found
}

function tablesOfAny(logsource: Logsource, only: Vocabulary | undefined): readonly Table[] {
  const scopes = scopesOf(logsource)
  const key = JSON.stringify([only?.id, scopes])
  const known = tables.get(key)
  if (known) return known
  const found = only
    ? closest(only, scopes)
    : read.flatMap((v) =>
        scopes.flatMap((scope): Table[] => {
          const fields = own(v.fields, scope)
          const spelled = own(v.spellings, scope)
          return [...(fields ? [(f: string) => own(fields, f) ?? []] : []), ...(spelled ? [spelled] : [])]
        }),
      )
  tables.set(key, found)
  return found
}

/** A field that is named comes before one that is only spelled in another way. */
function closest({ fields, same, spellings, rest }: Vocabulary, scopes: readonly string[]): Table[] {
  const of = <T>(records: Readonly<Record<string, T>> | undefined, table: (record: T) => Table): Table[] =>
    scopes.flatMap((scope) => {
      const found = own(records, scope)
      return found === undefined ? [] : [table(found)]
    })
  return [
    ...of(fields, (named) => (f) => own(named, f) ?? []),
    ...of(same, (names) => (f) => (names.includes(f) ? [f] : [])),
    ...of(spellings, (spelled) => spelled),
    ...(rest ? [(f: string) => [rest(f)]] : []),
  ]
}

/**
 * All names of the fact that a rule calls `field`, in the order in which they are tried. Of one vocabulary, they are those of the closest
 * scope, and there can be none.
 */
export function namesOf(logsource: Logsource, field: string, only?: Vocabulary): readonly Name[] {
  const tables = tablesOf(logsource, only)
  if (only) return tables.map((t) => t(field)).find((names) => names.length > 0) ?? []
  const found = tables.flatMap((t) => t(field))
  const placed = found.some((n) => n === field || (typeof n !== 'string' && n.replaces))
  return [...new Set(placed ? found : [field, ...found])]
}

/** Names that rules of a log source use, in any order. */
export function fieldNames(logsource: Logsource): string[] {
  const scopes = scopesOf(logsource)
  return [...new Set(read.flatMap((v) => scopes.flatMap((s) => Object.keys(own(v.fields, s) ?? {}))))]
}

/** Lists of values with the same meaning, by Sigma's field. */
const sameInAll = new Map<string, readonly (readonly string[])[]>()
for (const { values = {} } of read)
  for (const [field, groups] of Object.entries(values))
    sameInAll.set(field, [...(sameInAll.get(field) ?? []), ...groups])

/** The values with the same meaning as `value` in this field, with `value` itself. */
export function sameValues(field: string, value: string, only?: Vocabulary): readonly string[] {
  const groups = only ? own(only.values, field) : sameInAll.get(field)
  if (!groups) return [value]
  const low = value.toLowerCase()
  const found = groups.filter((g) => g.some((w) => w.toLowerCase() === low)).flat()
  return found.length === 0 ? [value] : [...new Set([value, ...found.filter((w) => w.toLowerCase() !== low)])]
}

/** A field of an event under any of its names. Of one vocabulary, undefined: its telemetry does not have this field. */
export function meaningOf(logsource: Logsource, field: string): Computed
export function meaningOf(logsource: Logsource, field: string, only: Vocabulary | undefined): Computed | undefined
export function meaningOf(logsource: Logsource, field: string, only?: Vocabulary): Computed | undefined {
  return meaningOfNames(namesOf(logsource, field, only))
}

/** The first of the names that the event has. */
export function meaningOfNames(names: readonly Name[]): Computed | undefined {
  if (names.length === 0) return undefined
  const by =
    (look: 'display' | 'test') =>
    (read: ReadField): Expr =>
      first(...names.map((n) => (typeof n === 'string' ? read(n) : (n[look] ?? n.display)(read))))
  return { display: by('display'), test: by('test') }
}
