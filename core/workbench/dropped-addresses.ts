// Events that functions on addresses drop because theirs is no IPv4 address: how many that are is for a scan to count.
import { sumoIpDrops } from '../diag/catalogue/sumo-lower.ts'
import { and, not } from '../plan/build.ts'
import type { Plan, Pred, SourceNode } from '../plan/plan.ts'
import type { Compiled } from './compile.ts'

export interface AddressDrop {
  /** As the query names it. */
  readonly field: string
  readonly source: SourceNode
  /** Of the events that the filters before let through, those that are dropped. */
  readonly where: Pred
}

/**
 * Drops that the text does not ask for and that stand in the filter of the outer relation's events. A text that tests the address itself
 * (`isValidIPv4`) knows what it leaves out.
 */
export function addressDrops({ diagnostics, source }: Compiled, { out }: Plan): AddressDrop[] {
  const { from } = out
  if (from.kind !== 'source' || !diagnostics.some((d) => d.code === sumoIpDrops.id)) return []
  if (/isValidIPv4/i.test(source.text)) return []
  const conjuncts = from.where.kind === 'and' ? from.where.of : [from.where]
  return conjuncts.flatMap((p, i): AddressDrop[] => {
    const [of] = p.kind === 'test' && p.prim === 'ip.isV4' ? p.args : []
    const column = of?.kind === 'col' ? from.columns.find((c) => c.id === of.id) : undefined
    if (column?.from.kind !== 'field') return []
    return [{ field: column.from.name, source: from, where: and(...conjuncts.slice(0, i), not(p)) }]
  })
}
