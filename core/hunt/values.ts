// The computed values that filters share, such as a field with several names. A matcher computes each once per event.
import { col } from '../plan/build.ts'
import { jsonText } from '../plan/json-text.ts'
import type { Expr, Pred, SourceColumn } from '../plan/plan.ts'
import { columnsOf, mapPred } from '../plan/walk.ts'

export type Columns = ReadonlyMap<string, SourceColumn>

export interface SharedValue {
  readonly expr: Expr
  readonly columns: readonly SourceColumn[]
}

/** Prefix of the columns that stand for shared values in the filters of an index. */
const PREFIX = '$:value '
export const valueColumn = (id: number, { expr }: SharedValue): Expr => col(`${PREFIX}${id}`, expr.ty)
/** The place of the value; undefined: another column. */
export const valueId = (column: string): number | undefined =>
  column.startsWith(PREFIX) ? Number(column.slice(PREFIX.length)) : undefined

export class SharedValues {
  readonly all: SharedValue[] = []
  readonly #byNode = new WeakMap<Expr, number>()
  readonly #byText = new Map<string, number>()

  /** The filter with a column in place of each value that is computed from fields. */
  replace(where: Pred, columns: Columns): Pred {
    return mapPred(where, { enter: (e) => this.#columnFor(e, columns) })
  }

  #columnFor(e: Expr, columns: Columns): Expr | undefined {
    if (e.kind !== 'if' && e.kind !== 'call') return undefined
    const known = this.#byNode.get(e)
    if (known !== undefined) return valueColumn(known, this.all[known] as SharedValue)
    const read = [...columnsOf(e)].flatMap((id) => columns.get(id) ?? [])
    if (read.length === 0 || !read.every((c) => c.from.kind === 'field')) return undefined
    const key = jsonText([e, read])
    const id = this.#byText.get(key) ?? this.all.push({ expr: e, columns: read }) - 1
    this.#byText.set(key, id)
    this.#byNode.set(e, id)
    return valueColumn(id, this.all[id] as SharedValue)
  }
}
