// Conditions that every row of an answer meets, on columns as they are: by them an engine skips parts of a table. A field's own text is an
// expression over its column, from which no engine concludes anything.
import { conjuncts } from '../plan/build.ts'
import type { Pred, SourceNode } from '../plan/plan.ts'
import type { ScalarPlace } from './column.ts'

/** The column has one of the values. */
export interface KeyTest {
  readonly of: ScalarPlace
  readonly values: readonly string[]
  /** The engine compares the column as the text of the field. */
  readonly isPlain: boolean
}

/** `placeOf`: the only column that may have the field. */
export function keyTests(
  { columns, where }: SourceNode,
  placeOf: (field: string) => ScalarPlace | undefined,
): readonly KeyTest[] {
  return conjuncts(where).flatMap((p) => {
    const of = p.kind === 'test' ? p.args[0] : undefined
    const column = of?.kind === 'col' ? columns.find((c) => c.id === of.id) : undefined
    const place = column?.from.kind === 'field' ? placeOf(column.from.name) : undefined
    const values = valuesOf(p)
    if (place?.type.kind !== 'text' || !values) return []
    return [{ of: place, values, isPlain: place.type.isPlain === true }]
  })
}

function valuesOf(p: Pred): readonly string[] | undefined {
  if (p.kind !== 'test') return undefined
  const [, other] = p.args
  if (p.prim === 'str.eq') return other?.kind === 'lit' && typeof other.value === 'string' ? [other.value] : undefined
  const { values, ignoreCase } = p.consts
  const isKnown = p.prim === 'str.in' && ignoreCase !== true && Array.isArray(values) && values.length > 0
  return isKnown ? values.map(String) : undefined
}
