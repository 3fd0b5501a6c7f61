// The fields of rows as rows of their own.
import { call, col, lit } from '../../../../plan/build.ts'
import { type Expr, isHidden, REST } from '../../../../plan/plan.ts'
import { toStr } from '../../../shared/convert.ts'
import type { Flow } from '../flow.ts'
import { isNull } from '../values.ts'
import { withParsed } from '../show.ts'

interface OneField {
  readonly name: Expr
  readonly value: Expr
}

/** One row for each field of each row, other than those left out; the other columns stay. */
export function eachField(flow: Flow, leftOut: readonly string[] = []): OneField {
  const into = flow.hidden('field')
  flow.push({ kind: 'unnest', list: fieldList(flow, leftOut), into, index: null, keep: false })
  const part = (i: number): Expr => call('json.get', 'str', [col(into, 'str')], { path: [i] })
  return { name: part(0), value: part(1) }
}

/** The fields of a row, each as the JSON array of its name and value. */
export function fieldList(flow: Flow, leftOut: readonly string[] = []): Expr {
  const columns = flow.open ? [...flow.rel.source.columns] : []
  for (const [id, c] of columns)
    if (!isHidden(id) && c.from.kind === 'field' && !flow.names.has(id)) flow.names.set(id, flow.read(id))
  if (flow.open && !flow.names.has('@timestamp')) flow.names.set('@timestamp', flow.read('@timestamp'))
  const named = [...flow.names].filter(
    ([n, e]) => !isNull(e) && !isHidden(n) && e.ty !== 'list' && !leftOut.includes(n),
  )
  const rest = withParsed(flow, flow.open ? col(REST, 'str') : lit(null, 'str'))
  const except = [...flow.names.keys(), ...leftOut]
  const values = named.map(([, e]) => toStr(e))
  return call('fields.list', 'list', [rest, ...values], { names: named.map(([n]) => n), except })
}
