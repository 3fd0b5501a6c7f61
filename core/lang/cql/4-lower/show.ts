// The last step of a relation: the columns that the reader sees.
import { call, col, lit } from '../../../plan/build.ts'
import { type Expr, isHidden, REST } from '../../../plan/plan.ts'
import type { Flow } from './flow.ts'
import { isNull } from './values.ts'

/** Computes the visible columns and drops all others. Fields that no step has named stay in REST. */
export function showFields(flow: Flow): string[] {
  if (flow.open && !flow.names.has('@timestamp')) flow.names.set('@timestamp', flow.read('@timestamp'))
  const columns = flow.open ? [...flow.rel.source.columns].filter(([id]) => !isHidden(id) && !id.includes('[].')) : []
  if (flow.opened.length > 0)
    gatherParsed(
      flow,
      columns.map(([id]) => id),
    )
  const visible = new Map<string, Expr>()
  for (const [id, c] of columns) visible.set(id, col(id, c.ty))
  for (const [name, expr] of flow.names) {
    if (isNull(expr)) visible.delete(name)
    else visible.set(name, expr)
  }
  const computed = [...visible].filter(([name, e]) => !(e.kind === 'col' && e.id === name))
  if (computed.length > 0) flow.push({ kind: 'set', columns: computed.map(([id, expr]) => ({ id, expr })) })
  flow.push({ kind: 'project', columns: [...visible.keys()], rest: flow.open || flow.opened.length > 0 })
  return [...visible.keys()]
}

/** Adds the fields of parsed texts to REST, other than those that a step has named. */
function gatherParsed(flow: Flow, columns: readonly string[]): void {
  // A column of the event may have been parsed anew.
  for (const id of columns) if (!flow.names.has(id)) flow.names.set(id, flow.read(id))
  const none: Expr = flow.open ? col(REST, 'str') : lit('{}', 'str')
  flow.push({ kind: 'set', columns: [{ id: REST, expr: withParsed(flow, none) }] })
}

/** A JSON object of texts with the fields of parsed texts that no step has named. */
export function withParsed(flow: Flow, none: Expr): Expr {
  const except = [...flow.names.keys()]
  return flow.opened.reduce<Expr>((before, { text, consts, prefix, removed, wins }) => {
    const all = { ...consts, prefix, removed, wins, except }
    return call('parsed.rest', 'str', [before, text], all)
  }, none)
}
