// The mapping of a table: from its source in assay.yml, a ready one that fits, or the names of its columns.
import { noColumn, noMapping, noTimeColumn, timeGuessed, timeUnit } from '../../core/diag/catalogue/table.ts'
import { type Diagnostic, diagnostic, inLog } from '../../core/diag/diagnostic.ts'
import type { Config } from '../../core/config/config.ts'
import { elementName, placesOf, type TableColumn } from '../../core/tables/column.ts'
import { placeOfPath, type TableMapping, type TimeUnit } from '../../core/tables/mapping.ts'
import { all } from '../../core/tables/mappings/_index.ts'
import type { ReadyMapping } from '../../core/tables/ready-mapping.ts'
import { nearest } from '../../core/text/nearest.ts'

export type SourceSetting = NonNullable<Config['sources']>[string] & {
  /** The file that has it chose the place of the table, so its name opens only what the reader of that file allows. */
  readonly isOutside?: boolean
}

export interface Candidate {
  readonly name: string
  readonly columns: readonly TableColumn[]
  readonly setting: SourceSetting | undefined
  /** The text of a value of a column; null: all values are absent. */
  readonly sample: (column: string) => Promise<string | null>
}

export interface Chosen {
  /** Undefined: the diagnostics say why. */
  readonly mapping: TableMapping | undefined
  /** Those of the table; some are no fields of the events. */
  readonly columns: readonly TableColumn[]
  readonly why: string
  readonly diagnostics: readonly Diagnostic[]
}

const ready: readonly ReadyMapping[] = all

const listOf = (x: string | readonly string[]): readonly string[] => (typeof x === 'string' ? [x] : x)

export async function chooseMapping(of: Candidate): Promise<Chosen> {
  const { setting, name } = of
  const named = setting?.mapping
  const base = named === undefined ? ready.find((m) => m.fits(of.columns)) : ready.find((m) => m.id === named)
  if (named !== undefined && !base) {
    const known = ready.map((m) => m.id)
    const diagnostics = [diagnostic(noMapping, inLog(name), { name: named, known })]
    return { mapping: undefined, columns: of.columns, why: '', diagnostics }
  }
  const columns = of.columns.map((c) => (base?.own?.includes(c.name) ? { ...c, isOwn: true as const } : c))
  const time =
    setting?.time === undefined
      ? base?.mapping.time
      : typeof setting.time === 'string'
        ? { column: setting.time }
        : setting.time
  const mapping: TableMapping = {
    ...base?.mapping,
    fields: {
      ...base?.mapping.fields,
      ...Object.fromEntries(Object.entries(setting?.fields ?? {}).map(([k, v]) => [k, listOf(v)])),
    },
    tags: { ...base?.mapping.tags, ...setting?.tags },
    ...(time && { time }),
    ...(setting?.rest !== undefined && { rest: setting.rest }),
    ...(setting?.raw !== undefined && { raw: setting.raw }),
    ...(setting?.order !== undefined && { order: setting.order }),
    ...(setting?.vocabulary !== undefined && { format: setting.vocabulary }),
  }
  const wrong = setting ? lacking(of, setting) : []
  if (wrong.length > 0) return { mapping: undefined, columns, why: '', diagnostics: wrong }
  const why = setting ? 'mapped by assay.yml' : base ? base.title : 'fields by the names of its columns'
  const timed = await withTime(of, withoutMissing(mapping, columns))
  return { columns, why, ...timed }
}

/** A ready mapping may name columns that this table does not have. */
function withoutMissing(mapping: TableMapping, columns: readonly TableColumn[]): TableMapping {
  const has = (path: string | undefined): boolean =>
    path !== undefined && placeOfPath({ columns, mapping }, path) !== undefined
  const { rest, raw, order, time, ...others } = mapping
  return {
    ...others,
    ...(has(rest) && { rest }),
    ...(has(raw) && { raw }),
    ...(has(order) && { order }),
    ...(time && has(time.column) && { time }),
  }
}

