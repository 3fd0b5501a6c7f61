// The first rows of each group.
import { lit, test } from '../../../plan/build.ts'
import type { Name } from '../2-parse/ast.ts'
import { type Cursor, names } from '../2-parse/cursor.ts'
import { wholeNumber } from '../2-parse/tokens.ts'
import { FIELDS, operator, param, search, users } from '../3-lower/builtin-kit.ts'
import type { Flow } from '../3-lower/flow.ts'
import { orderKeys, rank } from '../3-lower/keys.ts'

interface Topk {
  readonly count: number
  readonly fields: readonly Name[]
  readonly by: readonly Name[]
}

function parseTopk(c: Cursor): Topk | undefined {
  c.expect('(')
  const count = wholeNumber(c)
  c.expect(',')
  const fields = names(c)
  c.expect(')')
  const grouped = c.eatWord('by', 'group') !== undefined
  c.eatWord('by')
  return count === undefined ? undefined : { count, fields, by: grouped ? names(c) : [] }
}

function lowerTopk(f: Flow, s: Topk): void {
  const order = orderKeys(
    f,
    s.fields.map((field) => ({ field, dir: 'desc' as const })),
  )
  const n = rank(
    f,
    s.by.map((b) => f.read(b).expr),
    order,
    '_rank',
  )
  f.fields.set('_rank', { id: '_rank', ty: 'int' })
  f.filter(test('int.le', [n, lit(BigInt(s.count), 'int')]))
}

export const topk = operator<Topk>({
  name: 'topk',
  doc: 'Keeps the first rows of each group by a field.',
  params: [param('count', 'number', 'How many.'), FIELDS],
  examples: [
    search('num(n) | topk(1, n) by user | fields user, n | sort by user asc', users, [
      { user: 'al', n: 10 },
      { user: 'bo', n: 7 },
    ]),
  ],
  parse: parseTopk,
  lower: lowerTopk,
})
