import type { Expr as AstExpr } from '../3-parse/ast.ts'
import { FIELDS, param, page } from '../4-lower/params.ts'
import { builtin, type CallContext } from '../4-lower/builtin.ts'
import { wrongKind } from '../../../diag/catalogue/cql-lower.ts'

export const rename = builtin({
  name: 'rename',
  category: 'fields',
  kind: 'transform',
  doc: 'Gives fields other names; a field that has the new name already is overwritten.',
  notes: ['Several: `rename([[old, new], …])`. `new := rename(old)` does the same.'],
  params: [FIELDS, param('as', 'field', 'The new name.')],
  fidelity: 'exact',
  evidence: page('rename'),
  examples: [
    {
      title: 'One and several',
      given: [{ a: '1', b: '2', c: '3' }],
      query: 'rename(a, as=x) | rename([[b, y], [c, z]]) | select([a, x, y, z])',
      gives: [{ x: '1', y: '2', z: '3' }],
      from: page('rename'),
    },
  ],
  lower: {
    kind: 'step',
    step: (c) => {
      const { flow } = c
      const pairs = renames(c).filter(([from, to]) => from !== to)
      const items = pairs.map(([from, to]) => ({ name: to, expr: flow.read(from) }))
      flow.assignAll(items)
      const targets = new Set(pairs.map(([, to]) => to))
      for (const [from] of pairs) if (!targets.has(from)) flow.drop(from)
    },
  },
})

function renames({ args, as: name, flow }: CallContext): [string, string][] {
  const pairs: [string, string][] = []
  const items = args.items('field')
  const word = (e: AstExpr): string => {
    const w = e.kind === 'group' ? e.of : e
    if (w.kind === 'field') return w.name.name
    if (w.kind === 'string' || w.kind === 'number' || w.kind === 'glob') return w.text
    flow.lowering.report(wrongKind, e.span, { fn: 'rename', name: 'field', takes: 'a field name, or pairs of them' })
    return ''
  }
  for (const item of items) {
    if (item.kind === 'array') {
      const [from, to] = item.items
      if (from && to) pairs.push([word(from), word(to)])
    } else if (name !== undefined) pairs.push([word(item), name])
  }
  // `rename([old, new])` is one pair as well.
  if (pairs.length === 0 && items.length === 2 && items[0] && items[1]) pairs.push([word(items[0]), word(items[1])])
  return pairs.filter(([from, to]) => from !== '' && to !== '')
}
