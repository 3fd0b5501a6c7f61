// The filters of a hunt as bytes that threads share: a thread unpacks a filter when an event may pass it. Few of thousands ever are.
import { deserialize, serialize } from 'node:v8'
import type { Filter } from '../../core/hunt/rule-index.ts'
import type { Plan, SourceNode } from '../../core/plan/plan.ts'

/** A filter of a hunt, and the use of the events that pass it. */
export interface HuntFilter extends Filter {
  /** Without its `where`. */
  readonly source: SourceNode
  /** Makes the findings of one row; null: the row goes to a source of the job. */
  readonly plan: Plan | null
  /** The place of that source; -1 with a plan. */
  readonly place: number
}

export interface PackedFilters {
  readonly bytes: Uint8Array
  /** By filter; one more at the end. */
  readonly starts: Float64Array
}

export function packFilters(filters: readonly HuntFilter[]): PackedFilters {
  const parts = filters.map((f) => serialize(f))
  const starts = new Float64Array(new SharedArrayBuffer(8 * (parts.length + 1)))
  parts.forEach((part, i) => {
    starts[i + 1] = (starts[i] as number) + part.length
  })
  const bytes = new Uint8Array(new SharedArrayBuffer(starts[parts.length] as number))
  for (const [i, part] of parts.entries()) bytes.set(part, starts[i])
  return { bytes, starts }
}

export const unpackFilter = ({ bytes, starts }: PackedFilters, filter: number): HuntFilter =>
  deserialize(Buffer.from(bytes.subarray(starts[filter], starts[filter + 1]))) as HuntFilter
