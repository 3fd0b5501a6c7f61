// Columns of a lookup table.
import type { Name } from '../2-parse/ast.ts'
import { type Cursor, name } from '../2-parse/cursor.ts'
import { tablePath } from '../2-parse/tokens.ts'
import { operator, param, search, users } from '../3-lower/builtin-kit.ts'
import { type Lookup, lookup } from '../3-lower/lookup-table.ts'

function parseLookup(c: Cursor): Lookup | undefined {
  const columns: { from: Name; as: Name }[] = []
  let all = false
  if (c.eat('*')) all = true
  while (!all && !c.isWord('from')) {
    const column = name(c)
    if (!column) return undefined
    columns.push({ from: column, as: (c.eatWord('as') && name(c)) || column })
    if (!c.eat(',')) break
  }
  c.expectWord('from')
  const path = tablePath(c, ['path', 'string', 'hole', 'word'])
  if (path === undefined) return undefined
  c.expectWord('on')
  const inParens = c.eat('(')
  const on: { event: Name; column: Name }[] = []
  while (!c.stageOver || inParens) {
    const event = name(c)
    if (!event) return undefined
    const column = c.eat('=') || c.eat('==') ? name(c) : event
    if (!column) return undefined
    on.push({ event, column })
    if (!c.eat(',') && !c.eatWord('and')) break
  }
  if (inParens) c.expect(')')
  return { columns: all ? '*' : columns, path, on }
}

export const lookups = operator<Lookup>({
  name: 'lookup',
  kind: 'join',
  doc: 'Adds columns of a table. Keys of `path://` tables are compared without case; of several rows with one key the last counts.',
  params: [
    param('columns', 'fields', 'Columns, or *.'),
    param('from', 'text', 'The table.'),
    param('on', 'fields', 'field = column.'),
  ],
  examples: [
    search('lookup name from path://"/names" on user=id | fields user, name | sort by user asc | limit 2', users, [
      { user: 'al', name: 'Alice' },
      { user: 'al', name: 'Alice' },
    ]),
  ],
  notes: ['Tables are files that the reader brings; the example has one of id and name.'],
  operandBegins: ['*'],
  parse: parseLookup,
  lower: (f, node, { span }) => lookup(f, node, span),
})
