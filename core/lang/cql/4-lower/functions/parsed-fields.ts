// Fields that parseJson() and kvParse() find in a text.
import type { CallContext } from '../builtin.ts'
import { orElse, isNull } from '../values.ts'
import { type Expr, isHidden } from '../../../../plan/plan.ts'

/** Fields that a text holds, read by name when a later step asks for one. */
export function assignParsed(
  c: CallContext,
  fn: string,
  read: (name: string) => Expr | undefined,
  wins: boolean,
): void {
  const { flow } = c
  const outer = flow.unknown
  const known = [...flow.names].filter(([name]) => !/^[@#$]/.test(name) && !isHidden(name))
  const items = known.flatMap(([name, old]) => {
    const mine = read(name)
    return mine ? [{ name, expr: wins ? orElse(mine, old) : orElse(old, mine) }] : []
  })
  if (items.length > 0 && wins) flow.assignAll(items)
  flow.unknown = (name) => {
    const mine = read(name)
    if (!mine) return outer(name)
    const theirs = flow.lowering.asFallback(name, () => outer(name))
    if (isNull(theirs)) return mine
    return wins ? orElse(mine, theirs) : orElse(theirs, mine)
  }
  flow.parsedBy = { fn, at: c.args.call.nameSpan }
}