/** Columns that the source names and the table does not have. */
function lacking({ name, columns }: Candidate, setting: SourceSetting): Diagnostic[] {
  const table = { columns, mapping: { fields: {}, tags: {} } }
  const places = placesOf(columns, setting.rest)
  const known = places.flatMap((p) => (p.kind === 'json' ? [] : [elementName(p)]))
  const has = (path: string): boolean => {
    if (placeOfPath(table, path) !== undefined) return true
    const bare = path.replace(/\[\d+\]/, '[]')
    return places.some(
      (p) =>
        p.kind === 'json' ||
        (p.kind === 'map' ? p.name === '' || path.startsWith(`${p.name}.`) : elementName(p) === bare),
    )
  }
  const timeColumn = typeof setting.time === 'string' ? setting.time : setting.time?.column
  const named: [string, string | undefined][] = [
    ['time', timeColumn],
    ['rest', setting.rest],
    ['raw', setting.raw],
    ['order', setting.order],
    ...Object.entries(setting.fields ?? {}).flatMap(([k, v]) =>
      listOf(v).map((p): [string, string] => [`fields.${k}`, p]),
    ),
  ]
  return named.flatMap(([key, path]) => {
    if (path === undefined || (key.startsWith('fields.') ? has(path) : placeOfPath(table, path) !== undefined))
      return []
    const near = nearest(path, known)
    return [diagnostic(noColumn, inLog(name), { path: name, column: path, key, near: near ? [near] : [] })]
  })
}

/** Names under which tables commonly have the time of an event. */
const TIME_NAMES = ['@timestamp', '_time', 'timestamp', 'time', 'event_time', 'eventtime', 'ts', 'datetime', 'date']

async function withTime(of: Candidate, mapping: TableMapping): Promise<Omit<Chosen, 'columns' | 'why'>> {
  const { name, columns } = of
  const table = { columns, mapping }
  const guessed =
    mapping.time === undefined
      ? TIME_NAMES.flatMap((n) => columns.filter((c) => c.name.toLowerCase() === n && isTimely(c)))[0]?.name
      : undefined
  const column = mapping.time?.column ?? guessed
  if (column === undefined) {
    const likely = columns.filter(isTimely).map((c) => c.name)
    return { mapping, diagnostics: [diagnostic(noTimeColumn, inLog(name), { path: name, columns: likely })] }
  }
  const kind = placeOfPath(table, column)?.type.kind
  let unit: TimeUnit | undefined = mapping.time?.unit
  if (kind !== 'stamp' && unit === undefined) {
    const sample = column.includes('.') && !columns.some((c) => c.name === column) ? null : await of.sample(column)
    unit = unitOf(sample)
    if (unit === undefined && sample !== null && guessed === undefined)
      return { mapping: undefined, diagnostics: [diagnostic(timeUnit, inLog(name), { path: name, column, sample })] }
    if (unit === undefined)
      return { mapping, diagnostics: [diagnostic(noTimeColumn, inLog(name), { path: name, columns: [column] })] }
  }
  const time = { column, ...(kind !== 'stamp' && { unit }) }
  const say = mapping.time === undefined || (kind !== 'stamp' && mapping.time.unit === undefined)
  return {
    mapping: { ...mapping, time },
    diagnostics: say
      ? [diagnostic(timeGuessed, inLog(name), { path: name, column, unit: kind === 'stamp' ? '' : (unit ?? '') })]
      : [],
  }
}

const isTimely = ({ type: { kind } }: TableColumn): boolean =>
  ['double', 'exact', 'stamp', 'text', 'whole'].includes(kind)

/** By size: 1973 to 2603 in each unit. No two of them overlap. */
function unitOf(sample: string | null): TimeUnit | undefined {
  const size = sample === null || sample.trim() === '' ? Number.NaN : Math.abs(Number(sample))
  if (size >= 1e8 && size < 2e10) return 's'
  if (size >= 1e11 && size < 2e13) return 'ms'
  if (size >= 1e14 && size < 2e16) return 'us'
  return size >= 1e17 && size < 2e19 ? 'ns' : undefined
}
