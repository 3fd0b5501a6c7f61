// The most frequent values, or the first rows by other fields.
import { countOf, col } from '../../../plan/build.ts'
import type { Name, SortKey } from '../2-parse/ast.ts'
import { type Cursor, names } from '../2-parse/cursor.ts'
import { sortKeys, wholeNumber } from '../2-parse/tokens.ts'
import { FIELDS, operator, param, search, users } from '../3-lower/builtin-kit.ts'
import type { Flow } from '../3-lower/flow.ts'
import { groupKey, orderKeys } from '../3-lower/keys.ts'

interface Top {
  readonly count: number
  readonly fields: readonly Name[]
  readonly by: readonly SortKey[]
}

function parseTop(c: Cursor): Top | undefined {
  const inParens = c.eat('(')
  const count = wholeNumber(c)
  if (count === undefined) return undefined
  c.eat(',')
  const fields = names(c)
  // Without a field it would count everything: one row, whatever was to be ordered.
  if (fields.length === 0) {
    c.fail('a field to count')
    return undefined
  }
  if (inParens) c.expect(')')
  return { count, fields, by: c.eatWord('by') ? sortKeys(c) : [] }
}

/** Without `by` it counts, and so does `by count` over messages. With `by` it orders the rows and keeps the first. */
function lowerTop(f: Flow, s: Top): void {
  const [key, ...others] = s.by
  const counted =
    key?.field.name.toLowerCase() === 'count' && others.length === 0 && f.messages && !f.fields.has('count')
  if (!key || counted) {
    const keys = s.fields.map((n) => groupKey(f, n))
    f.push({
      kind: 'aggregate',
      keys,
      nullKeys: f.lowering.choice('null-group-keys') as 'keep',
      aggs: [countOf('_count')],
      limit: null,
    })
    f.table([...keys.map((k) => ({ id: k.id, ty: k.expr.ty })), { id: '_count', ty: 'int' }])
    f.groups = new Set(keys.map((k) => k.id))
    f.order = [{ expr: col('_count', 'int'), dir: key?.dir ?? 'desc', nulls: 'last' }]
  } else {
    for (const n of s.fields) f.read(n)
    f.order = orderKeys(f, s.by)
  }
  f.push({ kind: 'take', count: s.count, by: f.order })
  f.ordered = true
}

export const top = operator<Top>({
  name: 'top',
  doc: 'Counts values and keeps the most frequent; with `by` keeps the first by other fields.',
  params: [param('count', 'number', 'How many.'), FIELDS],
  examples: [
    search('top 1 user', users, [{ user: 'al', _count: 2 }]),
    search('count by user | top 1 user by _count asc', users, [{ user: 'bo', _count: 1 }]),
  ],
  parse: parseTop,
  lower: lowerTop,
})
