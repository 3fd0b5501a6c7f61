// Orders the rows.
import { col } from '../../../plan/build.ts'
import type { SortKey } from '../2-parse/ast.ts'
import { sortKeys } from '../2-parse/tokens.ts'
import { FIELDS, operator, search, users } from '../3-lower/builtin-kit.ts'
import type { Flow } from '../3-lower/flow.ts'
import { orderKeys } from '../3-lower/keys.ts'
import { sortable } from '../3-lower/values.ts'

function lowerSort(f: Flow, keys: readonly SortKey[]): void {
  f.lowering.choice('sort-stable')
  let by = orderKeys(f, keys)
  if (keys.length === 0) {
    f.lowering.choice('bare-sort')
    const fields = [...f.fields.values()]
    const found = f.fields.get('_count') ?? fields.find((x) => x.ty !== 'str')
    if (found) by = [{ expr: sortable(col(found.id, found.ty)), dir: 'desc', nulls: 'last' }]
  }
  if (by.length === 0) return
  f.push({ kind: 'order', by })
  f.order = by
  f.ordered = true
}

export const sort = operator<readonly SortKey[]>({
  name: 'sort',
  doc: 'Orders the rows; descending unless `asc` or `+` is given. Parsed fields are ordered as text.',
  params: [FIELDS],
  examples: [
    search('fields n | sort by n', users, [{ n: '7' }, { n: '5' }, { n: '10' }]),
    search('count by user | sort by _count asc | limit 1', users, [{ user: 'bo', _count: 1 }]),
  ],
  aliases: ['order'],
  operandBegins: ['-', '+'],
  parse: (c) => {
    c.eatWord('by')
    return sortKeys(c)
  },
  lower: lowerSort,
})
