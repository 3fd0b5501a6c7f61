// Events that functions on addresses drop because they hold no IPv4 address. A scan counts them.
import { and, conjuncts, not } from '../plan/build.ts'
import type { Plan, Pred, SourceNode } from '../plan/plan.ts'
import type { Compiled } from './compile.ts'

interface AddressDrop {
  /** As the query names it. */
  readonly field: string
  readonly source: SourceNode
  /** The dropped events, among those that match the filters before. */
  readonly where: Pred
}

/** Drops in the filter of the outer relation's events, which the text does not mention. */
export function addressDrops({ dropsAddresses }: Compiled, { out }: Plan): AddressDrop[] {
  const { from } = out
  if (from.kind !== 'source' || !dropsAddresses) return []
  const parts = conjuncts(from.where)
  return parts.flatMap((p, i): AddressDrop[] => {
    const [of] = p.kind === 'test' && p.prim === 'ip.isV4' ? p.args : []
    const column = of?.kind === 'col' ? from.columns.find((c) => c.id === of.id) : undefined
    if (column?.from.kind !== 'field') return []
    return [{ field: column.from.name, source: from, where: and(...parts.slice(0, i), not(p)) }]
  })
}
