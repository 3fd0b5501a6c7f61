// A field paired with the time of its message.
import type { Name } from '../2-parse/ast.ts'
import { name } from '../2-parse/cursor.ts'
import { FIELD, operator, search, users } from '../3-lower/builtin-kit.ts'
import type { Flow } from '../3-lower/flow.ts'

function lowerWithtime(f: Flow, field: Name): void {
  const { expr } = f.read(field)
  const id = `${field.name}_withtime`
  f.set([{ name: id, expr }])
  f.fields.set(id.toLowerCase(), { id, ty: expr.ty, timed: true })
}

export const withtime = operator<Name>({
  name: 'withtime',
  doc: 'Pairs a field with the time of its message.',
  params: [FIELD],
  examples: [search('withtime n | most_recent(n_withtime) as m', users, [{ m: '10' }])],
  differs: 'the new field holds the value alone',
  parse: (c) => name(c),
  lower: lowerWithtime,
})
