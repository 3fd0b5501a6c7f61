// The filters of a hunt as bytes that threads share: a thread unpacks a filter when an event may pass it. Few of thousands ever are.
import { deserialize, serialize } from 'node:v8'
import type { Filter } from '../../core/hunt/rule-index.ts'
import type { SourceColumn, SourceNode, Stage } from '../../core/plan/plan.ts'

/** A filter of a hunt, and the use of the events that pass it. */
export interface HuntFilter extends Filter {
  /** Without its `where`. */
  readonly source: SourceNode
  /** They make the findings of one row; null: the row goes to a source of the job. */
  readonly stages: readonly Stage[] | null
  /** The place of that source; -1 with stages. */
  readonly place: number
}

export interface PackedFilters {
  readonly bytes: Uint8Array
  /** By filter; one more at the end. */
  readonly starts: Float64Array
  /** Columns of several filters: a packed filter has their places. */
  readonly columns: readonly SourceColumn[]
}

type Columns = readonly SourceColumn[]
type PackedColumns = readonly (SourceColumn | number)[]
interface Packed {
  readonly filter: Omit<HuntFilter, 'columns' | 'source'>
  readonly source: Omit<SourceNode, 'columns'>
  readonly columns: PackedColumns
  readonly ofSource: PackedColumns
}

export function packFilters(filters: readonly HuntFilter[]): PackedFilters {
  const columns = sharedColumns(filters)
  const places = new Map(columns.map((c, place) => [c, place]))
  const packed = (of: Columns): PackedColumns => of.map((c) => places.get(c) ?? c)
  const parts = filters.map(({ columns: own, source: { columns: ofSource, ...source }, ...filter }) =>
    serialize({ filter, source, columns: packed(own), ofSource: packed(ofSource) } satisfies Packed),
  )
  const starts = new Float64Array(new SharedArrayBuffer(8 * (parts.length + 1)))
  parts.forEach((part, i) => {
    starts[i + 1] = (starts[i] as number) + part.length
  })
  const bytes = new Uint8Array(new SharedArrayBuffer(starts[parts.length] as number))
  for (const [i, part] of parts.entries()) bytes.set(part, starts[i])
  return { bytes, starts, columns }
}

function sharedColumns(filters: readonly HuntFilter[]): SourceColumn[] {
  const once = new Set<SourceColumn>()
  const shared = new Set<SourceColumn>()
  for (const { source } of filters) for (const c of source.columns) (once.has(c) ? shared : once).add(c)
  return [...shared]
}

export function unpackFilter({ bytes, starts, columns }: PackedFilters, filter: number): HuntFilter {
  const packed = deserialize(Buffer.from(bytes.subarray(starts[filter], starts[filter + 1]))) as Packed
  const unpacked = (of: PackedColumns): Columns =>
    of.map((c) => (typeof c === 'number' ? (columns[c] as SourceColumn) : c))
  const source: SourceNode = { ...packed.source, columns: unpacked(packed.ofSource) }
  return { ...packed.filter, columns: unpacked(packed.columns), source }
}

/** Names of fields that the sources read. */
export function namesIn(sources: readonly SourceNode[]): string[] {
  const names = new Set<string>()
  for (const { columns } of sources)
    for (const { from } of columns) if ('name' in from && from.kind !== 'meta') names.add(from.name)
  return [...names]
}
