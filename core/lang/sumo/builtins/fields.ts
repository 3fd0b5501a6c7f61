// Keeps or drops fields.
import { sumoRuledOut } from '../../../diag/catalogue/sumo-lower.ts'
import type { Name } from '../2-parse/ast.ts'
import { names } from '../2-parse/cursor.ts'
import { FIELDS, operator, search, users } from '../3-lower/builtin-kit.ts'
import type { Flow } from '../3-lower/flow.ts'

interface Fields {
  readonly drop: boolean
  readonly fields: readonly Name[]
}

function keepFields(f: Flow, names: readonly Name[]): void {
  const kept = names.flatMap((n) => {
    const { expr, field } = f.read(n)
    if (field) return [{ name: n.name, field }]
    if (!f.messages) return []
    f.set([{ name: n.name, expr }])
    return [{ name: n.name, field: { id: n.name, ty: expr.ty } }]
  })
  const ids = [...new Set(kept.map((k) => k.field.id))]
  if (f.messages) f.unnamed = new Map([...f.unnamed, ...[...f.fields].filter(([key]) => key.startsWith('_'))])
  f.fields = new Map(kept.map((k) => [k.name.toLowerCase(), k.field]))
  f.open = false
  f.pivoted = false
  project(f, ids)
}

function dropFields(f: Flow, names: readonly Name[]): void {
  for (const n of names) {
    if (f.open && f.messages) f.read(n)
    f.fields.delete(n.name.toLowerCase())
  }
  const ids = [...f.fields.values()].map((x) => x.id)
  project(f, ids, f.pivoted)
}

/** Keeps the hidden columns of a message, too: its text, time and position. */
function project(f: Flow, ids: readonly string[], pivoted = false): void {
  if (f.messages) {
    f.meta('$:raw')
    f.meta('$:time')
    f.meta('$:seq')
  }
  const order = (f.order ?? []).flatMap((k) =>
    k.expr.kind === 'col'
      ? [k.expr.id]
      : k.expr.kind === 'call'
        ? k.expr.args.flatMap((a) => (a.kind === 'col' ? [a.id] : []))
        : [],
  )
  const hidden = [...(f.messages ? ['$:raw', '$:time', '$:seq'] : []), ...(f.auto ? [f.auto.id] : [])]
  const lost = order.filter((id) => !ids.includes(id) && !hidden.includes(id))
  if (lost.length > 0) {
    // The order depends on a column that is dropped: keep a copy.
    f.order = f.order?.map((k) => ({ ...k, expr: f.setHidden('order', k.expr) }))
  }
  const kept = (f.order ?? []).flatMap((k) => (k.expr.kind === 'col' && k.expr.id.startsWith('$:') ? [k.expr.id] : []))
  f.push({
    kind: 'project',
    columns: [...new Set([...ids, ...hidden, ...kept])],
    rest: pivoted || (f.messages && f.open),
  })
}

export const fields = operator<Fields>({
  name: 'fields',
  doc: 'Keeps these fields, in this order; with `-` drops them.',
  params: [FIELDS],
  examples: [
    search('fields n, user | limit 1', users, [{ n: '10', user: 'al' }]),
    search('count by user, n | fields - n, _count | sort by user asc | limit 1', users, [{ user: 'al' }]),
  ],
  notes: ['Messages keep their text and metadata readable.'],
  operandBegins: ['-', '+'],
  parse: (c) => {
    const drop = c.eat('-')
    c.eat('=')
    return { drop, fields: names(c) }
  },
  lower: (f, { drop, fields: list }) => {
    const seen = new Set<string>()
    for (const n of list) {
      const key = n.name.toLowerCase()
      if (seen.has(key))
        f.lowering.report(sumoRuledOut, n.span, { what: `fields names ${n.name} twice`, remedy: 'remove one of them' })
      seen.add(key)
    }
    if (drop) dropFields(f, list)
    else keepFields(f, list)
  },
})
