// Tables of networks, by address.
import type { CallContext } from '../builtin.ts'
import type { Flow } from '../flow.ts'
import type { Pred, Expr } from '../../../../plan/plan.ts'
import { namedTable, lookUp, mostSpecific } from '../join/join.ts'
import { toStr } from '../../../shared/convert.ts'

export const COUNTRY = 'geolite2-country'

interface NetworkRow {
  readonly found: Pred
  readonly value: (name: string) => Expr
}

/** The row of the most specific network that holds the address. */
export function networkOf(
  flow: Flow,
  address: Expr,
  table: string,
  columns: readonly string[],
  c: CallContext,
): NetworkRow {
  const right = namedTable(flow, table, ['network', ...columns], c.args.call.nameSpan).right()
  const within = { prim: 'ip.inCidrOf', left: toStr(address), right: 'network' }
  return lookUp(flow, right, { on: [], within, include: columns, order: mostSpecific(flow, right, 'network') })
}
